#include "emit/wal_search.h"

#include <sys/stat.h>

#include "pg/event_message.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/rmgr.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlogreader.h"
#include "access/xlogutils.h"
#include "replication/message.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using core::RequestId;

// How far a commit is searched in one call: long transactions are found by several.
constexpr uint64 kMostSearched = 32 * 1024 * 1024;
constexpr uint64 kRecordsBetweenInterrupts = 1024;
// A message of the largest size lies on so many pages.
constexpr int kMostPages = core::kMostEventMessageBytes / XLOG_BLCKSZ + 2;

// Where the search for the commit of a request went on last, or what it found: who asks once asks again.
struct Searched {
    RequestId request;
    XLogRecPtr next = InvalidXLogRecPtr;  // not looked at yet
    XLogRecPtr commit = InvalidXLogRecPtr, commit_end = InvalidXLogRecPtr;
};
constexpr size_t kSearched = 256;

Searched& searched(const RequestId& request) {
    static Searched all[kSearched];
    Searched& known = all[request.lsn / 8 % kSearched];
    if (!(known.request == request)) known = {request};
    return known;
}

struct Reader {
    ReadLocalXLogPageNoWaitPrivate data = {};
    XLogReaderState* state = nullptr;

    void open() {
        XLogReaderRoutine routine = {};
        routine.page_read = read_local_xlog_page_no_wait;
        routine.segment_open = wal_segment_open;
        routine.segment_close = wal_segment_close;
        state = XLogReaderAllocate(wal_segment_size, nullptr, &routine, &data);
        if (state == nullptr)
            ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
                            errdetail("Failed while allocating a WAL reading processor.")));
    }
    void close() {
        if (state != nullptr) XLogReaderFree(state);
        state = nullptr;
    }
    bool next() {
        char* error = nullptr;
        return XLogReadRecord(state, &error) != nullptr;
    }
};

// Of the server's present timeline; what was written before a failover counts as gone.
bool segment_is_there(XLogRecPtr lsn) {
    XLogSegNo segment;
    XLByteToSeg(lsn, segment, wal_segment_size);
    TimeLineID timeline = 0;
    (void)GetFlushRecPtr(&timeline);
    char path[MAXPGPATH];
    XLogFilePath(path, timeline, segment, wal_segment_size);
    struct stat status;
    return stat(path, &status) == 0;
}

// Reads on to the record that ends at lsn, from a page. False: none ends there; too_late: the first record of
// the page and those behind it begins behind it.
bool read_to(Reader& reader, XLogRecPtr page, XLogRecPtr lsn, bool* too_late) {
    const XLogRecPtr first = XLogFindNextRecord(reader.state, page);
    *too_late = first == InvalidXLogRecPtr || first >= lsn;
    if (*too_late) return false;
    XLogBeginRead(reader.state, first);
    while (reader.next())
        if (reader.state->EndRecPtr >= lsn) return reader.state->EndRecPtr == lsn;
    return false;
}

// A record is found from its front only, and may lie on many pages.
WalFinding find_record(Reader& reader, XLogRecPtr lsn) {
    const XLogRecPtr last_page = (lsn - 1) - (lsn - 1) % XLOG_BLCKSZ;
    if (!segment_is_there(last_page)) return WalFinding::kGone;
    for (int back = 0; back <= kMostPages; back = 2 * back + 1) {
        const XLogRecPtr distance = static_cast<XLogRecPtr>(back) * XLOG_BLCKSZ;
        if (distance >= last_page) return WalFinding::kOther;
        const XLogRecPtr page = last_page - distance;
        if (!segment_is_there(page)) return WalFinding::kGone;
        bool too_late = false;
        if (read_to(reader, page, lsn, &too_late)) return WalFinding::kFound;
        if (!too_late) return WalFinding::kOther;
    }
    return WalFinding::kOther;
}

// Whether the record is the request's message; topic is then a copy of its topic.
bool is_message(XLogReaderState* reader, const RequestId& request, const char** topic) {
    if (XLogRecGetRmid(reader) != RM_LOGICALMSG_ID || XLogRecGetOrigin(reader) != pg::kEventMessageOrigin)
        return false;
    const auto* record = reinterpret_cast<const xl_logical_message*>(XLogRecGetData(reader));
    if (record->dbId != MyDatabaseId || !record->transactional ||
        record->prefix_size != sizeof core::kEventMessagePrefix ||
        std::memcmp(record->message, core::kEventMessagePrefix, sizeof core::kEventMessagePrefix) != 0)
        return false;
    const auto message =
        core::parse_event_message({record->message + record->prefix_size, record->message_size});
    if (!message || message->xid != request.xid) return false;
    *topic = pnstrdup(message->topic.data(), message->topic.size());
    return true;
}

bool commits(XLogReaderState* reader, TransactionId xid) {
    if (XLogRecGetRmid(reader) != RM_XACT_ID) return false;
    const uint8 operation = XLogRecGetInfo(reader) & XLOG_XACT_OPMASK;
    if (operation != XLOG_XACT_COMMIT && operation != XLOG_XACT_COMMIT_PREPARED) return false;
    xl_xact_parsed_commit parsed;
    ParseCommitRecord(XLogRecGetInfo(reader), reinterpret_cast<xl_xact_commit*>(XLogRecGetData(reader)),
                      &parsed);
    const TransactionId top = operation == XLOG_XACT_COMMIT ? XLogRecGetXid(reader) : parsed.twophase_xid;
    if (top == xid) return true;
    for (int i = 0; i < parsed.nsubxacts; ++i)
        if (parsed.subxacts[i] == xid) return true;
    return false;
}

// REQUIRES: the reader is at the request's message.
void find_commit(Reader& reader, const RequestId& request, RequestInWal* result) {
    Searched& known = searched(request);
    if (known.commit == InvalidXLogRecPtr) {
        if (known.next > request.lsn && segment_is_there(known.next)) XLogBeginRead(reader.state, known.next);
        const XLogRecPtr begin = Max(known.next, request.lsn);
        XLogRecPtr at = begin;
        for (uint64 records = 0; at - begin < kMostSearched; ++records) {
            if (records % kRecordsBetweenInterrupts == 0) CHECK_FOR_INTERRUPTS();
            if (!reader.next()) {
                result->searched_all = true;
                break;
            }
            at = reader.state->EndRecPtr;
            if (commits(reader.state, static_cast<TransactionId>(request.xid))) {
                known.commit = reader.state->ReadRecPtr;
                known.commit_end = at;
                break;
            }
        }
        known.next = at;
    }
    result->commit = known.commit;
    result->commit_end = known.commit_end;
}

}  // namespace

RequestInWal search_wal(const RequestId& request, bool commit) {
    RequestInWal result;
    Reader reader;
    reader.open();
    result.message = find_record(reader, request.lsn);
    if (result.message == WalFinding::kFound && !is_message(reader.state, request, &result.topic))
        result.message = WalFinding::kOther;
    if (result.message == WalFinding::kFound && commit) find_commit(reader, request, &result);
    reader.close();
    return result;
}

}  // namespace gpsync

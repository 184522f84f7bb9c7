#include "emit/wal_search.h"

#include "emit/wal_reader.h"
#include "pg/event_message.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/rmgr.h"
#include "access/xact.h"
#include "access/xlog_internal.h"
#include "catalog/pg_type.h"
#include "replication/message.h"
#include "utils/hsearch.h"
#include "utils/xid8.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using core::RequestId;

constexpr uint64 kRecordsBetweenInterrupts = 1024;
// A message of the largest size lies on so many pages.
constexpr int kMostPages = core::kMostEventMessageBytes / XLOG_BLCKSZ + 2;

// Where the search for the commit of a request is to go on, or what it found: who asks once asks again.
struct Searched {
    RequestId request;
    XLogRecPtr next = InvalidXLogRecPtr;
    CommitInWal commit;
};
constexpr size_t kSearched = 256;

Searched& searched(const RequestId& request) {
    static Searched all[kSearched];
    Searched& known = all[request.lsn / 8 % kSearched];
    if (!(known.request == request)) known = {request, InvalidXLogRecPtr, {}};
    return known;
}

enum class Reached : uint8_t { kLsn, kOther, kTooLate, kGone };

// Reads on to the record that ends at lsn, from a page. kOther: none ends there; kTooLate: the first record
// of the page and those behind it begins behind it.
Reached read_to(WalReader& reader, XLogRecPtr page, XLogRecPtr lsn) {
    const XLogRecPtr first = reader.find_next_record(page);
    if (first >= lsn || (first == InvalidXLogRecPtr && reader.at_end())) return Reached::kTooLate;
    if (first == InvalidXLogRecPtr) return Reached::kGone;
    reader.go_to(first);
    while (reader.next())
        if (reader.state()->EndRecPtr >= lsn)
            return reader.state()->EndRecPtr == lsn ? Reached::kLsn : Reached::kOther;
    return reader.at_end() ? Reached::kOther : Reached::kGone;
}

// A record is found from its front only, and may lie on many pages.
WalFinding find_record(WalReader& reader, XLogRecPtr lsn) {
    const XLogRecPtr last_page = (lsn - 1) - (lsn - 1) % XLOG_BLCKSZ;
    for (int back = 0; back <= kMostPages; back = 2 * back + 1) {
        const XLogRecPtr distance = static_cast<XLogRecPtr>(back) * XLOG_BLCKSZ;
        if (distance >= last_page) return WalFinding::kOther;
        switch (read_to(reader, last_page - distance, lsn)) {
            case Reached::kLsn:
                return WalFinding::kFound;
            case Reached::kOther:
                return WalFinding::kOther;
            case Reached::kGone:
                return WalFinding::kGone;
            case Reached::kTooLate:
                break;
        }
    }
    return WalFinding::kOther;
}

// The event message of this database that the reader is at.
std::optional<core::EventMessage> message_at(XLogReaderState* reader) {
    if (XLogRecGetRmid(reader) != RM_LOGICALMSG_ID || XLogRecGetOrigin(reader) != pg::kEventMessageOrigin)
        return std::nullopt;
    const auto* record = reinterpret_cast<const xl_logical_message*>(XLogRecGetData(reader));
    if (record->dbId != MyDatabaseId || !record->transactional ||
        record->prefix_size != sizeof core::kEventMessagePrefix ||
        std::memcmp(record->message, core::kEventMessagePrefix, sizeof core::kEventMessagePrefix) != 0)
        return std::nullopt;
    return core::parse_event_message({record->message + record->prefix_size, record->message_size});
}

// Visits the top transaction and the subtransactions that a record ends, or that it ends with committed.
template <class Visit>
void visit_ended(XLogReaderState* reader, bool committed, Visit&& visit) {
    if (XLogRecGetRmid(reader) != RM_XACT_ID) return;
    const uint8 info = XLogRecGetInfo(reader), operation = info & XLOG_XACT_OPMASK;
    if (operation == XLOG_XACT_COMMIT || operation == XLOG_XACT_COMMIT_PREPARED) {
        xl_xact_parsed_commit parsed;
        ParseCommitRecord(info, reinterpret_cast<xl_xact_commit*>(XLogRecGetData(reader)), &parsed);
        visit(operation == XLOG_XACT_COMMIT ? XLogRecGetXid(reader) : parsed.twophase_xid);
        for (int i = 0; i < parsed.nsubxacts; ++i) visit(parsed.subxacts[i]);
    } else if (!committed && (operation == XLOG_XACT_ABORT || operation == XLOG_XACT_ABORT_PREPARED)) {
        xl_xact_parsed_abort parsed;
        ParseAbortRecord(info, reinterpret_cast<xl_xact_abort*>(XLogRecGetData(reader)), &parsed);
        visit(operation == XLOG_XACT_ABORT ? XLogRecGetXid(reader) : parsed.twophase_xid);
        for (int i = 0; i < parsed.nsubxacts; ++i) visit(parsed.subxacts[i]);
    }
}

bool commits(XLogReaderState* reader, TransactionId xid) {
    bool found = false;
    visit_ended(reader, true, [&](TransactionId ended) { found |= ended == xid; });
    return found;
}

void go_on_searching(WalReader& reader, Searched& known) {
    if (known.next == InvalidXLogRecPtr) {
        if (find_record(reader, known.request.lsn) != WalFinding::kFound) return;
    } else {
        reader.go_to(known.next);
    }
    const auto xid = static_cast<TransactionId>(known.request.xid);
    for (uint64 records = 0; reader.next(); ++records) {
        if (records % kRecordsBetweenInterrupts == 0) CHECK_FOR_INTERRUPTS();
        known.next = reader.state()->EndRecPtr;
        if (!commits(reader.state(), xid)) continue;
        known.commit = {reader.state()->ReadRecPtr, reader.state()->EndRecPtr};
        return;
    }
}

struct Emitter {
    TransactionId xid;  // the key
    uint64 full_xid;
};

HTAB* make_emitters() {
    HASHCTL control = {};
    control.keysize = sizeof(TransactionId);
    control.entrysize = sizeof(Emitter);
    control.hcxt = CurrentMemoryContext;
    return hash_create("gpsync open emitters", 128, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

void note_emitter(HTAB* emitters, uint64 full_xid) {
    const auto xid = static_cast<TransactionId>(full_xid);
    static_cast<Emitter*>(hash_search(emitters, &xid, HASH_ENTER, nullptr))->full_xid = full_xid;
}

ArrayType* array_of(HTAB* emitters) {
    const auto count = static_cast<int>(hash_get_num_entries(emitters));
    auto* xids = static_cast<Datum*>(palloc(sizeof(Datum) * static_cast<size_t>(count + 1)));
    int filled = 0;
    HASH_SEQ_STATUS scan;
    hash_seq_init(&scan, emitters);
    while (const auto* emitter = static_cast<const Emitter*>(hash_seq_search(&scan)))
        xids[filled++] = FullTransactionIdGetDatum(FullTransactionIdFromU64(emitter->full_xid));
    return construct_array(xids, filled, XID8OID, sizeof(FullTransactionId), FLOAT8PASSBYVAL,
                           TYPALIGN_DOUBLE);
}

}  // namespace

WalFinding find_message(const RequestId& request) {
    WalReader reader;
    reader.open();
    WalFinding finding = find_record(reader, request.lsn);
    if (finding == WalFinding::kFound) {
        const auto message = message_at(reader.state());
        if (!message || message->xid != request.xid || core::topic_hash(message->topic) != request.topic_hash)
            finding = WalFinding::kOther;
    }
    reader.close();
    return finding;
}

CommitInWal find_commit(const RequestId& request) {
    Searched& known = searched(request);
    if (known.commit.end == InvalidXLogRecPtr) {
        WalReader reader;
        reader.open();
        go_on_searching(reader, known);
        reader.close();
    }
    return known.commit;
}

ArrayType* open_emitters(XLogRecPtr from, XLogRecPtr at) {
    WalReader reader;
    reader.open();
    HTAB* emitters = make_emitters();
    const XLogRecPtr first = reader.find_next_record(from);
    bool is_there = first != InvalidXLogRecPtr || reader.at_end();
    if (first != InvalidXLogRecPtr && first < at) {
        reader.go_to(first);
        XLogRecPtr end = first;
        for (uint64 records = 0; end < at; ++records) {
            if (records % kRecordsBetweenInterrupts == 0) CHECK_FOR_INTERRUPTS();
            if (!reader.next()) {
                is_there = reader.at_end();
                break;
            }
            end = reader.state()->EndRecPtr;
            if (end > at) break;
            if (const auto message = message_at(reader.state())) note_emitter(emitters, message->xid);
            visit_ended(reader.state(), false, [&](TransactionId ended) {
                (void)hash_search(emitters, &ended, HASH_REMOVE, nullptr);
            });
        }
    }
    ArrayType* xids = is_there ? array_of(emitters) : nullptr;
    hash_destroy(emitters);
    reader.close();
    return xids;
}

}  // namespace gpsync

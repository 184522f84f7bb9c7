#include "emit/wal_reader.h"

#include <fcntl.h>
#include <unistd.h>

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/timeline.h"
#include "access/xlog_internal.h"
#include "storage/fd.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

void WalReader::open() {
    XLogReaderRoutine routine = {};
    routine.page_read = &WalReader::read_page;
    state_ = XLogReaderAllocate(wal_segment_size, nullptr, &routine, this);
    if (state_ == nullptr)
        ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
                        errdetail("Failed while allocating a WAL reading processor.")));
}

void WalReader::close() {
    close_segment();
    if (state_ != nullptr) XLogReaderFree(state_);
    state_ = nullptr;
}

XLogRecPtr WalReader::find_next_record(XLogRecPtr lsn) {
    at_end_ = false;
    return XLogFindNextRecord(state_, lsn);
}

void WalReader::go_to(XLogRecPtr record) {
    XLogBeginRead(state_, record);
}

bool WalReader::next() {
    at_end_ = false;
    char* error = nullptr;
    return XLogReadRecord(state_, &error) != nullptr;
}

int WalReader::read_page(XLogReaderState* state, XLogRecPtr page, int wanted, XLogRecPtr, char* buffer) {
    return static_cast<WalReader*>(state->private_data)->read(page, wanted, buffer);
}

// How many bytes of the page are valid, or -1. A segment that is used again, while its file is open too, has
// pages with other addresses; what is read while it is overwritten does not pass the check of its record.
int WalReader::read(XLogRecPtr page, int wanted, char* buffer) {
    TimeLineID timeline = 0;
    const XLogRecPtr flushed = GetFlushRecPtr(&timeline);
    at_end_ = page + static_cast<XLogRecPtr>(wanted) > flushed;
    if (at_end_) return -1;
    XLogSegNo segment = 0;
    XLByteToSeg(page, segment, wal_segment_size);
    if (!open_segment(segment, timeline, flushed)) return -1;
    const auto count = static_cast<int>(Min(flushed - page, static_cast<XLogRecPtr>(XLOG_BLCKSZ)));
    const auto offset = static_cast<off_t>(XLogSegmentOffset(page, wal_segment_size));
    if (pg_pread(file_, buffer, static_cast<size_t>(count), offset) != count) return -1;
    return reinterpret_cast<const XLogPageHeaderData*>(buffer)->xlp_pageaddr == page ? count : -1;
}

bool WalReader::open_segment(XLogSegNo segment, TimeLineID timeline, XLogRecPtr flushed) {
    if (file_ >= 0 && segment == segment_) return true;
    close_segment();
    char path[MAXPGPATH];
    XLogFilePath(path, timeline_of(segment, timeline, flushed), segment, wal_segment_size);
    file_ = OpenTransientFile(path, O_RDONLY | PG_BINARY);
    if (file_ < 0 && errno != ENOENT)
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not open file \"%s\": %m", path)));
    segment_ = segment;
    return file_ >= 0;
}

void WalReader::close_segment() {
    if (file_ >= 0) (void)CloseTransientFile(file_);
    file_ = -1;
}

// The latest timeline that has the segment: after a promotion the WAL from before it is still there.
TimeLineID WalReader::timeline_of(XLogSegNo segment, TimeLineID current, XLogRecPtr flushed) {
    if (current == 1) return current;
    if (history_of_ != current) {
        history_ = readTimeLineHistory(current);
        history_of_ = current;
    }
    XLogRecPtr end = InvalidXLogRecPtr;
    XLogSegNoOffsetToRecPtr(segment + 1, 0, wal_segment_size, end);
    return tliOfPointInHistory(Min(end, flushed) - 1, history_);
}

}  // namespace gpsync

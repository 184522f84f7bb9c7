// Reads records of this server's WAL, up to where it is flushed. WAL that is removed, or used again for later
// segments, at any moment is no error here.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlog.h"
#include "access/xlogreader.h"
#include "nodes/pg_list.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// Trivially destructible, and its memory and its file are the transaction's: a server error may pass it.
// REQUIRES: no recovery.
class WalReader {
  public:
    void open();
    void close();

    // The first record that begins at an LSN or behind it; InvalidXLogRecPtr where next() would fail.
    XLogRecPtr find_next_record(XLogRecPtr lsn);
    // next() reads the record that begins there.
    void go_to(XLogRecPtr record);
    // False: at_end(), or the WAL is gone or cannot be read.
    bool next();

    bool at_end() const { return at_end_; }
    XLogReaderState* state() const { return state_; }  // with the record that next() has read

  private:
    static int read_page(XLogReaderState* state, XLogRecPtr page, int wanted, XLogRecPtr record,
                         char* buffer);
    int read(XLogRecPtr page, int wanted, char* buffer);
    bool open_segment(XLogSegNo segment, TimeLineID timeline, XLogRecPtr flushed);
    void close_segment();
    TimeLineID timeline_of(XLogSegNo segment, TimeLineID current, XLogRecPtr flushed);

    XLogReaderState* state_ = nullptr;
    bool at_end_ = false;
    int file_ = -1;
    XLogSegNo segment_ = 0;
    TimeLineID history_of_ = 0;  // the timeline whose history is in history_
    List* history_ = NIL;
};

}  // namespace gpsync

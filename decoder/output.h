// Frames events into messages: a message is one or more events of one transaction, a line each. The last
// event of a transaction is held back until its commit, so that the last message, and only that, carries an
// LSN beyond the commit: the end of the transaction, which is what a consumer may confirm.
#pragma once

#include "pg/prelude.h"

#include "core/byte_buffer.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "replication/logical.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

// The server's limit, less what it puts before a message and what may still wait in its buffer to the client.
inline constexpr size_t kMostMessageBytes = MaxAllocSize - size_t{16} * 1024;

struct Output {
    LogicalDecodingContext* logical;
    core::ByteBuffer pending;  // events that are written but not sent, with newlines between
    size_t pack_bytes;
    bool to_utf8;        // the stream is UTF-8; SQL gets the encoding of the database
    size_t event_start;  // where the event being written begins in pending
    int changes;         // since the last word to the server about progress
    bool sent;           // this transaction has sent a message

    void begin_transaction();
    // Gives the buffer to write one event to; end_event() must follow. An event that has no UTF-8 form or is
    // too large is an error there.
    core::ByteBuffer& begin_event();
    void end_event();
    // An error when the event being written is too large already. To be asked behind each column: while it is
    // known which one is too much, and before the buffer grows on.
    void check_length() const {
        if (pending.size - event_start > kMostMessageBytes) [[unlikely]]
            raise_too_large(pending.size - event_start);
    }
    [[noreturn]] void raise_too_large(size_t bytes) const;
    // Every change is reported, streamed or not: a long stretch of changes without output must not let the
    // connection time out.
    void note_change();
    // Sends what is written, so that it has the LSN of the change being decoded.
    void flush();
    // REQUIRES: called from the commit callback.
    void end_transaction();

  private:
    void complete_event();
    void send(size_t length);
};

Output make_output(LogicalDecodingContext* logical, MemoryContext context, size_t pack_bytes);

}  // namespace gpsync::decoder

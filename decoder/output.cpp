#include "output.h"

#include "pg/pg_buffer.h"
#include "pg/utf8.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "replication/walsender.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

// Asking for the time at every change would show in a profile; pgoutput has the same figure.
constexpr int kChangesBetweenProgress = 100;

// A row of many megabytes must not leave its buffer behind for the rest of the connection.
constexpr size_t kKeptCapacity = 1024 * 1024;

}  // namespace

Output make_output(LogicalDecodingContext* logical, MemoryContext context, size_t pack_bytes) {
    Output output{};
    output.logical = logical;
    output.pending = pg::make_buffer(context, 8192);
    output.pack_bytes = pack_bytes;
    output.to_utf8 = am_walsender && !pg::server_is_utf8();
    return output;
}

void Output::begin_transaction() {
    pending.size = 0;
    sent = false;
    if (pending.capacity > Max(kKeptCapacity, 2 * pack_bytes)) {
        pending.capacity = kKeptCapacity;
        pending.data = static_cast<char*>(repalloc_huge(pending.data, pending.capacity));
    }
}

core::ByteBuffer& Output::begin_event() {
    // No further event has room in a message that is full, so it goes before the next one is written. Else
    // that one would have to be moved to the front afterwards, which costs with large events.
    if (pending.size > 0 && pending.size >= pack_bytes) {
        send(pending.size);
        pending.size = 0;
    }
    if (pending.size > 0) pending.append('\n');
    event_start = pending.size;
    return pending;
}

// Both are checked while it is known which change the event is of.
void Output::complete_event() {
    if (to_utf8) {
        const std::string_view event = pending.view().substr(event_start);
        const std::string_view converted = pg::to_utf8(event);
        if (converted.data() != event.data()) {
            pending.size = event_start;
            pending.append(converted);
        }
    }
    check_length();
}

void Output::raise_too_large(size_t bytes) const {
    ereport(ERROR,
            (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
             errmsg("an event of %zu bytes or more is too large to be sent", bytes),
             errdetail("The limit is that of a message of the server, %zu bytes.", kMostMessageBytes)));
}

void Output::end_event() {
    complete_event();
    const bool first = event_start == 0;
    if (first || (pack_bytes > 0 && pending.size <= pack_bytes)) return;
    send(event_start - 1);
    const size_t length = pending.size - event_start;
    std::memmove(pending.data, pending.data + event_start, length);
    pending.size = length;
}

void Output::note_change() {
    if (++changes < kChangesBetweenProgress) return;
    changes = 0;
    OutputPluginUpdateProgress(logical, false);
}

void Output::end_transaction() {
    const bool empty = !sent && pending.size == 0;
    OutputPluginUpdateProgress(logical, empty);
    flush();
}

void Output::flush() {
    if (pending.size > 0) send(pending.size);
    pending.size = 0;
}

void Output::send(size_t length) {
    const std::string_view message = pending.view().substr(0, length);
    OutputPluginPrepareWrite(logical, true);
    appendBinaryStringInfo(logical->out, message.data(), static_cast<int>(message.size()));
    OutputPluginWrite(logical, true);
    sent = true;
}

}  // namespace gpsync::decoder

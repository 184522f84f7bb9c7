// Rows of an import that some endpoints get and others do not (src/pg/echo_message.h).
#pragma once

#include "pg/prelude.h"

#include <optional>
#include <string_view>

#include "core/byte_buffer.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlogdefs.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

// What a message of the transaction being replayed says of rows that come behind it.
struct Echo {
    core::ByteBuffer endpoints;  // those that get them: a JSON array
    int64_t revision;            // that these rows have; 0: there was no such message

    void begin_transaction() { revision = 0; }
    // A transactional message of the WAL, whoever wrote it. One that is not as it should be is ignored, and
    // so is a second one about the same rows.
    void note_message(XLogRecPtr lsn, std::string_view prefix, std::string_view content);
    // The field that leads the line of a row with that revision; empty: everybody gets it.
    std::string_view endpoints_of(const std::optional<int64_t>& row) const {
        return revision != 0 && row == revision ? endpoints.view() : std::string_view();
    }
};

Echo make_echo(MemoryContext context);

// Appends that field, with its tab.
void append_echo(core::ByteBuffer& out, const Echo& echo, const std::optional<int64_t>& revision);

}  // namespace gpsync::decoder

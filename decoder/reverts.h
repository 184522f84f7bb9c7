// Changes by which a roll-back takes a batch back (src/pg/revert_message.h).
#pragma once

#include "pg/prelude.h"

#include <string_view>

#include "core/byte_buffer.hpp"

namespace gpsync::decoder {

// What a message of the transaction being replayed says of changes that come behind it.
struct Reverts {
    core::ByteBuffer message;
    std::string_view batch;      // in message; empty: there was no such message
    std::string_view endpoints;  // that get deletions of these tables: a JSON array; empty: everybody
    std::string_view tables;

    void begin_transaction() { batch = endpoints = tables = {}; }
    // A message of ours, with our origin. Raises an error where it cannot be read.
    void note_message(std::string_view content);
    // Who gets the deletion of a row of that table; empty: everybody.
    std::string_view endpoints_of_deletion(Oid table) const;
};

Reverts make_reverts(MemoryContext context);

// Appends data.reverts, if the change is one of a roll-back.
void append_reverts(core::ByteBuffer& out, const Reverts& reverts);

}  // namespace gpsync::decoder

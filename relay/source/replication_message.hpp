// The messages of a replication stream (PostgreSQL's documentation, "Streaming Replication Protocol").
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace gpsync::relay {

// XLogData.
struct StreamData {
    uint64_t data_start = 0;
    uint64_t wal_end = 0;
    std::string_view text;  // what the output plugin wrote; part of the message
};

struct Keepalive {
    uint64_t wal_end = 0;
    bool reply_requested = false;
};

// Throws PgError with SQLSTATE 08P01 for a type that is not known and for a message that is too short.
std::variant<StreamData, Keepalive> read_replication_message(std::string_view message);

}  // namespace gpsync::relay

#include "relay/source/replication_message.hpp"

#include <endian.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "relay/postgres/pg_connection.hpp"

namespace gpsync::relay {

namespace {

constexpr size_t kDataHeader = 1 + 8 + 8 + 8;  // type, data_start, wal_end, the server's clock
constexpr size_t kKeepaliveLength = 1 + 8 + 8 + 1;

uint64_t read_u64(std::string_view message, size_t at) {
    uint64_t value;
    std::memcpy(&value, message.data() + at, sizeof value);
    return be64toh(value);
}

PgError protocol_violation(const std::string& problem) {
    PgError error("protocol error in the replication stream: " + problem, "08P01");
    error.hint = "Server and relay do not fit together, or something between them changes what they send.";
    return error;
}

void require_length(std::string_view message, size_t length) {
    if (message.size() < length)
        throw protocol_violation("a message of type \"" + std::string(1, message.front()) + "\" has " +
                                 std::to_string(message.size()) + " bytes, at least " +
                                 std::to_string(length) + " are needed");
}

std::string type_name(char type) {
    char hex[8];
    std::snprintf(hex, sizeof hex, "0x%02X", static_cast<unsigned>(static_cast<unsigned char>(type)));
    return type > ' ' && type <= '~' ? std::string(1, type) : std::string(hex);
}

}  // namespace

std::variant<StreamData, Keepalive> read_replication_message(std::string_view message) {
    if (message.empty()) throw protocol_violation("a message is empty");
    switch (message.front()) {
        case 'w':
            require_length(message, kDataHeader);
            return StreamData{read_u64(message, 1), read_u64(message, 9), message.substr(kDataHeader)};
        case 'k':
            require_length(message, kKeepaliveLength);
            return Keepalive{read_u64(message, 1), message[kKeepaliveLength - 1] != 0};
        default:
            throw protocol_violation("a message is of the unknown type \"" + type_name(message.front()) +
                                     "\"");
    }
}

}  // namespace gpsync::relay

// The id of an emitted event's request: a UUID of version 8 (RFC 9562) that says by itself which message in
// the WAL it means. Its 122 free bits are, from the front,
//   60 of the message's LSN, a multiple of 8: 8 EiB of WAL;
//   16 of a hash of the topic, so that the streams that take it are known when the WAL is gone;
//   46 of the id of the (sub)transaction that wrote it: at 100,000 transactions a second, 22 years.
// So ids sort in the order of the WAL.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/crc32c.hpp"

namespace gpsync::core {

// What an id has of a topic. Two topics share one with a probability of 1 to 65,536.
constexpr uint16_t topic_hash(std::string_view topic) {
    return static_cast<uint16_t>(crc32c(topic));
}

struct RequestId {
    uint64_t lsn = 0;         // where the message's record ends
    uint64_t xid = 0;         // of the (sub)transaction, with its epoch
    uint16_t topic_hash = 0;  // of the event's topic

    bool operator==(const RequestId&) const = default;
};

inline constexpr size_t kRequestIdBytes = 16;
inline constexpr size_t kRequestIdLength = 36;  // as text

using RequestIdBytes = std::array<uint8_t, kRequestIdBytes>;

// Nothing where the UUID is not of version 8 and variant 10.
std::optional<RequestId> unpack_request_id(const RequestIdBytes& uuid);

// Nothing where the text is not a UUID as write_request_id() writes it.
std::optional<RequestId> parse_request_id(std::string_view text);

// Writes exactly kRequestIdLength bytes, no terminator. Returns the end. REQUIRES: lsn is a multiple of 8 and
// has 63 bits, xid has 46.
char* write_request_id(char* out, const RequestId& id);

}  // namespace gpsync::core

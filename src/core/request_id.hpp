// The id of an emitted event's request: a UUID of version 8 (RFC 9562) that says by itself which message in
// the WAL it means. Its 122 free bits are, from the front, 61 of the message's LSN, a multiple of 8, and 61
// of the id of the (sub)transaction that wrote it. So ids sort in the order of the WAL.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gpsync::core {

struct RequestId {
    uint64_t lsn = 0;  // where the message's record ends
    uint64_t xid = 0;  // of the (sub)transaction, with its epoch

    bool operator==(const RequestId&) const = default;
};

inline constexpr size_t kRequestIdBytes = 16;
inline constexpr size_t kRequestIdLength = 36;  // as text

using RequestIdBytes = std::array<uint8_t, kRequestIdBytes>;

// REQUIRES: lsn is a multiple of 8, xid has 61 bits.
RequestIdBytes pack_request_id(const RequestId& id);
// Nothing where the UUID is not of version 8 and variant 10.
std::optional<RequestId> unpack_request_id(const RequestIdBytes& uuid);

// Writes exactly kRequestIdLength bytes, no terminator. Returns the end.
char* write_request_id(char* out, const RequestId& id);

}  // namespace gpsync::core

#include "core/request_id.hpp"

#include "core/hex.hpp"

namespace gpsync::core {

namespace {

constexpr uint64_t kVersion8 = 8, kVariant = 2;
constexpr int kXidBits = 61;
constexpr uint64_t kXidMask = (uint64_t{1} << kXidBits) - 1;

// Its two halves: 48 bits, the version, 12 bits; the variant, 62 bits.
struct Halves {
    uint64_t high, low;
};

Halves halves_of(const RequestId& id) {
    const uint64_t place = id.lsn >> 3;
    return {place >> 13 << 16 | kVersion8 << 12 | (place >> 1 & 0xFFF),
            kVariant << 62 | (place & 1) << kXidBits | (id.xid & kXidMask)};
}

}  // namespace

RequestIdBytes pack_request_id(const RequestId& id) {
    const Halves halves = halves_of(id);
    RequestIdBytes uuid;
    for (size_t i = 0; i < 8; ++i) {
        uuid[i] = static_cast<uint8_t>(halves.high >> (56 - 8 * i));
        uuid[8 + i] = static_cast<uint8_t>(halves.low >> (56 - 8 * i));
    }
    return uuid;
}

std::optional<RequestId> unpack_request_id(const RequestIdBytes& uuid) {
    uint64_t high = 0, low = 0;
    for (size_t i = 0; i < 8; ++i) {
        high = high << 8 | uuid[i];
        low = low << 8 | uuid[8 + i];
    }
    if ((high >> 12 & 0xF) != kVersion8 || low >> 62 != kVariant) return std::nullopt;
    const uint64_t place = high >> 16 << 13 | (high & 0xFFF) << 1 | (low >> kXidBits & 1);
    return RequestId{place << 3, low & kXidMask};
}

char* write_request_id(char* out, const RequestId& id) {
    const Halves halves = halves_of(id);
    out = hex::put_number(out, halves.high >> 32, 8, hex::kLower);
    *out++ = '-';
    out = hex::put_number(out, halves.high >> 16, 4, hex::kLower);
    *out++ = '-';
    out = hex::put_number(out, halves.high, 4, hex::kLower);
    *out++ = '-';
    out = hex::put_number(out, halves.low >> 48, 4, hex::kLower);
    *out++ = '-';
    return hex::put_number(out, halves.low, 12, hex::kLower);
}

}  // namespace gpsync::core

#include "core/request_id.hpp"

#include "core/hex.hpp"

namespace gpsync::core {

namespace {

constexpr uint64_t kVersion8 = 8, kVariant = 2;
constexpr int kXidBits = 46;
constexpr uint64_t kXidMask = (uint64_t{1} << kXidBits) - 1;

// Its two halves: 48 bits, the version, 12 bits; the variant, 62 bits.
struct Halves {
    uint64_t high, low;
};

Halves halves_of(const RequestId& id) {
    const uint64_t lsn = id.lsn >> 3;
    return {lsn >> 12 << 16 | kVersion8 << 12 | (lsn & 0xFFF),
            kVariant << 62 | uint64_t{id.topic_hash} << kXidBits | (id.xid & kXidMask)};
}

}  // namespace

std::optional<RequestId> unpack_request_id(const RequestIdBytes& uuid) {
    uint64_t high = 0, low = 0;
    for (size_t i = 0; i < 8; ++i) {
        high = high << 8 | uuid[i];
        low = low << 8 | uuid[8 + i];
    }
    if ((high >> 12 & 0xF) != kVersion8 || low >> 62 != kVariant) return std::nullopt;
    const uint64_t lsn = high >> 16 << 12 | (high & 0xFFF);
    return RequestId{lsn << 3, low & kXidMask, static_cast<uint16_t>(low >> kXidBits)};
}

std::optional<RequestId> parse_request_id(std::string_view text) {
    if (text.size() != kRequestIdLength) return std::nullopt;
    RequestIdBytes uuid{};
    size_t digits = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash != (text[i] == '-')) return std::nullopt;
        if (dash) continue;
        const int digit = hex::value(text[i]);
        if (digit < 0) return std::nullopt;
        uuid[digits / 2] = static_cast<uint8_t>(uuid[digits / 2] << 4 | digit);
        ++digits;
    }
    return unpack_request_id(uuid);
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

#include "core/request_id.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gpsync::core {
namespace {

constexpr uint64_t kMostXid = (uint64_t{1} << 61) - 1;

std::string text_of(const RequestId& id) {
    std::string text(kRequestIdLength, '\0');
    EXPECT_EQ(write_request_id(text.data(), id), text.data() + text.size());
    return text;
}

std::string hex_of(const RequestIdBytes& bytes) {
    std::string text;
    char two[3];
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        (void)snprintf(two, sizeof two, "%02x", bytes[i]);
        text += two;
    }
    return text;
}

TEST(RequestId, IsAUuidOfVersion8) {
    EXPECT_EQ(text_of({0, 0}), "00000000-0000-8000-8000-000000000000");
    EXPECT_EQ(text_of({~uint64_t{7}, kMostXid}), "ffffffff-ffff-8fff-bfff-ffffffffffff");
    EXPECT_EQ(text_of({8, 0}), "00000000-0000-8000-a000-000000000000");
    EXPECT_EQ(text_of({16, 1}), "00000000-0000-8001-8000-000000000001");
}

TEST(RequestId, IsUnpackedAsItWasPacked) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 10000; ++i) {
        const RequestId id{random() & ~uint64_t{7}, random() & kMostXid};
        const RequestIdBytes bytes = pack_request_id(id);
        EXPECT_EQ(unpack_request_id(bytes), id);
        EXPECT_EQ(hex_of(bytes), text_of(id));
    }
}

TEST(RequestId, SortsByPlace) {
    EXPECT_LT(text_of({0x1000, kMostXid}), text_of({0x1008, 0}));
    EXPECT_LT(text_of({0xFFFFFFF8, kMostXid}), text_of({0x100000000, 0}));
}

TEST(RequestId, OtherUuidsAreNone) {
    RequestIdBytes bytes = pack_request_id({0x1000, 5});
    for (int version = 0; version < 16; ++version) {
        RequestIdBytes other = bytes;
        other[6] = static_cast<uint8_t>((other[6] & 0xF) | version << 4);
        EXPECT_EQ(unpack_request_id(other).has_value(), version == 8);
    }
    for (int variant = 0; variant < 4; ++variant) {
        RequestIdBytes other = bytes;
        other[8] = static_cast<uint8_t>((other[8] & 0x3F) | variant << 6);
        EXPECT_EQ(unpack_request_id(other).has_value(), variant == 2);
    }
}

}  // namespace
}  // namespace gpsync::core

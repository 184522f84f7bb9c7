#include "core/request_id.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gpsync::core {
namespace {

constexpr uint64_t kMostXid = (uint64_t{1} << 46) - 1;
constexpr uint64_t kMostLsn = (~uint64_t{0} >> 1) & ~uint64_t{7};

std::string text_of(const RequestId& id) {
    std::string text(kRequestIdLength, '\0');
    EXPECT_EQ(write_request_id(text.data(), id), text.data() + text.size());
    return text;
}

TEST(RequestId, IsAUuidOfVersion8) {
    EXPECT_EQ(text_of({0, 0, 0}), "00000000-0000-8000-8000-000000000000");
    EXPECT_EQ(text_of({kMostLsn, kMostXid, 0xFFFF}), "ffffffff-ffff-8fff-bfff-ffffffffffff");
    EXPECT_EQ(text_of({8, 0, 0}), "00000000-0000-8001-8000-000000000000");
    EXPECT_EQ(text_of({0, 0, 1}), "00000000-0000-8000-8000-400000000000");
    EXPECT_EQ(text_of({0x8010, 1, 0}), "00000000-0001-8002-8000-000000000001");
}

TEST(RequestId, IsReadAsItWasWritten) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 10000; ++i) {
        const RequestId id{random() & kMostLsn, random() & kMostXid, static_cast<uint16_t>(random())};
        EXPECT_EQ(parse_request_id(text_of(id)), id);
    }
}

TEST(RequestId, SortsByLsn) {
    EXPECT_LT(text_of({0x1000, kMostXid, 0xFFFF}), text_of({0x1008, 0, 0}));
    EXPECT_LT(text_of({0xFFFFFFF8, kMostXid, 0xFFFF}), text_of({0x100000000, 0, 0}));
}

TEST(RequestId, OtherTextsAndUuidsAreNone) {
    const std::string text = text_of({0x1000, 5, 7});
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (size_t version = 0; version < 16; ++version) {
        std::string other = text;
        other[14] = kDigits[version];
        EXPECT_EQ(parse_request_id(other).has_value(), version == 8) << other;
    }
    for (size_t digit = 0; digit < 16; ++digit) {
        std::string other = text;
        other[19] = kDigits[digit];
        EXPECT_EQ(parse_request_id(other).has_value(), digit >> 2 == 2) << other;
    }
    for (size_t i = 0; i < text.size(); ++i) {
        std::string other = text;
        other[i] = text[i] == '-' ? '0' : 'g';
        EXPECT_FALSE(parse_request_id(other)) << other;
    }
    EXPECT_FALSE(parse_request_id(""));
    EXPECT_FALSE(parse_request_id(text.substr(1)));
    EXPECT_FALSE(parse_request_id(text + '0'));
}

TEST(RequestId, TopicsHaveAHash) {
    static_assert(topic_hash("audit") != topic_hash("odi"));
    EXPECT_EQ(topic_hash("123456789"), 0x9283) << "CRC-32C of RFC 3720 is E3069283";
}

}  // namespace
}  // namespace gpsync::core

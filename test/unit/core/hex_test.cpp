#include "core/hex.hpp"

#include <gtest/gtest.h>

#include <cctype>

namespace gpsync::core::hex {
namespace {

TEST(Hex, ReadsWhatItWrites) {
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        std::string lower = "x", upper;
        append(lower, {&c, 1}, kLower);
        append(upper, {&c, 1}, kUpper);
        EXPECT_EQ(byte_at(lower, 1), byte);
        EXPECT_EQ(byte_at(upper, 0), byte);
        EXPECT_EQ(is_digit(c), std::isxdigit(byte) != 0);
    }
    char text[8];
    EXPECT_EQ(put_number(text, 0x1234ABCDEF, 8, kUpper), text + 8);
    EXPECT_EQ(std::string(text, 8), "34ABCDEF");
    EXPECT_EQ(four_digits_at("\\u00e9", 2), 0xE9);
}

TEST(Hex, RefusesWhatIsTooShortOrNoDigit) {
    EXPECT_EQ(byte_at("1", 0), -1);
    EXPECT_EQ(byte_at("12", 1), -1);
    EXPECT_EQ(byte_at("1g", 0), -1);
    EXPECT_EQ(byte_at("", 0), -1);
    EXPECT_EQ(four_digits_at("123", 0), -1);
    EXPECT_EQ(four_digits_at("12-4", 0), -1);
}

}  // namespace
}  // namespace gpsync::core::hex

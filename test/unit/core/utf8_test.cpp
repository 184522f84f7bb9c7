#include "core/utf8.hpp"

#include <gtest/gtest.h>
#include <utf8.h>

#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace gpsync::core::utf8 {
namespace {

// What utfcpp makes of a text: its characters, and kReplacement for each byte that is no part of one.
std::vector<std::pair<char32_t, size_t>> decoded_by_utfcpp(std::string_view text) {
    std::vector<std::pair<char32_t, size_t>> characters;
    for (const char* at = text.data(); at != text.data() + text.size();) {
        const char* const begin = at;
        try {
            const auto code = static_cast<char32_t>(::utf8::next(at, text.data() + text.size()));
            characters.emplace_back(code, at - begin);
        } catch (const ::utf8::exception&) {
            at = begin + 1;
            characters.emplace_back(kReplacement, 1);
        }
    }
    return characters;
}

std::vector<std::pair<char32_t, size_t>> decoded(std::string_view text) {
    std::vector<std::pair<char32_t, size_t>> characters;
    for (size_t at = 0, length; at < text.size(); at += length) {
        char32_t code;
        length = decode(text, at, code);
        characters.emplace_back(code, length);
    }
    return characters;
}

TEST(Utf8, WritesAndReadsEveryCodePoint) {
    for (char32_t code = 0; code <= 0x110010; ++code) {
        const bool character = code <= 0x10FFFF && (code < 0xD800 || code >= 0xE000);
        std::string text;
        append(text, code);
        std::string expected;
        ::utf8::append(character ? code : kReplacement, std::back_inserter(expected));
        ASSERT_EQ(text, expected) << static_cast<uint32_t>(code);
        ASSERT_EQ(text.size(), sequence_length(static_cast<unsigned char>(text[0])));
        ASSERT_EQ(decoded(text), decoded_by_utfcpp(text));
        ASSERT_EQ(length_at(text, 0), text.size());
    }
}

TEST(Utf8, DecodesAnyBytesAsUtfcppDoes) {
    std::mt19937 random(1);
    // Bytes at which the rules of RFC 3629 change, and some between them.
    constexpr std::string_view kBytes(
        "\0a~\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xED\xEE\xEF\xF0\xF1\xF4\xF5\xFF", 24);
    for (int round = 0; round < 200'000; ++round) {
        std::string text;
        for (size_t size = random() % 8; size > 0; --size) text += kBytes[random() % kBytes.size()];
        ASSERT_EQ(decoded(text), decoded_by_utfcpp(text));
        ASSERT_EQ(is_valid(text), ::utf8::find_invalid(text) == std::string::npos);
    }
}

TEST(Utf8, SurrogatesMakePairs) {
    EXPECT_EQ(from_surrogates(0xD83D, 0xDE00), U'\U0001F600');
    EXPECT_EQ(from_surrogates(0xD800, 0xDC00), U'\U00010000');
    EXPECT_EQ(from_surrogates(0xDBFF, 0xDFFF), U'\U0010FFFF');
    EXPECT_EQ(from_surrogates(0xD83D, 0x41), U'\0');
    EXPECT_EQ(from_surrogates(0xDE00, 0xD83D), U'\0');
}

}  // namespace
}  // namespace gpsync::core::utf8

#include "core/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace gpsync::core {
namespace {

std::string json_string(std::string_view text) {
    HeapBuffer out;
    append_json_string(out, text);
    return std::string(out.view());
}

std::string scalar_text(std::string_view json) {
    HeapBuffer out;
    append_json_scalar_text(out, json);
    return std::string(out.view());
}

std::string compacted(std::string_view json) {
    HeapBuffer out;
    append_json_compacted(out, json);
    return std::string(out.view());
}

// Byte by byte, as escape_json's documentation has it.
std::string plainly_escaped(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        switch (c) {
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    char escape[7];
                    std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
                    out += escape;
                } else {
                    out += c;
                }
        }
    }
    return out + "\"";
}

TEST(JsonWriter, EscapesEveryByteAtEveryPlaceInAWord) {
    for (int byte = 1; byte < 256; ++byte)
        for (size_t length = 0; length < 20; ++length) {
            std::string text(20, 'a');
            text[length] = static_cast<char>(byte);
            ASSERT_EQ(json_string(text), plainly_escaped(text)) << byte << " at " << length;
        }
}

TEST(JsonWriter, EscapesEveryByteAtEveryPlaceInTextsOfEveryLength) {
    for (size_t length = 1; length < 20; ++length)
        for (int byte = 0; byte < 256; ++byte)
            for (size_t place = 0; place < length; ++place) {
                std::string text = std::string("abcdefghijklmnopqrst").substr(0, length);
                text[place] = static_cast<char>(byte);
                ASSERT_EQ(json_string(text), plainly_escaped(text))
                    << byte << " at " << place << " of " << length;
            }
}

TEST(JsonWriter, LeavesUtf8AndDelAlone) {
    EXPECT_EQ(json_string("żółć \x7f 日本"), "\"żółć \x7f 日本\"");
}

TEST(JsonWriter, WritesLongTextsOfEscapes) {
    const std::string text(100000, '\x01');
    EXPECT_EQ(json_string(text), plainly_escaped(text));
}

TEST(JsonWriter, WritesIntegersToTheirLimits) {
    HeapBuffer out;
    append_integer(out, std::numeric_limits<int64_t>::min());
    out.append(' ');
    append_integer(out, std::numeric_limits<uint64_t>::max());
    EXPECT_EQ(out.view(), "-9223372036854775808 18446744073709551615");
}

TEST(JsonWriter, ScalarTextUndoesEscaping) {
    for (std::string text : {"", "plain", "a\"b\\c\n\t\x01/ż", "\\", "ends with \\"})
        EXPECT_EQ(scalar_text(json_string(text)), text);
    EXPECT_EQ(scalar_text("12.5"), "12.5");
    EXPECT_EQ(scalar_text("true"), "true");
    EXPECT_EQ(scalar_text("[1, \"x\"]"), "[1, \"x\"]");
}

TEST(JsonWriter, CompactsOutsideOfStringsOnly) {
    EXPECT_EQ(compacted("{ \"a b\" :\n [ 1 ,\t2 ] , \"c\\\" \\\\\" : \" x \" }\n"),
              "{\"a b\":[1,2],\"c\\\" \\\\\":\" x \"}");
    EXPECT_EQ(compacted(" 1 "), "1");
    EXPECT_EQ(compacted("\"a  b\""), "\"a  b\"");
}

}  // namespace
}  // namespace gpsync::core

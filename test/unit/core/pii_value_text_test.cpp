#include "core/pii/document/value_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gpsync::core::pii {
namespace {

using namespace std::string_view_literals;

std::string text_of_bytes(std::string_view bytes) {
    HeapBuffer out;
    append_text_of_bytes(out, bytes);
    return std::string(out.view());
}
std::string text_of_range(std::string_view range) {
    HeapBuffer out;
    append_text_of_range(out, range);
    return std::string(out.view());
}

TEST(PiiValueText, BytesAreHexAndTheTextAmongThem) {
    EXPECT_EQ(text_of_bytes(""), "\\x\n");
    EXPECT_EQ(text_of_bytes("a\xFF\xC3\xA9"), "\\x61ffc3a9\na\1\xC3\xA9");
    EXPECT_EQ(text_of_bytes("\xC3"), "\\xc3\n\1");
    EXPECT_EQ(text_of_bytes("j\0o\0e\0"sv), "\\x6a006f006500\nj\2o\2e\2\njoe");
    const std::string text = text_of_bytes(std::string(1000, 'x') + '\xFE');
    EXPECT_EQ(text.find('\n'), 2 + 2 * 256u);
    EXPECT_TRUE(text.ends_with("xxx\1"));
    EXPECT_TRUE(text_of_bytes(std::string(5000, '\0')).ends_with("\2\n"));
}

TEST(PiiValueText, ARangeNamesItsLastValues) {
    EXPECT_EQ(text_of_range("[4,5)"), "[4,5)");
    EXPECT_EQ(text_of_range("[1,4111111111111112)"), "[1,4111111111111112) 4111111111111111");
    EXPECT_EQ(text_of_range("{[1,20000000),[30000000,30000010]}"),
              "{[1,20000000),[30000000,30000010]} 19999999");
    EXPECT_EQ(text_of_range("[,)"), "[,)");
    EXPECT_EQ(text_of_range("[1,9999999999999999999)"), "[1,9999999999999999999) 9223372036854775806");
}

}  // namespace
}  // namespace gpsync::core::pii

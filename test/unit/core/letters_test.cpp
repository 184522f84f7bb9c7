#include "core/letters.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gpsync::core::letters {
namespace {

std::string folded(std::u32string_view text) {
    std::string result;
    for (char32_t c : text) append_without_case(result, c);
    return result;
}

TEST(Letters, WithoutCaseAndWithoutTheDifferenceOfWriting) {
    EXPECT_EQ(folded(U"STRASSE"), folded(U"Straße"));
    EXPECT_EQ(folded(U"É"), folded(U"e\u0301"));
    EXPECT_EQ(folded(U"ΣΊΣΥΦΟΣ"), folded(U"σίσυφος"));
    EXPECT_EQ(folded(U"ЁЖ"), folded(U"ёж"));
    EXPECT_EQ(folded(U"ﾔﾏﾀﾞ"), folded(U"ヤマダ"));
    EXPECT_EQ(folded(U"ԱՆՆԱ"), folded(U"աննա"));
    EXPECT_NE(folded(U"é"), folded(U"e"));
    EXPECT_NE(folded(U"й"), folded(U"и"));
}

TEST(Letters, InAscii) {
    EXPECT_EQ(in_ascii(U'É') + in_ascii(U'ß') + in_ascii(U'Ø') + in_ascii(U'ł') + in_ascii(U'Æ'), "EssOlAE");
    EXPECT_EQ(in_ascii(U'ộ'), "o");
    EXPECT_EQ(in_ascii(U'ﬁ'), "fi");
    EXPECT_EQ(in_ascii(U'Ⅷ'), "VIII");
    for (const char32_t other : {U'e', U'ж', U'λ', U'名', U'한', U'٣', U'\u0301', U'\x10FFFF', U'\xD800'})
        EXPECT_EQ(in_ascii(other), "") << static_cast<uint32_t>(other);
}

TEST(Letters, MarksAndCase) {
    EXPECT_TRUE(is_mark(U'\u0301') && is_mark(U'\u064B'));
    EXPECT_FALSE(is_mark(U'e') || is_mark(U'名'));
    EXPECT_EQ(without_marks(U'ώ'), U'ω');
    EXPECT_EQ(without_marks(U'أ'), U'ا');
    EXPECT_EQ(without_marks(U'x'), U'x');
    EXPECT_EQ(to_small(U'Ж'), U'ж');
    EXPECT_EQ(to_small(U'名'), U'名');
    EXPECT_EQ(to_small(0x110000), char32_t{0x110000});
}

}  // namespace
}  // namespace gpsync::core::letters

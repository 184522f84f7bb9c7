// The prefilter and the recognisers of plain values let nothing through that the scanners find: each text
// goes once through them and once past them.
#include <gtest/gtest.h>

#include <cctype>
#include <random>
#include <string>

#include "core/pii/document/scrubber.hpp"
#include "pii_prefilter_pieces.hpp"

namespace gpsync::core::pii {
namespace {

// With a pattern that matches nothing, so that every string is scanned.
const Policy& scanning_all() {
    static const Policy policy = [] {
        Policy made;
        EXPECT_TRUE(parse_policy("all@1",
                                 R"({"extends":"payments@1","rules":[
            {"pattern":"\\x{1}{40}","name":"nothing","action":"remove"}]})",
                                 nullptr, made)
                        .ok());
        return made;
    }();
    return policy;
}

std::string scrubbed(Scrubber& scrubber, std::string_view text) {
    (void)scrubber.begin_row();
    (void)scrubber.name("note");
    switch (scrubber.string(text)) {
        case Verdict::kKeep:
            return std::string(text);
        case Verdict::kReplace:
            return std::string(scrubber.replacement());
        default:
            return "removed";
    }
}

TEST(PiiPrefilter, LetsNothingThroughThatIsFound) {
    Scrubber with(Policy::payments(), nullptr, Mode::kScrub), without(scanning_all(), nullptr, Mode::kScrub);
    std::mt19937 random(20261126);
    size_t found = 0, neutral = 0;
    for (int round = 0; round < 150'000; ++round) {
        const std::string text = prefilter_text(random);
        const std::string expected = scrubbed(without, text);
        ASSERT_EQ(scrubbed(with, text), expected) << text;
        found += expected != text;
        neutral += Scrubber::is_neutral(text);
    }
    EXPECT_GT(found, 10'000U);
    EXPECT_GT(neutral, 10'000U);
}

TEST(PiiPrefilter, LetsNoCodeThroughHoweverItIsWritten) {
    Scrubber with(Policy::payments(), nullptr, Mode::kScrub), without(scanning_all(), nullptr, Mode::kScrub);
    std::mt19937 random(2611);
    size_t found = 0, neutral = 0;
    for (int round = 0; round < 300'000; ++round) {
        const std::string text = prefilter_code(random);
        const std::string expected = scrubbed(without, text);
        ASSERT_EQ(scrubbed(with, text), expected) << text;
        found += expected != text;
        neutral += Scrubber::is_neutral(text);
    }
    EXPECT_GT(found, 50'000U);
    EXPECT_GT(neutral, 3'000U);
}

TEST(PiiPrefilter, TakesAnySeparatorForOne) {
    Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
    for (const std::string text : {"<cvv>123</cvv>",
                                   "cvv(123)",
                                   "cvv,123",
                                   "cvv/123",
                                   "cvv\"123",
                                   "'cvv'-'123'",
                                   "cvv>123",
                                   "cvv!123",
                                   "cvv_123",
                                   "cvv.123",
                                   "cvv~123",
                                   "pin,4821",
                                   "pin:4821",
                                   "PIN(4821)",
                                   "<pin>4821",
                                   "exp,12/28",
                                   "exp(12/28)",
                                   "exp/1228",
                                   "Basic dXNlcjpwYXNz",
                                   "aabb.ccdd.eeff",
                                   "passport,AB123C",
                                   "YWJAY2RlLmlv",
                                   "YWI_Pj5jZEBlZi5pbw"})
        EXPECT_NE(scrubbed(scrubber, text), text) << text;
}

// Sixteen bytes a step, or a byte a step: the same answer.
TEST(PiiPrefilter, AnswersAlikeHoweverItReads) {
    std::mt19937 random(1126);
    const auto below = [&random](size_t n) { return random() % n; };
    for (int round = 0; round < 300'000; ++round) {
        std::string text = round % 2 == 0 ? prefilter_text(random) : std::string();
        // Few kinds of bytes at a time, so that each count comes near its bound.
        const std::string_view kinds[] = {"a1.",   "ab.",    "1:-",       "a-_/+", "ZQ1 ",
                                          "@%&=x", "1a\x7f", "\xc3\xa9 ", "....f"};
        const std::string_view kind = kinds[below(std::size(kinds))];
        for (size_t size = below(round % 2 == 0 ? 4 : 50); size > 0; --size)
            text.push_back(kind[below(kind.size())]);
        if (text.find_first_of("`|") != std::string::npos) continue;  // taken for '@' and '\\' in long texts
        ASSERT_EQ(may_hold_pii(text), may_hold_pii_bytewise(text)) << text;
    }
}

}  // namespace
}  // namespace gpsync::core::pii

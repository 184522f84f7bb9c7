#include "core/pii/policy/redaction_rule.hpp"

#include <gtest/gtest.h>

namespace gpsync::core {
namespace {

TEST(RedactionRule, Words) {
    EXPECT_EQ(parse_redaction_rule("pass")->redaction, Redaction::kPass);
    EXPECT_EQ(parse_redaction_rule("mask")->redaction, Redaction::kMask);
    EXPECT_EQ(parse_redaction_rule("tokenize")->redaction, Redaction::kTokenize);
    EXPECT_EQ(parse_redaction_rule("hash")->redaction, Redaction::kHash);
    EXPECT_EQ(parse_redaction_rule("drop")->redaction, Redaction::kDrop);
    EXPECT_EQ(parse_redaction_rule("drop")->policy, "");
}

TEST(RedactionRule, Scrub) {
    for (const char* text : {"scrub payments@1", "scrub   payments@1"}) {
        const auto rule = parse_redaction_rule(text);
        ASSERT_TRUE(rule);
        EXPECT_EQ(rule->redaction, Redaction::kScrub);
        EXPECT_EQ(rule->policy, "payments@1");
    }
}

TEST(RedactionRule, RefusesEverythingElse) {
    for (const char* text : {"", "Pass", "pass ", " drop", "scrub", "scrub ", "scrub payments", "scrub @1",
                             "scrub a@", "scrub a@1 b", "scrubpayments@1", "encrypt", "drop payments@1"})
        EXPECT_FALSE(parse_redaction_rule(text)) << text;
}

TEST(RedactionRule, StrictnessIsTheOrder) {
    EXPECT_LT(Redaction::kPass, Redaction::kScrub);
    EXPECT_LT(Redaction::kScrub, Redaction::kMask);
    EXPECT_LT(Redaction::kMask, Redaction::kTokenize);
    EXPECT_LT(Redaction::kTokenize, Redaction::kHash);
    EXPECT_LT(Redaction::kHash, Redaction::kDrop);
}

}  // namespace
}  // namespace gpsync::core

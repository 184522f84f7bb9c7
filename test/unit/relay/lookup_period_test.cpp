// The cursor of a pass: it follows what is applied, whatever the order of the answers.
#include "relay/lookup/period.hpp"

#include <gtest/gtest.h>

namespace gpsync::relay {
namespace {

std::vector<Token> batch(std::initializer_list<const char*> ids) {
    std::vector<Token> all;
    for (const char* id : ids) {
        all.emplace_back();
        all.back().id = id;
    }
    return all;
}

void apply(const std::vector<Token>& tokens) {
    for (const Token& token : tokens) Period::note_applied(token);
}

TEST(LookupPeriod, CursorIsTheLongestPrefix) {
    Period period;
    EXPECT_EQ(period.pass(), -1);
    EXPECT_TRUE(period.note_next(true, 7, std::nullopt, "d", true));
    std::vector<Token> first = batch({"a", "b"}), second = batch({"c", "d"});
    period.claim(first);
    period.claim(second);
    apply(second);
    EXPECT_FALSE(period.may_move());
    Period::note_applied(first[0]);
    EXPECT_FALSE(period.may_move());
    Period::note_applied(first[1]);
    EXPECT_TRUE(period.may_move());
    EXPECT_EQ(period.reachable_cursor(), "d");
    EXPECT_EQ(period.cursor(), std::nullopt);
    EXPECT_TRUE(period.is_through(false));
    EXPECT_FALSE(period.is_through(true));
    period.note_moved(true);
    EXPECT_EQ(period.cursor(), "d");
    EXPECT_FALSE(period.is_through(false));
}

TEST(LookupPeriod, OnDemandTokensMoveNothing) {
    Period period;
    period.note_next(true, 1, "m", "p", false);
    std::vector<Token> mixed = batch({"z", "n", "p"});
    mixed[0].requests = {4};
    period.claim(mixed);
    EXPECT_EQ(mixed[0].claim, nullptr);
    apply(mixed);
    EXPECT_EQ(period.reachable_cursor(), "p");
    std::vector<Token> demanded = batch({"q"});
    demanded[0].requests = {5};
    period.claim(demanded);
    EXPECT_FALSE(period.is_through(false));
}

TEST(LookupPeriod, TakesBackWhatNoBatchHas) {
    Period period;
    period.note_next(true, 1, "b", "f", true);
    std::vector<Token> sent = batch({"c", "d"});
    period.claim(sent);
    EXPECT_EQ(period.after(), "f");
    period.take_back();
    EXPECT_EQ(period.after(), "d");
    EXPECT_FALSE(period.is_through(false));
    period.note_next(true, 1, "b", "f", true);
    EXPECT_EQ(period.after(), "f");
}

// A goal that is left over would be moved to again and again, and a claim that is left over be gone back to:
// tokens between the durable cursor and that claim would be skipped.
TEST(LookupPeriod, ARestartForgetsAllOfIt) {
    Period period;
    period.note_next(true, 1, "a", "d", true);
    std::vector<Token> first = batch({"b", "c"}), second = batch({"d"});
    period.claim(first);
    period.claim(second);
    apply(first);
    EXPECT_EQ(period.reachable_cursor(), "c");
    EXPECT_EQ(period.passed(), 2);
    period.restart();
    EXPECT_FALSE(period.may_move());
    EXPECT_FALSE(period.is_through(false));
    EXPECT_FALSE(period.has_more());
    EXPECT_EQ(period.reachable_cursor(), period.cursor());
    EXPECT_EQ(period.passed(), 0);
    period.take_back();
    EXPECT_EQ(period.after(), std::nullopt);
    // Tokens of before are no claim of now.
    apply(second);
    EXPECT_FALSE(period.may_move());
    // The pass has ended elsewhere: there is nothing to do.
    period.note_next(false, 0, std::nullopt, std::nullopt, std::nullopt);
    EXPECT_FALSE(period.may_move());
    EXPECT_TRUE(period.note_next(true, 1, "b", "d", true));
    EXPECT_EQ(period.cursor(), "b");
}

TEST(LookupPeriod, CountsWhatTheCursorPasses) {
    Period period;
    period.note_next(true, 1, std::nullopt, "d", std::nullopt);
    EXPECT_TRUE(period.has_more());
    std::vector<Token> first = batch({"a", "b"}), second = batch({"c", "d"});
    second[0].requests = {9};
    period.claim(first);
    period.claim(second);
    apply(first);
    (void)period.reachable_cursor();
    EXPECT_EQ(period.passed(), 2);
    // A call that fails is made again, with all of it.
    apply(second);
    (void)period.reachable_cursor();
    EXPECT_EQ(period.passed(), 3);
    period.note_moved(false);
    EXPECT_EQ(period.passed(), 0);
    // A call that asks for none of the period says nothing of its end.
    period.note_next(true, 1, "d", std::nullopt, true);
    period.note_next(true, 1, "d", std::nullopt, std::nullopt);
    EXPECT_FALSE(period.has_more());
    EXPECT_TRUE(period.is_through(false));
}

TEST(LookupPeriod, AnotherPassBeginsAnew) {
    Period period;
    period.note_next(true, 1, std::nullopt, "d", false);
    std::vector<Token> old = batch({"a"});
    period.claim(old);
    EXPECT_TRUE(period.note_next(true, 2, std::nullopt, std::nullopt, false));
    EXPECT_EQ(period.after(), std::nullopt);
    apply(old);
    EXPECT_FALSE(period.may_move());
    EXPECT_FALSE(period.note_next(false, 0, std::nullopt, std::nullopt, false));
    period.restart();
    EXPECT_EQ(period.pass(), -1);
}

}  // namespace
}  // namespace gpsync::relay

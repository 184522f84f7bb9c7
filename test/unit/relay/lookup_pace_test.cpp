// When the tokens of a pass are asked for, on a virtual clock.
#include "relay/lookup/pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace gpsync::relay {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr Pace::Time kBegin{std::chrono::hours{1000}};

// A relay that looks every tick, and has room for so many tokens in a call.
struct Relay {
    Pace pace = {};
    int64_t left = 0;
    size_t most = 400;
    milliseconds tick = 10ms;

    // Tokens taken up in each of the parts that a time is divided into.
    std::vector<int64_t> run(Pace::Time from, milliseconds time, int parts) {
        std::vector<int64_t> taken(static_cast<size_t>(parts));
        for (milliseconds at{0}; at < time; at += tick) {
            const auto room = static_cast<int64_t>(pace.room(most, from + at));
            const int64_t tokens = std::min(room, left);
            if (tokens == 0) continue;
            pace.note_taken(static_cast<size_t>(tokens), from + at);
            left -= tokens;
            taken[static_cast<size_t>(at * parts / time)] += tokens;
        }
        return taken;
    }
};

TEST(LookupPace, SpreadsEvenlyOverFourFifthsOfThePeriod) {
    Relay relay{.left = 10000};
    relay.pace.begin({.every = 1h, .expected = 10000}, kBegin);
    // 10,000 tokens in 48 minutes: 1,250 in each six of them.
    const std::vector<int64_t> taken = relay.run(kBegin, 1h, 10);
    for (size_t i = 0; i < 8; ++i) EXPECT_NEAR(static_cast<double>(taken[i]), 1250, 51) << i;
    EXPECT_LE(taken[8] + taken[9], 50);
    EXPECT_EQ(relay.left, 0);
}

TEST(LookupPace, NeverMoreThanABatchAtATime) {
    Relay relay{.left = 10000};
    relay.pace.begin({.every = 1h, .expected = 10000}, kBegin);
    const std::vector<int64_t> taken = relay.run(kBegin, 60s, 60);
    EXPECT_EQ(*std::ranges::max_element(taken), 50);
}

TEST(LookupPace, ABatchAMinuteIsTheSlowest) {
    Relay relay{.left = 120};
    relay.pace.begin({.every = 24h, .expected = 120}, kBegin);
    EXPECT_EQ(relay.run(kBegin, 3min, 3), (std::vector<int64_t>{50, 50, 20}));
}

TEST(LookupPace, SoManyTokensThatSeveralBatchesGoAtOnce) {
    // 20,000 tokens a second: ten batches in 25 ms, which a relay that looks every 100 ms takes up together.
    Relay relay{.left = 160000, .tick = 100ms};
    relay.most = 5000;
    relay.pace.begin({.every = 10s, .expected = 160000}, kBegin);
    const std::vector<int64_t> taken = relay.run(kBegin, 8s, 8);
    for (int64_t second : taken) EXPECT_NEAR(static_cast<double>(second), 20000, 2100);
}

TEST(LookupPace, WhatAnOutageDelayedIsSpreadOverTheRest) {
    Relay relay{.left = 10000};
    relay.pace.begin({.every = 1h, .expected = 10000}, kBegin);
    relay.run(kBegin, 12min, 1);
    EXPECT_NEAR(static_cast<double>(relay.left), 7500, 51);
    // Nothing for 12 minutes; then 7,500 in the 24 that are left.
    const std::vector<int64_t> taken = relay.run(kBegin + 24min, 24min, 4);
    for (int64_t part : taken) EXPECT_NEAR(static_cast<double>(part), 1875, 101);
    EXPECT_LE(relay.left, 50);
}

TEST(LookupPace, GoesOnAfterARestart) {
    Relay relay{.left = 5000};
    relay.pace.begin({.every = 1h, .elapsed = 24min, .expected = 10000, .passed = 5000}, kBegin + 24min);
    const std::vector<int64_t> taken = relay.run(kBegin + 24min, 24min, 4);
    for (int64_t part : taken) EXPECT_NEAR(static_cast<double>(part), 1250, 51);
}

TEST(LookupPace, NoPauseWhereThePassIsLateOrOfUnknownLength) {
    Pace late;
    late.begin({.every = 1h, .elapsed = 50min, .expected = 10000}, kBegin);
    EXPECT_EQ(late.room(400, kBegin), 400u);
    late.note_taken(400, kBegin);
    EXPECT_EQ(late.room(400, kBegin), 400u);
    Pace unknown;
    unknown.begin({.every = 1h}, kBegin);
    unknown.note_taken(400, kBegin);
    EXPECT_EQ(unknown.room(400, kBegin), 400u);
}

TEST(LookupPace, MoreTokensThanExpectedGoOnAsPlanned) {
    Relay relay{.left = 11000};
    relay.pace.begin({.every = 1h, .expected = 10000}, kBegin);
    const std::vector<int64_t> taken = relay.run(kBegin, 1h, 10);
    // As planned until the last fifth of the period, and the rest of it then.
    for (size_t i = 0; i < 8; ++i) EXPECT_NEAR(static_cast<double>(taken[i]), 1250, 51) << i;
    EXPECT_EQ(relay.left, 0);
}

TEST(LookupPace, WhatIsTakenBackIsTakenUpLater) {
    Pace pace;
    pace.begin({.every = 1h, .expected = 100}, kBegin);
    pace.note_taken(50, kBegin);
    const Pace::Time next = pace.next_at();
    EXPECT_EQ(pace.room(400, next - 1ms), 0u);
    EXPECT_EQ(pace.room(400, next), 50u);
    pace.note_taken_back(50);
    EXPECT_EQ(pace.room(400, next), 50u);
}

TEST(LookupPace, NothingBeforeThePassIsKnown) {
    EXPECT_EQ(Pace().room(400, kBegin), 0u);
}

}  // namespace
}  // namespace gpsync::relay

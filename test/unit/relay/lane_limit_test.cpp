// How many lanes may send at once, on a virtual clock.
#include <gtest/gtest.h>

#include "relay/delivery/lane_limit.hpp"

namespace gpsync::relay {
namespace {

using namespace std::chrono_literals;

class Limits : public testing::Test {
  protected:
    // Rounds of requests side by side, as many as may be, of which each takes so long.
    void rounds(int count, std::chrono::milliseconds each, size_t events = 100) {
        for (int i = 0; i < count; ++i) {
            const auto sent = now_;
            const size_t side_by_side = limit_.limit();
            now_ += each;
            for (size_t k = 0; k < side_by_side; ++k) limit_.note_answered(sent, now_, events, side_by_side);
        }
    }
    void overload() {
        const auto sent = now_;
        now_ += 10ms;
        limit_.note_overload(sent, now_);
    }

    LaneLimit::Time now_{1h};
    LaneLimit limit_{16};
};

TEST_F(Limits, AllLanesMaySendAtFirst) {
    EXPECT_EQ(limit_.limit(), 16U);
    rounds(1000, 10ms);
    EXPECT_EQ(limit_.limit(), 16U);
}

TEST_F(Limits, FallsByAFactorAndGrowsByOneARound) {
    overload();
    EXPECT_EQ(limit_.limit(), 11U);
    overload();
    EXPECT_EQ(limit_.limit(), 7U);
    rounds(2, 10ms);
    EXPECT_GE(limit_.limit(), 9U);
    EXPECT_LE(limit_.limit(), 10U);
    rounds(10, 10ms);
    EXPECT_EQ(limit_.limit(), 16U);
}

TEST_F(Limits, OneLaneAlwaysMaySend) {
    for (int i = 0; i < 50; ++i) overload();
    EXPECT_EQ(limit_.limit(), 1U);
    rounds(1, 10ms);
    EXPECT_EQ(limit_.limit(), 2U);
}

TEST_F(Limits, OneRoundOfRefusalsIsOneFall) {
    const auto sent = now_;
    now_ += 10ms;
    for (int lane = 0; lane < 16; ++lane) limit_.note_overload(sent, now_ += 1ms);
    EXPECT_EQ(limit_.limit(), 11U);
    limit_.note_answered(sent, now_, 100, 16);
    EXPECT_EQ(limit_.limit(), 11U) << "an answer to the load of before";
}

TEST_F(Limits, WhatIsNotUsedUpDoesNotGrow) {
    overload();
    for (int i = 0; i < 100; ++i) {
        const auto sent = now_;
        limit_.note_answered(sent, now_ += 10ms, 100, 3);
    }
    EXPECT_EQ(limit_.limit(), 11U);
}

TEST_F(Limits, FallsWhenTheEndpointBecomesSlower) {
    rounds(20, 40ms);
    rounds(4, 400ms);
    EXPECT_LT(limit_.limit(), 13U);
    EXPECT_GE(limit_.limit(), 8U) << "gently";
    rounds(40, 40ms);
    EXPECT_EQ(limit_.limit(), 16U) << "and recovers by itself";
}

TEST_F(Limits, ShortTimesSayNothing) {
    rounds(20, 1ms);
    rounds(100, 30ms);
    EXPECT_EQ(limit_.limit(), 16U) << "30 times as long, but no queue anybody would notice";
}

TEST_F(Limits, TimesAreComparedWithThoseOfBatchesOfTheSameSize) {
    rounds(20, 10ms, 1);
    rounds(20, 500ms, 1000);
    EXPECT_EQ(limit_.limit(), 16U);
    rounds(5, 500ms, 1);
    EXPECT_LT(limit_.limit(), 16U);
}

TEST_F(Limits, AnEndpointThatIsSlowerForGoodGetsAllLanesAgain) {
    rounds(20, 100ms);
    rounds(20, 1000ms);
    EXPECT_LT(limit_.limit(), 6U);
    rounds(300, 1000ms);
    EXPECT_EQ(limit_.limit(), 16U);
}

TEST_F(Limits, AnEndpointOfSoManyRequestsAtOnceIsUsedWell) {
    // It takes 6 at once and answers 503 to the rest.
    double used = 0;
    constexpr int kRounds = 500;
    for (int i = 0; i < kRounds; ++i) {
        const auto sent = now_;
        const size_t side_by_side = limit_.limit();
        now_ += 10ms;
        for (size_t k = 0; k < side_by_side; ++k)
            if (k < 6)
                limit_.note_answered(sent, now_, 100, side_by_side);
            else
                limit_.note_overload(sent, now_);
        used += static_cast<double>(std::min<size_t>(side_by_side, 6));
        ASSERT_LE(i < 20 ? 0 : side_by_side, 8U);
    }
    EXPECT_GT(used / kRounds, 5);
}

}  // namespace
}  // namespace gpsync::relay

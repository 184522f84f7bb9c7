// The breaker on a virtual clock: what may be sent to an endpoint, and how long what failed waits.
#include <gtest/gtest.h>

#include "relay/delivery/breaker.hpp"

namespace gpsync::relay {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;
using State = Breaker::State;

class Breakers : public testing::Test {
  protected:
    std::chrono::milliseconds fail(int attempt, std::optional<seconds> retry_after = {}) {
        return breaker_.note_failure({attempt, false, false, false, retry_after}, 0, now_);
    }
    void fail_probe(std::optional<seconds> retry_after = {}) {
        ASSERT_TRUE(breaker_.may_send(now_));
        ASSERT_TRUE(breaker_.note_sent(now_));
        breaker_.note_failure({1, true, false, false, retry_after}, 0, now_);
    }
    void pass_probe() {
        ASSERT_TRUE(breaker_.may_send(now_));
        ASSERT_TRUE(breaker_.note_sent(now_));
        EXPECT_FALSE(breaker_.may_send(now_)) << "one at a time";
        breaker_.note_success(true, now_);
    }
    // Time goes on until something may be sent.
    std::chrono::milliseconds wait() {
        const auto begun = now_;
        now_ = std::max(now_, breaker_.free_at().value());
        return std::chrono::duration_cast<std::chrono::milliseconds>(now_ - begun);
    }

    Breaker::Time now_{1h};
    Breaker breaker_{{3, 1s, 3}, State::closed, now_};
};

TEST_F(Breakers, OpensWhenTheAttemptsAreUsedUp) {
    const auto begun = now_;
    EXPECT_EQ(fail(1), 2s);
    now_ += 2s;
    EXPECT_EQ(fail(2), 4s);
    EXPECT_EQ(breaker_.state(), State::closed);
    EXPECT_TRUE(breaker_.may_send(now_)) << "other lanes go on";
    EXPECT_EQ(breaker_.since(), begun);
    now_ += 4s;
    EXPECT_EQ(fail(3), 8s);
    EXPECT_EQ(breaker_.state(), State::open);
    EXPECT_EQ(breaker_.since(), now_);
    EXPECT_FALSE(breaker_.may_send(now_ + 7s));
    EXPECT_TRUE(breaker_.may_send(now_ + 8s));
}

TEST_F(Breakers, ProbesAreSentOneByOneAndTheirWaitsGrow) {
    fail(3);
    const auto opened = now_;
    for (const auto expected : {8s, 16s, 32s, 60s, 60s}) {
        EXPECT_EQ(wait(), expected);
        ASSERT_TRUE(breaker_.note_sent(now_));
        EXPECT_EQ(breaker_.state(), State::half_open);
        EXPECT_FALSE(breaker_.may_send(now_ + 10min)) << "while one is under way";
        EXPECT_EQ(breaker_.free_at(), std::nullopt);
        breaker_.note_failure({1, true, false, false, {}}, 0, now_);
        EXPECT_EQ(breaker_.state(), State::open);
    }
    EXPECT_GT(breaker_.since(), opened) << "it was half-open in between";
}

TEST_F(Breakers, SoManyProbesThatSucceedCloseIt) {
    fail(3);
    wait();
    pass_probe();
    pass_probe();
    EXPECT_EQ(breaker_.state(), State::half_open);
    pass_probe();
    EXPECT_EQ(breaker_.state(), State::closed);
    EXPECT_EQ(breaker_.since(), now_);
    EXPECT_FALSE(breaker_.note_sent(now_)) << "no probe any more";
    EXPECT_TRUE(breaker_.may_send(now_));
    fail(1);
    EXPECT_EQ(breaker_.state(), State::closed) << "a batch has all its attempts again";
}

TEST_F(Breakers, OneProbeThatFailsOpensItAndTheCountBeginsAnew) {
    fail(3);
    wait();
    pass_probe();
    pass_probe();
    fail_probe();
    EXPECT_EQ(breaker_.state(), State::open);
    EXPECT_EQ(wait(), 8s) << "as when it opened first: the endpoint was up in between";
    fail_probe();
    EXPECT_EQ(wait(), 16s);
    pass_probe();
    pass_probe();
    EXPECT_EQ(breaker_.state(), State::half_open);
    pass_probe();
    EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(Breakers, AnEventThatFailsByItselfSaysNothingOfTheEndpoint) {
    EXPECT_EQ(breaker_.note_failure({9, false, false, true, {}}, 0, now_), Breaker::kLongestWait);
    EXPECT_EQ(breaker_.state(), State::closed);
    fail(3);
    wait();
    pass_probe();
    ASSERT_TRUE(breaker_.note_sent(now_));
    breaker_.note_failure({9, true, false, true, {}}, 0, now_);
    EXPECT_EQ(breaker_.state(), State::half_open);
    pass_probe();
    pass_probe();
    EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(Breakers, WhatWasSentBeforeItOpened) {
    fail(3);
    const auto probe = breaker_.free_at();
    fail(2);
    EXPECT_EQ(breaker_.free_at(), probe) << "another lane's failure changes nothing";
    EXPECT_FALSE(breaker_.may_send(now_));
    breaker_.note_success(false, now_);
    EXPECT_EQ(breaker_.state(), State::open);
    EXPECT_TRUE(breaker_.may_send(now_)) << "its success is worth a probe";
    pass_probe();
    breaker_.note_success(false, now_);
    fail(3);
    EXPECT_EQ(breaker_.state(), State::half_open) << "only probes count";
}

TEST_F(Breakers, ClosesWhenAllThatWaitedIsThrough) {
    breaker_.note_drained(now_);
    fail(3);
    breaker_.note_drained(now_);
    EXPECT_EQ(breaker_.state(), State::open) << "nothing succeeded yet";
    wait();
    pass_probe();
    breaker_.note_drained(now_);
    EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(Breakers, ResetLetsAProbeGoAtOnce) {
    fail(3);
    for (int i = 0; i < 5; ++i) {
        wait();
        fail_probe();
    }
    breaker_.reset(now_);
    EXPECT_EQ(breaker_.state(), State::open) << "it is not taken on trust";
    fail_probe();
    EXPECT_EQ(wait(), 16s) << "the waits begin anew";
    pass_probe();
    pass_probe();
    pass_probe();
    fail(1, 600s);
    EXPECT_FALSE(breaker_.may_send(now_));
    breaker_.reset(now_);
    EXPECT_TRUE(breaker_.may_send(now_));
}

TEST_F(Breakers, OpensAtOnceForWhatLasts) {
    EXPECT_EQ(breaker_.note_failure({1, false, true, false, {}}, 0, now_), 2s);
    EXPECT_EQ(breaker_.state(), State::open);
    EXPECT_EQ(wait(), 2s);
}

TEST_F(Breakers, OneThatBeginsOpenProbesAtOnce) {
    Breaker breaker({3, 1s, 3}, State::open, now_);
    EXPECT_TRUE(breaker.may_send(now_));
    EXPECT_TRUE(breaker.note_sent(now_));
    breaker.note_failure({1, true, false, false, {}}, 0, now_);
    EXPECT_EQ(breaker.free_at(), now_ + 16s);
}

TEST_F(Breakers, WaitsAtMostAMinuteAndAQuarter) {
    EXPECT_EQ(fail(30), Breaker::kLongestWait);
    const auto wait = breaker_.note_failure({30, false, false, false, {}}, 0.999, now_);
    EXPECT_GT(wait, Breaker::kLongestWait);
    EXPECT_LE(wait, Breaker::kLongestWait * 5 / 4);
}

TEST_F(Breakers, HonoursRetryAfter) {
    EXPECT_EQ(fail(1, 7s), 7s);
    EXPECT_FALSE(breaker_.may_send(now_ + 6s)) << "for every lane";
    EXPECT_EQ(fail(1, 1s), 1s);
    EXPECT_FALSE(breaker_.may_send(now_ + 6s)) << "the longer one holds";
    EXPECT_TRUE(breaker_.may_send(now_ + 7s));
    EXPECT_GE(fail(5, 1s), 32s) << "used up: not hammered";
    now_ += 32s;
    fail_probe(100s);
    EXPECT_EQ(wait(), 100s);
    fail_probe(1s);
    EXPECT_EQ(wait(), 60s);
    EXPECT_EQ(fail(1, 1000000s), Breaker::kLongestRetryAfter);
    for (seconds absurd : {seconds::max(), seconds::min(), seconds(9223372036854775)}) {
        EXPECT_GE(fail(1, absurd), Breaker::kShortestWait) << absurd.count();
        EXPECT_LE(fail(1, absurd), Breaker::kLongestRetryAfter) << absurd.count();
    }
}

}  // namespace
}  // namespace gpsync::relay

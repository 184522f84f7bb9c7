// The breaker on a virtual clock: when an endpoint counts as failing, and how long its lanes wait.
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
        return breaker_.note_failure({attempt, false, retry_after}, 0, now_);
    }

    Breaker::Time now_{1h};
    Breaker breaker_{3, 1s, State::closed, now_};
};

TEST_F(Breakers, OpensWhenTheAttemptsAreUsedUp) {
    const auto begun = now_;
    EXPECT_EQ(fail(1), 2s);
    now_ += 2s;
    EXPECT_EQ(fail(2), 4s);
    EXPECT_EQ(breaker_.state(), State::closed);
    EXPECT_EQ(breaker_.since(), begun);
    now_ += 4s;
    EXPECT_EQ(fail(3), 8s);
    EXPECT_EQ(breaker_.state(), State::open);
    EXPECT_EQ(breaker_.since(), now_);
}

TEST_F(Breakers, StaysOpenUntilASuccess) {
    fail(3);
    const auto opened = now_;
    now_ += 8s;
    EXPECT_EQ(fail(4), 16s);
    EXPECT_EQ(fail(1), 2s) << "another lane's first attempt";
    EXPECT_EQ(breaker_.state(), State::open);
    EXPECT_EQ(breaker_.since(), opened);
    now_ += 16s;
    breaker_.note_success(now_);
    EXPECT_EQ(breaker_.state(), State::closed);
    EXPECT_EQ(breaker_.since(), now_);
    fail(1);
    EXPECT_EQ(breaker_.state(), State::closed) << "a batch has all its attempts again";
}

TEST_F(Breakers, OpensAtOnceForWhatLasts) {
    EXPECT_EQ(breaker_.note_failure({1, true, {}}, 0, now_), 2s);
    EXPECT_EQ(breaker_.state(), State::open);
}

TEST_F(Breakers, WaitsAtMostAMinuteAndAQuarter) {
    EXPECT_EQ(fail(30), Breaker::kLongestWait);
    const auto wait = breaker_.note_failure({30, false, {}}, 0.999, now_);
    EXPECT_GT(wait, Breaker::kLongestWait);
    EXPECT_LE(wait, Breaker::kLongestWait * 5 / 4);
}

TEST_F(Breakers, HonoursRetryAfter) {
    EXPECT_EQ(fail(1, 7s), 7s);
    EXPECT_EQ(fail(1, 1s), 1s);
    EXPECT_GE(fail(5, 1s), 32s) << "used up: not hammered";
    EXPECT_EQ(fail(1, 1000000s), Breaker::kLongestRetryAfter);
    for (seconds absurd : {seconds::max(), seconds::min(), seconds(9223372036854775)}) {
        EXPECT_GE(fail(1, absurd), Breaker::kShortestWait) << absurd.count();
        EXPECT_LE(fail(1, absurd), Breaker::kLongestRetryAfter) << absurd.count();
    }
}

}  // namespace
}  // namespace gpsync::relay

#include "core/backoff.hpp"

#include <gtest/gtest.h>

namespace gpsync::core {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesFromTwiceTheBase) {
    Backoff backoff{1s, 60s};
    EXPECT_EQ(backoff.wait(1), 2s);
    EXPECT_EQ(backoff.wait(2), 4s);
    EXPECT_EQ(backoff.wait(5), 32s);
}

TEST(Backoff, StopsAtTheCapForEveryLaterAttempt) {
    Backoff backoff{1s, 60s};
    for (int attempt = 6; attempt < 2000; ++attempt) EXPECT_EQ(backoff.wait(attempt), 60s);
}

TEST(Backoff, JitterNeverShortens) {
    Backoff backoff{100ms, 60s};
    EXPECT_EQ(backoff.wait(1, 0.0), 200ms);
    EXPECT_GT(backoff.wait(1, 0.99), 240ms);
    EXPECT_LE(backoff.wait(1, 0.999), 250ms);
}

TEST(Backoff, NeverSpins) {
    EXPECT_EQ((Backoff{0ms, 60s}.wait(1)), 1ms);
    EXPECT_EQ((Backoff{1s, 60s}.wait(-5)), 1s);
}

}  // namespace
}  // namespace gpsync::core

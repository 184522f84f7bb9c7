#include "core/process_keeper.hpp"

#include <gtest/gtest.h>

namespace gpsync::core {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Action = ProcessKeeper::Action;
using Ending = ProcessKeeper::Ending;

// A clock that stands still until the test moves it.
struct ProcessKeeperTest : testing::Test {
    ProcessKeeper keeper;
    ProcessKeeper::Time now{seconds(1000)};

    void want(std::vector<std::string> arguments, std::string fingerprint = "") {
        const WantedProcess wanted{std::move(arguments), std::move(fingerprint)};
        keeper.want(&wanted);
    }
    Action due() { return keeper.due(now); }
    void start() {
        want({"relay"});
        ASSERT_EQ(due(), Action::kStart);
    }
    // Nothing is due before so long, and then this.
    void expect_after(seconds wait, Action action) {
        EXPECT_EQ(keeper.next_due(), now + wait);
        now += wait - milliseconds(1);
        EXPECT_EQ(due(), Action::kNone);
        now += milliseconds(1);
        EXPECT_EQ(due(), action);
    }
};

TEST_F(ProcessKeeperTest, NothingIsDueWhereNothingIsWanted) {
    EXPECT_EQ(due(), Action::kNone);
    EXPECT_EQ(keeper.next_due(), ProcessKeeper::Time::max());
}

TEST_F(ProcessKeeperTest, StartsAtOnceAndOnce) {
    start();
    EXPECT_EQ(due(), Action::kNone);
    EXPECT_EQ(keeper.next_due(), ProcessKeeper::Time::max());
}

TEST_F(ProcessKeeperTest, FailuresDoubleTheWaitUpToAMinute) {
    start();
    for (int wait : {1, 2, 4, 8, 16, 32, 60, 60}) {
        EXPECT_EQ(keeper.ended(now, 2), Ending::kFailed);
        expect_after(seconds(wait), Action::kStart);
    }
}

TEST_F(ProcessKeeperTest, SignalsAreFailures) {
    start();
    EXPECT_EQ(keeper.ended(now, std::nullopt), Ending::kFailed);
    expect_after(seconds(1), Action::kStart);
}

TEST_F(ProcessKeeperTest, AFailureAfterALongRunIsAFirstOne) {
    start();
    for (int i = 0; i < 5; ++i) {
        keeper.ended(now, 2);
        now = keeper.next_due();
        due();
    }
    now += ProcessKeeper::kStable;
    keeper.ended(now, 2);
    expect_after(seconds(1), Action::kStart);
}

TEST_F(ProcessKeeperTest, AWrongConfigurationWaitsForAMinuteOrAnother) {
    start();
    EXPECT_EQ(keeper.ended(now, ProcessKeeper::kExitConfiguration), Ending::kConfiguration);
    expect_after(seconds(60), Action::kStart);

    keeper.ended(now, ProcessKeeper::kExitConfiguration);
    want({"relay"}, "another password");
    EXPECT_EQ(due(), Action::kStart);
}

TEST_F(ProcessKeeperTest, AnotherFingerprintDoesNotDisturbARunningProcess) {
    start();
    want({"relay"}, "another password");
    EXPECT_EQ(due(), Action::kNone);
    keeper.ended(now, 2);
    expect_after(seconds(1), Action::kStart);
}

TEST_F(ProcessKeeperTest, OtherArgumentsStopAndStartIt) {
    start();
    want({"relay", "--new"});
    EXPECT_EQ(due(), Action::kTerminate);
    EXPECT_EQ(due(), Action::kNone);
    EXPECT_EQ(keeper.ended(now, 0), Ending::kStopped);
    EXPECT_EQ(due(), Action::kStart);
    EXPECT_EQ(keeper.wanted().arguments.back(), "--new");
}

TEST_F(ProcessKeeperTest, OtherArgumentsEndAWait) {
    start();
    keeper.ended(now, 2);
    want({"relay", "--new"});
    EXPECT_EQ(due(), Action::kStart);
}

TEST_F(ProcessKeeperTest, WhatDoesNotStopIsKilledOnce) {
    start();
    keeper.want(nullptr);
    EXPECT_EQ(due(), Action::kTerminate);
    expect_after(ProcessKeeper::kStopTime, Action::kKill);
    now += seconds(100);
    EXPECT_EQ(due(), Action::kNone);
    EXPECT_EQ(keeper.ended(now, std::nullopt), Ending::kStopped);
    EXPECT_EQ(due(), Action::kNone);
}

TEST_F(ProcessKeeperTest, WhatTheCallerKilledIsNotKilledAgain) {
    start();
    keeper.want(nullptr);
    due();
    keeper.killed();
    now += seconds(100);
    EXPECT_EQ(due(), Action::kNone);
}

TEST_F(ProcessKeeperTest, WantedAgainWhileItStopsStartsWhenItHasEnded) {
    start();
    keeper.want(nullptr);
    due();
    want({"relay"});
    EXPECT_EQ(due(), Action::kNone);
    keeper.ended(now, 0);
    EXPECT_EQ(due(), Action::kStart);
}

TEST_F(ProcessKeeperTest, AFailedStartIsTriedAgainWithBackOff) {
    start();
    keeper.start_failed(now);
    expect_after(seconds(1), Action::kStart);
    keeper.start_failed(now);
    expect_after(seconds(2), Action::kStart);
}

}  // namespace
}  // namespace gpsync::core

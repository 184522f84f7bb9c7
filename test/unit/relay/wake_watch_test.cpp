// A process that has slept, on virtual clocks and in a loop.
#include <gtest/gtest.h>

#include <thread>

#include "relay/base/wake_watch.hpp"

namespace gpsync::relay {
namespace {

using namespace std::chrono_literals;

class Sleeps : public testing::Test {
  protected:
    void pass(std::chrono::milliseconds time) {
        now_.steady += time;
        now_.boot += time;
    }
    SleepCheck::Now now_{1h, 2h};
    SleepCheck check_{now_};
};

TEST_F(Sleeps, WaitingAsPlannedIsNoSleep) {
    for (auto wait : {0ms, 1000ms, 60000ms}) {
        check_.plan(now_, wait);
        pass(wait + 150ms);
        EXPECT_TRUE(check_.awake(now_));
    }
}

TEST_F(Sleeps, ComingBackMuchLaterIs) {
    check_.plan(now_, 1000ms);
    pass(1250ms);
    EXPECT_FALSE(check_.awake(now_));
    check_.plan(now_, 1000ms);
    EXPECT_FALSE(check_.awake(now_)) << "until somebody has asked";
    const uint64_t asked = check_.sleeps();
    pass(10ms);
    check_.confirm(now_, asked);
    EXPECT_TRUE(check_.awake(now_));
}

TEST_F(Sleeps, IsNoticedOnceTheLoopGoesOnWithoutAQuestion) {
    check_.plan(now_, 10ms);
    pass(5000ms);
    check_.plan(now_, 10ms);
    EXPECT_FALSE(check_.awake(now_));
}

TEST_F(Sleeps, ASuspendedMachinesSteadyClockStandsStill) {
    check_.plan(now_, 1000ms);
    now_.boot += 1h;
    EXPECT_FALSE(check_.awake(now_));
}

TEST_F(Sleeps, AnAnswerFromBeforeAnotherSleepConfirmsNothing) {
    pass(5000ms);
    EXPECT_FALSE(check_.awake(now_));
    const uint64_t asked = check_.sleeps();
    check_.plan(now_, 10ms);
    pass(5000ms);
    check_.confirm(now_, asked);
    EXPECT_FALSE(check_.awake(now_));
    check_.confirm(now_, check_.sleeps());
    EXPECT_TRUE(check_.awake(now_));
}

TEST(WakeWatch, LooksAtALoopsWaits) {
    EventLoop loop;
    WakeWatch watch(loop);
    Timer busy(loop, [&] {
        std::this_thread::sleep_for(600ms);
        EXPECT_FALSE(watch.awake());
        loop.stop();
    });
    busy.start(1ms);
    loop.run();
}

}  // namespace
}  // namespace gpsync::relay

#include "core/ramp/decision.hpp"

#include <gtest/gtest.h>

#include "core/ramp/bucket.hpp"
#include "core/ramp/error_rate.hpp"

namespace gpsync::core {
namespace {

constexpr RampLook kDue{RampState::kRunning, 100, 500, false, true, true};

RampLook with(RampLook look, bool RampLook::*member, bool value) {
    look.*member = value;
    return look;
}

TEST(RampDecision, AStepNeedsItsTimeAndEveryGate) {
    EXPECT_EQ(decide(kDue).action, RampAction::kStep);
    EXPECT_EQ(decide(kDue).width, 600U);
    EXPECT_EQ(decide(with(kDue, &RampLook::due, false)).action, RampAction::kNone);
    EXPECT_EQ(decide(with(kDue, &RampLook::gates_open, false)).action, RampAction::kWait);
    EXPECT_EQ(decide(with(kDue, &RampLook::gates_open, false)).width, 100U);
}

TEST(RampDecision, ARollBackNeedsNeither) {
    for (const RampState state : {RampState::kRunning, RampState::kHeld, RampState::kComplete}) {
        const RampDecision decision = decide({state, 100, 500, true, false, false});
        EXPECT_EQ(decision.action, RampAction::kRollBack);
        EXPECT_EQ(decision.width, 0U);
    }
}

TEST(RampDecision, NothingMovesWhatIsRolledBackOrHeld) {
    EXPECT_EQ(decide({RampState::kRolledBack, 0, 500, true, true, true}).action, RampAction::kNone);
    EXPECT_EQ(decide({RampState::kRolledBack, 0, 500, false, true, true}).width, 0U);
    EXPECT_EQ(decide({RampState::kHeld, 100, 500, false, true, true}).action, RampAction::kNone);
    EXPECT_EQ(decide({RampState::kHeld, 100, 500, false, true, true}).width, 100U);
}

TEST(RampDecision, TheLastStepEndsAtAHundredPercent) {
    EXPECT_EQ(decide({RampState::kRunning, 9600, 500, false, true, true}).action, RampAction::kComplete);
    EXPECT_EQ(decide({RampState::kRunning, 9600, 500, false, true, true}).width, kRampBuckets);
    EXPECT_EQ(decide({RampState::kComplete, kRampBuckets, 500, false, true, true}).action, RampAction::kNone);
}

// A ramp from 1 % to 100 % by a clock that the test moves: 20 steps of a week, then nothing.
TEST(RampDecision, AWholeRamp) {
    RampLook look{RampState::kRunning, 100, 500, false, false, true};
    int64_t now = 0, next_step = 7 * 1440;
    int steps = 0;
    for (; look.state == RampState::kRunning; ++now) {
        look.due = now >= next_step;
        const RampDecision decision = decide(look);
        EXPECT_GE(decision.width, look.width);  // no key goes back
        look.width = decision.width;
        if (decision.action == RampAction::kNone) continue;
        ++steps;
        next_step = now + 7 * 1440;
        if (decision.action == RampAction::kComplete) look.state = RampState::kComplete;
    }
    EXPECT_EQ(steps, 20);
    EXPECT_EQ(look.width, kRampBuckets);
    EXPECT_EQ(now - 1, 20 * 7 * 1440);
}

TEST(RampDecision, NamesOfStates) {
    RampState state = RampState::kHeld;
    EXPECT_TRUE(parse_ramp_state("rolled_back", state));
    EXPECT_EQ(state, RampState::kRolledBack);
    EXPECT_FALSE(parse_ramp_state("rolled back", state));
}

}  // namespace
}  // namespace gpsync::core

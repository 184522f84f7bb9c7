#include "core/ramp/decision.hpp"

#include <algorithm>

#include "core/ramp/bucket.hpp"

namespace gpsync::core {

RampDecision decide(const RampLook& look) {
    if (look.state == RampState::kRolledBack) return {RampAction::kNone, 0};
    if (look.errors_exceeded) return {RampAction::kRollBack, 0};
    if (look.state != RampState::kRunning || !look.due) return {RampAction::kNone, look.width};
    if (!look.gates_open) return {RampAction::kWait, look.width};
    const uint32_t width = std::min(kRampBuckets, look.width + look.step);
    return {width == kRampBuckets ? RampAction::kComplete : RampAction::kStep, width};
}

std::string_view name_of(RampAction action) {
    switch (action) {
        case RampAction::kRollBack:
            return "roll_back";
        case RampAction::kStep:
            return "step";
        case RampAction::kComplete:
            return "complete";
        case RampAction::kWait:
            return "wait";
        default:
            return "none";
    }
}

bool parse_ramp_state(std::string_view name, RampState& state) {
    if (name == "running")
        state = RampState::kRunning;
    else if (name == "held")
        state = RampState::kHeld;
    else if (name == "complete")
        state = RampState::kComplete;
    else if (name == "rolled_back")
        state = RampState::kRolledBack;
    else
        return false;
    return true;
}

}  // namespace gpsync::core

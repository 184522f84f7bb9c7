// What a look at a ramp ends with. Reads no clock and no table: whoever calls it knows what is due.
#pragma once

#include <cstdint>
#include <string_view>

namespace gpsync::core {

enum class RampState : uint8_t {
    kRunning,     // steps when it is due and every gate is open
    kHeld,        // by an operator: no step, but a roll-back
    kComplete,    // at 100 %: watched on
    kRolledBack,  // at 0, until an operator resumes it
};

struct RampLook {
    RampState state = RampState::kHeld;
    uint32_t width = 0, step = 0;  // buckets
    bool errors_exceeded = false;
    bool due = false;         // the time of the step has passed
    bool gates_open = false;  // every one; one that cannot be judged is shut
};

enum class RampAction : uint8_t { kNone, kRollBack, kStep, kComplete, kWait };

struct RampDecision {
    RampAction action = RampAction::kNone;
    uint32_t width = 0;  // from now on
};

// A roll-back needs no gate and no date; a step needs both.
RampDecision decide(const RampLook& look);

// step, complete …, as ramp_log has it; "none" for kNone.
std::string_view name_of(RampAction action);
// Nothing (false) for another name.
bool parse_ramp_state(std::string_view name, RampState& state);

}  // namespace gpsync::core

// A status machine as a picture.
#pragma once

#include "core/report/html.hpp"
#include "core/state_machine.hpp"

namespace gpsync::core::report {

// Whether a picture of it would still be one: fewer than 41 states and 161 transitions.
bool can_be_drawn(const StateMachine& machine);

// An <svg> with its states in layers and its transitions; its title names the machine. REQUIRES:
// can_be_drawn().
void write_machine_svg(Html& html, const StateMachine& machine, std::string_view name);

}  // namespace gpsync::core::report

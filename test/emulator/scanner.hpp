// Reads the JSON of a batch of CloudEvents in one pass, without a document tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event.hpp"

namespace gpsync::emulator {

// Fills events from scratch, which must be a copy of body and is decoded in place. Checks the JSON, that
// attributes occur once and are of a type CloudEvents allows, and the shape of data; what the values say is
// check_event()'s.
Refusal scan_batch(std::string& scratch, std::string_view body, std::vector<Event>& events);

}  // namespace gpsync::emulator

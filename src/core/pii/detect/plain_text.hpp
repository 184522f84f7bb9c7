// What most strings are that pass the prefilter, recognised without the scanners.
#pragma once

#include <string_view>

namespace gpsync::core::pii {

// Strings that pass the prefilter and are known at a glance to be none: UUIDs, dates and times of ISO 8601,
// hex digests, identifiers such as tok_123456, numbers too short or of a length that no number found by value
// has. Only under a neutral name.
bool is_plain_value(std::string_view text);

// Text in which numbers are too short to be found by their form and parted by words, no word names them, and
// long identifiers have no form that any scanner knows; times are passed over. False where that is not sure.
// Only under a neutral name.
bool is_plain_text(std::string_view text);

}  // namespace gpsync::core::pii

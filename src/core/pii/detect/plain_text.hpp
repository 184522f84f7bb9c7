// What most strings are that pass the prefilter, recognised without the scanners.
#pragma once

#include <string_view>

namespace gpsync::core::pii {

// Strings that pass the prefilter and are known at a glance to be none: UUIDs, dates and times of ISO 8601,
// hex digests, identifiers such as tok_123456, numbers too short or of a length that no number found by value
// has. Only under a neutral name.
bool is_plain_value(std::string_view text);

// Text with at most one number in it, too short to be found by its form, that no word in front of it names,
// and with long identifiers of no form that any scanner knows. False where that is not sure. Only under a
// neutral name.
bool is_plain_text(std::string_view text);

}  // namespace gpsync::core::pii

// The form in which the ways to write one value are equal: what is hashed.
#pragma once

#include <string>
#include <string_view>

#include "core/pii/detector.hpp"

namespace gpsync::core::pii {

// Without case and separators, as far as these say nothing in a value of that kind: digits of an SSN,
// lower-case mail addresses, +COUNTRY for 00COUNTRY. Of secrets every byte counts. folded is the value after
// folding, plain the same decoded but not folded, with the letters of every script.
std::string canonical(Detector detector, std::string_view folded, std::string_view plain);

// The form that a token opens to: canonical() where that is another way to write the same value, else plain.
std::string token_form(Detector detector, std::string_view folded, std::string_view plain);

}  // namespace gpsync::core::pii

// What a whole value is on which a rule decides that does not say so.
#pragma once

#include <string_view>

#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

// False when the name says, or the form shows, that the value is of a kind of which nothing is shown (a
// secret, a name, an address …), or a date. mask() itself shows digits only of numbers.
bool may_show_tail(std::string_view text, Detector subject, const ScanContext& context);

// A kind that has a form of its own, else kNone; of secrets, their name's. The names of other values do not
// count, so that equal values are of one kind wherever they stand.
Detector kind_of_value(std::string_view text, Detector subject);

}  // namespace gpsync::core::pii

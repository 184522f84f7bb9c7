// Whether the mask of a whole value may show its last four digits.
#pragma once

#include <string_view>

#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

// False when the name says, or the form shows, that the value is of a kind of which nothing is shown (a
// secret, a name, an address …), or a date. mask() itself shows digits only of numbers.
bool may_show_tail(std::string_view text, Detector subject, const ScanContext& context);

}  // namespace gpsync::core::pii

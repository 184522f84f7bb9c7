// Whether a value fits what its name says it is.
#pragma once

#include <string_view>

#include "core/pii/detector.hpp"

namespace gpsync::core::pii {

// text has been folded. For detectors whose values the scanners know by themselves this is the weaker rule
// that a name allows: a mistyped IBAN under "iban" is still one. ambiguous: the name has other meanings, too
// (WordFlag kAmbiguous), so the value must have the form of what it is taken for.
bool fits_name(Detector subject, std::string_view text, bool ambiguous = false);
// A JSON number as written.
bool number_fits_name(Detector subject, std::string_view text, bool ambiguous = false);

}  // namespace gpsync::core::pii

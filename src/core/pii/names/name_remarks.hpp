// Names that say something of the PII, and under which it may stand itself: "cvvUsed", {"ssn": {"used": …}}.
#pragma once

#include "core/pii/detector.hpp"
#include "core/pii/names/name_class.hpp"

namespace gpsync::core::pii {

// Kinds of which nothing but the value itself has the form: the others are words, or numbers as times and
// counts are, too.
bool has_own_form(Detector detector);
// {"cvv": {"code": …}}, {"ssn": {"used": …}}: whether the value may be what the object is called after.
// REQUIRES: member has kOfVerification.
bool may_be_under(Detector subject, const NameClass& member);
// {"cvv": {"response": …}}: what came of it, or what it was: kMuch where only a number is it.
Doubt doubt_of_remark(Detector subject, const NameClass& member);

}  // namespace gpsync::core::pii

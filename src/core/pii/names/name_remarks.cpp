#include "core/pii/names/name_remarks.hpp"

namespace gpsync::core::pii {

bool has_own_form(Detector detector) {
    using enum Detector;
    return info(detector).only_remove || detector == kPan || detector == kSsn || detector == kItin ||
           detector == kNino || detector == kNhs || detector == kSin || detector == kAadhaar ||
           detector == kNationalId;
}

bool may_be_under(Detector subject, const NameClass& member) {
    if (info(subject).only_remove || (member.has(kQualifier) && has_own_form(subject))) return true;
    return subject == Detector::kPassword && !member.has(kQualifier | kNegator);  // {"otp": {"code": …}}
}

Doubt doubt_of_remark(Detector subject, const NameClass& member) {
    const bool number = info(subject).only_remove ? member.has(kQualifier) : subject == Detector::kPassword;
    return number ? Doubt::kMuch : Doubt::kSome;
}

}  // namespace gpsync::core::pii

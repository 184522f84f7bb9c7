#include "core/pii/names/name_values.hpp"

#include <algorithm>
#include <array>

#include "core/pii/names/name_words.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

struct Shape {
    size_t digits = 0, letters = 0, spaces = 0, other = 0, lower = 0;
    size_t words() const { return digits + letters; }
};

Shape shape_of(std::string_view text) {
    Shape shape;
    for (char c : text) {
        if (is_digit(c))
            ++shape.digits;
        else if (is_letter(c))
            ++shape.letters;
        else if (is_space(c))
            ++shape.spaces;
        else
            ++shape.other;
        shape.lower += (class_of(c) & kLower) != 0;
    }
    return shape;
}

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return to_lower(a) == b; });
}

// What forms hold instead of a value.
bool is_placeholder(std::string_view text) {
    static constexpr std::string_view kPlaceholders[] = {
        "n/a",           "na",       "none",           "null",      "nil",    "unknown", "undefined",
        "tbd",           "redacted", "[redacted]",     "hidden",    "masked", "empty",   "not provided",
        "not available", "not set",  "not applicable", "anonymous", "xxx",    "xxxx",    "removed",
        "deleted"};
    return text == kRemovedMark ||
           std::any_of(std::begin(kPlaceholders), std::end(kPlaceholders),
                       [text](std::string_view p) { return equal_ignoring_case(text, p); });
}

// How systems answer about a CVV or a PIN without revealing it.
bool is_outcome(std::string_view text) {
    static constexpr std::string_view kOutcomes[] = {"m",
                                                     "n",
                                                     "p",
                                                     "u",
                                                     "s",
                                                     "y",
                                                     "match",
                                                     "matched",
                                                     "no_match",
                                                     "mismatch",
                                                     "not_matched",
                                                     "present",
                                                     "not_present",
                                                     "absent",
                                                     "verified",
                                                     "not_verified",
                                                     "passed",
                                                     "failed",
                                                     "pass",
                                                     "fail",
                                                     "true",
                                                     "false",
                                                     "yes",
                                                     "no",
                                                     "unavailable",
                                                     "not_provided",
                                                     "not_checked",
                                                     "unchecked",
                                                     "checked",
                                                     "valid",
                                                     "invalid",
                                                     "provided",
                                                     "unsupported",
                                                     "online",
                                                     "offline",
                                                     "signature",
                                                     "not_supported",
                                                     "success",
                                                     "ok",
                                                     "error"};
    return std::any_of(std::begin(kOutcomes), std::end(kOutcomes),
                       [text](std::string_view o) { return equal_ignoring_case(text, o); });
}

// MM/YY, MM/YYYY, MMYY, YYMM, YYYY-MM, YYMMDD, a month, a year; a full date or an epoch is some other expiry.
bool card_expiry(const Shape& shape, std::string_view text) {
    if (shape.letters > 9 || shape.digits == 0 || shape.digits > 6 || text.size() > 16) return false;
    const auto separators =
        std::count_if(text.begin(), text.end(), [](char c) { return c == '/' || c == '-' || c == '.'; });
    return separators <= 1;
}

// "John's iPhone", "iPhone von Anna", "Johns Tablet": a word that no device has in its name.
bool names_an_owner(std::string_view text) {
    static constexpr std::string_view kDeviceWords[] = {
        "iphone", "ipad",    "ipod",    "apple",   "watch",      "galaxy",     "samsung",  "pixel",
        "google", "huawei",  "xiaomi",  "redmi",   "oneplus",    "moto",       "motorola", "nokia",
        "sony",   "xperia",  "lg",      "phone",   "tablet",     "macbook",    "mac",      "imac",
        "pro",    "max",     "plus",    "ultra",   "mini",       "air",        "se",       "note",
        "series", "gen",     "edge",    "fold",    "flip",       "my",         "the",      "new",
        "work",   "test",    "android", "device",  "fe",         "lite",       "tab",      "mobile",
        "honor",  "oppo",    "vivo",    "realme",  "nexus",      "htc",        "asus",     "zenfone",
        "lenovo", "surface", "book",    "and",     "generation", "nd",         "rd",       "th",
        "st",     "g",       "a",       "s",       "x",          "xs",         "xr",       "z",
        "t",      "c",       "e",       "unknown", "other",      "smartphone", "handset",  "wearable",
        "fitbit", "garmin",  "poco",    "nothing", "fairphone",  "inch",       "wifi",     "cellular"};
    for (size_t i = 0; i < text.size();) {
        if (!is_letter(text[i])) {
            ++i;
            continue;
        }
        const size_t start = i;
        while (i < text.size() && is_letter(text[i])) ++i;
        const std::string_view word = text.substr(start, i - start);
        const bool model = (start > 0 && is_digit(text[start - 1])) || (i < text.size() && is_digit(text[i]));
        const bool known = std::any_of(std::begin(kDeviceWords), std::end(kDeviceWords),
                                       [word](std::string_view w) { return equal_ignoring_case(word, w); });
        if (!known && !model) return true;
    }
    return false;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

bool same_digit(std::string_view text) {
    char first = 0;
    for (char c : text) {
        if (!is_digit(c)) continue;
        if (first != 0 && c != first) return false;
        first = c;
    }
    return true;
}

}  // namespace

bool fits_name(Detector subject, std::string_view text) {
    text = trim(text);
    const Shape shape = shape_of(text);
    if (shape.words() == 0 || is_placeholder(text) || (is_masked(text) && !info(subject).only_remove))
        return false;
    switch (subject) {
        case Detector::kNone:
            return false;
        case Detector::kCvv:
        case Detector::kPin:
            return !is_outcome(text) && shape.words() >= 3;
        case Detector::kTrack:
        case Detector::kCryptogram:
            return !is_outcome(text) && shape.words() >= 6;
        case Detector::kExpiry:
            return card_expiry(shape, text);
        case Detector::kPersonName:
            return shape.letters >= 1 && text.size() <= 256;
        case Detector::kAddress:
            return true;
        case Detector::kBirthDate:
            return shape.digits >= 2;
        case Detector::kDeviceOwner:
            return names_an_owner(text);
        case Detector::kPassword:
        case Detector::kApiSecret:
        case Detector::kPrivateKey:
            return !is_outcome(text);
        case Detector::kEmail:
            return text.find('@') != std::string_view::npos && shape.words() >= 3;
        case Detector::kPhone:
            return shape.digits >= 5 && shape.digits <= 17 && shape.letters <= 5 && text.size() <= 32 &&
                   shape.digits > shape.other;
        case Detector::kAccount:
            return shape.digits >= 5 && shape.words() <= 34 && shape.spaces <= 8 && shape.other <= 6;
        case Detector::kIban:
            return shape.words() >= 15 && shape.words() <= 34 && shape.digits >= 8 && is_letter(text[0]);
        case Detector::kSsn:
        case Detector::kItin:
        case Detector::kNhs:
        case Detector::kSin:
        case Detector::kAadhaar:
        case Detector::kAba:
        case Detector::kGermanTaxId:
        case Detector::kPesel:
        case Detector::kImei:
            return shape.digits >= 7 && shape.digits <= 17 && shape.letters == 0 && !same_digit(text);
        case Detector::kNino:
        case Detector::kNif:
        case Detector::kNie:
        case Detector::kCodiceFiscale:
        case Detector::kNationalId:
        case Detector::kPassport:
        case Detector::kDrivingLicence:
        case Detector::kMedicalRecord:
            return shape.digits >= 2 && shape.words() >= 5 && shape.words() <= 32 && !same_digit(text);
        case Detector::kVin:
            return shape.words() == 17 && shape.digits >= 3;
        case Detector::kBtc:
        case Detector::kEth:
            return shape.words() >= 26 && shape.spaces == 0;
        default:
            return false;
    }
}

bool number_fits_name(Detector subject, std::string_view text) {
    const Shape shape = shape_of(text);
    const bool fraction = text.find('.') != std::string_view::npos;
    switch (subject) {
        case Detector::kCvv:
        case Detector::kPin:
        case Detector::kTrack:
        case Detector::kCryptogram:
            return true;
        case Detector::kPassword:
        case Detector::kApiSecret:
            return true;
        case Detector::kExpiry:
            return !fraction && shape.digits <= 6;
        case Detector::kBirthDate:
            return !fraction && shape.digits >= 4;
        case Detector::kAddress:
            return !fraction;
        case Detector::kPhone:
            return !fraction && shape.digits >= 7 && shape.digits <= 15;
        case Detector::kAccount:
            return !fraction && shape.digits >= 5;
        case Detector::kSsn:
        case Detector::kItin:
        case Detector::kNhs:
        case Detector::kSin:
        case Detector::kAadhaar:
        case Detector::kAba:
        case Detector::kGermanTaxId:
        case Detector::kPesel:
        case Detector::kImei:
        case Detector::kNationalId:
        case Detector::kPassport:
        case Detector::kDrivingLicence:
            return !fraction && shape.digits >= 7 && !same_digit(text);
        case Detector::kMedicalRecord:
            return !fraction && shape.digits >= 5;
        default:
            return false;
    }
}

}  // namespace gpsync::core::pii

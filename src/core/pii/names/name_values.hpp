// Whether a value fits what its name says it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/pii/detector.hpp"

namespace gpsync::core::pii {

// How likely a name means something else: then a value must have the form of what it is taken for.
enum class Doubt : uint8_t {
    kCertain,  // of a card and of nothing else, "cardExpiryDate": a whole date is its expiry, too
    kNone,
    kLittle,   // of persons and of things, "owner": {"name": …}: a value that only things have is none
    kSome,     // WordFlag kAmbiguous: "pass", "expires"
    kMuch,     // the names of persons and of programs, companies, places are the same: "agent": {"name": …}
    kUnknown,  // nothing says whose it is, {"counterpart": {"name": …}}: a value with a given name in it
};

// Digits of a telephone number without a '+' in front; more, under a name that may mean something else, are
// an identifier, as that of a cell of a mobile network.
inline constexpr size_t kMostPhoneDigitsWithoutPlus = 13;

// text has been folded. For detectors whose values the scanners know by themselves this is the weaker rule
// that a name allows: a mistyped IBAN under "iban" is still one.
bool fits_name(Detector subject, std::string_view text, Doubt doubt = Doubt::kNone);
// Whether a value is no value but what a form calls it: {"prenom": "Prénom"}. The text as it was, not folded.
bool is_caption(Detector subject, std::string_view text);
// Whether a value that fits is what the name only may mean: one of a person, by the given name in it, and not
// a company's. The text as it was.
bool is_sure(Detector subject, std::string_view text, Doubt doubt);
// A JSON number as written.
bool number_fits_name(Detector subject, std::string_view text, Doubt doubt = Doubt::kNone);

}  // namespace gpsync::core::pii

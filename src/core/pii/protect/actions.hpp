// What a value is replaced by.
#pragma once

#include <string>
#include <string_view>

#include "core/pii/detector.hpp"
#include "core/pii/protect/key_ring.hpp"
#include "core/pii/status.hpp"

namespace gpsync::core::pii {

// Stands where a part of a string was removed. It says nothing of what was there, so that it gives no hint to
// what follows it in the text, and keeps the two sides apart, so that they make nothing new.
inline constexpr std::string_view kRemovedMark = "[removed]";

struct ActionInput {
    Action action = Action::kRemove;
    Detector detector = Detector::kNone;
    std::string_view original;   // the bytes in the document
    std::string_view folded;     // the same after folding, without look-alikes and zero-width characters
    std::string_view context{};  // of encrypt
    std::string_view plain{};    // decoded, but not folded: with the letters of every script; empty: original
    Detector kind =
        Detector::kNone;  // of a value that a rule of a policy finds: what it is, if that is known
    bool tail = true;     // the mask may show the last four
};

// Appends to out. kRemove appends the mark. keys may be nullptr: hash, tokenize and encrypt are then errors
// (kMissingKey).
Status apply_action(const ActionInput& input, const KeyRing* keys, std::string& out);

// Every letter and digit as '*', a character a '*' whatever its script; the last four stay where they say
// little without the rest: of numbers (more digits than letters) with eight and more digits. Blanks and
// punctuation keep their positions. A mask stays as it is.
void mask(std::string_view original, bool keep_last_four, std::string& out);
// Whether text is what mask() gives, or has nothing but mask characters: no more than four letters or digits,
// all at its end, behind as many '*' (of digits: behind two).
bool is_masked(std::string_view text);

// The SQL functions gpsync.encrypt, decrypt.
Status encrypt_value(std::string_view plain, std::string_view context, const KeyRing* keys, std::string& out);
Status decrypt_value(std::string_view envelope, std::string_view context, const KeyRing* keys,
                     std::string& out);
// The value in a t1 envelope that scrubbing made; domain is the detector's name.
Status open_token_envelope(std::string_view envelope, std::string_view domain, const KeyRing* keys,
                           std::string& out);

}  // namespace gpsync::core::pii

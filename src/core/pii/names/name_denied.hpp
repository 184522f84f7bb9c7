// What the words in front of a phrase in a name do to its meaning.
#pragma once

#include <cstddef>

#include "core/pii/names/name_split.hpp"

namespace gpsync::core::pii {

// A phrase of the vocabulary that a name ends with.
struct Hit {
    const Word* word = nullptr;
    size_t from = 0, to = 0;
    bool doubtful = false;  // words behind it are not known
    bool owned = false;     // right behind it is whose it is
    bool remarked = false;  // words behind it say something of it: "cvvUsed", "pinEncrypted"
};

// Of a number, "value", "line": changes nothing behind a phrase.
inline bool is_neutral(const NameWords& words, size_t i) {
    const uint32_t flags = words.flags(i);
    return words.number(i) || ((flags & (kSuffix | kPassThrough)) != 0 && (flags & kNamePart) == 0);
}

// Whether the words before a phrase take its meaning away: "masked" pan, "merchant" address, "offer" expiry.
bool denied(const NameWords& words, const Hit& hit);
// "customerExpiry": of a card, or of a membership.
bool expires_with_somebody(const NameWords& words, const Hit& hit);

}  // namespace gpsync::core::pii

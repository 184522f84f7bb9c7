// What a name says about the value under it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/pii/detector.hpp"
#include "core/pii/names/name_values.hpp"
#include "core/pii/names/name_words.hpp"

namespace gpsync::core::pii {

// Which part of a person's name or of an address one of a single word is for, that says so beside the other
// part alone: "given" and "family", "via" and "cap".
enum class NamePart : uint8_t { kNone, kGiven, kFamily, kStreet, kTown };
constexpr bool is_part_of_name(NamePart part) {
    return part == NamePart::kGiven || part == NamePart::kFamily;
}

struct NameClass {
    Detector subject = Detector::kNone;  // what a fitting value under this name is, whatever its form
    bool measures = false;               // "counts": numbers below it are no PII by their names
    bool countable = false;              // "addresses": a small number is how many there are, or which
    bool part = false;                   // "dayOfBirth": a number of one or two digits is one
    bool may_name_person = false;  // "verifierName", "name": a value with a given name in it is a person's
    NamePart name_part = NamePart::kNone;
    bool of_person = false;  // "nationality": said of persons alone, so that a "name" beside it is one's
    uint32_t flags = 0;      // WordFlag
    const Word* compound = nullptr;  // "card", for a child that says only "number"

    bool has(uint32_t flag) const { return (flags & flag) != 0; }
    // How sure it is that a value is the subject: "agentName" may be a program's.
    Doubt doubt() const {
        if (subject == Detector::kExpiry && has(kFunding)) return Doubt::kCertain;
        if (!has(kAmbiguous)) return Doubt::kNone;
        // "cvvUsed": whether it was, or what it was
        const bool remarked = has(kQualifier) && info(subject).only_remove;
        // "login", "sessionId": whose it is, or which
        const bool id =
            has(kIdentifier) && (subject == Detector::kPersonName || subject == Detector::kApiSecret);
        return has(kBareName) || remarked || id ? Doubt::kMuch : Doubt::kSome;
    }
    bool operator==(const NameClass&) const = default;
};

// Cuts a name into words (camelCase, snake_case, kebab-case, dots, blanks, letters beside digits), finds
// the longest phrase at its end that the vocabulary knows, and weighs the words around it. parent is the
// class of the object's own name. Costs some 100 ns; callers keep the answers.
NameClass classify_name(std::string_view name, const NameClass& parent);

// Whether a text has only words that the vocabulary has, alone or in a phrase, and numbers.
bool is_made_of_known_words(std::string_view name);

// A name's letters and digits in lower case: what keys of a policy are compared by. Folds Unicode
// look-alikes.
std::string normalized_name(std::string_view name);

}  // namespace gpsync::core::pii

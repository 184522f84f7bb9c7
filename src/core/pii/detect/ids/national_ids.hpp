// The numbers that states give to people, as they are written, and which of them are found by their value.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/pii/detector.hpp"

namespace gpsync::core::pii {

// Written forms are separated by '|'. In a form '#' is a digit, '@' a letter, '*' either; everything else
// stands for itself.
struct NationalId {
    std::string_view country;   // ISO 3166-1
    std::string_view name;      // as it is called there
    std::string_view by_value;  // forms that count wherever they stand
    std::string_view named;     // forms that count under a name, or behind a word, for a national id
    bool (*check)(std::string_view id);
    bool like_time = false;                 // its digits alone may be a time
    Detector also = Detector::kNationalId;  // whose name or word is good for the named forms, too
};

std::span<const NationalId> national_ids();

// One written form of the table.
struct IdForm {
    const NationalId* id = nullptr;
    std::string_view pattern;
    uint8_t first = 0;  // characters of the first word
    uint8_t size = 0;   // letters and digits of all words
    bool by_value = false;
    bool one_word = false;  // no separators: what only its check digits distinguish from other identifiers

    // What stands behind the first word; 0 where that is all.
    constexpr char separator() const { return first < pattern.size() ? pattern[first] : '\0'; }
};
inline constexpr size_t kLongestId = 18, kLongestIdForm = 24;

// The forms whose first word has so many characters.
std::span<const IdForm> id_forms(size_t first_word);

// Whether some form has such a first word, by its length, its ends and the two bytes behind it; false is
// sure.
bool may_begin_id(std::string_view first_word, char next, char behind_next);

// Whether some form begins with this word of letters and has this mark behind it.
bool begins_id_form(std::string_view letters, char next);

// Writes the letters (upper-case) and digits of text, which begins with this form, to id. False: it does not.
bool fits_form(const IdForm& form, std::string_view text, char* id);

// Seconds or milliseconds since 1970, or YYYYMMDDHHMM[SS], of the years around now.
bool is_like_time(std::string_view digits);

}  // namespace gpsync::core::pii

// How texts write a person without a given name that is known: behind a title, or with initials.
#include <algorithm>
#include <array>
#include <string>

#include "core/pii/names/given_names.hpp"
#include "core/pii/names/value_forms.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kLongest = 80, kMostWords = 7;

struct Words {
    std::array<std::string_view, kMostWords> words;
    size_t count = 0;

    std::string_view operator[](size_t i) const { return words[i]; }
    // False: there are too many.
    bool split(std::string_view text) {
        for (size_t begin = 0; begin < text.size();) {
            const size_t end = std::min(text.find(' ', begin), text.size());
            if (end > begin && count == kMostWords) return false;
            if (end > begin) words[count++] = text.substr(begin, end - begin);
            begin = end + 1;
        }
        return true;
    }
};

// Those in front of a family name alone: {"name": "Frau Schmidt"}.
constexpr std::string_view kSureTitles[] = {
    "bapak",   "bayan",         "cik",        "dhr",    "dna",   "doamna",       "domnul",
    "encik",   "fr\303\266ken", "frau",       "fru",    "gdin",  "gda",          "gospa",
    "gospod",  "gospodin",      "herr",       "heer",   "ibu",   "kyria",        "kyrios",
    "madame",  "mevr",          "mevrouw",    "mlle",   "mme",   "monsieur",     "mw",
    "pani",    "pan\303\255",   "p\303\241n", "puan",   "rouva", "se\303\261or", "se\303\261ora",
    "senhor",  "senhora",       "senor",      "senora", "shri",  "sig",          "signor",
    "signora", "sigra",         "smt",        "sra",    "srta"};
// Also of brands and products: "Mr. Coffee", "Dr. Martens", "Miss Dior".
constexpr std::string_view kTitles[] = {"capt", "dott", "dottssa", "dr",   "hr",   "ing", "jr",
                                        "lady", "lic",  "lord",    "m",    "miss", "mr",  "mrs",
                                        "ms",   "mx",   "pan",     "prof", "rev",  "sir", "sr"};

bool is_upper(char c) {
    return (class_of(c) & kUpper) != 0;
}

// "A." or "J.R.", of one to three letters. Not what stands for a country or a town.
bool are_initials(std::string_view word) {
    constexpr std::string_view kPlaces[] = {"D.C.", "E.U.", "L.A.", "N.Y.", "U.K.", "U.N.", "U.S."};
    constexpr size_t kMost = 3;
    if (word.size() < 2 || word.size() % 2 != 0 || word.size() > 2 * kMost) return false;
    for (size_t i = 0; i < word.size(); i += 2)
        if (!is_upper(word[i]) || word[i + 1] != '.') return false;
    return std::find(std::begin(kPlaces), std::end(kPlaces), word) == std::end(kPlaces);
}

// "Smith", "MacLean", "O'Neill", "Şahin": a capital in front and two letters at least.
bool is_family_name(std::string_view word) {
    const bool letters = std::all_of(word.begin(), word.end(), [](char c) {
        return is_letter(c) || c == '\'' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
    });
    return word.size() >= 2 && letters && (is_upper(word[0]) || static_cast<unsigned char>(word[0]) >= 0x80);
}

bool are_family_names(const Words& words, size_t begin, size_t end) {
    constexpr size_t kMost = 3;
    size_t names = 0;
    for (size_t i = begin; i < end; ++i) {
        if (is_name_particle(words[i])) continue;
        if (!is_family_name(words[i])) return false;
        ++names;
    }
    return names >= 1 && names <= kMost;
}

// "J. Smith", "J. R. de Vries", "Smith, J."
bool has_initials(const Words& words, size_t begin) {
    size_t at = begin;
    while (at < words.count && are_initials(words[at])) ++at;
    if (at > begin) return are_family_names(words, at, words.count);
    size_t end = words.count;
    while (end > begin && are_initials(words[end - 1])) --end;
    if (end == words.count || end != begin + 1) return false;
    const std::string_view family = words[begin];
    return family.size() > 2 && family.back() == ',' && is_family_name(family.substr(0, family.size() - 1));
}

template <size_t N>
bool is_title(std::string_view word, const std::string_view (&titles)[N]) {
    constexpr size_t kLongestTitle = 12;
    if (word.size() > kLongestTitle) return false;
    std::string plain;
    for (const char c : word)
        if (c != '.' && c != '-') plain.push_back(to_lower(c));
    return std::find(std::begin(titles), std::end(titles), plain) != std::end(titles);
}

}  // namespace

bool is_written_as_a_person(std::string_view text) {
    constexpr size_t kBesideTitle = 3;
    Words words;
    if (text.size() > kLongest || !words.split(text) || words.count < 2) return false;
    if (has_initials(words, 0)) return true;
    const bool sure = is_title(words[0], kSureTitles);
    if (!sure && !is_title(words[0], kTitles)) return false;
    if (has_initials(words, 1)) return true;
    return are_family_names(words, 1, words.count) && (sure || words.count >= kBesideTitle);
}

}  // namespace gpsync::core::pii

#include "core/pii/names/given_names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "core/ascii_case.hpp"
#include "core/pii/names/hashed_words.hpp"
#include "core/pii/names/name_folding.hpp"
#include "core/pii/names/thing_words.hpp"
#include "core/pii/names/value_forms.hpp"
#include "core/pii/names/vocabulary_given_names.hpp"
#include "core/pii/names/vocabulary_given_names_east.hpp"
#include "core/pii/names/vocabulary_given_names_more.hpp"
#include "core/pii/names/vocabulary_given_names_south.hpp"
#include "core/pii/names/vocabulary_given_names_west.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

bool is_in_a_name(char c) {
    return is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
}

// "Joe's Bakery": what stands behind the name.
bool is_genitive(std::string_view rest) {
    return rest.size() > 1 && rest[0] == '\'' && to_lower(rest[1]) == 's' &&
           (rest.size() == 2 || !is_in_a_name(rest[2]));
}

}  // namespace

bool has_given_name(std::string_view text) {
    // Made when first asked for: compilers limit how much they evaluate.
    static const HashedWords kNames = [] {
        HashedWords names(65536);
        const auto add = [&names](std::span<const vocabulary::GivenNames> rows) {
            for (const vocabulary::GivenNames& row : rows) names.add(row.names);
        };
        add(vocabulary::kGivenNames);
        add(vocabulary::kMoreGivenNames);
        add(vocabulary::kWesternGivenNames);
        add(vocabulary::kEasternGivenNames);
        add(vocabulary::kSouthernGivenNames);
        return names;
    }();
    constexpr size_t kLongest = 256;
    if (text.size() > kLongest) return false;
    std::array<char, 2 * kLongest> buffer;
    const std::string_view folded(buffer.data(), fold_name(text, buffer));
    for (size_t begin = 0; begin < folded.size();) {
        WordHash hash;
        size_t end = begin;
        for (; end < folded.size() && is_in_a_name(folded[end]); ++end) hash.add(to_lower(folded[end]));
        if (end > begin && kNames.has(hash) && !is_genitive(folded.substr(end))) return true;
        begin = end + 1;
    }
    return false;
}

namespace {

constexpr std::string_view kDoubtful =
    "ada alma aurora ben carol carolina carter christian consuelo cooper crystal daisy dale dean "
    "dolores domingo drew earl eve faith florence frank gene glen hazel heather holly hunter ida ivy "
    "jade jay jo jordan joy lance lee lily luna luz marina mark mason max miles misty parker pat "
    "pearl pilar piper ray reed rob rosa rose rowan ruby rusty salvador sandy sofia sue taylor "
    "victoria viola violet virginia";
constexpr std::string_view kWordsAboveAll =
    "amber angel april archer art asia autumn bill blanca brook buddy chance chase chip clay cliff "
    "cruz dawn destiny duke flor georgia ginger grace grant guy harmony hope india june justice king "
    "major may melody olive paris paz prince raven rich rocky sol star sterling summer will wren";

HashedWords words_of(std::string_view words) {
    constexpr size_t kSlots = 256;
    HashedWords set(kSlots);
    set.add(words);
    return set;
}

// Whether one of the two ends of the text, the first word or what is behind a comma, is such a word, and no
// other says that it is a thing or a company.
bool is_beside_family_names(std::string_view text, const HashedWords& given) {
    const size_t comma = text.find(", ");
    const bool turned = comma != std::string_view::npos;
    const size_t begin = turned ? comma + 2 : 0, end = std::min(text.find(' ', begin), text.size());
    WordHash first;
    for (const char c : text.substr(begin, end - begin)) first.add(to_lower(c));
    if (!given.has(first)) return false;
    const std::string_view family = turned ? text.substr(0, comma) : text.substr(end);
    constexpr size_t kShortest = 3;
    size_t names = 0;
    for (size_t at = 0; at < family.size();) {
        const size_t next = std::min(family.find(' ', at), family.size());
        const std::string_view word = family.substr(at, next - at);
        at = next + 1;
        if (word.empty() || is_name_particle(word)) continue;
        const Word* known = find_word(core::to_lower(word));
        if (word.size() < kShortest || is_thing_word(word) || known != nullptr) return false;
        ++names;
    }
    return names == 1 || names == 2;
}

}  // namespace

bool has_doubtful_given_name(std::string_view text) {
    static const HashedWords kNames = words_of(kDoubtful);
    return is_beside_family_names(text, kNames);
}

bool has_word_for_given_name(std::string_view text) {
    static const HashedWords kNames = words_of(kWordsAboveAll);
    return has_doubtful_given_name(text) || is_beside_family_names(text, kNames);
}

bool is_login_of_somebody(std::string_view text) {
    constexpr size_t kLongest = 40, kFewestParts = 2, kMostParts = 4, kShortestName = 3;
    while (!text.empty() && is_digit(text.back())) text.remove_suffix(1);
    if (text.size() > kLongest) return false;
    size_t parts = 0;
    bool given = false;
    for (size_t begin = 0; begin <= text.size(); ++parts) {
        const size_t end = std::min(text.find_first_of("._-", begin), text.size());
        const std::string_view part = text.substr(begin, end - begin);
        if (part.empty() || !std::all_of(part.begin(), part.end(), is_in_a_name)) return false;
        given |= part.size() >= kShortestName && has_given_name(part);
        begin = end + 1;
    }
    return given && parts >= kFewestParts && parts <= kMostParts;
}

// "alieh.kavalenka19": as companies make mail addresses of names. No file or host.
bool is_login_as_of_a_mailbox(std::string_view text) {
    constexpr size_t kLongest = 40, kShortestGiven = 2, kShortestFamily = 4;
    const size_t letters = text.find_last_not_of("0123456789") + 1;
    const size_t dot = text.find('.');
    if (text.size() > kLongest || dot == std::string_view::npos || dot < kShortestGiven ||
        letters < dot + 1 + kShortestFamily)
        return false;
    const std::string_view given = text.substr(0, dot), family = text.substr(dot + 1, letters - dot - 1);
    const auto small = [](char c) { return (class_of(c) & kLower) != 0; };
    if (!std::all_of(given.begin(), given.end(), small) || !std::all_of(family.begin(), family.end(), small))
        return false;
    return find_word(given) == nullptr && find_word(family) == nullptr && !has_word_of_things(given) &&
           !has_word_of_things(family) &&
           !is_one_of(family,
                      {"html", "java", "json", "yaml", "info", "local", "test", "toml", "conf", "scala"});
}

}  // namespace gpsync::core::pii

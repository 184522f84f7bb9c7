#include "core/pii/names/given_names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "core/pii/names/hashed_words.hpp"
#include "core/pii/names/name_folding.hpp"
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

}  // namespace gpsync::core::pii

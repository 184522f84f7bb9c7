// How texts begin that the prefilter lets through for a phrase (detect/phrases.hpp, which defines this).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gpsync::core::pii {

// With which three bytes such a phrase may begin, as bits.
inline constexpr size_t kPhraseBeginnings = 32768;
constexpr size_t phrase_beginning(char first, char second, char third) {
    return (static_cast<size_t>(first) % 32) << 10 | (static_cast<size_t>(second) % 32) << 5 |
           static_cast<size_t>(third) % 32;
}
using PhraseBeginnings = std::array<uint64_t, kPhraseBeginnings / 64>;
extern const PhraseBeginnings phrase_beginnings;
// False is sure.
inline bool may_begin_phrase(std::string_view text) {
    if (text.size() < 4) return false;
    const size_t at = phrase_beginning(text[0], text[1], text[2]);
    return (phrase_beginnings[at / 64] >> at % 64 & 1) != 0;
}
// Whether a text begins with such a phrase, and behind it stands a capital or another phrase.
bool matches_phrase(std::string_view text);
inline bool begins_with_phrase(std::string_view text) {
    return may_begin_phrase(text) && matches_phrase(text);
}

}  // namespace gpsync::core::pii

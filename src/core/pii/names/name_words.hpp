// What the words of a name, or words in front of a number in a text, say about the value.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/pii/names/vocabulary.hpp"
#include "core/pii/word_ends.hpp"

namespace gpsync::core::pii {

// Twelve bytes without a pointer: there are thousands, and what has a pointer is written to in every process
// that loads the library.
struct Word {
    uint32_t flags = 0;
    uint16_t row = 0, at = 0;  // where the text is: in which of the vocabulary's rows, and where there
    uint8_t size = 0;
    Detector detector = Detector::kNone;

    std::string_view text() const;
};

// No entry is longer.
inline constexpr size_t kLongestWord = 84;

// A polynomial over the bytes of a word, so that a phrase's hash is made of those of its words.
class WordHash {
  public:
    constexpr void add(char c) { state_ = state_ * kBase + static_cast<unsigned char>(c); }
    // As if the bytes of the other word, of so many, had been added. REQUIRES: size <= kLongestWord.
    constexpr void add(WordHash word, size_t size) { state_ = state_ * kPowers[size] + word.state_; }
    // Of what is left when the other, which this begins with, is cut off: so many bytes. REQUIRES: as above.
    constexpr WordHash behind(WordHash front, size_t size) const {
        WordHash rest;
        rest.state_ = state_ - front.state_ * kPowers[size];
        return rest;
    }
    constexpr uint32_t value() const { return static_cast<uint32_t>(state_ * 0x9E3779B97F4A7C15u >> 32); }

  private:
    static constexpr uint64_t kBase = 0x100000001B3u;
    static constexpr std::array<uint64_t, kLongestWord + 1> kPowers = [] {
        std::array<uint64_t, kLongestWord + 1> powers{1};
        for (size_t i = 1; i <= kLongestWord; ++i) powers[i] = powers[i - 1] * kBase;
        return powers;
    }();
    uint64_t state_ = 0;
};

// The entry of a lower-case word, or of several run together ("dateofbirth"); nullptr when there is none.
const Word* find_word(std::string_view lower);
// Whether there may be an entry with this hash; false is sure.
bool may_be_word(uint32_t hash);
// Whether an entry that says, in front of a number in a text, what kind of PII the number is may begin or end
// with this word, in any case; false is sure.
bool may_begin_naming(std::string_view word);
using NamingEnds = WordEnds<17>;
extern const NamingEnds naming_ends;
inline bool may_end_naming(WordEnd word) {
    return naming_ends.has(word);
}
inline bool may_end_naming(std::string_view word) {
    return may_end_naming(WordEnd(word));
}
// Whether there may be such an entry with this hash.
bool may_name_number(uint32_t hash);
// The same as the first where the hash is known.
const Word* find_word(std::string_view lower, uint32_t hash);
// Whether there is an entry that ends in this number ("address1", "ipv4"). No entry ends in a longer one, nor
// in one that begins with 0.
inline constexpr unsigned kMostInEntry = 999;
bool ends_an_entry(unsigned number);

}  // namespace gpsync::core::pii

// What the words of a set end with, as bits: of most other words it says that they are none, without reading
// all of them.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gpsync::core::pii {

// The last four letters of a word, or all of a shorter one, in any case; a digit counts as some letter.
class WordEnd {
  public:
    constexpr WordEnd() = default;
    // REQUIRES: word is not empty.
    explicit constexpr WordEnd(std::string_view word) {
        for (size_t size = 1; size <= std::min(kMost, word.size()); ++size) add(word, size);
    }
    // Of the word of so many bytes at a position of a text. REQUIRES: size > 0.
    WordEnd(std::string_view text, size_t begin, size_t size) {
        const size_t end = begin + size;
        if (end < kMost) {
            *this = WordEnd(text.substr(begin, size));
            return;
        }
        uint32_t last;
        std::memcpy(&last, text.data() + end - kMost, kMost);
        if constexpr (std::endian::native == std::endian::big) last = __builtin_bswap32(last);
        letters_ = last & kLetters << (size < kMost ? 8 * (kMost - size) : 0);
    }
    // One letter more, the one with which the last so many of the word begin.
    constexpr void add(std::string_view word, size_t size) {
        letters_ |= letter(word[word.size() - size]) << 8 * (kMost - size);
    }
    // Fewer of them: REQUIRES: 0 < count <= kMost.
    constexpr WordEnd last(size_t count) const {
        WordEnd end = *this;
        end.letters_ &= ~uint32_t{0} << 8 * (kMost - count);
        return end;
    }
    template <unsigned kBits>
    constexpr size_t hash() const {
        return letters_ * 0x9E3779B1u >> (32 - kBits);
    }
    static constexpr size_t kMost = 4;

  private:
    static constexpr uint32_t letter(char c) { return static_cast<unsigned char>(c) & 31u; }
    static constexpr uint32_t kLetters = 0x1F1F1F1F;
    uint32_t letters_ = 0;  // the last one highest
};

// 2 to the power of kIndexBits bits.
template <unsigned kIndexBits>
class WordEnds {
  public:
    constexpr void add(std::string_view word) {
        const size_t most = std::min(WordEnd::kMost, word.size());
        WordEnd end;
        for (size_t size = 1; size <= most; ++size) {
            end.add(word, size);
            add(end);
        }
    }
    constexpr void add(WordEnd end) {
        const size_t at = end.hash<kIndexBits>();
        bits_[at / 64] |= uint64_t{1} << at % 64;
    }
    // Whether a word that has been added may be the one that ends so, or end with it where it is part of one,
    // or with its last letters; false is sure.
    bool has(WordEnd end) const {
        const size_t at = end.hash<kIndexBits>();
        return (bits_[at / 64] >> at % 64 & 1) != 0;
    }

  private:
    std::array<uint64_t, (size_t{1} << kIndexBits) / 64> bits_{};
};

}  // namespace gpsync::core::pii

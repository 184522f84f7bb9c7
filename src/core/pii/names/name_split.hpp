// A name cut into its words.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/pii/names/name_words.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

// A name's words in lower case, run together, with the position where each begins.
class NameWords {
  public:
    static constexpr size_t kMostWords = 12;
    static constexpr size_t kMostBytes = 96;  // of a longer name its end decides

    // camelCase, snake_case, kebab-case, dots, blanks, letters beside digits; a name in one case without
    // separators is cut into words of the vocabulary. REQUIRES: name is ASCII, or was written by fold_name().
    explicit NameWords(std::string_view name);

    size_t count() const { return count_; }
    size_t size() const { return begins_[count_]; }
    std::string_view range(size_t from, size_t to) const {
        return {bytes_.data() + begins_[from], static_cast<size_t>(begins_[to] - begins_[from])};
    }
    bool number(size_t i) const { return is_digit(bytes_[begins_[i]]); }
    // The entry of a word that counts in names; nullptr when there is none.
    const Word* entry(size_t i) const { return entries_[i]; }
    uint32_t flags(size_t i) const { return entries_[i] == nullptr ? 0 : entries_[i]->flags; }
    // The same of several words run together.
    const Word* phrase(size_t from, size_t to) const {
        if (to == count_) return ending_[from];
        if (to == from + 1) return entries_[from];
        return find_phrase(from, to);
    }
    // Whether the words are known by their singular.
    bool plural(size_t from, size_t to) const {
        const Word* word = phrase(from, to);
        return word != nullptr && word->text() != range(from, to);
    }
    // Only the first words count from now on. REQUIRES: 0 < count <= count().
    void cut(size_t count) {
        count_ = count;
        find_entries();
    }

  private:
    static constexpr size_t kMostPieces = 4;

    void split(std::string_view name);
    void cut_joined();
    void hash_words();
    void find_entries();
    const Word* find_phrase(size_t from, size_t to) const;

    std::array<char, kMostBytes> bytes_;
    std::array<uint8_t, kMostWords + 1> begins_{};
    const Word* entries_[kMostWords];              // of each word
    const Word* ending_[kMostWords];               // of each word and all behind it
    std::array<WordHash, kMostWords + 1> hashes_;  // of all in front of a word
    size_t count_ = 0;
};

// The entry of a noun of which this is the plural ("emails", "hostnames", "cognomi"); nullptr when there is
// none.
const Word* find_plural(std::string_view lower);
// The entry of a word that counts in names.
const Word* find_name_word(std::string_view lower);

// "countryCodeV2": the version of an API's field says nothing, where the name with it is no entry.
void cut_version(NameWords& words);
// "officer_in_charge" is an officer.
void cut_charge(NameWords& words);

}  // namespace gpsync::core::pii

// A set of words, kept as their hashes: of words that are not in it, one in some hundred thousand is taken
// for one that is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/pii/names/name_words.hpp"

namespace gpsync::core::pii {

class HashedWords {
  public:
    // slots: a power of two, twice as many as there are words at least.
    explicit HashedWords(size_t slots) : slots_(slots, 0) {}

    // Words separated by blanks.
    void add(std::string_view words) {
        WordHash hash;
        for (const char c : words) {
            if (c != ' ') {
                hash.add(c);
                continue;
            }
            add_hash(hash.value());
            hash = {};
        }
        add_hash(hash.value());
    }
    bool has(WordHash word) const { return slots_[slot_of(word.value())] != 0; }

  private:
    // Where the hash is, or would be.
    size_t slot_of(uint32_t hash) const {
        size_t at = hash & (slots_.size() - 1);
        while (slots_[at] != 0 && slots_[at] != hash) at = (at + 1) & (slots_.size() - 1);
        return at;
    }
    void add_hash(uint32_t hash) { slots_[slot_of(hash)] = hash; }

    std::vector<uint32_t> slots_;  // 0: free
};

}  // namespace gpsync::core::pii

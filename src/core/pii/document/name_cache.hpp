// What is known of the names of members, by the name and the class of the object that they stand in: the next
// document has most of them again.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/pii/document/shape.hpp"

namespace gpsync::core::pii {

class NameCache {
  public:
    // Longer names are not kept.
    static constexpr size_t kLongest = 47;

    NameCache() { make(kFewest); }

    // The entry of the name; nullptr when there is none. It stays what it is until add() or begin_document().
    NameInfo* find(std::string_view name, uint64_t parent);
    // find() of this name follows: what it reads is fetched in the meantime.
    void expect(std::string_view name, uint64_t parent) const;
    // REQUIRES: find() has just not found it; name.size() <= kLongest.
    NameInfo& add(std::string_view name, uint64_t parent, const NameInfo& info);
    // Takes more room when the last documents had more names than there was room for; forgets all then.
    void begin_document() {
        if (evictions_ > entries_.size() / 2 && entries_.size() < kMost) make(2 * entries_.size());
    }

  private:
    static constexpr size_t kWays = 4;                     // of a set
    static constexpr size_t kFewest = 256, kMost = 32768;  // of entries; a hundred bytes each

    struct Entry {
        uint64_t parent = 0;
        NameInfo info;
        uint8_t size = 0;
        std::array<char, kLongest> bytes;
    };

    static uint64_t hash_of(std::string_view name, uint64_t parent);
    static bool matches(const Entry& entry, std::string_view name, uint64_t parent);
    size_t set_of(uint64_t hash) const { return kWays * (hash >> 32 & (entries_.size() / kWays - 1)); }
    void make(size_t entries);

    // In sets. A part of the hash of each entry, never 0, which is a free one's: what is not there is known
    // without reading an entry.
    std::vector<uint32_t> tags_;
    std::vector<Entry> entries_;
    size_t evictions_ = 0;
};

}  // namespace gpsync::core::pii

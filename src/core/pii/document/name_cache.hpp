// What is known of the names of members, by the name and the class of the object that they stand in: the next
// document has most of them again.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/pii/document/shape.hpp"

namespace gpsync::core::pii {

// Which names are clean that differ only in the number behind them, by its digits.
class CleanNumbers {
  public:
    template <class Test>
    void set(size_t digits, const Test& is_clean) {
        if ((known_ >> digits & 1) != 0) return;
        known_ |= static_cast<uint8_t>(1u << digits);
        if (is_clean()) clean_ |= static_cast<uint8_t>(1u << digits);
    }
    bool get(size_t digits) const { return (clean_ >> digits & 1) != 0; }

  private:
    uint8_t known_ = 0, clean_ = 0;
};

class NameCache {
    // What is known of a name, one for all that it is the same of: there are thousands of names and a few
    // hundred of these, and what is known of most names stays in the processor's cache.
    struct Known {
        explicit Known(const NameInfo& info) : infos{info, info} {
            infos[false].clean = false;
            infos[true].clean = true;
        }
        std::array<NameInfo, 2> infos;  // by whether the name is clean
    };

  public:
    // Longer names are not kept.
    static constexpr size_t kLongest = 44;

    // A name is asked for by the class of the object, and all of it by its hash.
    struct Key {
        Key() = default;
        Key(std::string_view key_name, uint64_t key_parent)
            : name(key_name), parent(key_parent), hash(hash_of(key_name, key_parent)) {}
        std::string_view name;
        uint64_t parent = 0, hash = 0;
    };

    // One line of the processor's cache.
    class alignas(64) Entry {
      public:
        const NameInfo& info() const { return info(clean_); }
        const NameInfo& info(bool clean) const { return known_->infos[clean]; }
        void set_clean() { clean_ = true; }

        CleanNumbers clean_numbers;

      private:
        friend NameCache;
        bool is(const Key& key) const;

        uint64_t parent_ = 0;
        const Known* known_ = nullptr;
        bool clean_ = false;
        uint8_t size_ = 0;
        std::array<char, kLongest> bytes_;
    };

    NameCache() { make(kFewest); }

    // The entry of the name; nullptr when there is none. It stays what it is until add() or begin_document(),
    // and what it says of the name until begin_document().
    Entry* find(const Key& key);
    // find() of this name follows: what it reads is fetched in the meantime.
    void expect(const Key& key) const;
    // REQUIRES: find() has just not found it; its name has at most kLongest bytes.
    Entry& add(const Key& key, const NameInfo& info);
    // Takes more room when the last documents had more names than there was room for.
    void begin_document();

  private:
    static constexpr size_t kWays = 4;                     // of a set
    static constexpr size_t kFewest = 256, kMost = 65536;  // of entries
    static constexpr size_t kMostKnown = 4096;

    struct Hash {
        size_t operator()(const Known& known) const;
    };
    struct Equal {
        bool operator()(const Known& a, const Known& b) const { return a.infos[true] == b.infos[true]; }
    };

    static uint64_t hash_of(std::string_view name, uint64_t parent);
    size_t set_of(uint64_t hash) const { return kWays * (hash >> 32 & (entries_.size() / kWays - 1)); }
    void make(size_t entries);
    void grow();
    // Where a new one goes that has this hash.
    Entry& place(uint64_t hash);

    // In sets. A part of the hash of each entry, never 0, which is a free one's: what is not there is known
    // without reading an entry.
    std::vector<uint32_t> tags_;
    std::vector<Entry> entries_;
    size_t evictions_ = 0;
    std::unordered_set<Known, Hash, Equal> known_;  // an element stays where it is
};

}  // namespace gpsync::core::pii

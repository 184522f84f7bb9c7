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

    NameCache() : entries_(kFewest) {}

    // The entry of the name; nullptr when there is none. It stays what it is until add() or begin_document().
    NameInfo* find(std::string_view name, uint64_t parent) {
        Entry* guess = last_ == nullptr ? nullptr : last_->next;
        if (guess == nullptr || !matches(*guess, name, parent)) {
            guess = find_in_set(name, parent);
            if (guess == nullptr) return nullptr;
            if (last_ != nullptr) last_->next = guess;
        }
        last_ = guess;
        return &guess->info;
    }
    // REQUIRES: find() has just not found it; name.size() <= kLongest.
    NameInfo& add(std::string_view name, uint64_t parent, const NameInfo& info);
    // Takes more room when the last documents had more names than there was room for; forgets all then.
    void begin_document() {
        if (evictions_ > entries_.size() && entries_.size() < kMost) grow();
    }

  private:
    static constexpr size_t kFewest = 256, kMost = 8192;  // of entries; a hundred bytes each

    struct Entry {
        uint64_t parent = 0;
        Entry* next = nullptr;  // the name that came after it the last time: most likely the next one again
        uint8_t size = 0;
        bool used = false;
        std::array<char, kLongest> bytes;
        NameInfo info;
    };

    static bool matches(const Entry& entry, std::string_view name, uint64_t parent);
    Entry* set_of(std::string_view name, uint64_t parent);
    Entry* find_in_set(std::string_view name, uint64_t parent);
    void grow();

    std::vector<Entry> entries_;  // in sets of two, the one used last first
    Entry* last_ = nullptr;
    size_t evictions_ = 0;
};

}  // namespace gpsync::core::pii

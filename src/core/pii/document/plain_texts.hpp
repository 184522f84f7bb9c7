// The latest texts that were found to be plain: documents have the same ones again and again, codes, URLs and
// the like, and to compare one costs less than to read it.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "core/pii/detect/plain_text.hpp"

namespace gpsync::core::pii {

class PlainTexts {
  public:
    PlainTexts() : entries_(size_t{1} << kIndexBits) {}

    // is_plain_text()
    bool is_plain(std::string_view text) {
        if (text.size() < kShortest || text.size() > kLongest) return is_plain_text(text);
        Entry& entry = entries_[index_of(text)];
        if (entry.text() == text) return true;
        if (!is_plain_text(text)) return false;
        entry.size = static_cast<uint8_t>(text.size());
        text.copy(entry.bytes.data(), text.size());
        return true;
    }

  private:
    static constexpr size_t kIndexBits = 8, kShortest = 8, kLongest = 63;

    struct alignas(64) Entry {
        uint8_t size = 0;
        std::array<char, kLongest> bytes;

        std::string_view text() const { return {bytes.data(), size}; }
    };

    // By both ends and the middle.
    static size_t index_of(std::string_view text) {
        const auto eight_at = [text](size_t at) {
            uint64_t bytes;
            std::memcpy(&bytes, text.data() + at, sizeof bytes);
            return bytes;
        };
        const size_t last = text.size() - sizeof(uint64_t);
        uint64_t hash = (eight_at(0) ^ text.size()) * 0x9E3779B97F4A7C15u;
        hash = (hash ^ hash >> 32 ^ eight_at(last)) * 0xD6E8FEB86659FD93u;
        hash = (hash ^ hash >> 32 ^ eight_at(last / 2)) * 0xBF58476D1CE4E5B9u;
        return hash >> (64 - kIndexBits);
    }

    std::vector<Entry> entries_;
};

}  // namespace gpsync::core::pii

// The latest short texts of which something is known: documents have the same ones again and again, codes,
// URLs, labels and the like, and to compare one costs less than to read it.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace gpsync::core::pii {

// 2 to the power of kIndexBits of them, each in a line of the processor's cache.
template <size_t kIndexBits>
class RecentTexts {
  public:
    static constexpr size_t kLongest = 63;

    RecentTexts() : entries_(size_t{1} << kIndexBits) {}

    static bool takes(std::string_view text) { return !text.empty() && text.size() <= kLongest; }
    // REQUIRES: takes(text), here and below.
    bool has(std::string_view text) const { return entries_[index_of(text)].text() == text; }
    // It takes the place of another one.
    void add(std::string_view text) {
        Entry& entry = entries_[index_of(text)];
        entry.size = static_cast<uint8_t>(text.size());
        text.copy(entry.bytes.data(), text.size());
    }

  private:
    struct alignas(64) Entry {
        uint8_t size = 0;
        std::array<char, kLongest> bytes;

        std::string_view text() const { return {bytes.data(), size}; }
    };

    template <class Word>
    static uint64_t word_at(std::string_view text, size_t at) {
        Word bytes;
        std::memcpy(&bytes, text.data() + at, sizeof bytes);
        return bytes;
    }
    // By both ends and the middle.
    static size_t index_of(std::string_view text) {
        constexpr uint64_t kFirst = 0x9E3779B97F4A7C15u, kSecond = 0xD6E8FEB86659FD93u,
                           kThird = 0xBF58476D1CE4E5B9u;
        const size_t size = text.size();
        uint64_t hash;
        if (size >= sizeof(uint64_t)) {
            const size_t last = size - sizeof(uint64_t);
            hash = (word_at<uint64_t>(text, 0) ^ size) * kFirst;
            hash = (hash ^ hash >> 32 ^ word_at<uint64_t>(text, last)) * kSecond;
            hash = (hash ^ hash >> 32 ^ word_at<uint64_t>(text, last / 2)) * kThird;
        } else if (size >= sizeof(uint32_t)) {
            const uint64_t end = word_at<uint32_t>(text, size - sizeof(uint32_t));
            hash = (word_at<uint32_t>(text, 0) ^ end << 32 ^ size) * kFirst;
        } else {
            const uint64_t end = word_at<uint8_t>(text, size - 1), middle = word_at<uint8_t>(text, size / 2);
            hash = (word_at<uint8_t>(text, 0) ^ middle << 8 ^ end << 16 ^ size << 24) * kFirst;
        }
        return hash >> (64 - kIndexBits);
    }

    std::vector<Entry> entries_;
};

}  // namespace gpsync::core::pii

#include "core/ramp/bucket.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <string>

namespace gpsync::core {

namespace {

constexpr uint32_t kC1 = 0xcc9e2d51, kC2 = 0x1b873593;

uint32_t mix_block(uint32_t block) {
    return std::rotl(block * kC1, 15) * kC2;
}

// Little-endian, as the published algorithm reads a block.
uint32_t read_block(const char* at, size_t size) {
    uint32_t block = 0;
    if (std::endian::native == std::endian::little && size == sizeof block) {
        std::memcpy(&block, at, sizeof block);
        return block;
    }
    for (size_t i = 0; i < size; ++i)
        block |= static_cast<uint32_t>(static_cast<unsigned char>(at[i])) << (8 * i);
    return block;
}

uint32_t finish(uint32_t hash) {
    hash ^= hash >> 16;
    hash *= 0x85ebca6b;
    hash ^= hash >> 13;
    hash *= 0xc2b2ae35;
    return hash ^ (hash >> 16);
}

// Longer ramps and keys than this take memory from the heap.
constexpr size_t kUsualBytes = 256;

}  // namespace

uint32_t murmur3_32(std::string_view bytes) {
    uint32_t hash = 0;
    const size_t tail = bytes.size() % 4;
    const char* at = bytes.data();
    for (const char* end = at + (bytes.size() - tail); at != end; at += 4)
        hash = std::rotl(hash ^ mix_block(read_block(at, 4)), 13) * 5 + 0xe6546b64;
    if (tail != 0) hash ^= mix_block(read_block(at, tail));
    return finish(hash ^ static_cast<uint32_t>(bytes.size()));
}

uint32_t ramp_bucket(std::string_view ramp, std::string_view key) {
    const size_t size = ramp.size() + 1 + key.size();
    if (size > kUsualBytes) [[unlikely]] {
        std::string text(ramp);
        return murmur3_32(text.append(1, ':').append(key)) % kRampBuckets;
    }
    std::array<char, kUsualBytes> text;
    std::memcpy(text.data(), ramp.data(), ramp.size());
    text[ramp.size()] = ':';
    if (!key.empty()) std::memcpy(text.data() + ramp.size() + 1, key.data(), key.size());
    return murmur3_32({text.data(), size}) % kRampBuckets;
}

}  // namespace gpsync::core

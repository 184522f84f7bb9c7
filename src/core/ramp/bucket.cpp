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

uint32_t hash_blocks(uint32_t hash, const char* at, const char* end) {
    for (; at != end; at += 4) hash = std::rotl(hash ^ mix_block(read_block(at, 4)), 13) * 5 + 0xe6546b64;
    return hash;
}

// The rest of the bytes, and the length of all.
uint32_t hash_rest(uint32_t hash, std::string_view bytes, size_t length) {
    const char* blocks_end = bytes.data() + (bytes.size() & ~size_t{3});
    hash = hash_blocks(hash, bytes.data(), blocks_end);
    if (const size_t tail = bytes.size() % 4; tail != 0) hash ^= mix_block(read_block(blocks_end, tail));
    return finish(hash ^ static_cast<uint32_t>(length));
}

// Longer keys than this take memory from the heap.
constexpr size_t kUsualBytes = 256;

}  // namespace

uint32_t murmur3_32(std::string_view bytes) {
    return hash_rest(0, bytes, bytes.size());
}

RampHash::RampHash(std::string_view ramp) {
    const std::string salt = std::string(ramp) + ':';
    const size_t whole = salt.size() & ~size_t{3};
    hash_ = hash_blocks(0, salt.data(), salt.data() + whole);
    length_ = static_cast<uint32_t>(salt.size());
    rest_length_ = static_cast<uint32_t>(salt.copy(rest_, sizeof rest_, whole));
}

uint32_t RampHash::bucket(std::string_view key) const {
    const size_t length = length_ + key.size();
    if (rest_length_ == 0) return hash_rest(hash_, key, length) % kRampBuckets;
    if (key.size() > kUsualBytes - sizeof rest_) [[unlikely]]
        return hash_rest(hash_, std::string(rest_, rest_length_).append(key), length) % kRampBuckets;
    std::array<char, kUsualBytes> bytes;
    std::memcpy(bytes.data(), rest_, sizeof rest_);
    if (!key.empty()) std::memcpy(bytes.data() + rest_length_, key.data(), key.size());
    return hash_rest(hash_, {bytes.data(), rest_length_ + key.size()}, length) % kRampBuckets;
}

uint32_t ramp_bucket(std::string_view ramp, std::string_view key) {
    return RampHash(ramp).bucket(key);
}

}  // namespace gpsync::core

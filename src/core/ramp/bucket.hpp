// Which bucket of a ramp a key is in: docs/ramp.md publishes it, so it never changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gpsync::core {

// Buckets of a ramp: its width, the number of buckets that are modern, has the resolution of 0.01 %.
inline constexpr uint32_t kRampBuckets = 10000;

// MurmurHash3_x86_32 of Austin Appleby (public domain, github.com/aappleby/smhasher) with seed 0. Libraries
// of Java (Guava), Go and Python have it, and it is twenty lines elsewhere.
uint32_t murmur3_32(std::string_view bytes);

// The buckets of a ramp's keys: the hash of ramp, ':' and key, in UTF-8, modulo kRampBuckets. The ramp's name
// is the salt: the keys that are first in one ramp are not first in the next. A key is modern where its
// bucket is below the ramp's width.
class RampHash {
  public:
    RampHash() = default;
    explicit RampHash(std::string_view ramp);

    uint32_t bucket(std::string_view key) const;

  private:
    uint32_t hash_ = 0;    // of the whole blocks of ramp and ':'
    uint32_t length_ = 0;  // of ramp and ':', bytes
    char rest_[4] = {};    // what is behind these blocks
    uint32_t rest_length_ = 0;
};

uint32_t ramp_bucket(std::string_view ramp, std::string_view key);

}  // namespace gpsync::core

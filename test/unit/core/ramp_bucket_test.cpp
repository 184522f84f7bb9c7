// The buckets of docs/ramp.md. Whoever routes in another language relies on them: a change here is a break.
#include "core/ramp/bucket.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace gpsync::core {
namespace {

// Vectors of the reference implementation with seed 0.
TEST(RampBucket, TheHashIsMurmur3) {
    EXPECT_EQ(murmur3_32(""), 0U);
    EXPECT_EQ(murmur3_32("test"), 0xba6bd213U);
    EXPECT_EQ(murmur3_32("Hello, world!"), 0xc0363e43U);
    EXPECT_EQ(murmur3_32("The quick brown fox jumps over the lazy dog"), 0x2e4ff723U);
}

TEST(RampBucket, BytesAreUnsigned) {
    EXPECT_EQ(murmur3_32("\xff"), 0xfd6cf10dU);
    EXPECT_EQ(murmur3_32("\xff\xff\xff\xff"), 0x76293b50U);
}

TEST(RampBucket, LongKeysAreHashedWhole) {
    const std::string key(1000, 'k');
    EXPECT_EQ(ramp_bucket("r", key), murmur3_32("r:" + key) % kRampBuckets);
    EXPECT_NE(ramp_bucket("r", key), ramp_bucket("r", key + "k"));
    for (size_t size = 240; size < 270; ++size) {
        const std::string around(size, 'x');
        EXPECT_EQ(ramp_bucket("ramp", around), murmur3_32("ramp:" + around) % kRampBuckets) << size;
    }
}

TEST(RampBucket, AnEmptyKeyHasOne) {
    EXPECT_EQ(ramp_bucket("r", {}), murmur3_32("r:") % kRampBuckets);
}

// Sequential ids, as applications have them: the share of keys is the share of buckets.
TEST(RampBucket, KeysAreSpreadEvenly) {
    constexpr int kKeys = 1000000;
    std::array<int, 100> percents{};
    for (int i = 0; i < kKeys; ++i) ++percents[ramp_bucket("cutover", "prov_" + std::to_string(i)) / 100];
    double chi_square = 0;
    for (const int count : percents) {
        const double off = count - kKeys / 100.0;
        chi_square += off * off / (kKeys / 100.0);
    }
    EXPECT_LT(chi_square, 148.2);  // 99 degrees of freedom: 0.1 % of random hashes are beyond
}

// The keys that are first in one ramp are not first in the next.
TEST(RampBucket, TheRampIsTheSalt) {
    int both = 0, first = 0;
    for (int i = 0; i < 100000; ++i) {
        const std::string key = std::to_string(i);
        const bool a = ramp_bucket("a", key) < 1000, b = ramp_bucket("b", key) < 1000;
        first += a;
        both += a && b;
    }
    EXPECT_NEAR(both, first / 10.0, 120);
}

}  // namespace
}  // namespace gpsync::core

#include "core/version.hpp"

#include <gtest/gtest.h>

namespace gpsync::core {
namespace {

TEST(Version, PartsOfOneMajorAndMinorVersionFit) {
    EXPECT_EQ(compare_versions("0.2.0", "0.2.0"), VersionFit::kFits);
    EXPECT_EQ(compare_versions("0.2.0", "0.2.17"), VersionFit::kFits);
    EXPECT_EQ(compare_versions("0.2.0", "0.2"), VersionFit::kFits);
    EXPECT_EQ(compare_versions("0.2.0", "0.2.1beta"), VersionFit::kFits);
}

TEST(Version, NumbersAreComparedAndNotTheirDigits) {
    EXPECT_EQ(compare_versions("0.10.0", "0.9.0"), VersionFit::kOlder);
    EXPECT_EQ(compare_versions("0.9.0", "0.10.0"), VersionFit::kNewer);
    EXPECT_EQ(compare_versions("1.0.0", "0.99.0"), VersionFit::kOlder);
    EXPECT_EQ(compare_versions("0.2.0", "1.2.0"), VersionFit::kNewer);
}

TEST(Version, WhatIsNoVersionFitsNothing) {
    for (const char* bad : {"", "1", "1.", ".1", "v1.0", "1.x", "-1.0", "99999999999.0", "1-0"})
        EXPECT_EQ(compare_versions("0.2.0", bad), VersionFit::kUnreadable) << bad;
}

TEST(Version, OursIsOne) {
    EXPECT_EQ(compare_versions(kVersion, kVersion), VersionFit::kFits);
}

}  // namespace
}  // namespace gpsync::core

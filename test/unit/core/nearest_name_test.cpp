#include "core/nearest_name.hpp"

#include <gtest/gtest.h>

#include <array>

namespace gpsync::core {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"timeout", "connect_timeout", "retry_attempts", "url"};

TEST(NearestName, CountsEditsAndSwaps) {
    EXPECT_EQ(edit_distance("timeout", "timeout", 3), 0U);
    EXPECT_EQ(edit_distance("TimeOut", "timeout", 3), 0U);
    EXPECT_EQ(edit_distance("timeuot", "timeout", 3), 1U);
    EXPECT_EQ(edit_distance("timout", "timeout", 3), 1U);
    EXPECT_EQ(edit_distance("", "url", 3), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3U) << "more than the limit is the limit + 1";
    EXPECT_EQ(edit_distance("a", "retry_attempts", 2), 3U);
}

TEST(NearestName, FindsWhatWasMeantAndNothingElse) {
    EXPECT_EQ(nearest_name("time_out", kNames), "timeout");
    EXPECT_EQ(nearest_name("retry_atempts", kNames), "retry_attempts");
    EXPECT_EQ(nearest_name("ulr", kNames), "url");
    EXPECT_EQ(nearest_name("verify", kNames), std::nullopt);
    EXPECT_EQ(nearest_name("", kNames), std::nullopt);
    EXPECT_EQ(nearest_name("url", {}), std::nullopt);
}

TEST(NearestName, WritesTheHint) {
    EXPECT_EQ(
        unknown_name_hint("timout", "options", kNames),
        "Perhaps you meant \"timeout\". Valid options are: timeout, connect_timeout, retry_attempts, url.");
    EXPECT_EQ(unknown_name_hint("verify", "options", kNames),
              "Valid options are: timeout, connect_timeout, retry_attempts, url.");
    EXPECT_EQ(unknown_name_hint("x", "options", {}), "");
}

}  // namespace
}  // namespace gpsync::core

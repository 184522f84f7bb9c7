// Letters of ASCII without regard to case.
#include "core/ascii_case.hpp"

#include <gtest/gtest.h>

namespace gpsync::core {
namespace {

TEST(AsciiCase, ChangesCapitalLettersOnly) {
    EXPECT_EQ(to_lower("AZ az @[`{ 09 \xC3\x84"), "az az @[`{ 09 \xC3\x84");
}

TEST(AsciiCase, Compares) {
    EXPECT_TRUE(equals_ignoring_case("Content-TYPE", "content-type"));
    EXPECT_TRUE(equals_ignoring_case("", ""));
    EXPECT_FALSE(equals_ignoring_case("a", "ab"));
    EXPECT_FALSE(equals_ignoring_case("@", "`")) << "they differ by the bit of case";
}

}  // namespace
}  // namespace gpsync::core

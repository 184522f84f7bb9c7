#include <gtest/gtest.h>

#include "core/conninfo.hpp"

namespace gpsync::core {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

TEST(Conninfo, ReadsKeywordsAndValues) {
    EXPECT_EQ(parse_conninfo("").settings, Settings{});
    EXPECT_EQ(parse_conninfo(" host=a  port = 1\tuser= b ").settings,
              (Settings{{"host", "a"}, {"port", "1"}, {"user", "b"}}));
    EXPECT_EQ(parse_conninfo(R"(host='a b\'c\\' options=-c\ x)").settings,
              (Settings{{"host", R"(a b'c\)"}, {"options", "-c x"}}));
    EXPECT_EQ(parse_conninfo("host='' port=1").settings, (Settings{{"host", ""}, {"port", "1"}}));
    EXPECT_TRUE(parse_conninfo("user=x password=y").has("password"));
    EXPECT_FALSE(parse_conninfo("user='password=y'").has("password"));
}

TEST(Conninfo, SaysWhatIsWrong) {
    EXPECT_EQ(parse_conninfo("host").error, "missing \"=\" after \"host\"");
    EXPECT_EQ(parse_conninfo("a=1 =2").error, "missing \"=\" after \"\"");
    EXPECT_EQ(parse_conninfo("postgresql://h/d").error, "missing \"=\" after \"postgresql://h/d\"");
    EXPECT_EQ(parse_conninfo("host='a").error, "unterminated quoted value of \"host\"");
    EXPECT_EQ(parse_conninfo("host='a\\").error, "unterminated quoted value of \"host\"");
}

TEST(Conninfo, WritesWhatItReads) {
    std::string text;
    append_conninfo(text, "host", "/tmp/a b");
    append_conninfo(text, "dbname", R"(it's a \ "name" = x)");
    EXPECT_EQ(text, R"(host='/tmp/a b' dbname='it\'s a \\ "name" = x')");
    EXPECT_EQ(parse_conninfo(text).settings,
              (Settings{{"host", "/tmp/a b"}, {"dbname", R"(it's a \ "name" = x)"}}));
}

}  // namespace
}  // namespace gpsync::core

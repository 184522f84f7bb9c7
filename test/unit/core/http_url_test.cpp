#include "core/http_url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gpsync::core {
namespace {

std::string problem(std::string_view text) {
    HttpUrl url;
    const char* found = parse_http_url(text, url);
    return found == nullptr ? "" : found;
}

TEST(HttpUrl, TakesApartWhatIsFine) {
    HttpUrl url;
    ASSERT_EQ(parse_http_url("https://nws.example/events?a=b%20c", url), nullptr);
    EXPECT_TRUE(url.tls);
    EXPECT_EQ(url.host, "nws.example");
    EXPECT_EQ(url.port, 443);
    EXPECT_EQ(url.target, "/events?a=b%20c");
    ASSERT_EQ(parse_http_url("HTTP://127.0.0.1:8080", url), nullptr);
    EXPECT_FALSE(url.tls);
    EXPECT_EQ(url.port, 8080);
    EXPECT_EQ(url.target, "");
    ASSERT_EQ(parse_http_url("http://[::1]:81/x", url), nullptr);
    EXPECT_EQ(url.host, "::1");
    EXPECT_EQ(url.port, 81);
}

TEST(HttpUrl, SaysWhatIsWrong) {
    EXPECT_EQ(problem("ftp://x/"), "must start with http:// or https://");
    EXPECT_EQ(problem("nws.example/events"), "must start with http:// or https://");
    EXPECT_EQ(problem("https:/nws.example"), "must start with http:// or https://");
    EXPECT_EQ(problem(""), "must start with http:// or https://");
    EXPECT_EQ(problem("https:///events"), "names no host");
    EXPECT_EQ(problem("https://?x"), "names no host");
    EXPECT_EQ(problem("https://u:p@nws/"), "contains credentials");
    EXPECT_EQ(problem("https://u@nws/"), "contains credentials");
    EXPECT_EQ(problem("https://nws/#top"), "has a fragment (\"#\"), which is never sent");
    EXPECT_EQ(problem("https://n ws/"), "contains a character that must be percent-encoded");
    EXPECT_EQ(problem("https://nws/\n"), "contains a character that must be percent-encoded");
    EXPECT_EQ(problem("https://nws\\@evil/"), "contains a character that must be percent-encoded");
    EXPECT_EQ(problem("https://nws/[x]"), "contains a character that must be percent-encoded");
    EXPECT_EQ(problem("https://nws/%2"), "has a \"%\" that is not followed by two hexadecimal digits");
    EXPECT_EQ(problem("https://n%41ws/"), "has an invalid host name");
    EXPECT_EQ(problem("https://.nws/"), "has an invalid host name");
    EXPECT_EQ(problem("https://[::1/"), "has an IPv6 address without its closing bracket");
    EXPECT_EQ(problem("https://[fe80::1%25eth0]/"), "has an invalid IPv6 address");
    EXPECT_EQ(problem("https://[::1]x/"), "has an invalid host name");
    for (const char* port : {":", ":0", ":65536", ":+1", ":8x", ":-1"})
        EXPECT_EQ(problem(std::string("https://nws") + port + "/"),
                  "has a port that is not a number from 1 to 65535")
            << port;
}

TEST(HttpUrl, AnOriginIsSchemeHostAndPort) {
    const auto same = [](const char* one, const char* other) {
        HttpUrl first, second;
        EXPECT_EQ(parse_http_url(one, first), nullptr) << one;
        EXPECT_EQ(parse_http_url(other, second), nullptr) << other;
        return same_origin(first, second);
    };
    EXPECT_TRUE(same("https://nws.example/events", "HTTPS://NWS.example:443/other?x=1"));
    EXPECT_TRUE(same("http://[::1]:8080/", "http://[::1]:8080"));
    EXPECT_FALSE(same("https://nws.example/", "http://nws.example:443/"));
    EXPECT_FALSE(same("https://nws.example/", "https://nws.example:8443/"));
    EXPECT_FALSE(same("https://nws.example/", "https://nws.example.evil/"));
    EXPECT_FALSE(same("https://nws.example/", "https://nws.example./"));
    EXPECT_FALSE(same("https://nws/", "https://evil/nws"));
}

TEST(HttpUrl, KnowsWhatStaysOnTheMachine) {
    HttpUrl url;
    for (const char* text : {"http://localhost", "http://LOCALHOST:1/x", "http://nws.localhost/",
                             "http://127.0.0.1", "http://127.8.9.1:80/", "http://[::1]/"}) {
        ASSERT_EQ(parse_http_url(text, url), nullptr) << text;
        EXPECT_TRUE(is_loopback(url)) << text;
    }
    for (const char* text : {"http://nws", "http://127.example.com", "http://128.0.0.1", "http://xlocalhost",
                             "http://[::2]/", "http://localhost.example"}) {
        ASSERT_EQ(parse_http_url(text, url), nullptr) << text;
        EXPECT_FALSE(is_loopback(url)) << text;
    }
}

}  // namespace
}  // namespace gpsync::core

#include "core/http_headers.hpp"

#include <gtest/gtest.h>

namespace gpsync::core {
namespace {

TEST(HttpHeaders, AreLines) {
    std::vector<HttpHeader> headers;
    EXPECT_EQ(parse_http_headers("A: b\r\n\n  \nX-Y:c: d \nZ:\t1", headers), "");
    const std::vector<HttpHeader> expected{{"A", "b"}, {"X-Y", "c: d"}, {"Z", "1"}};
    EXPECT_EQ(headers, expected);
}

TEST(HttpHeaders, NothingElseIsTaken) {
    std::vector<HttpHeader> headers;
    for (const char* text : {"", "\n", "A", "A b: c", ": c", "A : c", "A:", "A: \t", "A: b\rC: d", "A: \x01",
                             "A: \xC3\xBC", "A: b\na: c", "(A): b", "A: b\x7F"})
        EXPECT_NE(parse_http_headers(text, headers), "") << text;
    EXPECT_NE(parse_http_headers(std::string_view("A: b\0c", 6), headers), "");
}

TEST(HttpHeaders, NoValueIsQuoted) {
    std::vector<HttpHeader> headers;
    for (const char* text : {"secret", "secret value: x", "A: secret\x01"})
        EXPECT_EQ(parse_http_headers(text, headers).find("secret"), std::string::npos) << text;
}

TEST(HttpHeaders, SomeAreOurs) {
    for (const char* name :
         {"host", "Content-Type", "WEBHOOK-ID", "Ce-Subject", "ibm-mq-md-expiry", "User-Agent"})
        EXPECT_TRUE(is_reserved_header(name)) << name;
    for (const char* name : {"X-Host", "Authorization", "Accept-Language", "Cookie", "traceparent"})
        EXPECT_FALSE(is_reserved_header(name)) << name;
}

TEST(HttpHeaders, SomeLookLikeSecrets) {
    for (const char* name :
         {"Authorization", "COOKIE", "X-Api-Key", "X-Auth-Token", "X-Hub-Signature", "Client-Secret"})
        EXPECT_TRUE(is_credential_header(name)) << name;
    for (const char* name : {"X-Tenant", "Accept-Language", "traceparent", "X-Request-Source", "Key"})
        EXPECT_FALSE(is_credential_header(name)) << name;
}

}  // namespace
}  // namespace gpsync::core

// Who may see the status page.
#include "relay/page/access.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "core/pii/base64.hpp"
#include "relay/base/config_error.hpp"

namespace gpsync::relay {
namespace {

constexpr const char* kToken = "c29tZSB0b2tlbiBmb3IgdGVzdHM";

class TokenFile {
  public:
    explicit TokenFile(const std::string& text) : path_(testing::TempDir() + "gpsync_page_token") {
        write(text);
    }
    ~TokenFile() { std::remove(path_.c_str()); }
    TokenFile(const TokenFile&) = delete;
    TokenFile& operator=(const TokenFile&) = delete;
    void write(const std::string& text) { std::ofstream(path_, std::ios::trunc) << text; }
    const std::string& path() const { return path_; }

  private:
    const std::string path_;
};

// The status of the refusal; 0 when there is none.
int refusal(const PageAccess& access, const std::string& fields) {
    const std::string head = "GET / HTTP/1.1\r\n" + fields;
    const auto request = parse_request(head);
    const auto refused = access.refusal(*request);
    return refused ? refused->status : 0;
}

std::string basic(const std::string& pair) {
    return "Authorization: Basic " +
           core::pii::base64_encode(pair, core::pii::Base64Alphabet::kStandard, true) + "\r\n";
}

TEST(PageAccess, OnLoopbackTheNameCounts) {
    const PageAccess access({}, true);
    for (const char* host : {"localhost", "localhost:9187", "127.0.0.1:9187", "127.8.0.1", "[::1]:9187"})
        EXPECT_EQ(refusal(access, std::string("Host: ") + host + "\r\n"), 0) << host;
    for (const char* host :
         {"evil.example", "evil.example:9187", "127.0.0.1.evil.example", "localhost.evil.example",
          "127.0.0.1:9187.evil.example:80", "10.0.0.1", "[2001:db8::1]:9187", "127.0.0", "127.0.0.300", ""})
        EXPECT_EQ(refusal(access, std::string("Host: ") + host + "\r\n"), 403) << host;
    EXPECT_EQ(refusal(access, ""), 403);
}

TEST(PageAccess, PagesOfOthersGetNothing) {
    const PageAccess access({}, true);
    const std::string host = "Host: localhost\r\n";
    EXPECT_EQ(refusal(access, host + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n"), 403);
    EXPECT_EQ(refusal(access, host + "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\n"), 403);
    EXPECT_EQ(refusal(access, host + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"), 0);
    EXPECT_EQ(refusal(access, host + "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n"), 0);
    EXPECT_EQ(refusal(access, host + "Sec-Fetch-Site: none\r\n"), 0);
}

TEST(PageAccess, ElsewhereATokenIsNeeded) {
    EXPECT_EQ(refusal(PageAccess({}, false), "Host: localhost\r\n"), 403);
    TokenFile file(std::string(kToken) + "\n");
    for (const bool loopback : {true, false}) {
        const PageAccess access(file.path(), loopback);
        EXPECT_EQ(refusal(access, "Host: relay.example\r\n"), 401);
        EXPECT_EQ(refusal(access, std::string("Authorization: Bearer ") + kToken + "\r\n"), 0);
        EXPECT_EQ(refusal(access, std::string("authorization: bearer ") + kToken + "\r\n"), 0);
        EXPECT_EQ(refusal(access, basic(std::string("anybody:") + kToken)), 0);
        EXPECT_EQ(refusal(access, basic(std::string(":") + kToken)), 0);
        for (const std::string& wrong :
             {std::string("Authorization: Bearer\r\n"), std::string("Authorization: Bearer \r\n"),
              std::string("Authorization: Bearer ") + kToken + "x\r\n",
              std::string("Authorization: ") + kToken + "\r\n", basic(kToken),
              basic(std::string(kToken) + ":"), std::string("Authorization: Basic ???\r\n")})
            EXPECT_EQ(refusal(access, wrong), 401) << wrong;
    }
}

TEST(PageAccess, TheTokenCanBeReplaced) {
    TokenFile file(kToken);
    const PageAccess access(file.path(), false);
    const std::string old = std::string("Authorization: Bearer ") + kToken + "\r\n";
    file.write("another token, for tomorrow");
    EXPECT_EQ(refusal(access, old), 401);
    EXPECT_EQ(refusal(access, "Authorization: Bearer another token, for tomorrow\r\n"), 0);
    // One that was emptied lets nobody in.
    file.write("");
    EXPECT_EQ(refusal(access, "Authorization: Bearer \r\n"), 401);
    EXPECT_EQ(refusal(access, ""), 401);
}

TEST(PageAccess, ATokenIsLongAndReadable) {
    TokenFile file("short");
    EXPECT_THROW(PageAccess(file.path(), true), ConfigError);
    EXPECT_THROW(PageAccess("/nowhere/to/be/found", true), ConfigError);
}

TEST(HttpText, ARequestIsRead) {
    const auto request = parse_request("GET /status.json?x=1 HTTP/1.1\r\nA: 1\r\nhOsT:  b \r\nHost: c");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->path, "/status.json");
    EXPECT_EQ(request->header("host"), "b");
    EXPECT_EQ(request->header("a"), "1");
    EXPECT_EQ(request->header("b"), std::nullopt);
    for (const char* head : {"", "GET", "GET /", "GET / HTTQ/1.1", "GET  HTTP/1.1x", "\r\n"})
        EXPECT_TRUE(!parse_request(head) || parse_request(head)->path.empty()) << head;
}

}  // namespace
}  // namespace gpsync::relay

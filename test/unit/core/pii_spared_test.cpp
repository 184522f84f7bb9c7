// What words say against a value: they spare a bare identifier that is the whole value, and an IPv4 address
// only as a version. What has a form of its own is found whatever stands above it or in front of it.
#include <gtest/gtest.h>

#include <string>

#include "core/json_writer.hpp"
#include "core/pii/document/scrubber.hpp"

namespace gpsync::core::pii {
namespace {

std::string in_quotes(std::string_view text) {
    HeapBuffer out;
    append_json_string(out, text);
    return std::string(out.view());
}

// What is left of a string under a name; "-" when the member goes.
std::string left(const std::string& name, const std::string& text) {
    Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
    const std::string document = "{" + in_quotes(name) + ":" + in_quotes(text) + "}";
    const Verdict verdict = scrubber.json_text(document);
    if (verdict == Verdict::kKeep) return text;
    const std::string result(scrubber.replacement());
    return result == "{}" ? "-" : result.substr(name.size() + 4, result.size() - name.size() - 6);
}

constexpr const char* kWords[] = {
    "order",       "orderId",   "message",  "request",  "requestId",        "ticket",    "case",
    "caseNumber",  "trace",     "traceId",  "time",     "timestamp",        "createdAt", "hash",
    "sha256",      "signature", "version",  "build",    "release",          "txn",       "invoice",
    "correlation", "reference", "sequence", "tracking", "tokenReferenceId", "tur",       "id",
    "etag",        "updated"};
constexpr const char* kOwnForms[] = {"219-09-9999",        "219 09 9999",
                                     "415-555-0123",       "(415) 555-0123",
                                     "+49 30 901820",      "020 7946 0958",
                                     "0049 30 901820",     "2341 2341 2346",
                                     "943 476 5919",       "AB 12 34 56 C",
                                     "12.345.678-Z",       "35-209900-176148-1",
                                     "joe@example.com",    "DE89 3704 0044 0532 0130 00",
                                     "4111 1111 1111 1111"};

TEST(PiiSpared, NoWordHidesWhatHasAFormOfItsOwn) {
    for (const char* word : kWords)
        for (const std::string value : kOwnForms) {
            EXPECT_EQ(left(word, value).find(value), std::string::npos) << word << ' ' << value;
            for (const std::string& text :
                 {std::string(word) + ' ' + value, std::string(word) + " no. " + value + " done",
                  "failed " + std::string(word) + ": " + value + ", retry",
                  std::string(word) + " of " + value}) {
                EXPECT_EQ(left("note", text).find(value), std::string::npos) << text;
                EXPECT_EQ(left(word, text).find(value), std::string::npos) << word << ": " << text;
            }
        }
}

TEST(PiiSpared, BareIdentifiersAreSparedAsTheWholeValueOnly) {
    for (const std::string value :
         {"490154203237518", "44051401359", "1M8GDM9AXKP042788", "AB123456C", "12345678Z"}) {
        EXPECT_EQ(left("note", value), "-") << value;
        for (const char* word :
             {"order", "requestId", "ticket", "trace", "hash", "tokenReferenceId", "caseId"}) {
            EXPECT_EQ(left(word, value), value) << word;
            EXPECT_EQ(left(word, "of device " + value + " failed").find(value), std::string::npos) << word;
            EXPECT_EQ(left("note", std::string("the ") + word + " from " + value).find(value),
                      std::string::npos);
        }
        for (const std::string label : {"order ", "Order #", "ticket no. ", "trace: ", "sha1="})
            EXPECT_EQ(left("note", label + value), label + value);
    }
}

TEST(PiiSpared, AddressesAreVersionsOnlyDirectlyBehindAVersionsWord) {
    const std::string ip = "198.51.100.7";
    for (const char* word :
         {"order", "message", "request", "ticket", "trace", "created", "hash", "serial", "status"}) {
        EXPECT_EQ(left(word, ip), "-") << word;
        EXPECT_EQ(left(word, "login from " + ip + " failed").find(ip), std::string::npos) << word;
        EXPECT_EQ(left("note", std::string(word) + ' ' + ip).find(ip), std::string::npos) << word;
    }
    for (const char* name : {"version", "firmware", "appVersion", "build", "protocol"}) {
        EXPECT_EQ(left(name, ip), ip) << name;
        EXPECT_EQ(left(name, "host " + ip + " is up").find(ip), std::string::npos) << name;
    }
    for (const std::string text : {"version 1.2.3.4",
                                   "Version: 1.2.3.4",
                                   "ver=1.2.3.4",
                                   "firmware 1.2.3.4 installed",
                                   "Chrome 1.2.3.4",
                                   "upgraded to version number 1.2.3.4",
                                   "build no. 1.2.3.4",
                                   "<version>1.2.3.4</version>",
                                   "v 1.2.3.4",
                                   "nginx/1.2.3.4",
                                   "MyBank/1.2.3.4 (iPhone)",
                                   "lib-1.2.3.4.jar",
                                   "payments-sdk-1.2.3.4",
                                   "acme_app_1.2.3.4",
                                   ">=1.2.3.4",
                                   "^1.2.3.4",
                                   "==1.2.3.4",
                                   "v1.2.3.4",
                                   "1.2.3.4-beta",
                                   "1.2.3.4-rc2",
                                   "1.2.3.4+build.5",
                                   "1.2.3.4_SNAPSHOT",
                                   "x1.2.3.4.tar.gz",
                                   "mod-1.2.3.4.zip",
                                   "10.1.2.3.4",
                                   "127.0.0.1",
                                   "255.255.255.0"})
        EXPECT_EQ(left("note", text), text);
    for (const std::string text :
         {"version check from 10.1.2.3", "build agent at 10.1.2.3", "release to host 10.1.2.3",
          "10.1.2.3-10.1.2.9", "10.0.0.0/24", "host-10.2.3.4", "/10.2.3.4:8080", "10.2.3.4-eth0",
          "Client/10.2.3.4:443", "node_10.2.3.4_up", "app-10.2.3.4", "fra1/10.2.3.4",
          "10.2.3.4/32,10.2.3.5/32", "10.2.3.4_wan", "peer-10.2.3.4.", "http://10.2.3.4/v1", "v=10.2.3.4&x=1",
          "10.2.3.4.nip.io", "eth0-10.2.3.4:80"})
        EXPECT_EQ(left("note", text).find("10."), std::string::npos) << text << " -> " << left("note", text);
    // The word may stand anywhere above a whole value.
    Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
    EXPECT_EQ(scrubber.json_text(R"({"version":{"agent":"1.2.3.4","list":["1.2.3.5"]}})"), Verdict::kKeep);
    EXPECT_EQ(scrubber.json_text(R"({"version":{"seen":"on 1.2.3.4"}})"), Verdict::kReplace);
    EXPECT_EQ(scrubber.json_text(R"({"version":{"client_ip":"1.2.3.4"}})"), Verdict::kReplace);
}

TEST(PiiSpared, FoldersTagsAndUpgradesHaveVersions) {
    for (const std::string text :
         {"C:\\Program Files\\Mill\\9.14.2.3\\mill.exe", "C:\\Program Files (x86)\\7.2.1.4\\x.dll",
          "D:\\\\apps\\\\mill\\\\9.14.2.3\\\\mill.exe", "team/mill:10.2.3.4-alpine", "mill:9.14.2.3-bookworm",
          "upgrade 10.4.2.3 to 10.4.2.4", "Upgraded mill from 9.14.2.3 to 9.15.0.1",
          "bumps mill from 9.14.2.3 to 10.0.0.1", "downgraded 9.14.2.3 -> 9.14.2.2",
          "Firefox 9.14.2.3 -> 9.14.2.9", "version 9.14.2.3 to 9.14.3.1", "version 9.14.2.3 → 9.14.3.1",
          "nginx: 9.14.2.3", "enterprises.9.9.48.2", ".1.3.6.1"})
        EXPECT_EQ(left("note", text), text);
    for (const std::string text :
         {"\\\\203.0.113.9\\share", "net use \\\\203.0.113.9\\c$", "C:\\logs\\10.4.2.3\\x.log",
          "host 203.0.113.9\\x", "upgrade of 203.0.113.9 to 8.1.2.3", "203.0.113.9 -> 203.0.113.10",
          "moved from 203.0.113.9 to 203.0.113.10", "deployed version 1.2.3.4 to 203.0.113.9",
          "update 203.0.113.9 to 203.0.113.10", "upgrade 203.0.113.9 now"})
        EXPECT_EQ(left("note", text).find("203."), std::string::npos) << left("note", text);
}

TEST(PiiSpared, AddressesBehindColonsAndFullWidthMarks) {
    for (const char* text : {"wlan:a4:83:e7:2b:90:1c",
                             "：a4:83:e7:2b:90:1c。",
                             "网卡：a4:83:e7:2b:90:1c",
                             "a4:83:e7:2b:90:1c:up",
                             "port-A4-83-E7-2B-90-1C.cfg",
                             "eth.a483.e72b.901c",
                             "A483.E72B.901C.cfg",
                             "mac a483e72b901c",
                             "：2a02:8109::17",
                             "网址：2a02:8109:9a80::17。",
                             ":2a02:8109::17",
                             "facade:2a02:8109::17",
                             "2a02:8109::17:deny",
                             "peer:2a02:8109::17:eth0",
                             "失败。203.0.113.9 来自",
                             "。203.0.113.9",
                             "see 。203.0.113.9 ok",
                             "from...203.0.113.9",
                             "地址：203.0.113.9，端口",
                             "nginx: 203.0.113.9 - - [02/Dec/2026:01:02:03 +0000] \"GET / HTTP/2.0\"",
                             "java: 203.0.113.9:443 refused",
                             "postgresql: 203.0.113.9(50112) idle"})
        EXPECT_NE(left("note", text), text);
    for (const std::string text :
         {"12:a4:83:e7:2b:90:1c", "a4:83:e7:2b:90:1c:7f",
          "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48", "7:51:42:72:03:43:54", "72:70:21:32:73:15:6",
          "mac 200000000000", "std::cafe::be", "feed::beef:x", "a1b2::c3::d4", "1:2:3:4:5:6"})
        EXPECT_EQ(left("note", text), text);
}

// Numbers of goods are grouped in all ways.
TEST(PiiSpared, NumbersOfGoodsStay) {
    for (const std::string value : {"123-45-6789", "415-555-0123", "0445-120-123", "020 7946 0958"}) {
        for (const char* name : {"partNumber", "sku", "part_no", "serialNumber", "isbn", "itemNumber"})
            EXPECT_EQ(left(name, value), value) << name;
        EXPECT_EQ(left("partNumber", "ask " + value).find(value), std::string::npos);
        for (const std::string label : {"part ", "Part no. ", "SKU: ", "catalog number "})
            EXPECT_EQ(left("note", "see " + label + value), "see " + label + value);
    }
}

TEST(PiiSpared, ImageTagsReverseLookupsOfLoopbackAndPrefixesAreNoAddresses) {
    for (const std::string text : {"pulled installer:5.11.2.8 again", "npm got plugin@8.19.3.2",
                                   "ask 5.0.0.127.in-addr.arpa first", "route ::ffff:0:0/96 added"})
        EXPECT_EQ(left("note", text), text);
    for (const std::string text :
         {"seen agent:198.51.100.7 again", "login joe@198.51.100.7 ok", "ask 7.100.51.198.in-addr.arpa first",
          "route ::ffff:c633:6407 added", "host:198.51.100.7", "app:10.2.3.4"})
        EXPECT_NE(left("note", text), text);
}

}  // namespace
}  // namespace gpsync::core::pii

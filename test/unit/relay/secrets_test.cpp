// What of an endpoint's secrets is found in what it says, and what is left alone.
#include "relay/base/secrets.hpp"

#include <gtest/gtest.h>

#include <random>

#include "relay/base/text_coding.hpp"

namespace gpsync::relay {
namespace {

const std::string kToken = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJud3MifQ.k3-_p/Q+x=";

std::string base64(const std::string& text, const std::string& last_two = "+/") {
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last_two;
    std::string coded;
    for (size_t i = 0; i < text.size(); i += 3) {
        uint32_t bits = 0;
        for (size_t j = 0; j < 3; ++j)
            bits = bits << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0U);
        for (int j = 0; j < 4; ++j) coded += digits[(bits >> (18 - 6 * j)) & 63];
    }
    size_t missing = (3 - text.size() % 3) % 3;
    return coded.replace(coded.size() - missing, missing, std::string(missing, '='));
}

std::string each(const std::string& text, const char* format, bool all = true) {
    std::string coded;
    for (char c : text) {
        char buffer[16];
        std::snprintf(buffer, sizeof buffer, format, static_cast<unsigned>(static_cast<unsigned char>(c)));
        coded +=
            all || !std::isalnum(static_cast<unsigned char>(c)) ? std::string(buffer) : std::string(1, c);
    }
    return coded;
}

std::string percent(const std::string& text, bool all = false) {
    return each(text, "%%%02X", all);
}

std::string conceal(const std::string& secret, const std::string& text) {
    Secrets secrets;
    secrets.add(secret);
    return secrets.conceal(text, 1000);
}

TEST(Secrets, AreFoundInEveryCoding) {
    for (const std::string& coded : {kToken,
                                     percent(kToken),
                                     percent(kToken, true),
                                     each(kToken, "%%%02x"),
                                     percent(percent(kToken)),
                                     each(kToken, "\\u%04X"),
                                     each(kToken, "\\u%04x", false),
                                     each(kToken, "\\x%02x"),
                                     each(each(kToken, "\\u%04X"), "\\u%04X"),
                                     each(kToken, "&#%u;"),
                                     each(kToken, "&#x%X;", false),
                                     base64(kToken),
                                     base64(kToken, "-_"),
                                     each(kToken, "%02x"),
                                     each(kToken, "%02X"),
                                     percent(base64(kToken)),
                                     each(base64(kToken), "\\u%04x"),
                                     base64(percent(kToken, true)),
                                     base64(each(kToken, "\\u%04x")),
                                     each(percent(kToken), "%02X")}) {
        std::string left = conceal(kToken, coded);
        EXPECT_TRUE(left.starts_with("[secret]")) << left;
        EXPECT_LE(left.size(), Secrets::kMark.size() + 6) << left << ": more is left than padding";
        EXPECT_EQ(conceal(kToken, "said \"" + coded + "\"").find("said \"[secret]"), 0U) << coded;
    }
}

TEST(Secrets, AreFoundInBase64AtAnyAlignment) {
    for (const std::string before : {"", "x", "Be", "Bearer ", "nws:", "Authorization: Bearer "})
        for (const std::string after : {"", "y", "yz", "\r\nHost: nws"})
            for (const std::string glued : {"", "Q", "QU", "QUJ"})
                for (const char* digits : {"+/", "-_"}) {
                    std::string coded = glued + base64(before + kToken + after, digits);
                    std::string left = conceal(kToken, coded);
                    EXPECT_NE(left.find("[secret]"), std::string::npos) << coded;
                    // What is left holds no more than the ends, of less than a piece.
                    EXPECT_LT(left.size(), coded.size() - kToken.size()) << coded << " left " << left;
                }
    std::string wrapped = base64("Authorization: Bearer " + kToken);
    for (size_t at = 20; at < wrapped.size(); at += 22) wrapped.insert(at, "\r\n");
    std::string left = conceal(kToken, wrapped);
    for (size_t at = 34; at + 8 < wrapped.size() - 4; ++at)
        EXPECT_EQ(left.find(wrapped.substr(at, 8)), std::string::npos) << left;
}

TEST(Secrets, AreFoundAsBasicCredentials) {
    for (std::string password : {"pw", "pa:ss", "hunter2", "a long one, with blanks",
                                 "contrase\xC3\xB1"
                                 "a"}) {
        Secrets secrets;
        secrets.add_password("nws", password);
        std::string said = "bad credentials " + base64("nws:" + password) + " / " + password + ".";
        std::string left = secrets.conceal(said, 1000);
        EXPECT_EQ(left.find(password), std::string::npos) << left;
        EXPECT_EQ(left.find(base64("nws:" + password).substr(6)), std::string::npos) << left;
    }
}

TEST(Secrets, ArePercentAndPlusCodedInForms) {
    EXPECT_EQ(conceal("two words & more", "p=two+words+%26+more&q=1"), "p=[secret]&q=1");
    EXPECT_EQ(conceal("contrase\xC3\xB1"
                      "a1",
                      R"("contrase\u00f1a1")"),
              "\"[secret]\"");
    EXPECT_EQ(conceal("key-\xF0\x9F\x94\x91-key", R"("key-\uD83D\uDD11-key")"), "\"[secret]\"");
}

TEST(Secrets, ArePiecesToo) {
    EXPECT_EQ(conceal(kToken, "token " + kToken.substr(0, 20) + "*** is bad"), "token [secret]*** is bad");
    EXPECT_EQ(conceal(kToken, "***" + kToken.substr(kToken.size() - 10)), "***[secret]");
    EXPECT_EQ(conceal(kToken, kToken.substr(5, Secrets::kPiece)), "[secret]");
    EXPECT_EQ(conceal(kToken, kToken.substr(5, Secrets::kPiece - 1)), kToken.substr(5, Secrets::kPiece - 1));
}

TEST(Secrets, ThatAreShortDoNotTakeTheTextApart) {
    EXPECT_EQ(conceal("a", "a batch was bad: a"), "[secret] batch was bad: [secret]");
    EXPECT_EQ(conceal("abc", "xabcx abc"), "x[secret]x [secret]");
    EXPECT_EQ(conceal("hunter2", "aHVudGVyMg== or hunter"), "[secret]== or hunter");
}

TEST(Secrets, LeaveOtherTextAlone) {
    const std::string text =
        R"({"error":"unknown partner \"ACME\" in https://nws.example/events?x=%41","id":"00000000-0001","n":[1,2]})";
    EXPECT_EQ(conceal(kToken, text), text);
    EXPECT_EQ(Secrets().conceal(text, 1000), text);
    EXPECT_EQ(conceal("", text), text);
}

TEST(Secrets, WhatIsIssuedLeavesTheConfiguredOnesAlone) {
    Secrets secrets;
    secrets.add_password("mqapp", "the password");
    const auto cookie = [](size_t i) { return "ltpa-token-" + std::to_string(10000 + i); };
    for (size_t i = 0; i < 3 * Secrets::kKept; ++i) {
        secrets.add_issued(cookie(i));
        EXPECT_EQ(secrets.conceal("the password " + cookie(i), 1000), "[secret] [secret]") << i;
    }
    EXPECT_EQ(secrets.conceal(cookie(2 * Secrets::kKept), 1000), "[secret]") << "it may come back late";
}

TEST(Secrets, OneThatIsUsedAgainIsTheLatest) {
    Secrets secrets;
    for (size_t i = 0; i < 3 * Secrets::kKept; ++i) {
        secrets.add("password of now");
        secrets.add("password number " + std::to_string(10000 + i));
    }
    EXPECT_EQ(secrets.conceal("password of now", 1000), "[secret]");
}

TEST(Secrets, TheLatestAreKept) {
    Secrets secrets;
    for (int i = 0; i < 20; ++i) {
        secrets.add("token-number-" + std::to_string(100 + i) + "-of-nws");
        secrets.add("token-number-" + std::to_string(100 + i) + "-of-nws");
    }
    EXPECT_EQ(secrets.conceal("<token-number-119-of-nws>", 100), "<[secret]>");
    EXPECT_EQ(secrets.conceal("<token-number-112-of-nws>", 100), "<[secret]>") << "rotated away, still known";
}

TEST(Secrets, AreNotCutInHalvesAtTheEnd) {
    for (size_t before = 0; before < 2300; ++before) {
        std::string left = conceal("hunter2", std::string(before, '.') + "hunter2" + std::string(3000, 'x'));
        EXPECT_EQ(left.find("hunt"), std::string::npos) << before;
        EXPECT_LE(left.size(), 1000U);
    }
    // Whatever stands before it shrinks, what is cut is not seen.
    std::string many;
    for (int i = 0; i < 400; ++i) many += "hunter2";
    EXPECT_EQ(conceal("hunter2", many), "[secret]");
    // NULs and broken UTF-8 go before anything is looked for.
    EXPECT_EQ(conceal("hunter2", std::string("hun\0ter\xFF"
                                             "2",
                                             9)),
              "[secret]");
}

// Any text, any secret, decoded anyhow: no plain occurrence is left, and nothing goes wrong on the way.
TEST(Secrets, AreGoneFromAnyText) {
    std::mt19937 random(7);
    const std::string characters = "ab%\\u0041&#x=+/ \"\xC3\xA9{}";
    for (int round = 0; round < 3000; ++round) {
        auto draw = [&](size_t length) {
            std::string text;
            for (size_t i = random() % length; i > 0; --i) text += characters[random() % characters.size()];
            return text;
        };
        std::string secret = draw(14), text = draw(200) + secret + draw(200);
        std::string left = conceal(secret, text);
        if (secret.size() < 3 || secret.find_first_of("\xC3\xA9") != std::string::npos) continue;
        EXPECT_EQ(left.find(secret), Secrets::kMark.find(secret)) << text;
    }
}

TEST(TextCoding, KeepsThePlaces) {
    DecodedText coded = unescape(DecodedText::of("a%41\\u00e9&amp;"), false);
    EXPECT_EQ(coded.text, "aA\xC3\xA9&");
    EXPECT_EQ(coded.begin, (std::vector<uint32_t>{0, 1, 4, 4, 10}));
    EXPECT_EQ(coded.end, (std::vector<uint32_t>{1, 4, 10, 10, 15}));
    for (const char* broken : {"%", "%4", "%4g", "\\", "&", "&#", "&#;", "&#x;", "&#12", "&nosuch;", "&#1a;"})
        EXPECT_EQ(unescape(DecodedText::of(broken), false).text, broken);
    EXPECT_EQ(decode_hex(DecodedText::of("414243"), 0, 4).text, std::string("ABC\0", 4));
    EXPECT_EQ(decode_base64(DecodedText::of("QUJD"), 0, 4).text, std::string("ABC\0", 4));
    EXPECT_EQ(decode_base64(DecodedText::of("QUJD"), 0, 5).text, "") << "too short a run";
}

}  // namespace
}  // namespace gpsync::relay

// What holds for every policy and every document: random ones of both, with a fixed seed.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/json_writer.hpp"
#include "core/pii/base64.hpp"
#include "core/pii/document/scrubber.hpp"

namespace gpsync::core::pii {
namespace {

// Without those that may only be removed.
constexpr const char* kDetectors[] = {
    "pan",        "device_pan", "iban",        "email",    "phone",      "person_name", "address",
    "birth_date", "ssn",        "ip",          "mac",      "imei",       "jwt",         "account",
    "passport",   "expiry",     "national_id", "password", "api_secret", "private_key"};
constexpr const char* kActions[] = {"pass", "mask", "tokenize", "encrypt", "hash", "remove"};
constexpr const char* kValues[] = {"4111111111111111",
                                   "4111 1111 1111 1111",
                                   "5555-5555-5555-4444",
                                   "378282246310005",
                                   "\xef\xbc\x94\xef\xbc\x91\xef\xbc\x91\xef\xbc\x91 1111 1111 1111",
                                   ";4111111111111111=27121010000?",
                                   "DE89 3704 0044 0532 0130 00",
                                   "joe@example.com",
                                   "m\xc3\xbcller@example.de",
                                   "+49 30 901820",
                                   "(415) 555-0132",
                                   "123-45-6789",
                                   "203.0.113.7",
                                   "2001:db8::1",
                                   "00:1a:2b:3c:4d:5e",
                                   "Joe Doe",
                                   "1 Main Street",
                                   "1980-02-03",
                                   "123",
                                   "12/27",
                                   "12345678",
                                   "C01X00T47",
                                   "490154203237518",
                                   "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqb2VAZXhhbXBsZS5jb20ifQ.c2ln",
                                   "390.533.447-05",
                                   "S1234567D",
                                   "Server=db;Password=hunter2;Secret=a1b2c3d4e5",
                                   "Authorization: Bearer abcd-efgh",
                                   "Cookie: sid=a1b2c3d4e5; theme=dark",
                                   "joe (at) example dot com",
                                   "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
                                   "glpat-abcdefghij_klmnop-qrst",
                                   "DE 89 370400440532013000",
                                   "4111111111111111.00",
                                   "gpsync:h1:k1:AAAA:AAAAAAAAAAAAAAAAAAAAAA",
                                   "[removed]",
                                   "************1111",
                                   "ACTIVE",
                                   "order 17 of 2026-11-22",
                                   "0b6ad4a4-6a3c-4d12-9d8f-55bbbb2f1c11",
                                   ""};
constexpr const char* kKeys[] = {
    "pan",  "email", "firstName",       "address",          "phone",     "cvv",      "note", "id",
    "data", "dpan",  "token",           "customer",         "value",     "name",     "ip",   "account",
    "dob",  "exp",   "joe@example.com", "4111111111111111", "[removed]", "merchant", "ssn",  "password"};

// Not what a key is replaced by: a rule on "[removed]" would find those.
constexpr const char* kRuleKeys[] = {"pan",  "email",    "phone", "note",    "data",
                                     "dpan", "customer", "name",  "account", "dob"};

class Random {
  public:
    explicit Random(unsigned seed) : engine_(seed) {}
    size_t below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(engine_); }
    bool one_in(size_t n) { return below(n) == 0; }
    template <size_t N>
    const char* pick(const char* const (&from)[N]) {
        return from[below(N)];
    }

  private:
    std::mt19937 engine_;
};

std::string in_quotes(std::string_view text) {
    HeapBuffer out;
    append_json_string(out, text);
    return std::string(out.view());
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (char c : text) {
        static constexpr char kHex[] = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
    return out;
}

std::string random_policy(Random& random) {
    std::string rules;
    for (size_t i = random.below(6); i-- > 0;) {
        std::string rule;
        if (random.one_in(4)) rule += R"("key":)" + in_quotes(random.pick(kRuleKeys)) + ',';
        if (random.one_in(6)) rule += random.one_in(2) ? R"("path":"$.data.**",)" : R"("path":"$.*[*]",)";
        if (random.one_in(8))
            rule += R"("pattern":"[a-z]+@[a-z]+","name":"mine",)";
        else if (rule.empty() || !random.one_in(3))
            rule += R"("detector":[")" + std::string(random.pick(kDetectors)) + "\",\"" +
                    random.pick(kDetectors) + "\"],";
        rules += (rules.empty() ? "{" : ",{") + rule + R"("action":")" + random.pick(kActions) + "\"}";
    }
    const char* extends = random.one_in(3) ? "null" : R"("payments@1")";
    return std::string(R"({"extends":)") + extends + R"(,"rules":[)" + rules + "]}";
}

std::string random_text(Random& random) {
    std::string text = random.pick(kValues);
    for (size_t i = random.below(3); i-- > 0;)
        text += std::string(random.one_in(2) ? ", " : " ") + random.pick(kValues);
    return text;
}

std::string random_value(Random& random, int depth);

std::string random_object(Random& random, int depth) {
    std::string out = "{";
    for (size_t i = 0, n = 1 + random.below(5); i < n; ++i) {
        // Numbered, so that no two keys of an object are equal.
        const std::string key =
            random.pick(kKeys) + (random.one_in(2) ? std::string() : '_' + std::to_string(i));
        if (out.find(in_quotes(key) + ':') != std::string::npos) continue;
        if (out.size() > 1) out += ',';
        out += in_quotes(key) + ':' + random_value(random, depth);
    }
    return out + '}';
}

std::string random_value(Random& random, int depth) {
    if (depth > 0 && random.one_in(3)) return random_object(random, depth - 1);
    if (depth > 0 && random.one_in(5))
        return '[' + random_value(random, depth - 1) + ',' + random_value(random, depth - 1) + ']';
    std::string text = random_text(random);
    if (depth > 0 && random.one_in(4)) text = random_object(random, depth - 1);
    if (random.one_in(6)) text = base64_encode(text, Base64Alphabet::kStandard, true);
    if (random.one_in(6)) text = "x=" + percent_encoded(text);
    if (random.one_in(10)) return random.one_in(2) ? "4111111111111111" : "1.50";
    return in_quotes(text);
}

std::string scrubbed(Scrubber& scrubber, const std::string& document) {
    const Verdict verdict = scrubber.json_text(document);
    EXPECT_NE(verdict, Verdict::kError) << document << scrubber.status().message;
    return verdict == Verdict::kReplace ? std::string(scrubber.replacement()) : document;
}

constexpr std::string_view kAfter = R"(,"after":{"x":0.10,"y":"ok"}})";

TEST(PiiProperty, WhatComesOutHoldsNothingAndStays) {
    KeyRing keys;
    ASSERT_TRUE(
        KeyRing::parse("gpsync-keys 1\nkey k1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", keys).ok());
    Random random(20261123);
    for (int p = 0; p < 100; ++p) {
        const std::string rules = random_policy(random);
        Policy policy;
        ASSERT_TRUE(parse_policy("random@1", rules, nullptr, policy).ok()) << rules;
        Scrubber scrubber(policy, &keys, Mode::kScrub), tester(policy, &keys, Mode::kTest);
        for (int d = 0; d < 30; ++d) {
            const std::string document =
                R"({"before":1.50,"document":)" + random_object(random, 3) + std::string(kAfter);
            const std::string once = scrubbed(scrubber, document);
            ASSERT_EQ(scrubbed(scrubber, once), once) << rules << '\n' << document;
            ASSERT_NE(tester.json_text(once), Verdict::kError);
            ASSERT_FALSE(tester.found()) << rules << '\n' << document << '\n' << once;
            ASSERT_NE(tester.json_text(document), Verdict::kError);
            ASSERT_EQ(tester.found(), once != document) << rules << '\n' << document << '\n' << once;
            // What stands beside stays to the byte.
            ASSERT_EQ(once.rfind(R"({"before":1.50,)", 0), 0u) << once;
            ASSERT_EQ(once.substr(once.size() - kAfter.size()), kAfter) << once;
        }
    }
}

}  // namespace
}  // namespace gpsync::core::pii

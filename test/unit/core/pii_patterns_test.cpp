// A policy's own patterns and names reach as far as the built-in detectors; equal values have equal hashes.
#include <chrono>

#include "core/pii/base64.hpp"
#include "core/pii/protect/canonical.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string document(std::string_view value) {
    return R"({"t":)" + in_quotes(value) + '}';
}

TEST(PiiPatterns, ReachDecodedAndFoldedText) {
    const Policy policy = policy_of(
        R"([{"pattern":"CUST-[0-9]{6}","action":"remove","name":"customer"},
            {"pattern":"k/[a-z]+/[0-9]+","action":"remove"}])");
    for (const char* text :
         {"CUST-123456", "see CUST%2D123456 now", "a=1&ref=CUST%2d123456", "CUST%252D123456",
          "say \\u0043UST-123456", "k\\/abc\\/17", "ＣＵＳＴ－１２３４５６", "CU\u200bST-123456",
          "CUST\u2013123456", "CUST-١٢٣٤٥٦", "{\"a\":\"CUST-123456\"}", "{\\\"a\\\":\\\"CUST-123456\\\"}"}) {
        const std::string out = scrubbed_twice(document(text), policy);
        EXPECT_EQ(out.find("123456"), std::string::npos) << out;
        EXPECT_NE(out, document(text)) << text;
        EXPECT_NE(found_in(document(text), policy), "") << text;
    }
    EXPECT_EQ(scrubbed_twice(document("a CUST%2D123456 b"), policy), document("a [removed] b"));
    EXPECT_EQ(scrubbed_twice(document("ａ CUST－123456 é"), policy), document("ａ [removed] é"));
    const std::string coded = base64_encode("id CUST%2D123456 ok", Base64Alphabet::kStandard, true);
    EXPECT_EQ(scrubbed_twice(document("x " + coded), policy),
              document("x " + base64_encode("id [removed] ok", Base64Alphabet::kStandard, true)));
    EXPECT_EQ(scrubbed_twice(R"({"CUST%2D123456":1,"ＣUST-123456":2})", policy),
              R"({"[removed]":1,"[removed]~2":2})");
    // Nothing that the pattern does not match.
    for (const char* text : {"CUST-12345", "CUST 123456", "CUST%2E123456", "KUST-123456"})
        EXPECT_FALSE(has_pii(document(text), policy)) << text;
}

TEST(PiiPatterns, AMatchOfTheirOwnMarkIsNone) {
    const KeyRing keys = some_keys();
    constexpr const char* kPatterns[] = {"[A-Z*]+",
                                         R"(\\[removed\\])",
                                         "removed",
                                         "[a-z]+",
                                         R"(\\S+)",
                                         ".",
                                         ".+",
                                         R"([^ ]{3,})",
                                         "[0-9*]+",
                                         R"(\\[[a-z]*)",
                                         R"(\\w+\\])",
                                         "gpsync",
                                         "[A-Za-z0-9_-]{12,}",
                                         R"(\\s+)",
                                         "e",
                                         R"(\\[.*\\])",
                                         "h1:k1"};
    constexpr const char* kTexts[] = {
        "ABC def 123 [removed] x", "[removed]", "***", "a[removed]b", "AB12CD34 removed ok",
        "mail a@b.io of CUSTOMER", "x"};
    for (const char* pattern : kPatterns)
        for (const char* action : {"remove", "mask", "hash", "encrypt", "tokenize", "pass"}) {
            const Policy policy = policy_of(std::string(R"([{"pattern":")") + pattern + R"(","action":")" +
                                            action + R"("},{"detector":"email","action":"hash"}])");
            for (const char* text : kTexts) {
                const std::string once = scrubbed(document(text), policy, &keys);
                EXPECT_EQ(scrubbed(once, policy, &keys), once) << pattern << ' ' << action << ' ' << text;
                EXPECT_FALSE(has_pii(once, policy, &keys)) << pattern << ' ' << action << ' ' << once;
            }
        }
    const Policy policy = policy_of(R"([{"pattern":"[a-z]+","action":"remove"}])");
    EXPECT_EQ(scrubbed_twice(R"({"7":"A [removed] 7"})", policy), R"({"7":"A [removed] 7"})");
}

TEST(PiiPatterns, TheirWorkIsBounded) {
    // Each match is known only when all that follows was read.
    const Policy policy = policy_of(R"({"extends":null,"rules":[{"pattern":"a(.*b)?","action":"remove"}]})");
    const auto started = std::chrono::steady_clock::now();
    const std::string out = scrubbed_twice(document(std::string(400000, 'a') + 'c'), policy);
    EXPECT_EQ(out, "{}");
    EXPECT_NE(found_in(document(std::string(400000, 'a') + 'c'), policy).find("embedded"), std::string::npos);
    EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(20));
    // What a text ordinarily has of matches is not bounded: one every 80 bytes of a megabyte, and long ones.
    const Policy mine = policy_of(
        R"([{"pattern":"CUST-[0-9]+","action":"remove"},{"pattern":"<x>[^<]*</x>","action":"remove"}])");
    std::string line =
                    "2026 customer CUST-4711 seen, all well with the delivery of what was ordered, no more\n",
                text;
    for (int i = 0; i < 3000; ++i) text += line;
    const std::string left = scrubbed(document(text), mine);
    EXPECT_EQ(left.find("4711"), std::string::npos);
    EXPECT_NE(left.find("all well"), std::string::npos);
    EXPECT_EQ(scrubbed(document("a <x>" + std::string(100000, '.') + "</x> b"), mine),
              document("a [removed] b"));
}

TEST(PiiRulesByName, ReachMembersOfForms) {
    const Policy policy =
        policy_of(R"([{"key":"lastName","action":"mask"},{"key":"internalNote","action":"remove"},
        {"key":"contact","detector":"phone","action":"pass"},{"key":"ticket","pattern":"[0-9]{3,}","action":"mask"}])");
    const auto form = [&policy](std::string_view text) {
        const std::string out = scrubbed_twice(document(text), policy);
        return out.substr(6, out.size() - 8);
    };
    EXPECT_EQ(form("a=1&lastName=Doe&x=2"), "a=1&lastName=***&x=2");
    EXPECT_EQ(form("a=1&last_name=M%C3%BCller+L&x=2"), "a=1&last_name=******%20*&x=2");
    EXPECT_EQ(form("https://x.io/p?internal-note=hello+world&y=1"),
              "https://x.io/p?internal-note=[removed]&y=1");
    EXPECT_EQ(form("contact=%2B49+30+901820&phone=%2B49+30+901820"),
              "contact=%2B49+30+901820&phone=[removed]");
    EXPECT_EQ(form("n=1&ticket=ab+12345"), "n=1&ticket=ab%20*****");
    EXPECT_EQ(form("a=1&internalNote=&b=2"), "a=1&internalNote=&b=2");
    EXPECT_EQ(form("a=1&cvv=123&lastName=x"), "a=1&cvv=[removed]&lastName=*");
    EXPECT_EQ(form("a=1&b=2"), "a=1&b=2");
    const Policy card = policy_of(R"([{"key":"card","action":"mask"}])");
    EXPECT_EQ(scrubbed_twice(document("a=1&card=cvv%3A+123+ok"), card),
              document("a=1&card=***:%20[*******]%20**"));
}

TEST(PiiRulesByName, ReachValuesBesideTheirLabel) {
    const Policy policy = policy_of(
        R"([{"key":"internalNote","action":"mask"},{"key":"seat","detector":"phone","action":"pass"}])");
    EXPECT_EQ(scrubbed_twice(R"([{"name":"internal_note","value":"so it is"},{"name":"other","value":"so"}])",
                             policy),
              R"([{"name":"internal_note","value":"** ** **"},{"name":"other","value":"so"}])");
    EXPECT_EQ(scrubbed_twice(R"({"key":"InternalNote","value":{"a":"b","n":1}})", policy),
              R"({"key":"InternalNote","value":{"a":"*","n":"*"}})");
    EXPECT_EQ(scrubbed_twice(R"({"code":"internal-note","values":["ab",7]})", policy),
              R"({"code":"internal-note","values":["**","*"]})");
    EXPECT_EQ(
        scrubbed_twice(R"([{"name":"seat","value":"+49 30 901820"},{"name":"x","value":"+49 30 901820"}])",
                       policy),
        R"([{"name":"seat","value":"+49 30 901820"},{"name":"x"}])");
}

TEST(PiiHash, EqualValuesHaveEqualHashesHoweverTheyAreWritten) {
    const KeyRing keys = some_keys();
    struct Pair {
        const char *detector, *name, *one, *other;
    };
    constexpr Pair kEqual[] = {{"phone", "phone", "+49 30 901820", "0049-30-901820"},
                               {"phone", "phone", "+49 (0)30 901820", "+4930901820"},
                               {"phone", "phone", "＋４９ ３０ ９０１８２０", "+49 30 901820"},
                               {"phone", "phone", "(415) 555-0123", "415.555.0123"},
                               {"pan", "x", "4111 1111 1111 1111", "4111-1111-1111-1111"},
                               {"pan", "x", "４１１１１１１１１１１１１１１１", "4111111111111111"},
                               {"iban", "x", "DE89 3704 0044 0532 0130 00", "de89370400440532013000"},
                               {"iban", "x", "GB82WEST12345698765432", "GB82-WEST-1234-5698-7654-32"},
                               {"email", "x", "Joe.Doe@Example.COM", "joe.doe@example.com"},
                               {"email", "x", "ｊoe@example.com", "JOE@example.com"},
                               {"ssn", "ssn", "219-09-9999", "219 09 9999"},
                               {"nino", "nino", "AB 12 34 56 C", "ab123456c"},
                               {"mac", "x", "00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E"},
                               {"ip", "ip", "2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
                               {"person_name", "firstName", "JÜRGEN", "jürgen"},
                               {"person_name", "fullName", "Jean-Luc  Straße", "jean luc STRASSE"},
                               {"person_name", "fullName", "ИВАН", "иван"},
                               {"address", "street", "1 Main St.", "1 MAIN ST"},
                               {"passport", "passport", "C01 X00 T47", "c01x00t47"}};
    const auto hashed = [&keys](const char* detector, const char* name, const char* value) {
        const Policy policy =
            policy_of(std::string(R"([{"detector":")") + detector + R"(","action":"hash"}])");
        const std::string out =
            scrubbed_twice('{' + in_quotes(name) + ':' + in_quotes(value) + '}', policy, &keys);
        EXPECT_NE(out.find("\"gpsync:h1:k1:"), std::string::npos) << value << ' ' << out;
        return out;
    };
    const Policy by_key = policy_of(R"([{"key":["ref"],"action":"hash"}])");
    const auto hashed_by_key = [&](const char* value) {
        return scrubbed_twice(R"({"ref":)" + in_quotes(value) + '}', by_key, &keys);
    };
    for (const Pair& pair : kEqual) {
        EXPECT_EQ(hashed(pair.detector, pair.name, pair.one), hashed(pair.detector, pair.name, pair.other))
            << pair.one;
        if (std::string_view(pair.other) != "1 MAIN ST") {
            EXPECT_EQ(hashed_by_key(pair.one), hashed_by_key(pair.other)) << pair.one;
        }
    }
    // Also where they are coded.
    const Policy mail = policy_of(R"([{"detector":"email","action":"hash"}])");
    const std::string plain = scrubbed(document("a=b&m=joe@x.io"), mail, &keys);
    EXPECT_EQ(scrubbed(document("a=b&m=Joe%40x.io"), mail, &keys), plain);
    // Different values have different hashes.
    constexpr Pair kDifferent[] = {
        {"person_name", "firstName", "Müller", "Möller"},  {"person_name", "firstName", "A翔太", "A健太"},
        {"person_name", "firstName", "Иван", "Иваа"},      {"email", "x", "jo.e@x.io", "joe@x.io"},
        {"phone", "phone", "+49 30 901820", "030 901820"}, {"password", "password", "Secret1x", "secret1x"}};
    for (const Pair& pair : kDifferent)
        EXPECT_NE(hashed(pair.detector, pair.name, pair.one), hashed(pair.detector, pair.name, pair.other))
            << pair.one;
    EXPECT_NE(hashed_by_key("1.5"), hashed_by_key("15"));
    EXPECT_NE(hashed_by_key("-5"), hashed_by_key("5"));
    EXPECT_NE(hashed_by_key("!"), hashed_by_key("?"));
}

TEST(PiiTokens, OpenToTheValue) {
    const KeyRing keys = some_keys();
    for (const auto& [detector, name, value] :
         std::initializer_list<std::array<const char*, 3>>{{"person_name", "firstName", "Jürgen Müller"},
                                                           {"person_name", "firstName", "A 翔太"},
                                                           {"email", "x", "Joe@x.io"},
                                                           {"address", "street", "1 Main St."}}) {
        const Policy policy =
            policy_of(std::string(R"([{"detector":")") + detector + R"(","action":"tokenize"}])");
        const std::string out =
            scrubbed_twice('{' + in_quotes(name) + ':' + in_quotes(value) + '}', policy, &keys);
        const size_t begin = out.find("gpsync:t1:");
        ASSERT_NE(begin, std::string::npos) << out;
        std::string plain;
        ASSERT_TRUE(
            open_token_envelope(out.substr(begin, out.size() - begin - 2), detector, &keys, plain).ok());
        EXPECT_EQ(plain, value);
    }
}

}  // namespace
}  // namespace gpsync::core::pii

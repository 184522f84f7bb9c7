// Rules over whole values: what they may not keep, and what a mask shows.
#include <algorithm>
#include <array>

#include <re2/re2.h>

#include "core/pii/names/name_class.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

constexpr const char* kKeepingActions[] = {"pass", "mask", "tokenize", "encrypt", "hash"};

TEST(PiiVerificationData, ARuleThatNamesItIsRefused) {
    for (const char* action : kKeepingActions)
        for (const char* where :
             {R"("key":"cvv")", R"("key":["note","PIN_block"])", R"("key":"track-2-data")",
              R"("path":"$.card.securityCode")", R"("path":"$.**.cryptogram[*]")",
              R"("path":["$.a.b","$.payment.cvc2.*"])", R"("detector":"pin")",
              R"("key":"cardCvv","pattern":"[0-9]+")", R"("detector":["email","track"])"}) {
            Policy policy;
            const std::string rules = std::string("[{") + where + R"(,"action":")" + action + "\"}]";
            const Status status = parse_policy("p@1", rules, nullptr, policy);
            EXPECT_FALSE(status.ok()) << rules;
            EXPECT_NE(status.message.find("can only be removed"), std::string::npos) << rules;
            EXPECT_NE(status.detail.find("PCI DSS 3.3.1"), std::string::npos) << status.detail;
            EXPECT_TRUE(parse_policy("p@1", rules, nullptr, policy, PolicyUse::kLoad).ok() ||
                        rules.find("detector") != std::string::npos);
        }
    for (const char* rules :
         {R"([{"key":"cvv","action":"remove"}])", R"([{"path":"$.pin","action":"remove"}])",
          R"([{"key":"cvvResult","action":"pass"}])", R"([{"path":"$.cvv.result","action":"pass"}])",
          R"([{"key":"cvv","detector":"pan","action":"tokenize"}])",
          R"([{"key":"pinTryCounter","action":"pass"}])", R"([{"path":"$.card.**","action":"encrypt"}])"})
        (void)policy_of(rules);
}

TEST(PiiVerificationData, NoRuleOverAValueThatHasItKeepsIt) {
    const KeyRing keys = some_keys();
    constexpr const char* kDocuments[] = {
        R"({"card":{"holder":"x","cvv":"739","PIN":4821,"pinBlock":"1A2B3C4D5E6F7081","n":5}})",
        R"({"card":"{\"cvc2\":\"739\",\"ok\":\"yes\"}"})",
        R"({"card":"track ;4111111111111111=27121010000? read"})",
        R"({"card":["%B4111111111111111^DOE/JOE^2712101000000000?",{"cryptogram":"AgAAAAAAAIR8CQrXcIhbQAAAAAA="}]})",
        R"({"card":"cvv: 739 given"})",
        R"({"card":"eyJjdnYiOiI3MzkiLCJhIjoiYiJ9"})",
        R"({"card":{"note":"a%3D1%26pin%3D4821"}})"};
    for (const char* action : kKeepingActions)
        for (const char* where : {R"("key":"card")", R"("path":"$.card.**")", R"("path":"$.**")"})
            for (const char* base : {"null", R"("payments@1")"}) {
                const Policy policy = policy_of(std::string(R"({"extends":)") + base + R"(,"rules":[{)" +
                                                where + R"(,"action":")" + action + "\"}]}");
                Scrubber finder(Policy::verification_data(), nullptr, Mode::kFind);
                for (const char* document : kDocuments) {
                    const std::string once = scrubbed_twice(document, policy, &keys);
                    EXPECT_EQ(found_in(once, Policy::verification_data()), "") << action << ' ' << once;
                    // An envelope has whatever digits chance puts into it.
                    static const re2::RE2 kEnvelope("gpsync:[a-z][0-9]:[A-Za-z0-9_:-]*");
                    std::string legible = once;
                    re2::RE2::GlobalReplace(&legible, kEnvelope, "");
                    for (const char* secret : {"739", "4821", "1A2B3C", "27121010", "AgAAAAAAAIR8"})
                        EXPECT_EQ(legible.find(secret), std::string::npos) << action << ' ' << once;
                }
            }
}

TEST(PiiVerificationData, TheRuleDecidesOverTheRest) {
    const KeyRing keys = some_keys();
    const Policy mask = policy_of(R"([{"key":"card","action":"mask"}])");
    EXPECT_EQ(scrubbed_twice(R"({"card":{"cvv":"123","holder":"ab"},"x":1})", mask),
              R"({"card":{"holder":"**"},"x":1})");
    EXPECT_EQ(found_in(R"({"card":"cvv 123 ok"})", mask), "$.card cvv remove\n$.card custom mask\n");
    // The same text, with and without what may not be kept, has one hash.
    const Policy hash = policy_of(R"([{"key":"card","action":"hash"}])");
    EXPECT_EQ(scrubbed(R"({"card":"{\"cvv\":\"123\",\"a\":1}"})", hash, &keys),
              scrubbed(R"({"card":"{\"a\":1}"})", hash, &keys));
    // What a rule may keep, it keeps.
    const Policy pass = policy_of(R"([{"key":"card","action":"pass"}])");
    EXPECT_EQ(scrubbed(R"({"card":{"holder":"Joe","cvv":"123","email":"a@b.io"}})", pass),
              R"({"card":{"holder":"Joe","email":"a@b.io"}})");
}

TEST(PiiVerificationData, AnOldPolicyThatKeptItRemovesIt) {
    const Policy old =
        policy_of(R"([{"key":"cvv","action":"mask"},{"path":"$.pin","action":"pass"}])", PolicyUse::kLoad);
    EXPECT_EQ(scrubbed_twice(R"({"cvv":"123","pin":"4821","a":1})", old), R"({"a":1})");
}

TEST(PiiVerificationData, GoesUnderAPolicyWithoutABase) {
    const Policy mine = policy_of(R"({"extends":null,"rules":[{"detector":"email","action":"remove"}]})");
    EXPECT_EQ(scrubbed_twice(R"({"cvv":"123","pan":"4111111111111111","mail":"a@b.io"})", mine),
              R"({"pan":"4111111111111111"})");
    // One without any rule reads nothing.
    const char* text = R"({"cvv":"123"})";
    EXPECT_EQ(scrubbed(text, policy_of(R"({"extends":null})")), text);
}

TEST(PiiMask, ShowsTheEndOfNumbersAlone) {
    const Policy policy = policy_of(R"([{"path":"$.**","action":"mask"}])");
    const auto masked = [&policy](std::string_view name, std::string_view value) {
        const std::string text = scrubbed_twice('{' + in_quotes(name) + ':' + in_quotes(value) + '}', policy);
        return text.substr(text.find(':') + 2, text.size() - text.find(':') - 4);
    };
    EXPECT_EQ(masked("ref", "12345678"), "****5678");
    EXPECT_EQ(masked("ref", "1234 5678-90"), "**** **78-90");
    EXPECT_EQ(masked("iban", "DE89 3704 0044 0532 0130 00"), "**** **** **** **** **30 00");
    EXPECT_EQ(masked("ref", "1234567"), "*******");
    EXPECT_EQ(masked("ref", "AB-1234-CD"), "**-****-**");
    EXPECT_EQ(masked("ref", "abcdefghijkl"), "************");
    EXPECT_EQ(masked("ref", "k8f2n4x7q1z9w3"), "**************");
    for (const auto& [name, value] :
         std::initializer_list<std::pair<const char*, const char*>>{{"password", "1234567890"},
                                                                    {"apiKey", "99887766554433221100"},
                                                                    {"secret", "12345678"},
                                                                    {"firstName", "Annabella"},
                                                                    {"email", "12345678901@example.com"},
                                                                    {"contact", "12345678901@b.io"},
                                                                    {"dateOfBirth", "1980-02-03"},
                                                                    {"dateOfBirth", "19800203"},
                                                                    {"seen", "1980-02-03"},
                                                                    {"seen", "03.02.1980"},
                                                                    {"seen", "1980-02-03T04:05:06Z"},
                                                                    {"street", "12345678"},
                                                                    {"customerName", "12345678"},
                                                                    {"peer", "192.168.100.200"},
                                                                    {"clientIp", "192.168.100.200"},
                                                                    {"ref", "AKIAIOSFODNN7EXAMPLE"},
                                                                    {"ref", "1234 Main Street 56789"}}) {
        const std::string mask = masked(name, value);
        EXPECT_TRUE(std::none_of(mask.begin(), mask.end(), is_word)) << name << ' ' << mask;
    }
}

TEST(PiiMask, AMaskIsAMaskInEveryScript) {
    const Policy policy = policy_of(R"([{"key":"x","action":"mask"}])");
    constexpr const char* kTexts[] = {"Jörg Müller-Lüdenscheidt",
                                      "翔太 佐藤",
                                      "王小明王小明王小明",
                                      "김철수",
                                      "สมชาย ใจดี",
                                      "សុខា",
                                      "Иван Иванович",
                                      "Αλέξανδρος",
                                      "محمد بن سلمان",
                                      "דוד כהן",
                                      "देवनागरी नाम",
                                      "👩‍👩‍👧‍👦 family",
                                      "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301",
                                      "４１１１１１１１１１１１１１１１",
                                      "٠١٢٣٤٥٦٧٨٩٠",
                                      "№ 12345678",
                                      "Zoë-12345678",
                                      "\u200b1\u200b2\u200b3\u200b45678",
                                      "東京都千代田区1-2-3",
                                      "ßßßßßßßßß",
                                      "a",
                                      "é",
                                      "👍",
                                      "Ａｂｃ１２３４５６７８"};
    for (const char* text : kTexts) {
        std::string once, twice;
        mask(text, true, once);
        EXPECT_TRUE(is_masked(once)) << once;
        mask(once, true, twice);
        EXPECT_EQ(twice, once);
        EXPECT_FALSE(is_masked(text)) << text;
        for (const char* name :
             {"x", "firstName", "city", "deviceName", "password", "accountNumber", "email"}) {
            const std::string rules = std::string(R"([{"key":")") + name + R"(","action":"mask"}])";
            const std::string document = "{\"" + std::string(name) + "\":" + in_quotes(text) + '}';
            const std::string out = scrubbed_twice(document, policy_of(rules));
            EXPECT_NE(out, document);
            // The mask is none for the policy that checks what is stored, either.
            EXPECT_FALSE(has_pii(out)) << out;
        }
    }
    EXPECT_FALSE(is_masked("*abcd"));
    EXPECT_FALSE(is_masked("*王小明王"));
    EXPECT_TRUE(is_masked("***1234"));
}

// Values of every script under names of every kind: whatever the action, what comes out is no PII, and stays.
TEST(PiiProperty, ScriptsDetectorsActionsNames) {
    const KeyRing keys = some_keys();
    constexpr const char* kNames[] = {"firstName",  "city",     "email", "phone", "accountNumber",
                                      "pan",        "note",     "dob",   "cvv",   "passport",
                                      "deviceName", "password", "iban",  "expiry"};
    constexpr const char* kValues[] = {"Zoë Müller-Straße",
                                       "翔太",
                                       "佐藤 12345678",
                                       "김철수 +82 10 1234 5678",
                                       "สมชาย 1-2345-67890-12-1",
                                       "សុខា",
                                       "Иван 4111111111111111",
                                       "محمد ١٢٣٤٥٦٧٨٩",
                                       "josé@exämple.de",
                                       "👩‍👩‍👧 joe@x.io",
                                       "4111 1111 1111 1111",
                                       "１２/２７",
                                       "DE89 3704 0044 0532 0130 00",
                                       "e\u0301ric 12",
                                       "C01X00T47",
                                       "12345678901234567890",
                                       "*abc",
                                       "****",
                                       "1980-02-03",
                                       "[removed] 王",
                                       "\u200b739\u200b",
                                       "%C3%A9 12345678"};
    constexpr const char* kDetectors[] = {"pan",          "person_name", "address",  "email",
                                          "phone",        "account",     "expiry",   "birth_date",
                                          "device_owner", "iban",        "passport", "password"};
    for (const char* action : {"pass", "mask", "tokenize", "encrypt", "hash", "remove"})
        for (const bool by_detector : {true, false})
            for (size_t pick = 0; pick < std::size(kNames); ++pick) {
                if (!by_detector && info(classify_name(kNames[pick], {}).subject).only_remove) continue;
                const std::string where =
                    by_detector ? std::string(R"("detector":")") + kDetectors[pick % std::size(kDetectors)]
                                : std::string(R"("key":")") + kNames[pick];
                const Policy policy = policy_of("[{" + where + R"(","action":")" + action + "\"}]");
                for (const char* name : kNames)
                    for (const char* value : kValues)
                        (void)scrubbed_twice("{\"a\":[{" + in_quotes(name) + ':' + in_quotes(value) + "}]}",
                                             policy, &keys);
            }
}

TEST(PiiKeyRules, ReachNamesInTexts) {
    const Policy policy = policy_of(R"([{"key": "ourRemark", "action": "remove"}])");
    const auto kept = [&](std::string_view text) {
        return scrubbed_twice("{\"note\": " + in_quotes(text) + "}", policy);
    };
    EXPECT_EQ(kept("ourRemark=okapi"), R"({"note": "ourRemark=[removed]"})");
    EXPECT_EQ(kept("a=1 our_remark=okapi b=2"), R"({"note": "a=1 our_remark=[removed] b=2"})");
    EXPECT_EQ(kept("<ourRemark>a+b okapi</ourRemark>"), R"({"note": "<ourRemark>[removed]</ourRemark>"})");
    EXPECT_EQ(kept("ourRemark: okapi\nid: 7"), R"({"note": "ourRemark: [removed]\nid: 7"})");
    EXPECT_EQ(kept("id,ourRemark\n1,okapi\n2,gnu\n"),
              R"({"note": "id,ourRemark\n1,[removed]\n2,[removed]\n"})");
    EXPECT_EQ(kept("remark=okapi"), R"({"note": "remark=okapi"})");
    EXPECT_EQ(scrubbed_twice(R"({"op": "add", "path": "/x/ourRemark", "value": "okapi"})", policy),
              R"({"op": "add", "path": "/x/ourRemark"})");
    const Policy masked = policy_of(R"([{"key": "ourRemark", "action": "mask"}])");
    EXPECT_EQ(scrubbed("{\"note\": \"x=1 ourRemark=a+b y=2\"}", masked),
              "{\"note\": \"x=1 ourRemark=*+* y=2\"}");
}

TEST(PiiVerificationData, TagsAndFieldsOfVerificationDataAreOnlyRemoved) {
    for (const char* name : {"9F26", "9f26", "DE52", "field35"}) {
        Policy policy;
        const std::string rule = std::string(R"([{"key": ")") + name + R"(", "action": "mask"}])";
        EXPECT_FALSE(parse_policy("t@1", rule, nullptr, policy, PolicyUse::kDefine).ok()) << name;
    }
    for (const char* name : {"9F36", "DE11", "5F24"})
        (void)policy_of(std::string(R"([{"key": ")") + name + R"(", "action": "mask"}])");
}

// Under the name of their kind such values need not be looked for, unless something else is to become of
// them.
TEST(PiiRules, ValuesThatAreNothingElseBecomeWhatTheirKindDoes) {
    struct Value {
        const char *name, *value, *detector;
    };
    for (const Value& v :
         {Value{"email", "joe.roe+a@mail.example.com", "email"}, Value{"phone", "+49 30 901820", "phone"},
          Value{"phone", "030-901820", "phone"}, Value{"cardNumber", "4111 1111 1111 1111", "pan"},
          Value{"cardNumber", "4111111111111111", "pan"}, Value{"ssn", "219-09-9999", "ssn"}}) {
        const std::string member = std::string("\"") + v.name + R"(":")" + v.value + '"';
        expect_scrubbed("{" + member + R"(,"x":1})", R"({"x":1})");
        EXPECT_EQ(found_in("{" + member + "}"), std::string("$.") + v.name + ' ' + v.detector + " remove\n");
        const Policy mask =
            policy_of(std::string(R"([{"detector":")") + v.detector + R"(","action":"mask"}])");
        EXPECT_NE(scrubbed("{" + member + "}", mask).find('*'), std::string::npos) << v.value;
        const Policy pass = policy_of(std::string(R"([{"key":")") + v.name + R"(","action":"pass"}])");
        EXPECT_EQ(scrubbed("{" + member + "}", pass), "{" + member + "}");
    }
    // The card of a token is masked.
    EXPECT_EQ(scrubbed(R"({"dpan":"4111111111111111"})"), R"({"dpan":"************1111"})");
}

}  // namespace
}  // namespace gpsync::core::pii

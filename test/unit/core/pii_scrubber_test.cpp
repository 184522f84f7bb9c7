#include "core/pii/document/scrubber.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <functional>
#include <string>

#include "core/pii/checksums.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiScrub, RemovesMembersElementsAndParts) {
    EXPECT_EQ(scrubbed(R"({"a": 1, "pan": "4111111111111111", "b": 2})"), R"({"a": 1, "b": 2})");
    EXPECT_EQ(scrubbed(R"({"pan": "4111111111111111", "b": 2})"), R"({"b": 2})");
    EXPECT_EQ(scrubbed(R"({"b": 2, "pan": "4111111111111111"})"), R"({"b": 2})");
    EXPECT_EQ(scrubbed(R"({"pan": "4111111111111111", "cvv": "123"})"), "{}");
    EXPECT_EQ(scrubbed(R"({"pan":"4111111111111111","b":1,"cvv":"123","c":2,"email":"a@b.io"})"),
              R"({"b":1,"c":2})");
    EXPECT_EQ(scrubbed(R"(["a@b.io", "x", "c@d.io"])"), R"([null, "x", null])");
    EXPECT_EQ(scrubbed(R"("a@b.io")"), "null");
    EXPECT_EQ(scrubbed("4111111111111111"), "null");
    EXPECT_EQ(scrubbed(R"({"n": "mail a@b.io now"})"), R"({"n": "mail [removed] now"})");
}

TEST(PiiScrub, KeepsEverythingElseByteForByte) {
    for (
        const char* text :
        {R"({ "z" : 1.50e3 , "a":[ ] ,"u":"\u00e9\/x", "n":-0.0, "big": 123456789012345678901234567890, "t":true,)"
         R"("x":null })",
         R"([1,2.5,"a b",{"k":{}}])", "  7 ",
         R"({"createdAt":"2026-11-22T06:11:37.917466Z","id":"123e4567-e89b-12d3-a456-426614174000"})"})
        EXPECT_EQ(scrubbed(text), text);
    EXPECT_EQ(scrubbed(R"({"u":"\u00e9\/x", "email":"a@b.io" , "n":1.50})"),
              R"({"u":"\u00e9\/x" , "n":1.50})");
}

TEST(PiiScrub, EmptyPolicyIsTheIdentity) {
    const char* text =
        R"({"pan":"4111111111111111","n":4111111111111111,"a@b.io":["{\"email\":\"a@b.io\"}"],"cvv":"123"})";
    EXPECT_EQ(scrubbed(text, Policy::none()), text);
    EXPECT_FALSE(has_pii(text, Policy::none()));
    const Policy empty = policy_of(R"({"extends": null, "rules": []})");
    EXPECT_EQ(scrubbed(text, empty), text);
}

TEST(PiiScrub, NullsBooleansAndPlaceholdersAreNoPii) {
    EXPECT_FALSE(has_pii(
        R"({"email":null,"pin":true,"phone":"","firstName":"n/a","cvv":"***","pan":"411111******1111",)"
        R"("ssn":"***-**-6789"})"));
}

TEST(PiiScrub, NumbersCountAsWellAsStrings) {
    EXPECT_EQ(scrubbed(R"({"x":4111111111111111,"y":4111111111111111.5,"z":4111111111111112})"),
              R"({"y":4111111111111111.5,"z":4111111111111112})");
    EXPECT_EQ(scrubbed(R"({"x":4.111111111111111e15})"), "{}");
    EXPECT_EQ(scrubbed(R"({"x":-4111111111111111})"), "{}");
    EXPECT_EQ(scrubbed(R"({"pan":4111111111111111.00,"ssn":123456789.0})"), "{}");
    for (const char* kept :
         {R"({"x":4111111111111111.00})", R"({"pan":4111111111111111.25})", R"({"x":-411111111111111})"})
        EXPECT_EQ(scrubbed(kept), kept);
    EXPECT_EQ(scrubbed(R"({"cvv":123,"zip":94105,"phone":4155550123,"ts":1764000000000})"),
              R"({"ts":1764000000000})");
}

TEST(PiiScrub, KeysHoldPiiToo) {
    EXPECT_EQ(scrubbed(R"({"joe@x.io":1,"jane@x.io":{"k":2},"u:a@b.io":3})"),
              R"({"[removed]":1,"[removed]~2":{"k":2},"u:[removed]":3})");
    EXPECT_EQ(found_in(R"({"a":{"joe@x.io":{"email":"a@b.io"}}})"),
              "$.a.\"[removed]\" email remove\n$.a.\"[removed]\".email email remove\n");
}

TEST(PiiScrub, AMemberThatGoesTakesItsReplacedKeyAlong) {
    EXPECT_EQ(scrubbed(R"({"a@b.io":"c@d.io","n":1})"), R"({"n":1})");
    EXPECT_EQ(scrubbed(R"({"n":1,"a@b.io":"c@d.io"})"), R"({"n":1})");
    EXPECT_EQ(scrubbed(R"({"p":"{\"a@b.io\":\"c@d.io\",\"n\":1}"})"), R"({"p":"{\"n\":1}"})");
}

TEST(PiiScrub, KeysThatAreReplacedStayApartFromOthers) {
    EXPECT_EQ(scrubbed(R"({"[removed]":1,"a@b.io":2,"c@d.io":3,"[removed]~2":4})"),
              R"({"[removed]":1,"[removed]~2":2,"[removed]~3":3,"[removed]~2~2":4})");
    EXPECT_EQ(scrubbed(R"({"a@b.io":2,"[removed]":1})"), R"({"[removed]":2,"[removed]~2":1})");
    const std::string none = R"({"[removed]":2,"[removed]":1,"x":{"[removed]":3}})";
    EXPECT_EQ(scrubbed(none), none);
    const Policy masking = policy_of(R"([{"detector":"pan","action":"mask"}])");
    EXPECT_EQ(scrubbed(R"({"************1111":1,"4111111111111111":2})", masking),
              R"({"************1111":1,"************1111~2":2})");
}

TEST(PiiScrub, DevicePanIsMaskedPanIsRemoved) {
    EXPECT_EQ(scrubbed(R"({"pan":"4111111111111111","dpan":"5204731600014792"})"),
              R"({"dpan":"************4792"})");
    EXPECT_EQ(scrubbed(R"({"tokenInfo":{"pan":"4111 1111 1111 1111"}})"),
              R"({"tokenInfo":{"pan":"**** **** **** 1111"}})");
    EXPECT_EQ(scrubbed(R"({"note":"token 4895370012003478 ok"})"), R"({"note":"token ************3478 ok"})");
    EXPECT_EQ(found_in(R"({"tokenInfo":{"fundingPan":"4111111111111111"}})"),
              "$.tokenInfo.fundingPan pan remove\n");
    EXPECT_EQ(scrubbed(R"({"dpan":4111111111111111})"), R"({"dpan":"************1111"})");
}

TEST(PiiScrub, ParentsAndSiblingsGiveContext) {
    EXPECT_EQ(scrubbed(R"({"address":{"street":"Main St 1","country":"US","verified":true}})"),
              R"({"address":{"country":"US","verified":true}})");
    EXPECT_EQ(scrubbed(R"({"customer":{"name":"Jo"},"product":{"name":"Jo"},"name":"Jo"})"),
              R"({"customer":{},"product":{"name":"Jo"},"name":"Jo"})");
    EXPECT_EQ(scrubbed(R"({"name":{"first":"Jo","last":"X"}})"), R"({"name":{}})");
    EXPECT_EQ(scrubbed(R"({"phones":["4155550123",{"number":"4155550124","type":"home"}]})"),
              R"({"phones":[null,{"type":"home"}]})");
    EXPECT_EQ(scrubbed(R"([{"name":"cardholderName","value":"Jo X"},{"name":"score","value":"7"}])"),
              R"([{"name":"cardholderName"},{"name":"score","value":"7"}])");
    EXPECT_EQ(scrubbed(R"({"card":{"number":"5018000000000000","id":"5018000000000001"}})"),
              R"({"card":{"id":"5018000000000001"}})");
    EXPECT_EQ(scrubbed(R"({"expiry":{"month":12,"year":2027},"tokenInfo":{"expiry":"12/27"}})"),
              R"({"expiry":{},"tokenInfo":{"expiry":"12/27"}})");
}

TEST(PiiScrub, LooksIntoStrings) {
    EXPECT_EQ(scrubbed(R"({"p":"{\"email\":\"a@b.io\",\"os\":1}"})"), R"({"p":"{\"os\":1}"})");
    EXPECT_EQ(scrubbed(R"({"p":"x {\"firstName\":\"Jo\",\"os\":1} y"})"), R"({"p":"x {\"os\":1} y"})");
    EXPECT_EQ(scrubbed(R"({"p":"eyJlbWFpbCI6ImFAYi5pbyIsIm9zIjoxfQ=="})"),
              R"({"p":"eyJvcyI6MX0="})");  // base64
    EXPECT_EQ(scrubbed(R"({"p":"q=%7B%22firstName%22%3A%22Jo%22%2C%22os%22%3A1%7D"})"),
              R"({"p":"q=%7B%22os%22%3A1%7D"})");
    EXPECT_EQ(scrubbed(R"({"p":"mail=a%40b.io&x=1"})"), R"({"p":"mail=[removed]&x=1"})");
    EXPECT_EQ(scrubbed(R"({"p":"mail=a%2540b.io&x=1"})"), R"({"p":"mail=[removed]&x=1"})");
    EXPECT_EQ(
        scrubbed(R"({"p":"{\"q\":\"{\\\"r\\\":\\\"{\\\\\\\"firstName\\\\\\\":\\\\\\\"Jo\\\\\\\"}\\\"}\"}"})"),
        R"({"p":"{\"q\":\"{\\\"r\\\":\\\"{}\\\"}\"}"})");
}

TEST(PiiScrub, AddressesOfShopsStay) {
    const std::string shop =
        R"({"merchant":{"name":"A","zip":"10115","address":{"line1":"1 Main","postalCode":"10115"},)"
        R"("location":{"street":"x"}}})";
    EXPECT_EQ(scrubbed(shop), shop);
    EXPECT_EQ(scrubbed(R"({"merchants":[{"address":{"zip":"10115"}}],"address":"1 Main"})"),
              R"({"merchants":[{"address":{"zip":"10115"}}]})");
    EXPECT_EQ(
        scrubbed(
            R"({"merchant":{"contact":{"name":"J","address":"x"},"billingAddress":{"name":"J","zip":"1"}}})"),
        R"({"merchant":{"contact":{},"billingAddress":{}}})");
    EXPECT_EQ(scrubbed(R"({"store":{"orders":[{"address":"1 Main"}]}})"), R"({"store":{"orders":[{}]}})");
}

TEST(PiiScrub, LooksIntoBase64HoweverItIsWritten) {
    // {"lastName":"Smith","os":1}, and what is left of it, in lines of twenty.
    EXPECT_EQ(scrubbed(R"({"p":"eyJsYXN0TmFtZSI6IlNt\naXRoIiwib3MiOjF9"})"), R"({"p":"eyJvcyI6MX0"})");
    EXPECT_EQ(scrubbed(R"({"p":"eyJsYXN0TmFtZSI6IlNt\r\naXRoIiwib3MiOjEsImxpbmUiOiJv\r\nbmUgb3IgbW9yZSJ9"})"),
              R"({"p":"eyJvcyI6MSwibGluZSI6\r\nIm9uZSBvciBtb3JlIn0"})");
    // A step of a path.
    EXPECT_EQ(scrubbed(R"({"p":"https://x.example/path/eyJlbWFpbCI6ImFAYi5pbyIsIm9zIjoxfQ/end"})"),
              R"({"p":"https://x.example/path/eyJvcyI6MX0/end"})");
    // 123-45-6789: sixteen characters, the last of them padding.
    EXPECT_EQ(scrubbed(R"({"p":"MTIzLTQ1LTY3ODk=","r":1})"), R"({"r":1})");
    // Lines of words are no base64.
    const std::string words = R"({"p":"internationalisation\nrepresentativeness/here\nno"})";
    EXPECT_EQ(scrubbed(words), words);
}

TEST(PiiScrub, FindsIbansInTwoGroups) {
    EXPECT_EQ(scrubbed(R"({"n":"pay AZ21 NABZ00000000137010001944 now"})"), R"({"n":"pay [removed] now"})");
}

TEST(PiiScrub, KeysOfAFormCount) {
    EXPECT_EQ(scrubbed(R"({"p":"firstName=Joe&lastName=Doe+Roe&tier=gold"})"),
              R"({"p":"firstName=[removed]&lastName=[removed]&tier=gold"})");
    EXPECT_EQ(scrubbed(R"({"p":"GET https://x.example/p?lang=en&dob=1980-02-03&street=1%20Main HTTP/1.1"})"),
              R"({"p":"GET https://x.example/p?lang=en&dob=[removed]&street=[removed] HTTP/1.1"})");
    EXPECT_EQ(scrubbed(R"({"p":"u=lastName%3DDoe%26tier%3Dgold"})"),
              R"({"p":"u=lastName%3D[removed]%26tier%3Dgold"})");
    const std::string none =
        R"({"p":"https://x.example/p?page=2&per_page=50&sort=name&merchantName=Acme","q":"Black & White = grey"})";
    EXPECT_EQ(scrubbed(none), none);
    const KeyRing keys = some_keys();
    for (const char* action : {"mask", "hash", "encrypt", "tokenize"}) {
        const Policy policy =
            policy_of(R"([{"detector":["person_name","address"],"action":")" + std::string(action) + "\"}]");
        const std::string once = scrubbed(R"({"p":"lastName=M%C3%BCller&zip=10115&x=1"})", policy, &keys);
        EXPECT_EQ(once.find("ller"), std::string::npos) << once;
        EXPECT_EQ(scrubbed(once, policy, &keys), once);
        EXPECT_EQ(found_in(once, policy, &keys), "");
    }
}

TEST(PiiScrub, JsonThatHasUrlsInItStaysJson) {
    EXPECT_EQ(scrubbed(R"({"p":"{\"u\":\"/x?q=a%20b\",\"lastName\":\"S\",\"m\":\"to a@b.io\"}"})"),
              R"({"p":"{\"u\":\"/x?q=a%20b\",\"m\":\"to [removed]\"}"})");
    EXPECT_EQ(scrubbed(R"({"p":"{\"u\":\"/x?q=%22a%22\",\"lastName\":\"S\"}"})"),
              R"({"p":"{\"u\":\"/x?q=%22a%22\"}"})");
    EXPECT_EQ(scrubbed(R"({"p":"GET /a%20b {\"n\":[\"to a@b.io\",\"1\"]}"})"),
              R"({"p":"GET /a%20b {\"n\":[\"to [removed]\",\"1\"]}"})");
    EXPECT_EQ(scrubbed(R"({"p":"/x?j={%22n%22:[%22to a@b.io%22,%221%22]}"})"),
              R"({"p":"/x?j={%22n%22:[%22to%20[removed]%22,%221%22]}"})");
}

TEST(PiiScrub, FindsJsonBehindAnyNumberOfBrackets) {
    std::string brackets, objects;
    for (int i = 0; i < 40; ++i) {
        brackets += "[x] ";
        objects += R"({\"a\":1},)";
    }
    EXPECT_EQ(scrubbed(R"({"p":")" + brackets + R"({\"lastName\":\"Smith\"}"})"),
              R"({"p":")" + brackets + R"({}"})");
    // Cut off in the middle of a list.
    EXPECT_EQ(scrubbed(R"({"p":"[)" + objects + R"({\"lastName\":\"Smith\"},{\"b"})"),
              R"({"p":"[)" + objects + R"({},{\"b"})");
    // Escaped once more, without quotes around it.
    EXPECT_EQ(scrubbed(R"({"p":"{\\\"lastName\\\":\\\"Smith\\\",\\\"a\\\":1}"})"),
              R"({"p":"{\\\"a\\\":1}"})");
}

TEST(PiiScrub, WhatIsLeftOfADocumentUnderAName) {
    EXPECT_EQ(scrubbed_twice(R"({"lastName":"[\"a@b.io\",\"Joe\"]","x":"[\"a@b.io\"]"})"),
              R"({"x":"[null]"})");
    EXPECT_EQ(scrubbed_twice(R"({"address":"[\"a@b.io\",\"Main St\",\"\"]"})"),
              R"({"address":"[null,null,\"\"]"})");
}

TEST(PiiScrub, PastTheBudgetTheStringGoes) {
    const Policy shallow = policy_of(R"({"rules":[],"limits":{"depth":1}})");
    EXPECT_EQ(scrubbed(R"({"p":"{\"os\":1}"})", shallow), R"({"p":"{\"os\":1}"})");
    EXPECT_EQ(scrubbed(R"({"p":"{\"q\":\"{\\\"os\\\":1}\"}","r":1})", shallow), R"({"p":"{}","r":1})");
    const Policy own =
        policy_of(R"({"extends":null,"rules":[{"detector":"email","action":"mask"}],"limits":{"depth":0}})");
    EXPECT_EQ(scrubbed(R"({"p":"{\"os\":1}","r":1})", own), R"({"r":1})");
    const Policy small = policy_of(R"({"rules":[],"limits":{"bytes":20}})");
    EXPECT_EQ(scrubbed(R"({"p":"{\"os\":\"a somewhat longer text\"}","r":1})", small), R"({"r":1})");
    EXPECT_EQ(found_in(R"({"p":"{\"os\":\"a somewhat longer text\"}"})", small), "$.p embedded remove\n");
}

TEST(PiiScrub, CutsOutTheOriginalBytes) {
    EXPECT_EQ(
        scrubbed("{\"n\":\"\xe2\x82\xac \xef\xbc\x94\xef\xbc\x91\xef\xbc\x91\xef\xbc\x91 1111 1111 1111 "
                 "\xc3\xa9\"}"),
        "{\"n\":\"\xe2\x82\xac [removed] \xc3\xa9\"}");
    EXPECT_EQ(scrubbed("{\"n\":\"a 41\xe2\x80\x8b"
                       "11111111111111 b\"}"),
              "{\"n\":\"a [removed] b\"}");
}

TEST(PiiScrub, RemovingMakesNothingNew) {
    // Without a mark between them the halves of the card would meet.
    const std::string out = scrubbed(R"({"n":"4111 1111 a@b.io 1111 1111"})");
    EXPECT_EQ(out, R"({"n":"4111 1111 [removed] 1111 1111"})");
    EXPECT_FALSE(has_pii(out));
}

TEST(PiiPolicyRules, FirstThatAppliesDecides) {
    const Policy policy = policy_of(R"([{"path":"$.device.**","detector":"ip","action":"pass"},
        {"key":"reviewed","action":"pass"}, {"detector":"email","action":"mask"},
        {"key":"loyalty_no","action":"remove","name":"loyalty"},
        {"pattern":"MEMB-[0-9]{4}","action":"mask","name":"member"}])");
    EXPECT_EQ(scrubbed(R"({"device":{"ip":"10.1.2.3"},"ip":"10.1.2.3"})", policy),
              R"({"device":{"ip":"10.1.2.3"}})");
    EXPECT_EQ(scrubbed(R"({"email":"joe@x.io"})", policy), R"({"email":"***@*.**"})");
    EXPECT_EQ(scrubbed(R"({"LoyaltyNo":{"a":true,"b":1},"c":1})", policy), R"({"c":1})");
    EXPECT_EQ(found_in(R"({"x":{"LoyaltyNo":7}})", policy), "$.x.LoyaltyNo loyalty remove\n");
    EXPECT_EQ(scrubbed(R"({"t":"see MEMB-1234"})", policy), R"({"t":"see ****-****"})");
    EXPECT_EQ(scrubbed(R"({"reviewed":{"phone":"+14155550123","cvv":"123"}})", policy),
              R"({"reviewed":{"phone":"+14155550123"}})");
}

TEST(PiiPolicyRules, PathsMatch) {
    const Policy policy = policy_of(
        R"({"extends":null,"rules":[{"path":["$.a[1].b","$.c.*.d","$.**.e[*]"],"action":"remove"}]})");
    EXPECT_EQ(
        scrubbed(R"({"a":[{"b":1},{"b":2,"x":3}],"c":{"p":{"d":1},"d":2},"q":{"r":{"e":[1,2]}},"e":[3]})",
                 policy),
        R"({"a":[{"b":1},{"x":3}],"c":{"p":{},"d":2},"q":{"r":{"e":[null,null]}},"e":[null]})");
}

TEST(PiiActions, NeedKeys) {
    const Policy policy = policy_of(R"([{"detector":"email","action":"hash"}])");
    Scrubber scrubber(policy, nullptr, Mode::kScrub);
    EXPECT_EQ(scrubber.json_text(R"({"x":"a@b.io"})"), Verdict::kError);
    EXPECT_EQ(scrubber.status().code, Code::kMissingKey);
    EXPECT_EQ(scrubber.json_text(R"({"x":"ok"})"), Verdict::kKeep);  // the next document is judged anew
    EXPECT_TRUE(has_pii(R"({"x":"a@b.io"})", policy));
}

TEST(PiiActions, HashesAreEqualForEqualValues) {
    const KeyRing keys = some_keys();
    const Policy policy = policy_of(R"([{"detector":["email","pan"],"action":"hash"}])");
    const std::string a = scrubbed(R"({"x":"Joe@X.io"})", policy, &keys),
                      b = scrubbed(R"({"x":"joe@x.io"})", policy, &keys);
    EXPECT_EQ(a, b);
    EXPECT_NE(a.find("gpsync:h1:k1:"), std::string::npos);
    EXPECT_EQ(scrubbed(R"({"x":"4111 1111 1111 1111"})", policy, &keys),
              scrubbed(R"({"x":4111111111111111})", policy, &keys));
}

TEST(PiiActions, ScrubbingTwiceChangesNothing) {
    const KeyRing keys = some_keys();
    for (const char* action : {"mask", "tokenize", "encrypt", "hash", "remove"}) {
        std::string rules =
            R"([{"detector":["pan","device_pan","email","phone","ssn","iban","person_name","address","ip",)"
            R"("account","birth_date","expiry"],"action":")";
        const Policy policy = policy_of(rules + action + "\"}]");
        for (const char* text :
             {R"({"pan":"4111111111111111","cardNumber":5500000000000004,"email":"a@b.io","firstName":"Jo",)"
              R"("zip":94105,"phone":"+14155550123"})",
              R"({"note":"card 4111 1111 1111 1111, mail a@b.io, SSN 123-45-6789,)"
              R"( call +44 20 7946 0958 or 415-555-0123 from 10.1.2.3"})",
              R"({"a@b.io":{"iban":"DE89370400440532013000"},"p":"{\"email\":\"a@b.io\",)"
              R"(\"n\":[\"4111111111111111\"]}"})",
              R"({"address":{"street":"Main 1","city":"X"},"accountNumber":"12345678","dob":"1980-01-01",)"
              R"("exp":"12/27"})"}) {
            const std::string once = scrubbed(text, policy, &keys);
            EXPECT_EQ(once.find("error"), std::string::npos) << action << once;
            EXPECT_EQ(scrubbed(once, policy, &keys), once) << action;
            EXPECT_EQ(found_in(once, policy, &keys), "") << action << ' ' << once;
        }
    }
}

TEST(PiiActions, AForgedEnvelopeIsScrubbedLikeAnyString) {
    const KeyRing keys = some_keys();
    const Policy policy = policy_of(R"([{"detector":"email","action":"hash"}])");
    const std::string sealed = scrubbed(R"({"email":"a@b.io"})", policy, &keys);
    std::string forged = sealed;
    forged[forged.size() - 4] = forged[forged.size() - 4] == 'A' ? 'B' : 'A';
    EXPECT_EQ(scrubbed(R"({"firstName":)" + forged.substr(9), policy, &keys), "{}");
    EXPECT_EQ(scrubbed(R"({"firstName":)" + sealed.substr(9), policy, &keys),
              R"({"firstName":)" + sealed.substr(9));
}

TEST(PiiActions, TokensOfCardsFailLuhn) {
    const KeyRing keys = some_keys();
    const Policy policy = policy_of(R"([{"detector":"pan","action":"tokenize"}])");
    const std::string out = scrubbed(R"({"pan":"4111111111111111"})", policy, &keys);
    const std::string token = out.substr(8, 16);
    EXPECT_EQ(token.substr(0, 6) + token.substr(12), "4111111111");
    EXPECT_FALSE(luhn_valid(token)) << out;
    EXPECT_EQ(scrubbed(R"({"pan":"4111111111111112"})", policy, &keys).find("4111111111111112"),
              std::string::npos);
}

// ---- size

// Sanitizers make it slower by about this.
#ifdef __SANITIZE_ADDRESS__
constexpr double kSlowdown = 5;
#else
constexpr double kSlowdown = 1;
#endif

// Processor time of this process: what else runs on the machine does not count. The bounds are those of an
// algorithm that is not linear, far above what a slow machine takes.
double seconds(const std::function<void()>& body) {
    const auto start = std::clock();
    body();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / kSlowdown;
}

TEST(PiiSize, TenThousandLevels) {
    std::string objects, arrays;
    for (int i = 0; i < 10000; ++i) {
        objects += R"({"a":)";
        arrays += '[';
    }
    objects += "\"a@b.io\"";
    arrays += "\"a@b.io\"";
    objects += std::string(10000, '}');
    arrays += std::string(10000, ']');
    EXPECT_TRUE(has_pii(objects));
    EXPECT_FALSE(has_pii(scrubbed(objects)));
    EXPECT_FALSE(has_pii(scrubbed(arrays)));
}

// A long text is scanned in parts: what stands where two of them meet is found too.
TEST(PiiSize, LongTexts) {
    for (const char* unit :
         {"4111 1111 1111 1111 x ", "IBAN DE89 3704 0044 0532 0130 00; ",
          "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1, x ", "pin is 4321. ", "10.11.12.13, ", "08:00:2b:01:02:03 y "}) {
        for (size_t shift = 0; shift < 6; ++shift) {
            std::string text = "\"";
            for (size_t i = 0; i < shift; ++i) text += "a ";
            const std::string one = scrubbed(text + unit + "\"");
            ASSERT_NE(one.find("[removed]"), std::string::npos) << unit;
            constexpr size_t kUnits = 20'000;
            for (size_t i = 0; i < kUnits; ++i) text += unit;
            const std::string all = scrubbed(text + '"');
            size_t removed = 0;
            for (size_t at = all.find("[removed]"); at != std::string::npos;
                 at = all.find("[removed]", at + 1))
                ++removed;
            EXPECT_EQ(removed, kUnits) << unit << shift;
            EXPECT_EQ(found_in(text + '"'), found_in(text.substr(0, 2 * shift + 1) + unit + '"'))
                << unit << shift;
        }
    }
}

TEST(PiiSize, ManyMembersOfOneObject) {
    for (const char* unit : {R"("joe%d@example.com":1,)", R"("joe@example.com":%d,)", R"("k%d":"a",)",
                             R"("type":"email","value":"v%d",)", R"("email":{"a%d@b.io":[]},)"}) {
        std::string document = "{";
        for (int i = 0; i < 50'000; ++i) {
            char member[64];
            std::snprintf(member, sizeof member, unit, i);
            document += member;
        }
        document.back() = '}';
        for (const auto mode : {Mode::kScrub, Mode::kFind}) {
            Scrubber scrubber(Policy::payments(), nullptr, mode);
            EXPECT_LT(seconds([&] { EXPECT_NE(scrubber.json_text(document), Verdict::kError); }), 10.0)
                << unit;
        }
    }
}

}  // namespace
}  // namespace gpsync::core::pii

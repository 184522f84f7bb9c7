// What is written in layers: escapes of escapes, forms in forms, base64 of other character sets; and that
// scrub, has_pii and find_pii agree over what they are.
#include <gtest/gtest.h>

#include <string>

#include "core/pii/base64.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string in_base64(std::string_view bytes) {
    return R"({"n":")" + base64_encode(bytes, Base64Alphabet::kStandard, true) + R"("})";
}

TEST(PiiLayers, EscapesThatWereEscapedOnceMore) {
    expect_scrubbed(R"({"n":"5555\\\\u00205555\\\\u00205555\\\\u00204444"})", "{}");
    expect_scrubbed(R"({"n":"mail joe\\\\x40example.com now"})", R"({"n":"mail [removed] now"})");
    expect_scrubbed(R"({"n":"mail joe\\\\\\\\u{40}example.com now"})", R"({"n":"mail [removed] now"})");
    expect_scrubbed(R"({"n":"{\\\\u0022pin\\\\u0022:\\\\u00224821\\\\u0022,\\\\u0022x\\\\u0022:1}"})",
                    R"({"n":"{\\\\u0022x\\\\u0022:1}"})");
    // A path with doubled separators has none.
    expect_kept(R"({"n":"C:\\\\temp\\\\new\\\\report.txt of 2026-11-22"})");
    expect_kept(R"({"n":"\\\\\\\\files\\\\users\\\\x86\\\\bin"})");
}

TEST(PiiLayers, WhatIsReplacedIsEscapedAsOften) {
    expect_scrubbed(R"({"n":"{\\\\u0022a\\\\u0022:\\\\u0022mail joe@example.com now\\\\u0022}"})",
                    R"({"n":"{\\\\u0022a\\\\u0022:\\\\\\\"mail [removed] now\\\\\\\"}"})");
}

TEST(PiiLayers, FormsOfJson) {
    expect_scrubbed(R"({"n":"json=%7B%22surname%22%3A+%22Okafor%22%2C+%22tier%22%3A+%22gold%22%7D&v=2"})",
                    R"({"n":"json=%7B%22tier%22%3A+%22gold%22%7D&v=2"})");
    expect_scrubbed(R"({"n":"j=%7B%0A++%22pin%22%3A+4821%2C%0A++%22n%22%3A+12%7D"})",
                    R"({"n":"j=%7B%0A++%22n%22%3A+12%7D"})");
    expect_scrubbed(R"({"n":"q=a%20b&tel=%20+4930901820"})", R"({"n":"q=a%20b&tel=%20+[removed]"})");
    expect_kept(R"({"n":"q=C%2B%2B+and+1+%2B+2&v=2"})");
}

TEST(PiiLayers, FormsInForms) {
    expect_scrubbed(R"({"n":"v=1&state=surname%3DOkafor%26step%3D2"})",
                    R"({"n":"v=1&state=surname%3D[removed]%26step%3D2"})");
    expect_scrubbed(R"({"n":"GET https://h.example/cb?v=1\\u0026surname=Okafor\\u0026x=2"})",
                    R"({"n":"GET https://h.example/cb?v=1\\u0026surname=[removed]\\u0026x=2"})");
    expect_kept(R"({"n":"v=1&state=step%3D2%26theme%3Ddark"})");
}

TEST(PiiLayers, Base64OfOtherTexts) {
    // Colours of a terminal, separators of FIX, Latin-1, Windows' dashes.
    expect_scrubbed(in_base64("\x1b[32mssn 219-09-9999 ok"), in_base64("\x1b[32mssn [removed] ok"));
    expect_scrubbed(in_base64("8=FIX.4.4\x01"
                              "58=joe@example.com\x01"
                              "10=5\x01"),
                    in_base64("8=FIX.4.4\x01"
                              "58=[removed]\x01"
                              "10=5\x01"));
    expect_scrubbed(in_base64(std::string("Gr\xfc\xdf"
                                          "e an joe@example.com, Z\xfcrich")),
                    in_base64("Gr\xfc\xdf"
                              "e an [removed], Z\xfcrich"));
    expect_scrubbed(in_base64("card 5555\x96"
                              "5555\x96"
                              "5555\x96"
                              "4444 \x80 12"),
                    in_base64("card [removed] \x80 12"));
    expect_scrubbed(in_base64("{\"ssn\": \"219-09-9999\", \"n\": \"M\xfcller\"}"),
                    in_base64("{\"n\": \"M\xfcller\"}"));
    expect_scrubbed(in_base64("\xca\xe0\xf0\xf2\xe0 5555 5555 5555 4444"),
                    in_base64("\xca\xe0\xf0\xf2\xe0 [removed]"));
    expect_kept(
        in_base64("Gr\xfc\xdf"
                  "e aus Z\xfcrich, bis bald"));
    expect_kept(in_base64(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\b\6\0\0\0", 29)));
}

TEST(PiiLayers, AMaskShowsNoTailOfAnEscape) {
    const Policy policy = policy_of(R"([{"pattern":"[A-Z]{4}-[0-9]{8}","action":"mask"}])");
    EXPECT_EQ(scrubbed(R"({"n":"ref QWER-12345678"})", policy), R"({"n":"ref ****-****5678"})");
    const std::string escaped =
        scrubbed(R"({"n":"ref \\u0051WER-1\\u0032\\u0033\\u0034\\u0035\\u0036\\u0037\\u0038"})", policy);
    EXPECT_EQ(escaped.find("38"), std::string::npos) << escaped;
    EXPECT_EQ(scrubbed(escaped, policy), escaped);
}

TEST(PiiLayers, FindSaysWhatScrubDoes) {
    EXPECT_EQ(found_in(R"({"access_token":"5555555555554444"})"), "$.access_token api_secret remove\n");
    EXPECT_EQ(scrubbed(R"({"access_token":"5555555555554444"})"), "{}");
    EXPECT_EQ(found_in(R"({"password":"joe@example.com"})"), "$.password email remove\n");
    // What is no name once it is decoded is none in any mode.
    expect_kept(R"({"firstName":"%2B49%2030"})");
    expect_kept(R"({"surname":"17\\u2012"})");
    expect_scrubbed(R"({"cvv":"7%341"})", "{}");
    EXPECT_EQ(found_in(R"({"DE55":"WghBEREREREREZ8mCBEiM0RVZneInzYCAEI="})"),
              "$.DE55 pan remove\n$.DE55 cryptogram remove\n");
    EXPECT_EQ(found_in(R"({"header":"name","value":["x","Joe Doe"]})"), "$.value[1] person_name remove\n");
    expect_scrubbed(R"({"header":"name","value":["x","Joe Doe"]})",
                    R"({"header":"name","value":["x",null]})");
}

TEST(PiiLayers, WhatALabelSaysIsStillSaidInWhatIsLeft) {
    expect_scrubbed(R"({"address":{"value":"{\"tier\": \"A\", \"b\": \"c d\"}","name":"dateOfBirth"}})",
                    R"({"address":{"value":"{\"tier\": \"A\", \"b\": \"c d\"}","name":"dateOfBirth"}})");
    expect_scrubbed(R"({"secret":{"key":"cardNumber","value":"5555555555554444"}})",
                    R"({"secret":{"key":"cardNumber"}})");
    expect_scrubbed(R"({"customer":{"name":"Street","tier":1}})", R"({"customer":{"tier":1}})");
    expect_scrubbed(R"([["secret","pin=4821"],["tier","gold"]])", R"([["secret",null],["tier","gold"]])");
    expect_scrubbed(R"({"new":{"value":[["card","Femke Hoekstra"],["a","b"]],"label":"street"}})",
                    R"({"new":{"value":[[null,null],[null,null]],"label":"street"}})");
}

TEST(PiiLayers, AMessageIsOneWithoutWhatGoes) {
    expect_scrubbed(R"({"2":"5555555555554444","35":"5555555555554444=28121010000","42":"490154203237518"})",
                    "{}");
    expect_scrubbed(
        R"({"mti":"0100","2":"5555555555554444","3":"000000","11":"000123","42":"490154203237518"})",
        R"({"mti":"0100","3":"000000","11":"000123","42":"490154203237518"})");
}

}  // namespace
}  // namespace gpsync::core::pii

// Headers of HTTP with credentials in them, under their names in JSON; and credentials in commands and URLs.
#include <gtest/gtest.h>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiHeaders, Cookies) {
    expect_scrubbed(R"({"headers":{"cookie":"PHPSESSID=k3j5h2g1f0; tz=CET"}})",
                    R"({"headers":{"cookie":"PHPSESSID=[removed]; tz=CET"}})");
    expect_scrubbed(R"({"Set-Cookie":["auth_token=Zq81LmN04x; Path=/; HttpOnly","tz=CET"]})",
                    R"({"Set-Cookie":["auth_token=[removed]; Path=/; HttpOnly","tz=CET"]})");
    expect_scrubbed(R"({"cookies":{"koa.sess":"Zq81LmN04xPw92Kd77","tz":"CET"}})",
                    R"({"cookies":{"tz":"CET"}})");
    expect_scrubbed(
        R"({"cookies":[{"name":"sid","value":"Zq81LmN04xPw92Kd77","domain":"shop24.example.org","secure":true}]})",
        R"({"cookies":[{"name":"sid","domain":"shop24.example.org","secure":true}]})");
    expect_scrubbed(R"({"n":"Cookie: .AspNetCore.Cookies=Zq81LmN04xPw92Kd77"})",
                    R"({"n":"Cookie: .AspNetCore.Cookies=[removed]"})");
    expect_kept(R"({"cookie":"declined"})");
    expect_kept(R"({"cookies":{"consent":"v1.2","lang":"en-US","expires":"2027-01-02T03:04:05Z"}})");
    expect_kept(R"({"cookiePolicy":{"id":"Zq81LmN04xPw92Kd77"}})");
}

TEST(PiiHeaders, Authorization) {
    expect_scrubbed(R"({"authorization":"Token 81LmN04xPw92"})", R"({"authorization":"Token [removed]"})");
    expect_scrubbed(R"({"authorization":" Bearer 81LmN04xPw92"})",
                    R"({"authorization":" Bearer [removed]"})");
    expect_scrubbed("{\"headers\":{\"authorization\":\"\u00a0 Basic am9lOmh1bnRlcjI=\"}}",
                    "{\"headers\":{\"authorization\":\"\u00a0 Basic [removed]\"}}");
    expect_kept(R"({"authorization":" "})");
    expect_kept(R"({"authorization":" x y z1"})");
    expect_kept(R"({"authorization":"approved"})");
    expect_kept(R"({"authorization":"Token required"})");
    expect_kept(R"({"authorization":"ch_81LmN04xPw92Kd77"})");
    expect_kept(R"({"authorization":{"code":"T81924","reference":"81LmN04xPw92Kd77"}})");
}

// A hex token alone, and one behind a name, are plain values anywhere else.
TEST(PiiHeaders, HexDigests) {
    const char* const names[] = {"cookie", "authorization", "Set-Cookie"};
    for (const std::string hex : {"4dbca3a0aac36098b2cc2bd818319478", "9b2cc2bd818319478aac3609814dbca3"})
        for (const std::string name : names)
            for (const std::string shape :
                 {"{\"%s\":\"%v\"}", "{\"id\":\"a\",\"headers\":{\"%s\":\"%v\",\"via\":\"1.1 b\"}}",
                  "{\"body\":\"{\\\"%s\\\":\\\"%v\\\"}\"}"}) {
                std::string json = shape;
                json.replace(json.find("%s"), 2, name);
                json.replace(json.find("%v"), 2, (name == "authorization" ? "Token " : "sid=") + hex);
                Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
                ASSERT_EQ(scrubber.json_text(json), Verdict::kReplace) << json;
                EXPECT_EQ(scrubber.replacement().find(hex), std::string_view::npos) << scrubber.replacement();
                Scrubber test(Policy::payments(), nullptr, Mode::kTest);
                test.json_text(json);
                EXPECT_TRUE(test.found()) << json;
            }
}

TEST(PiiHeaders, NamesBesideValues) {
    expect_scrubbed(R"({"h":[{"name":"Cookie","value":"sid=Zq81LmN04x"},{"name":"Via","value":"1.1 a"}]})",
                    R"({"h":[{"name":"Cookie","value":"sid=[removed]"},{"name":"Via","value":"1.1 a"}]})");
    expect_scrubbed(R"({"h":[["Authorization","Token 81LmN04xPw92"],["Accept","*/*"]]})",
                    R"({"h":[["Authorization","Token [removed]"],["Accept","*/*"]]})");
    expect_scrubbed(
        R"({"rawHeaders":["Host","a.example.org","X-Api-Key","81LmN04xPw92","Cookie","sid=Zq81LmN04x"]})",
        R"({"rawHeaders":["Host","a.example.org","X-Api-Key",null,"Cookie","sid=[removed]"]})");
    expect_kept(R"({"rawHeaders":["Host","a.example.org","Accept"]})");
    expect_kept(R"({"values":["first name","last name","email","phone"]})");
}

TEST(PiiHeaders, Commands) {
    expect_scrubbed(R"({"n":"curl -u svc.batch:tr41n https://a.example.org"})",
                    R"({"n":"curl -u svc.batch:[removed] https://a.example.org"})");
    expect_scrubbed(R"({"n":"wget --user='svc:tr41n' x"})", R"({"n":"wget --user='svc:[removed]' x"})");
    expect_kept(R"({"n":"docker run -u 1000:1000 --user 0:0 img"})");
}

TEST(PiiHeaders, Urls) {
    expect_scrubbed(R"({"n":"redis://:tr41npass@10.9.8.7:6379/0"})",
                    R"({"n":"redis://[removed]@[removed]:6379/0"})");
    expect_scrubbed(
        R"({"n":"POST https://hooks.slack.com/services/T0AB1CD2E/B0FG3HI4J/kLmNoPqRsTuVwXyZ01234567 200"})",
        R"({"n":"POST https://[removed] 200"})");
    expect_kept(R"({"n":"https://hooks.slack.com/docs"})");
}

TEST(PiiHeaders, OneTimeCodes) {
    expect_scrubbed(R"({"n":"Your verification code is 730164. Do not share it."})",
                    R"({"n":"Your verification code is [removed]. Do not share it."})");
    expect_scrubbed(R"({"n":"OTP: 730164","activationCode":"730164"})", R"({"n":"OTP: [removed]"})");
    expect_scrubbed(R"({"card":{"type":"001","verificationCode":"512"}})", R"({"card":{"type":"001"}})");
    expect_kept(R"({"otp":"required","verificationCode":"pending","n":"OTP attempts: 3"})");
}

TEST(PiiHeaders, OneTimeCodesInFrontOfTheirName) {
    expect_scrubbed(R"({"n":"730164 is your Example verification code."})",
                    R"({"n":"[removed] is your Example verification code."})");
    expect_scrubbed(R"({"n":"E-730164 is your login code"})", R"({"n":"E-[removed] is your login code"})");
    expect_scrubbed(R"({"n":"Use 730 164 as your one-time password"})",
                    R"({"n":"Use [removed] as your one-time password"})");
    expect_scrubbed(R"({"n":"4826 is the PIN"})", R"({"n":"[removed] is the PIN"})");
    for (const char* text :
         {"730164 is your order code", "730164 is the number of codes", "2026 is your year", "30 is the PIN",
          "4826 as the code says", "error 4826 is a login failure", "4040 is the access code path",
          "1234 is the time of access"})
        expect_kept("{\"n\":\"" + std::string(text) + "\"}");
}

TEST(PiiHeaders, PasswordsInSql) {
    expect_scrubbed(R"({"n":"ALTER ROLE batch PASSWORD 'tr41npass';"})",
                    R"({"n":"ALTER ROLE batch PASSWORD '[removed]';"})");
    expect_scrubbed(R"({"n":"create user batch identified by 'tr41npass'"})",
                    R"({"n":"create user batch identified by '[removed]'"})");
    expect_scrubbed(R"({"n":"CREATE USER batch IDENTIFIED WITH sha256_password BY 'tr41npass'"})",
                    R"({"n":"CREATE USER batch IDENTIFIED WITH sha256_password BY '[removed]'"})");
    expect_kept(R"({"n":"ALTER ROLE batch PASSWORD NULL"})");
    expect_kept(R"({"n":"sorted by 'column1', read by 'reader2'"})");
}

TEST(PiiHeaders, NamesOfSecrets) {
    for (const char* text : {"SECRET_KEY_BASE=%", "id_token=%", "GET /f?X-Amz-Date=1&X-Amz-Signature=%",
                             "psk=%", "Password (again): %", "password [optional]=%"}) {
        const std::string all(text);
        const size_t at = all.find('%');
        expect_scrubbed("{\"n\":\"" + all.substr(0, at) + "tr41nPass9tr41nPass9\"}",
                        "{\"n\":\"" + all.substr(0, at) + "[removed]\"}");
    }
    expect_scrubbed(R"({"n":"POST /bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawx/getMe"})",
                    R"({"n":"POST /bot[removed]/getMe"})");
    expect_kept(R"({"n":"110201543:AAHdqTcvCH1vGWJxfSeof and robot110201543:1"})");
    expect_kept(R"({"n":"valid_token=missing key_mgmt=psk wpa=psk password (again): required"})");
}

TEST(PiiHeaders, SecretsInSentences) {
    for (const char* sentence :
         {"the password is %", "Their password is: %, says Ann", "Das Passwort von Ann lautet %",
          "le mot de passe est % !", "password for joe was %", "the password has been reset to % by admin",
          "my PASSWORD is '%'", "PASSWORD WAS RESET TO %"}) {
        const std::string text(sentence);
        const size_t at = text.find('%');
        for (const std::string_view secret : {"Tulip88x", "hunter2xx", "9sd?8.kQ1"})
            EXPECT_EQ(scrubbed("{\"n\":\"" + text.substr(0, at) + std::string(secret) + text.substr(at + 1) +
                               "\"}"),
                      "{\"n\":\"" + text.substr(0, at) + "[removed]" + text.substr(at + 1) + "\"}");
    }
    expect_scrubbed(R"({"n":"the API key is 8f3kd92kd0sl7q, ok"})",
                    R"({"n":"the API key is [removed], ok"})");
    expect_kept(R"({"n":"the API key is v2 only; access token is valid for 3600s"})");
    expect_scrubbed(R"({"n":"your password is 730164."})", R"({"n":"your password is [removed]."})");
    for (const char* text : {"password is required", "password is 90 days old", "password is SHA256-hashed",
                             "the password is 12-character or more", "password was changed on 2026-01-02",
                             "password is ${DB_PASS1}", "password was moved to vault2",
                             "password is in /run/secrets/db1", "the word is Tulip88x", "bypass is Tulip88x"})
        expect_kept("{\"n\":\"" + std::string(text) + "\"}");
}

TEST(PiiHeaders, MarksBehindASecretGoWithIt) {
    expect_scrubbed(R"({"b":"Server=x;Password=k7vq9w!?;Port=1"})",
                    R"({"b":"Server=x;Password=[removed];Port=1"})");
    expect_scrubbed(R"({"b":"password: k7vq9w!"})", R"({"b":"password: [removed]"})");
}

}  // namespace
}  // namespace gpsync::core::pii

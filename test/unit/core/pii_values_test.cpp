// Values with a form of their own, written as people and systems write them: accounts, cards, secrets,
// addresses.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "core/pii/checksums.hpp"
#include "core/pii/detect/iban_registry.hpp"
#include "core/pii/detect/plain_text.hpp"
#include "pii_scan_helpers.hpp"

namespace gpsync::core::pii {
namespace {

bool passes_prefilters(std::string_view text) {
    return may_hold_pii(text) && !is_plain_text(text) && !is_plain_value(text);
}

struct Case {
    const char* text;
    const char* findings;
};

void expect(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
        EXPECT_EQ(found(c.text), c.findings) << c.text;
        if (*c.findings != '\0') {
            EXPECT_TRUE(passes_prefilters(c.text)) << c.text;
        }
    }
}

std::string account_of(const IbanFormat& format, std::mt19937& random) {
    std::string bban;
    unsigned run = 0;
    for (const char kind : format.bban) {
        if (is_digit(kind)) {
            run = run * 10 + static_cast<unsigned>(kind - '0');
            continue;
        }
        for (; run > 0; --run) {
            const bool letter = kind == 'a' || (kind == 'c' && random() % 2 == 0);
            bban.push_back(static_cast<char>(letter ? 'A' + random() % 26 : '0' + random() % 10));
        }
    }
    for (int check = 2; check <= 98; ++check) {
        const std::string digits = (check < 10 ? "0" : "") + std::to_string(check);
        const std::string iban = format.country + digits + bban;
        if (iban_check_valid(iban)) return iban;
    }
    return {};
}

// Every country, in whatever groups: each is found as it is written, and not with another check digit.
TEST(PiiValues, IbansOfAllCountriesInAllGroups) {
    std::mt19937 random(97);
    constexpr std::string_view kGaps[] = {" ", "-", ".", "  ", " - ", "\t", "\n"};
    for (const IbanFormat& format : iban_formats()) {
        EXPECT_EQ(find_iban_format(format.country[0], format.country[1]), &format);
        for (int round = 0; round < 200; ++round) {
            const std::string iban = account_of(format, random);
            ASSERT_EQ(iban.size(), format.length) << format.country;
            std::string text;
            const size_t most = 1 + random() % 6;
            const std::string_view gap = kGaps[random() % std::size(kGaps)];
            size_t left = round % 4 == 0 ? iban.size() : 2 + random() % 3;
            for (size_t i = 0; i < iban.size(); ++i, --left) {
                if (left == 0) {
                    text += gap.size() > 2 ? "-" : gap;
                    left = 1 + random() % most;
                }
                // "sk-" begins secrets, too.
                text.push_back(round % 3 == 0 && gap != "-" && gap != " - " ? to_lower(iban[i]) : iban[i]);
            }
            EXPECT_EQ(found(text), "iban:" + text);
            EXPECT_EQ(found("to " + text + ", today"), "iban:" + text);
            EXPECT_TRUE(passes_prefilters(text)) << text;
            std::string wrong = iban;
            wrong[3] = static_cast<char>('0' + (wrong[3] - '0' + 1) % 10);
            EXPECT_EQ(found(wrong).find("iban:"), std::string::npos) << wrong;
        }
    }
    expect({{"DE 89 3704 0044 0532 0130 00", "iban:DE 89 3704 0044 0532 0130 00"},
            {"IBAN: DE 89 370400440532013000.", "iban:DE 89 370400440532013000"},
            {"IBANDE 89370400440532013000", "iban:DE 89370400440532013000"},
            {"RE1420041010050500013M02606", ""},
            {"DE 88 3704 0044 0532 0130 00", ""},
            {"de 12 3456 7890", ""},
            {"AB 12 34 56", ""}});
    // Letters where the country has digits.
    EXPECT_FALSE(iban_valid("DE89A70400440532013000"));
}

TEST(PiiValues, Cards) {
    // Thirteen digits that pass as an article's number, too.
    std::mt19937 random(13);
    size_t tested = 0;
    while (tested < 200) {
        const std::string pan = std::to_string(4'000'000'000'000 + random() % 1'000'000'000);
        int sum = 0;
        for (size_t k = 0; k < 13; ++k) sum += (pan[k] - '0') * (k % 2 == 0 ? 1 : 3);
        if (sum % 10 != 0 || !luhn_valid(pan)) continue;
        ++tested;
        const std::string grouped =
            pan.substr(0, 4) + ' ' + pan.substr(4, 4) + ' ' + pan.substr(8, 4) + ' ' + pan.substr(12);
        EXPECT_EQ(found(grouped), "pan:" + grouped);
        EXPECT_EQ(found("card " + pan), "pan:" + pan);
        EXPECT_EQ(found("visa: " + pan), "pan:" + pan);
        EXPECT_EQ(found(pan), "");
        ScanContext named;
        named.named = DetectorSet(Detector::kPan);
        EXPECT_EQ(found(pan, named), "pan:" + pan);
    }
    expect({{"4111111111111111.00", "pan:4111111111111111"},
            {"4111111111111111.0", "pan:4111111111111111"},
            {"5555555555554444.000,1", "pan:5555555555554444"},
            {"4111 1111 1111 1111.00", "pan:4111 1111 1111 1111"},
            {"4111111111111111.01", ""},
            {"4111111111111111.000001", ""},
            {"4111111111111111.00.1", ""},
            {"0.4111111111111111", ""}});
}

TEST(PiiValues, SecretsByTheirPrefix) {
    expect({{"glpat-abcdefghij_klmnop-qrst", "api_secret:glpat-abcdefghij_klmnop-qrst"},
            {"xoxb-abcdefghij-klmnopqrst-uvwx", "api_secret:xoxb-abcdefghij-klmnopqrst-uvwx"},
            {"sk_live_abcdefghijklmnopqrst", "api_secret:sk_live_abcdefghijklmnopqrst"},
            {"use whsec_abcdefghijABCDEFGHIJklmn now", "api_secret:whsec_abcdefghijABCDEFGHIJklmn"},
            {"gsk_a1b2c3d4e5f6g7h8i9j0a1b2c3d4e5f6g7h8i9j0aa",
             "api_secret:gsk_a1b2c3d4e5f6g7h8i9j0a1b2c3d4e5f6g7h8i9j0aa"},
            {"SK0123456789abcdef0123456789abcdef", "api_secret:SK0123456789abcdef0123456789abcdef"},
            {"FLWSECK_TEST-SANDBOXDEMOKEY-X1", "api_secret:FLWSECK_TEST-SANDBOXDEMOKEY-X1"},
            {"glpat-short", ""},
            {"sk-learn-is-a-library-for-machine-learning", ""},
            {"key-value-stores-are-simple-and-fast-and-good", ""},
            {"pypi-packages-and-their-dependencies-explained-here", ""},
            {"global-warming-is-what-we-talk-about", ""}});
}

TEST(PiiValues, SecretsBehindTheirName) {
    expect({{"Server=db;User Id=sa;Password=Pa,ss)w0rd;Encrypt=True", "password:Pa,ss)w0rd"},
            {"Data Source=x;Pwd=hunter;", "password:hunter"},
            {"host=localhost password=s3cret dbname=x", "password:s3cret"},
            {"DB_PASSWORD='correct horse'", "password:correct horse"},
            {"spring.datasource.password: Tr0ub4dor", "password:Tr0ub4dor"},
            {"{'user': 'joe', 'password': 'hunter'}", "password:hunter"},
            {"\"passwd\": \"abc\", \"x\": 1, cut", "password:abc"},
            {"password => 'hunter'", "password:hunter"},
            {"--client-secret=abcdef", "api_secret:abcdef"},
            {"AccountName=acme;AccountKey=bXlrZXk+bXlrZXk/bXlrZXk=;EndpointSuffix=x",
             "api_secret:bXlrZXk+bXlrZXk/bXlrZXk="},
            {"Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=abc/def+ghi=",
             "api_secret:abc/def+ghi="},
            {"client_id=7;Secret=a1b2c3d4e5;", "api_secret:a1b2c3d4e5"},
            {"X-Api-Key: 7f3c", "api_secret:7f3c"},
            {"curl -H 'X-Auth-Token: abc-def' x", "api_secret:abc-def"},
            {"Authorization: Basic am9lOnB3", "api_secret:am9lOnB3"},
            {"authorization: Bearer abcdef", "api_secret:abcdef"},
            {"Proxy-Authorization: Digest username=\"u\"", "api_secret:username="},
            {"Authorization: AWS4-HMAC-SHA256 Credential=AKID/2026, SignedHeaders=host, Signature=ab12",
             "api_secret:Credential=AKID/2026, SignedHeaders=host, Signature=ab12"},
            {"Cookie: JSESSIONID=5F3C0A9B7D2E; theme=dark; sid=a1b2c3d4",
             "api_secret:5F3C0A9B7D2E api_secret:a1b2c3d4"},
            {"Set-Cookie: connect.sid=s3A.b4c5d6e7; Path=/; Domain=shop2.example.com; HttpOnly",
             "api_secret:s3A.b4c5d6e7"},
            {"Cookie: auth=q9w8e7r6t5y4u3i2", "api_secret:q9w8e7r6t5y4u3i2"},
            {"Cookie: variant=blue2; x=0123456789abcdef", "api_secret:0123456789abcdef"},
            {"api key: abc123", "api_secret:abc123"},
            {"mot de passe : secret1", "password:secret1"},
            {"PHPSESSID=5f3c0a9b7d2e4411; path=/", "api_secret:5f3c0a9b7d2e4411"},
            {"/cart;jsessionid=5F3C0A9B7D2E", "api_secret:5F3C0A9B7D2E"},
            // And what is none.
            {"password=required", ""},
            {"password=", ""},
            {"password: please enter", ""},
            {"Password: Incorrect for user", ""},
            {"secret=false", ""},
            {"secret: santa", ""},
            {"pass=granted", ""},
            {"password=${DB_PASSWORD}", ""},
            {"password=<password>", ""},
            {"password=****", ""},
            {"password=[removed]", ""},
            {"password: [removed]", ""},
            {"password_changed=yes", ""},
            {"password length: 12", ""},
            {"passwordHash=abc", ""},
            {"bypass=1234567a", ""},
            {"author: joe", ""},
            {"key=value", ""},
            {"token=DNITHE123456789", ""},
            {"std::password::reset", ""},
            {"String password = request.getParameter(\"password\");", ""},
            {"PRIVATE_KEY=/run/secrets/key.pem", ""},
            {"client_secret: vault:secret/data/app#key", ""},
            {"authorization: 831000", ""},
            {"Authorization code: 123ABC", ""},
            {"grant_type=password&scope=read", ""},
            {"password policy: min12", ""},
            {"API key: revoked", ""},
            {"tests pass: 120/120", ""},
            {"Authorization: denied", ""},
            {"authorization: required for all", ""},
            {"Cookie: theme=dark; lang=en-US", ""},
            {"cookies=enabled", ""},
            {"session id: 5F3C0A9B7D2E", ""},
            {"master key: HSM slot", ""},
            {"https://example.com/?sid=42", ""}});
}

// Of each name, in each notation, with each secret.
TEST(PiiValues, SecretsInAllNotations) {
    constexpr std::string_view kNames[] = {
        "password",      "PASSWORD",     "Pwd",          "db_password",
        "userPassword",  "smtp.passwd",  "api-key",      "apiKey",
        "API_KEY",       "x-api-key",    "AccountKey",   "SharedAccessKey",
        "client_secret", "clientSecret", "access_token", "aws_secret_access_key"};
    constexpr std::string_view kSecrets[] = {"hunter2",          "S3cr3t!x",  "a-b_c.d1",
                                             "0123456789abcdef", "pässwörd1", "Zm9v+YmFy/9=="};
    for (std::string_view name : kNames) {
        for (std::string_view secret : kSecrets) {
            const std::string key(name), value(secret);
            for (const std::string& text :
                 {key + '=' + value, key + " = " + value, key + ": " + value, key + ":" + value,
                  "x=1;" + key + '=' + value + ";y=2", "a=1&" + key + '=' + value + "&b=2",
                  '"' + key + "\": \"" + value + '"', '\'' + key + "': '" + value + '\'',
                  key + "=\"" + value + "\" z", "failed: " + key + '=' + value + ", retry",
                  key + " => \"" + value + '"', "\\\"" + key + "\\\":\\\"" + value + "\\\"",
                  "line\n" + key + ": " + value + "\nline"}) {
                const std::string result = found(text);
                EXPECT_TRUE(result == "password:" + value || result == "api_secret:" + value)
                    << text << " gave " << result;
                EXPECT_TRUE(passes_prefilters(text)) << text;
                // What is left when it has been removed stays.
                std::string scrubbed = text;
                scrubbed.replace(scrubbed.find(value), value.size(), "[removed]");
                EXPECT_EQ(found(scrubbed), "");
                scrubbed.replace(scrubbed.find("[removed]"), 9, value.size(), '*');
                EXPECT_EQ(found(scrubbed), "");
            }
        }
    }
}

TEST(PiiValues, PrivateKeys) {
    // Only the first bytes are those of keys.
    const std::string body = std::string(600, 'x') + "Q==";
    const std::string pkcs8 = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7" + body;
    const std::string pkcs1 = "MIIEpAIBAAKCAQEAv+jZnh5StSsIeanc/6C8PRtO2c/apxjzPZLT" + body;
    const std::string sec1 =
        "MHcCAQEEIDC+72+IxtsWzRu269VOLYOL/uNJCK0WF0tU6VGExHRUoAoGCCqGSM49AwEHoUQDQgAE" + body;
    const std::string pbes = "MIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQI" + body;
    for (const std::string& key : {pkcs8, pkcs1, pbes}) {
        EXPECT_EQ(found(key), "private_key:" + key);
        EXPECT_EQ(found("key " + key + " end"), "private_key:" + key);
        EXPECT_TRUE(passes_prefilters(key));
        for (const char* gap : {"", "\n", "\\n", "+", " "}) {
            const std::string pem =
                std::string("-----BEGIN PRIVATE KEY-----") + gap + key + gap + "-----END PRIVATE KEY-----";
            EXPECT_EQ(found(pem), "private_key:" + pem);
        }
        const std::string form = "-----BEGIN+RSA+PRIVATE+KEY-----" + key + "-----END+RSA+PRIVATE+KEY-----";
        EXPECT_EQ(found(form), "private_key:" + form);
    }
    EXPECT_TRUE(found(sec1).starts_with("private_key:MHcCAQEE"));
    std::string lines = pkcs8;
    for (size_t at = 64; at < lines.size(); at += 65) lines.insert(at, "\n");
    EXPECT_EQ(found(lines), "private_key:" + lines);
    // A certificate, a public key, base64 of something else.
    for (const std::string& text :
         {"MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQsw" + body,
          "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAv+jZnh5S" + body, "MIIB" + body,
          std::string("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----")})
        EXPECT_EQ(found(text), "") << text;
}

TEST(PiiValues, SpelledMailAddresses) {
    for (const char* address :
         {"joe (at) example dot com", "joe[at]example[dot]com", "joe AT example DOT com",
          "joe.doe (at) example.co.uk", "joe at example dot com", "joe {at} mail {dot} example {dot} org",
          "joe(AT)example(DOT)museum", "joe-d_1 [at] example.io", "joe ( at ) example ( dot ) com",
          "joe dot doe at example dot com", "JOE AT EXAMPLE DOT COM", "joe at example dot co dot uk"}) {
        const std::string text = address;
        EXPECT_EQ(found(text), "email:" + text);
        EXPECT_EQ(found("write to " + text + ", please"), "email:" + text);
        EXPECT_EQ(found(text + "."), "email:" + text);
        EXPECT_TRUE(text.find_first_of("[{") != std::string::npos || passes_prefilters(text)) << text;
    }
    expect({{"meet at noon dot", ""},
            {"look at the dot in the picture", ""},
            {"look at the dot product", ""},
            {"(at) example.com", ""},
            {"arrive (at) noon", ""},
            {"look at example.com", ""},
            {"sold at 12 dot 50", ""},
            {"at dot com", ""},
            {"joe (at) example", ""}});
}

}  // namespace
}  // namespace gpsync::core::pii

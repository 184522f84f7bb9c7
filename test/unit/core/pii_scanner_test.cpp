// The detectors by value: what each finds in a string on its own, and what it leaves.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/pii/base64.hpp"
#include "core/pii/detect/plain_text.hpp"
#include "core/pii/detect/scan.hpp"
#include "core/pii/document/plain_texts.hpp"
#include "core/pii/mapped_text.hpp"
#include "pii_scan_helpers.hpp"

namespace gpsync::core::pii {
namespace {

struct Case {
    const char* text;
    const char* findings;
};

class ScannerTest : public testing::TestWithParam<Case> {};
TEST_P(ScannerTest, FindsExactly) {
    EXPECT_EQ(found(GetParam().text), GetParam().findings) << GetParam().text;
    // Every string with a finding has to pass the prefilter.
    if (*GetParam().findings != 0) {
        EXPECT_TRUE(may_hold_pii(GetParam().text)) << GetParam().text;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Cards, ScannerTest,
    testing::Values(
        Case{"4111111111111111", "pan:4111111111111111"}, Case{"4111111111111112", ""},
        Case{"4111 1111 1111 1111", "pan:4111 1111 1111 1111"},
        Case{"4111-1111-1111-1111", "pan:4111-1111-1111-1111"},
        Case{"4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "pan:4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"},
        Case{"4222222222222", "pan:4222222222222"}, Case{"4006381333933", ""},
        Case{"378282246310005", "pan:378282246310005"}, Case{"3782 822463 10005", "pan:3782 822463 10005"},
        Case{"2223003122003222", "pan:2223003122003222"}, Case{"2720994326581252", "pan:2720994326581252"},
        Case{"2721000000000004", ""}, Case{"6304000000000000", "pan:6304000000000000"},
        Case{"6390000000000005", ""}, Case{"card 6390000000000005", "pan:6390000000000005"},
        Case{"card 6304000000000000", "pan:6304000000000000"}, Case{"41111111111111111", ""},
        Case{"4111111111111111.5", ""}, Case{"0.4111111111111111", ""}, Case{"0,4111111111111111", ""},
        Case{"7,4111111111111111,x", "pan:4111111111111111"},
        Case{"7,4111111111111111", "pan:4111111111111111"}, Case{"180010055594429", "pan:180010055594429"},
        Case{"x4111111111111111", ""}, Case{"PAN4111111111111111", "pan:4111111111111111"},
        Case{"a,4111111111111111,b", "pan:4111111111111111"},
        Case{"%B4111111111111111^DOE/J^27121010000?", "track:%B4111111111111111^DOE/J^27121010000?"},
        Case{";4111111111111111=27121010000?", "track:;4111111111111111=27121010000?"},
        Case{"4111111111111111D27121010000F", "track:4111111111111111D27121010000F"},
        Case{"cvv 123", "cvv:123"}, Case{"CVC: 1234.", "cvv:1234"}, Case{"exp 12/27", "expiry:12/27"},
        Case{"1764000000000000000", ""}, Case{"5555 exp", ""},
        Case{"PAN4111 1111 1111 1111", "pan:4111 1111 1111 1111"}, Case{"ORD4111 1111 1111 1111", ""},
        Case{"pan=4111+1111+1111+1111&x", "pan:4111+1111+1111+1111"},
        Case{"8171999927660000", "pan:8171999927660000"}, Case{"656248995776651384", ""},
        Case{"6500000000000000003", "pan:6500000000000000003"}));

INSTANTIATE_TEST_SUITE_P(
    Banks, ScannerTest,
    testing::Values(Case{"DE89370400440532013000", "iban:DE89370400440532013000"},
                    Case{"de89 3704 0044 0532 0130 00.", "iban:de89 3704 0044 0532 0130 00"},
                    Case{"DE88370400440532013000", ""}, Case{"DE893704004405320130001", ""},
                    Case{"xDE89370400440532013000", ""},
                    Case{"IBANDE89370400440532013000", "iban:DE89370400440532013000"},
                    Case{"BE 6853 9007 5470 34", "iban:BE 6853 9007 5470 34"},
                    Case{"routing 021000021", "aba_routing:021000021"}, Case{"routing 021000022", ""},
                    Case{"021000021", ""}));

INSTANTIATE_TEST_SUITE_P(
    Contacts, ScannerTest,
    testing::Values(
        Case{"joe@example.com", "email:joe@example.com"},
        Case{"<a.b+c@x-y.example.co.uk>, d", "email:a.b+c@x-y.example.co.uk"}, Case{"joe@example", ""},
        Case{"_joe_@example.com", "email:_joe_@example.com"},
        Case{"to \"joe doe\"@example.com", "email:\"joe doe\"@example.com"}, Case{"say \"@example.com", ""},
        Case{"04/05/2014 04:38", ""}, Case{"04-05-2014 04:38", ""}, Case{"03693-6655", ""},
        Case{"09-6884871", ""}, Case{"0297-085-79", ""}, Case{"0812-3456-7890", "phone:0812-3456-7890"},
        Case{"(11) 91234-5678", "phone:(11) 91234-5678"},
        Case{"8 (495) 123-45-67", "phone:8 (495) 123-45-67"}, Case{"138 0013 8000", "phone:138 0013 8000"},
        Case{"call 612 345 678", "phone:612 345 678"}, Case{"icon@2x.png", ""}, Case{"a@1.2.3", ""},
        Case{"@joe", ""}, Case{"joe @ example.com", ""}, Case{"ssh://git@example.com/x", ""},
        Case{"https://u:p@example.com", "password:u:p"}, Case{"mailto:x@y.io?s=1", "email:x@y.io"},
        Case{"+14155550123", "phone:+14155550123"}, Case{"+1 (415) 555-0123", "phone:+1 (415) 555-0123"},
        Case{"(415) 555-0123", "phone:(415) 555-0123"}, Case{"415-555-0123", "phone:415-555-0123"},
        Case{"1-415-555-0123", "phone:1-415-555-0123"}, Case{"115-555-0123", ""},
        Case{"415-555-0123x99", "phone:415-555-0123x99"},
        Case{"+44 (0)20 7946 0958", "phone:+44 (0)20 7946 0958"},
        Case{"020 7946 0958", "phone:020 7946 0958"}, Case{"0033 1 42 68 53 00", "phone:0033 1 42 68 53 00"},
        Case{"+999 123456789", ""}, Case{"4155550123", ""}, Case{"call 4155550123", "phone:4155550123"},
        Case{"ORD-415-555-0123", ""}, Case{"order 415-555-0123", "phone:415-555-0123"},
        Case{"1.0.0+20130313144700", ""}, Case{"+1500.00", ""},
        Case{"2026-11-22 415-555-0123", "phone:415-555-0123"}, Case{"0123-4567-8901-2345", ""}));

INSTANTIATE_TEST_SUITE_P(
    States, ScannerTest,
    testing::Values(
        Case{"1,123-45-6789,2", "ssn:123-45-6789"}, Case{"1,123,456.78", ""},
        Case{"123-45-6789", "ssn:123-45-6789"}, Case{"123 45 6789", "ssn:123 45 6789"},
        Case{"2003-04-01T05:56:56.000000Z", ""}, Case{"12.345.678-Z", "nif:12.345.678-Z"},
        Case{"2341 2341 2346", "aadhaar:2341 2341 2346"}, Case{"2341 2341 2346 1111", ""},
        Case{"000-12-3456", ""}, Case{"666-12-3456", ""}, Case{"123-00-4567", ""}, Case{"123-45-0000", ""},
        Case{"912-70-1234", "itin:912-70-1234"}, Case{"900-12-3456", ""}, Case{"123456789", ""},
        Case{"SSN 123456789", "ssn:123456789"}, Case{"AB-123-45-6789", ""}, Case{"123-45-6789-0", ""},
        Case{"AB123456C", "nino:AB123456C"}, Case{"AB 12 34 56 C", "nino:AB 12 34 56 C"},
        Case{"QQ123456C", ""}, Case{"943 476 5919", "nhs_number:943 476 5919"}, Case{"9434765919", ""},
        Case{"NHS 9434765919", "nhs_number:9434765919"}, Case{"046 454 286", "sin:046 454 286"},
        Case{"2341 2341 2346", "aadhaar:2341 2341 2346"}, Case{"2341 2341 2347", ""},
        Case{"12345678Z", "nif:12345678Z"}, Case{"12345678A", ""}, Case{"X1234567L", "nie:X1234567L"},
        Case{"RSSMRA85T10A562S", "codice_fiscale:RSSMRA85T10A562S"},
        Case{"86095742719", "german_tax_id:86095742719"}, Case{"44051401359", "pesel:44051401359"},
        Case{"passport X1234567", "passport:X1234567"}, Case{"born 12/03/1980", "birth_date:12/03/1980"}));

INSTANTIATE_TEST_SUITE_P(
    Machines, ScannerTest,
    testing::Values(
        Case{"ip:2001:db8::1", "ip:2001:db8::1"}, Case{"12::30", ""}, Case{"x::fe80::1", ""},
        Case{"7,203.0.113.7,x", "ip:203.0.113.7"}, Case{"10.1.2.3", "ip:10.1.2.3"}, Case{"10.1.2.256", ""},
        Case{"10.1.2.3.4", ""}, Case{"v1.2.3.4", ""}, Case{"version 1.2.3.4", ""}, Case{"Chrome/1.2.3.4", ""},
        Case{"http://10.1.2.3/x", "ip:10.1.2.3"}, Case{"127.0.0.1", ""},
        Case{"2001:db8::1", "ip:2001:db8::1"}, Case{"::1", ""}, Case{"std::string", ""}, Case{"12:34:56", ""},
        Case{"::ffff:192.0.2.1", "ip:::ffff:192.0.2.1"}, Case{"1:2:3:4:5:6:7:8", "ip:1:2:3:4:5:6:7:8"},
        Case{"00:1b:44:11:3a:b7", "mac:00:1b:44:11:3a:b7"}, Case{"001b.4411.3ab7", "mac:001b.4411.3ab7"},
        Case{"00:00:00:00:00:00", ""}, Case{"352099001761481", "imei:352099001761481"},
        Case{"352099001761482", ""}, Case{"1M8GDM9AXKP042788", "vin:1M8GDM9AXKP042788"},
        Case{"1M8GDM9A1KP042788", ""}, Case{"123e4567-e89b-12d3-a456-426614174000", ""},
        Case{"2026-11-22T06:11:37.917466Z", ""}));

INSTANTIATE_TEST_SUITE_P(
    Secrets, ScannerTest,
    testing::Values(
        Case{"AKIAIOSFODNN7EXAMPLE", "api_secret:AKIAIOSFODNN7EXAMPLE"},
        Case{"Bearer 0123456789abcdef", "api_secret:0123456789abcdef"},
        Case{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "jwt:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"},
        Case{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0", ""},
        Case{"-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----",
             "private_key:-----BEGIN EC PRIVATE KEY-----\nx\n-----END EC PRIVATE KEY-----"},
        Case{"-----BEGIN CERTIFICATE-----", ""},
        Case{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "btc_address:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
        Case{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", ""},
        Case{"0x52908400098527886E0F7030069857D2E4169EE7",
             "eth_address:0x52908400098527886E0F7030069857D2E4169EE7"}));

TEST(PiiScanner, KeysMakeWeakEvidenceEnough) {
    ScanContext phone;
    phone.named = DetectorSet(Detector::kPhone);
    EXPECT_EQ(found("4155550123", phone), "phone:4155550123");
    ScanContext pan;
    pan.named = DetectorSet(Detector::kPan);
    EXPECT_EQ(found("4111111111111112", pan), "pan:4111111111111112");
    EXPECT_EQ(found("411111******1111", pan), "");
    ScanContext version;
    version.flags = kVersion;
    EXPECT_EQ(found("1.2.3.4", version), "");
    EXPECT_EQ(found("4111111111111111", version), "pan:4111111111111111");
    ScanContext number;
    number.number = true;
    EXPECT_EQ(found("4111111111111111", number), "pan:4111111111111111");
    EXPECT_EQ(found("352099001761481", number), "");
}

TEST(PiiScanner, TokenRangesAndPathsMakeDevicePans) {
    const BinRange bins[] = {{489537, 489537}};
    ScanContext context;
    context.token_bins = bins;
    EXPECT_EQ(found("4895370012003478", context), "device_pan:4895370012003478");
    context.funding = true;
    EXPECT_EQ(found("4895370012003478", context), "pan:4895370012003478");
    ScanContext device;
    device.device = true;
    EXPECT_EQ(found("4111111111111111", device), "device_pan:4111111111111111");
}

TEST(PiiPrefilter, LetsOrdinaryStringsGo) {
    for (const char* text :
         {"", "ACTIVE", "Pixel 8", "android", "en-US", "tok_1", "a long sentence without anything", "EUR",
          "12.50", "https://example.com/a", "17.4.1", "2026-1", "VERIFICATION"})
        EXPECT_FALSE(may_hold_pii(text)) << text;
    for (const char* text :
         {"prov_12345", "PROVISIONING_COMPLETED", "com.example.wallet.app", "/usr/local/lib/x"})
        EXPECT_TRUE(!may_hold_pii(text) || is_plain_value(text) || is_plain_text(text)) << text;
    // The same at every position in a long string.
    for (size_t pad = 0; pad < 100; ++pad)
        for (const char* value : {"joe@x.io", "123456", "10.2.3.4", "a::b", "0123456789abcdef", "%41",
                                  "\xc3\xa9", "1-2-3-4-5-6"}) {
            std::string text;
            for (size_t i = 0; i < pad; ++i) text.push_back(i % 9 == 8 ? ' ' : 'x');
            text += ' ';
            text += value;
            EXPECT_TRUE(may_hold_pii(text)) << text;
            EXPECT_TRUE(may_hold_pii(text + " tail of it")) << text;
        }
}

TEST(PiiFold, MapsBackToTheOriginal) {
    const std::string text =
        "x\xef\xbc\x94\xe2\x80\x8b\xd9\xa1\xc3\xa9";  // x, full-width 4, zero-width, Arabic 1, é
    MappedText out;
    ASSERT_TRUE(fold_unicode(text, {}, out));
    EXPECT_EQ(out.text, "x41\x80");
    EXPECT_EQ(out.starts, (std::vector<uint32_t>{0, 1, 7, 9, 11}));
    EXPECT_FALSE(fold_unicode("plain", {}, out));
    ASSERT_TRUE(decode_percent("a%40b%2", {}, out));
    EXPECT_EQ(out.text, "a@b%2");
    EXPECT_EQ(out.starts, (std::vector<uint32_t>{0, 1, 4, 5, 6, 7}));
    EXPECT_FALSE(decode_percent("%B4111", {}, out));
}

// The prefilter reads sixteen bytes at once, in two ways by length: a byte counts the same wherever it
// stands.
TEST(PiiScanner, PrefiltersAlikeAtEveryPlace) {
    for (size_t size = 1; size <= 40; ++size) {
        const std::string clean(size, '.');
        EXPECT_FALSE(may_hold_pii(clean.substr(0, 2)));
        for (size_t at = 0; at < size; ++at) {
            for (const char special : {'@', '%', '{', '[', '\\', '=', '\x80', '\xff'}) {
                std::string text(size, 'a');
                for (size_t blank = 7; blank < size; blank += 8) text[blank] = ',';
                EXPECT_FALSE(may_hold_pii(text)) << text;
                text[at] = special;
                EXPECT_TRUE(may_hold_pii(text)) << text;
            }
        }
        for (size_t digits = 0; digits < size; ++digits) {
            std::string text(size, ',');
            for (size_t i = 0; i < digits; ++i) text[(i * 7 + digits) % size] = '1';
            const auto count = std::count(text.begin(), text.end(), '1');
            EXPECT_EQ(may_hold_pii(text), count >= 6) << text;
            text[size - 1] = 'x';
            const auto left = std::count(text.begin(), text.end(), '1');
            const bool mark = text.find(',') != std::string::npos;
            EXPECT_EQ(may_hold_pii(text), left >= 6 || (left >= 3 && mark)) << text;
        }
    }
}

// What the prefilter passes is what the scanners would find nothing in.
TEST(PiiScanner, FindsNothingInPlainValues) {
    std::mt19937 random(20261123);
    const auto below = [&random](unsigned n) { return random() % n; };
    Scanner scanner;
    size_t plain = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::string text;
        for (unsigned n = below(7); n > 0; --n) text.push_back("abcinptvwxyzABCDGLMNPQSTXYZ"[below(27)]);
        constexpr std::string_view kBetween[] = {"", "", "_", "-", ".", " "};
        text += kBetween[below(6)];
        for (unsigned n = below(13); n > 0; --n) text.push_back(static_cast<char>('0' + below(10)));
        if (below(4) == 0) text.push_back("ABCDLZ-"[below(7)]);
        if (!is_plain_value(text)) continue;
        ++plain;
        std::vector<Finding> findings;
        scanner.scan(text, ScanContext(), findings);
        EXPECT_TRUE(findings.empty()) << text << " is a " << info(findings[0].detector).name;
    }
    EXPECT_GT(plain, 20'000U);
}

// The same of texts made of pieces that matter to some scanner.
TEST(PiiScanner, FindsNothingInPlainTexts) {
    constexpr std::string_view kPieces[] = {"order",
                                            "no",
                                            "tel",
                                            "cvv",
                                            "passport",
                                            "the",
                                            "device",
                                            "x",
                                            "AB",
                                            "C",
                                            "fe80",
                                            "aabb",
                                            "ccdd",
                                            "eeff",
                                            "ab",
                                            "sk_live_",
                                            "Bearer",
                                            "key-",
                                            "description",
                                            "ssn",
                                            "date",
                                            "of",
                                            "birth",
                                            "W3",
                                            "pin",
                                            "call",
                                            "exp",
                                            "00",
                                            "DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45",
                                            "GB82WEST12345698765432",
                                            "IBANDE89370400440532013000",
                                            "Q1a2b3c4d5e6f7g8h9j0",
                                            "PAN4111111111111111",
                                            "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
                                            "WVWZZZ1JZXW000001",
                                            "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
                                            "9f86d081884c7d659a2feaa0c55ad015",
                                            "RSSMRA85T10A562S",
                                            "national",
                                            "insurance",
                                            "number",
                                            "L",
                                            "v2",
                                            "x37",
                                            "am9lQGV4YW1wbGUuY29t",
                                            "code",
                                            "account",
                                            "born"};
    constexpr std::string_view kGaps[] = {" ", " ",  " ",  " ", ".", "-", "_",  ":",
                                          "/", ", ", ": ", "#", "(", ")", "\"", ""};
    std::mt19937 random(1123);
    const auto below = [&random](size_t n) { return random() % n; };
    Scanner scanner;
    size_t plain = 0;
    for (int round = 0; round < 300'000; ++round) {
        std::string text;
        const size_t pieces = 1 + below(7), number = below(pieces);
        for (size_t i = 0; i < pieces; ++i) {
            if (i == number)
                for (size_t n = 1 + below(8); n > 0; --n) text.push_back(static_cast<char>('0' + below(10)));
            else
                text += kPieces[below(std::size(kPieces))];
            text += kGaps[below(std::size(kGaps))];
        }
        if (!may_hold_pii(text) || !is_plain_text(text)) continue;
        ++plain;
        std::vector<Finding> findings;
        scanner.scan(text, ScanContext(), findings);
        EXPECT_TRUE(findings.empty()) << text << " has a " << info(findings[0].detector).name;
    }
    EXPECT_GT(plain, 20'000U);
}

// Only what stands in front of a number up to the number before it, or in front of brackets, may name it.
TEST(PiiScanner, TakesTextsWithSmallNumbersForPlain) {
    for (const char* text :
         {"parcel 12 weighs 3.45 kg. version 10.2, 11.3 and 12.4 were seen in 3456 builds",
          "next check in 33 s (1234 ms, trace 0123456789abcdef0123456789abcdef)",
          "2026-11-12 03:45:17.123 INFO [http-nio-8443-exec-12] c.e.pay.TokenService - Token 1234 was "
          "suspended"})
        EXPECT_TRUE(may_hold_pii(text) && is_plain_text(text)) << text;
    for (const char* text :
         {"host 10.1.2.3 is up", "aabb.ccdd.eeff", "CVV one two three four (five six): 1234",
          "CVV 17 of four (five six): 1234", "on [2026] joe [at] example dot com"})
        EXPECT_FALSE(is_plain_text(text)) << text;
}

// Texts that differ anywhere are judged each by itself, however many came before.
TEST(PiiScanner, RemembersPlainTextsAsTheyAre) {
    PlainTexts texts;
    for (int round = 0; round < 3; ++round)
        for (int i = 0; i < 2000; ++i) {
            const std::string number = std::to_string(1000 + i);
            EXPECT_TRUE(texts.is_plain("version " + number + " of 12 builds"));
            EXPECT_FALSE(texts.is_plain("pin is: " + number + " of 12 builds"));
            EXPECT_FALSE(texts.is_plain("version " + number + " of 12 joe@x"));
        }
}

TEST(PiiScanner, TakesWordsThatSayMoreForNoIdentifiers) {
    for (const char* text : {"tok_123456", "M1234567", "prov-20261", "Order_123"})
        EXPECT_TRUE(is_plain_value(text) || !may_hold_pii(text) || is_plain_text(text)) << text;
    for (const char* text : {"ssn_123456", "passport_1234567", "pin-123456", "tok_12345678", "tok_+1234567"})
        EXPECT_FALSE(is_plain_value(text)) << text;
}

// Whatever stands in front of "alg" in a header, and wherever in a run of base64 the header begins.
TEST(PiiScanner, FindsJwtsWhateverTheirHeaders) {
    for (size_t pad = 0; pad < 12; ++pad) {
        const std::string front(pad + 1, 'k');
        for (const std::string& header :
             {R"({")" + front + R"(":1,"alg":"none"})", R"({"alg":"HS256","kid":")" + front + R"("})",
              R"({"typ":"JWT",")" + front + R"(":{"alg":"RS256"}})"}) {
            const std::string jwt = base64_encode(header, Base64Alphabet::kUrl, false) + ".eyJzdWIiOjF9.c2ln";
            EXPECT_EQ(found(jwt), "jwt:" + jwt) << header;
            EXPECT_EQ(found("t=" + jwt + "; eyJ0IjoxfQ.eyJzdWIiOjF9.c2ln"), "jwt:" + jwt) << header;
            for (const char* before : {"eyJ-", "eyJx-", "eyJxy_", "eyJxyz-eyJ."})
                EXPECT_NE(found(before + jwt).find(jwt), std::string::npos) << before << header;
        }
        const std::string other =
            base64_encode(R"({"a":")" + front + R"(","algo":"x"})", Base64Alphabet::kUrl, false);
        EXPECT_EQ(found(other + ".eyJzdWIiOjF9.c2ln"), "") << other;
    }
}

TEST(PiiScanner, FindsASecretBehindOthersThatAreNone) {
    const std::string key = "sk-0123456789abcdefghijklmnopqrstuvwxyz";
    EXPECT_EQ(found("sk-sk-xoxb-" + key), "api_secret:sk-sk-xoxb-" + key);
    EXPECT_EQ(found("sk-a sk-b " + key), "api_secret:" + key);
    EXPECT_EQ(found("1-sk-abcdefghijklmnopqrstuvwxyzabcdefghij"), "");
    EXPECT_EQ(found("sk_live_sk_live_0123456789abcdefg"), "api_secret:sk_live_0123456789abcdefg");
}

}  // namespace
}  // namespace gpsync::core::pii

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/pii/base64.hpp"
#include "core/pii/checksums.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/protect/crypto.hpp"
#include "core/pii/protect/envelope.hpp"
#include "core/pii/protect/ff1.hpp"
#include "core/pii/protect/key_ring.hpp"
#include "core/pii/protect/tokenize.hpp"

namespace gpsync::core::pii {
namespace {

std::string unhex(std::string_view hex) {
    std::string out;
    for (size_t i = 0; i + 1 < hex.size(); i += 2)
        out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return out;
}

Numerals numerals(std::string_view text) {
    Numerals out;
    for (char c : text) out.push_back(static_cast<uint16_t>(c <= '9' ? c - '0' : c - 'a' + 10));
    return out;
}

constexpr std::string_view kKey128 = "2B7E151628AED2A6ABF7158809CF4F3C";
constexpr std::string_view kKey192 = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F";
constexpr std::string_view kKey256 = "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94";

// NIST, "FF1 samples" (examples to SP 800-38G), 1 to 9.
TEST(PiiFf1, GivesTheNistSamples) {
    const struct {
        std::string_view key, tweak, plain, cipher;
        uint32_t radix;
    } samples[] = {
        {kKey128, "", "0123456789", "2433477484", 10},
        {kKey128, "39383736353433323130", "0123456789", "6124200773", 10},
        {kKey128, "3737373770717273373737", "0123456789abcdefghi", "a9tv40mll9kdu509eum", 36},
        {kKey192, "", "0123456789", "2830668132", 10},
        {kKey192, "39383736353433323130", "0123456789", "2496655549", 10},
        {kKey192, "3737373770717273373737", "0123456789abcdefghi", "xbj3kv35jrawxv32ysr", 36},
        {kKey256, "", "0123456789", "6657667009", 10},
        {kKey256, "39383736353433323130", "0123456789", "1001623463", 10},
        {kKey256, "3737373770717273373737", "0123456789abcdefghi", "xs8a0azh2avyalyzuwd", 36},
    };
    for (const auto& sample : samples) {
        const Ff1 ff1(unhex(sample.key), sample.radix);
        Numerals text = numerals(sample.plain);
        ASSERT_TRUE(ff1.encrypt(text, unhex(sample.tweak)));
        EXPECT_EQ(text, numerals(sample.cipher));
        ASSERT_TRUE(ff1.decrypt(text, unhex(sample.tweak)));
        EXPECT_EQ(text, numerals(sample.plain));
    }
}

TEST(PiiFf1, RefusesDomainsBelowAMillion) {
    const Ff1 ff1(unhex(kKey256), 10);
    Numerals five(5, 1), six(6, 1);
    EXPECT_FALSE(ff1.encrypt(five, ""));
    EXPECT_TRUE(ff1.encrypt(six, ""));
    Numerals wrong(6, 10);
    EXPECT_FALSE(ff1.encrypt(wrong, ""));
}

TEST(PiiFf1, ComesBackForEveryLength) {
    const Ff1 ff1(unhex(kKey256), 256);
    for (size_t n = 3; n < 200; ++n) {
        Numerals text(n);
        for (size_t i = 0; i < n; ++i) text[i] = static_cast<uint16_t>((i * 37 + n) % 256);
        const Numerals before = text;
        ASSERT_TRUE(ff1.encrypt(text, "t"));
        EXPECT_NE(text, before);
        ASSERT_TRUE(ff1.decrypt(text, "t"));
        EXPECT_EQ(text, before);
    }
}

// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13, 14 and 16 (AES-256).
TEST(PiiGcm, GivesThePublishedVectors) {
    const Key zero{};
    const std::string iv(12, '\0');
    EXPECT_EQ(gcm_seal(zero, iv, "", ""), unhex("530f8afbc74536b9a963b4f1c4cb738b"));
    EXPECT_EQ(gcm_seal(zero, iv, "", std::string(16, '\0')),
              unhex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"));
    Key key;
    const std::string bytes = unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    std::copy(bytes.begin(), bytes.end(), key.begin());
    const std::string plain = unhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16a"
        "edf5aa0de657ba637b39");
    const std::string additional = unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const auto sealed = gcm_seal(key, unhex("cafebabefacedbaddecaf888"), additional, plain);
    EXPECT_EQ(
        sealed,
        unhex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10568288"
              "38c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"));
    EXPECT_EQ(gcm_open(key, unhex("cafebabefacedbaddecaf888"), additional, *sealed), plain);
    EXPECT_EQ(gcm_open(key, unhex("cafebabefacedbaddecaf888"), "other", *sealed), std::nullopt);
}

// RFC 5869, test case 1; RFC 4231, test case 2.
TEST(PiiHash, GivesThePublishedVectors) {
    EXPECT_EQ(hkdf_sha256(std::string(22, '\x0b'), unhex("000102030405060708090a0b0c"),
                          unhex("f0f1f2f3f4f5f6f7f8f9"), 42),
              unhex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
    const auto mac = hmac_sha256("Jefe", "what do ya want for nothing?");
    EXPECT_EQ(std::string(bytes_of(*mac)),
              unhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

// RFC 4648, section 10.
TEST(PiiBase64, GivesThePublishedVectors) {
    for (auto [plain, encoded] :
         {std::pair{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}}) {
        EXPECT_EQ(base64_encode(plain, Base64Alphabet::kStandard, true), encoded);
        EXPECT_EQ(base64_decode(encoded), plain);
    }
    EXPECT_EQ(base64_decode("Zg"), "f");
    for (const char* bad : {"Z", "Zh==", "Zm9v=", "Zm9v====", "Z=g=", "+-+-", "Zm 9"})
        EXPECT_EQ(base64_decode(bad), std::nullopt) << bad;
}

KeyRing ring(std::string_view lines = "key a AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n") {
    KeyRing result;
    const Status status = KeyRing::parse("gpsync-keys 1\n" + std::string(lines), result);
    EXPECT_TRUE(status.ok()) << status.message;
    return result;
}
constexpr std::string_view kTwoKeys =
    "# comment\nkey old AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nkey new "
    "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8= # the new one\n";

TEST(PiiKeyRing, LastKeyIsCurrentUnlessSaid) {
    const KeyRing last = ring(kTwoKeys);
    EXPECT_EQ(last.current(Purpose::kEncrypt)->name(), "new");
    const KeyRing said = ring(std::string(kTwoKeys) + "current new\ncurrent hash old\n");
    EXPECT_EQ(said.current(Purpose::kEncrypt)->name(), "new");
    EXPECT_EQ(said.current(Purpose::kHash)->name(), "old");
}

TEST(PiiKeyRing, RefusesWithTheLine) {
    const struct {
        const char* text;
        const char* line;
    } bad[] = {
        {"", "line 1"},
        {"key a AAAA", "line 1"},
        {"gpsync-keys 1\n", "line 1"},
        {"gpsync-keys 1\nkey a AAAA\n", "line 2"},
        {"gpsync-keys 1\nkey a! AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", "line 2"},
        {"gpsync-keys 1\n\nkye a AAAA\n", "line 3"},
        {"gpsync-keys 1\nkey a AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= x\n", "line 2"},
        {"gpsync-keys 1\nkey a AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\ncurrent b\n", "line 3"},
        {"gpsync-keys 1\nkey a AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\ncurrent hsah a\n", "line 3"}};
    for (const auto& item : bad) {
        KeyRing out;
        const Status status = KeyRing::parse(item.text, out);
        EXPECT_FALSE(status.ok()) << item.text;
        EXPECT_EQ(status.position, item.line) << item.text;
        EXPECT_EQ(status.message.find("AAEC"), std::string::npos);
    }
}

TEST(PiiEncrypt, OpensWithItsContextOnly) {
    const KeyRing keys = ring();
    std::string sealed, again, plain;
    ASSERT_TRUE(encrypt_value("4111111111111111", "card", &keys, sealed).ok());
    ASSERT_TRUE(encrypt_value("4111111111111111", "card", &keys, again).ok());
    EXPECT_NE(sealed, again);  // a fresh nonce each time
    EXPECT_EQ(sealed.rfind("gpsync:e1:a:", 0), 0u);
    ASSERT_TRUE(decrypt_value(sealed, "card", &keys, plain).ok());
    EXPECT_EQ(plain, "4111111111111111");
    plain.clear();
    EXPECT_EQ(decrypt_value(sealed, "other", &keys, plain).code, Code::kCorrupt);
    EXPECT_EQ(decrypt_value(sealed, "card", nullptr, plain).code, Code::kMissingKey);
    EXPECT_EQ(encrypt_value("x", "", nullptr, plain).code, Code::kMissingKey);
    EXPECT_TRUE(plain.empty());
}

TEST(PiiEncrypt, EveryChangedByteIsNoticed) {
    const KeyRing keys = ring();
    std::string sealed, plain;
    ASSERT_TRUE(encrypt_value("secret", "c", &keys, sealed).ok());
    for (size_t i = 0; i < sealed.size(); ++i) {
        std::string forged = sealed;
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(decrypt_value(forged, "c", &keys, plain).ok()) << i;
        const auto envelope = parse_envelope(forged);
        EXPECT_FALSE(envelope && authentic(*envelope, keys)) << i;
    }
}

TEST(PiiEncrypt, AnOldKeyStillOpens) {
    const KeyRing before = ring("key old AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"),
                  after = ring(kTwoKeys);
    std::string sealed, plain;
    ASSERT_TRUE(encrypt_value("x", "", &before, sealed).ok());
    ASSERT_TRUE(decrypt_value(sealed, "", &after, plain).ok());
    EXPECT_EQ(plain, "x");
}

TEST(PiiTokenize, KeepsFirstSixAndLastFourAndFailsLuhn) {
    const KeyRing keys = ring();
    const NamedKey& key = *keys.current(Purpose::kTokenize);
    for (const char* pan : {"4111111111111111", "378282246310005", "30569309025904", "4222222222222",
                            "6011000990139424009", "4111 1111 1111 1111", "501800000009"}) {
        std::string token, plain;
        ASSERT_TRUE(tokenize_pan(pan, Luhn::kInvalid, key, token).ok()) << pan;
        std::string digits, from;
        for (char c : token)
            if (c >= '0' && c <= '9') digits.push_back(c);
        for (const char* c = pan; *c != 0; ++c)
            if (*c >= '0' && *c <= '9') from.push_back(*c);
        ASSERT_EQ(digits.size(), from.size());
        EXPECT_FALSE(luhn_valid(digits)) << token;
        EXPECT_EQ(digits.substr(digits.size() - 4), from.substr(from.size() - 4));
        const size_t kept = std::min<size_t>(6, from.size() - 10);
        EXPECT_EQ(digits.substr(0, kept), from.substr(0, kept));
        EXPECT_TRUE(is_pan_token(digits, key));
        ASSERT_TRUE(detokenize_pan(token, key, plain).ok());
        EXPECT_EQ(plain, pan);
    }
}

TEST(PiiTokenize, IsOneToOne) {
    const KeyRing keys = ring();
    const NamedKey& key = *keys.current(Purpose::kTokenize);
    for (Luhn luhn : {Luhn::kInvalid, Luhn::kValid}) {
        std::set<std::string> tokens;
        int cards = 0;
        for (int middle = 0; middle < 20000; ++middle) {
            const std::string digits = std::to_string(1000000 + middle).substr(1);
            const std::string pan = "411111" + digits + "1111";
            if (!luhn_valid(pan)) continue;
            std::string token, plain;
            ASSERT_TRUE(tokenize_pan(pan, luhn, key, token).ok());
            EXPECT_EQ(luhn_valid(token), luhn == Luhn::kValid);
            ASSERT_TRUE(detokenize_pan(token, key, plain).ok());
            ASSERT_EQ(plain, pan);
            tokens.insert(token);
            ++cards;
        }
        EXPECT_EQ(tokens.size(), static_cast<size_t>(cards));
    }
}

TEST(PiiTokenize, RefusesWhatIsNoCard) {
    const KeyRing keys = ring();
    std::string out;
    for (const char* bad : {"4111111111111112", "123", "", "41111111111111111111"})
        EXPECT_EQ(tokenize_pan(bad, Luhn::kInvalid, *keys.current(Purpose::kTokenize), out).code,
                  Code::kInvalid)
            << bad;
}

TEST(PiiTokenize, OtherDomainsKeepTheirFormat) {
    const KeyRing keys = ring();
    const NamedKey& key = *keys.current(Purpose::kTokenize);
    for (const char* value : {"+44 20 7946 0958", "AB-1234-xyz", "123456", "a1b2"}) {
        std::string token, other, plain;
        ASSERT_TRUE(tokenize_text(value, "phone", key, token).ok()) << value;
        ASSERT_TRUE(tokenize_text(value, "account", key, other).ok());
        EXPECT_NE(token, other);
        ASSERT_EQ(token.size(), std::string(value).size());
        ASSERT_TRUE(detokenize_text(token, "phone", key, plain).ok());
        EXPECT_EQ(plain, value);
    }
    std::string out;
    for (const char* bad : {"12345", "abc", "", "J\xc3\xb6rg12345"})
        EXPECT_FALSE(tokenize_text(bad, "x", key, out).ok()) << bad;
    for (const char* value : {"a", "ab", "J\xc3\xb6rg", "4111"}) {
        std::string token, plain;
        ASSERT_TRUE(tokenize_bytes(value, "name", key, token).ok());
        ASSERT_TRUE(detokenize_bytes(token, "name", key, plain).ok());
        EXPECT_EQ(plain, value);
    }
}

TEST(PiiMask, KeepsShape) {
    const auto masked = [](std::string_view text, bool last_four) {
        std::string out;
        mask(text, last_four, out);
        return out;
    };
    EXPECT_EQ(masked("4111 1111 1111 1111", true), "**** **** **** 1111");
    EXPECT_EQ(masked("123-45-6789", true), "***-**-6789");
    EXPECT_EQ(masked("1234567", true), "*******");
    EXPECT_EQ(masked("joe@example.com", false), "***@*******.***");
    EXPECT_EQ(masked("J\xc3\xb6rg", false), "****");
    EXPECT_TRUE(is_masked("**** **** **** 1111"));
    EXPECT_FALSE(is_masked("1111"));
    EXPECT_FALSE(is_masked("*12345"));
    EXPECT_FALSE(is_masked("12*4"));
}

}  // namespace
}  // namespace gpsync::core::pii

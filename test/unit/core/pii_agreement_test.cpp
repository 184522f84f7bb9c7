// scrub, has_pii and find_pii agree, and what is left holds nothing, but for few: over random documents of
// names that mean something and of texts in several layers of encoding, with a fixed seed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <string_view>

#include "core/pii/base64.hpp"
#include "pii_prefilter_pieces.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

constexpr std::string_view kNames[] = {"authorization",
                                       "cookie",
                                       "set-cookie",
                                       "x-api-key",
                                       "field55",
                                       "DE55",
                                       "55",
                                       "tlv",
                                       "emvData",
                                       "9F26",
                                       "track2",
                                       "tags",
                                       "tag",
                                       "cvv",
                                       "pin",
                                       "cryptogram",
                                       "address",
                                       "street",
                                       "city",
                                       "zip",
                                       "dateOfBirth",
                                       "password",
                                       "secret",
                                       "access_token",
                                       "token",
                                       "dpan",
                                       "cardNumber",
                                       "expiry",
                                       "firstName",
                                       "surname",
                                       "name",
                                       "value",
                                       "label",
                                       "key",
                                       "field",
                                       "old",
                                       "new",
                                       "from",
                                       "to",
                                       "path",
                                       "op",
                                       "type",
                                       "code",
                                       "customer",
                                       "merchant",
                                       "card",
                                       "email",
                                       "phone",
                                       "account",
                                       "iban",
                                       "ssn",
                                       "national_id",
                                       "passport",
                                       "ip",
                                       "version",
                                       "orderId",
                                       "note",
                                       "data",
                                       "payload",
                                       "columns",
                                       "rows",
                                       "headers",
                                       "rawHeaders",
                                       "2",
                                       "14",
                                       "35",
                                       "52",
                                       "mti",
                                       "device",
                                       "deviceName",
                                       "month",
                                       "year",
                                       "lat",
                                       "createdBy",
                                       "author",
                                       "owner",
                                       "sku",
                                       "id",
                                       "created_at",
                                       "hash",
                                       "signature",
                                       "description",
                                       "user",
                                       "otp"};

constexpr std::string_view kLabels[] = {"cvv",
                                        "surname",
                                        "password",
                                        "dateOfBirth",
                                        "field55",
                                        "cookie",
                                        "authorization",
                                        "address",
                                        "street",
                                        "ssn",
                                        "track2",
                                        "tags",
                                        "firstName",
                                        "name",
                                        "value",
                                        "code",
                                        "card",
                                        "email",
                                        "phone",
                                        "Content-Type",
                                        "X-Api-Key",
                                        "note",
                                        "/holder/fullName",
                                        "DE52",
                                        "add",
                                        "replace",
                                        "sku",
                                        "tier",
                                        "city",
                                        "9F26",
                                        "account"};

constexpr std::string_view kValues[] = {"4111111111111111",
                                        "4111 1111 1111 1111",
                                        "4526018159083012",
                                        "378282246310005",
                                        "411111******1111",
                                        "************1111",
                                        ";4111111111111111=27121010000?",
                                        "A1B2C3D4E5F60718",
                                        "5A0841111111111111119F260811223344556677889F36020042",
                                        "WghBEREREREREZ8mCBEiM0RVZneInzYCAEI=",
                                        "9F36020042",
                                        "joe@example.com",
                                        "+49 30 901820",
                                        "(415) 555-0132",
                                        "219-09-9999",
                                        "10.2.3.4",
                                        "2001:db8::1",
                                        "Joe Doe",
                                        "Femke Hoekstra",
                                        "7 Mill Lane",
                                        "Leeds",
                                        "1980-02-03",
                                        "03/02/1980",
                                        "123",
                                        "741",
                                        "4821",
                                        "12/27",
                                        "12/28",
                                        "hunter22Xx",
                                        "swordfish",
                                        "password",
                                        "First name",
                                        "admin",
                                        "Bearer abcdefghijklmnop",
                                        "Token k3Jx81LmN0",
                                        "sid=k3Jx81LmN0; tz=CET",
                                        "sid=4dbca3a0aac36098b2cc2bd818319478",
                                        "surname=Lee",
                                        "surname=s",
                                        "cvv=123&x=1",
                                        "{\"cvv\": \"123\"}",
                                        "[removed]",
                                        "[redacted]",
                                        "ACTIVE",
                                        "order 17 of 2026-11-22",
                                        "0b6ad4a4-6a3c-4d12-9d8f-55bbbb2f1c11",
                                        "M\xc3\xbcller",
                                        "\xe7\xbf\xbb\xe5\xa4\xaa",
                                        "\xef\xbc\x94\xef\xbc\x91\xef\xbc\x91\xef\xbc\x91 1111 1111 1111",
                                        "31\xe2\x80\x92",
                                        "",
                                        " ",
                                        "1.2.3.4",
                                        "localhost:5432",
                                        "DE89 3704 0044 0532 0130 00"};

class Documents {
  public:
    explicit Documents(unsigned seed) : random_(seed) {}

    std::string next() {
        switch (below(6)) {
            case 0:
                return object(2);
            case 1:
                return '[' + list(2) + ']';
            case 2:
                return '{' + in_quotes(pick(kNames)) + ':' + string() + '}';
            case 3:
                return '{' + in_quotes(pick(kNames)) + ':' + labelled() + '}';
            default:
                return '{' + in_quotes(pick(kNames)) + ':' + value(2) + '}';
        }
    }

  private:
    size_t below(size_t n) { return random_() % n; }
    bool one_in(size_t n) { return below(n) == 0; }
    template <size_t N>
    std::string_view pick(const std::string_view (&from)[N]) {
        return from[below(N)];
    }
    std::string object(int depth) {
        std::string out;
        for (size_t n = 1 + below(4); n > 0; --n) {
            const std::string name = in_quotes(pick(kNames)) + ':';
            if (out.find(name) == std::string::npos)
                out += (out.empty() ? "" : ", ") + name + ' ' + value(depth - 1);
        }
        return '{' + out + '}';
    }
    std::string labelled() {
        static constexpr std::string_view kKeys[] = {"name", "key",  "label", "field",
                                                     "tag",  "path", "header"};
        static constexpr std::string_view kOf[] = {"value", "old", "new", "from", "to", "data", "string"};
        const std::string label = in_quotes(pick(kKeys)) + ':' + in_quotes(pick(kLabels));
        const std::string of = in_quotes(pick(kOf)) + ':' + value(1);
        return one_in(2) ? '{' + label + ',' + of + '}' : '{' + of + ',' + label + '}';
    }
    std::string list(int depth) {
        std::string out = value(depth - 1);
        for (size_t n = below(3); n > 0; --n) out += ", " + value(depth - 1);
        return out;
    }
    std::string value(int depth) {
        if (depth > 0 && one_in(3)) return one_in(3) ? labelled() : object(depth);
        if (depth > 0 && one_in(4)) {
            if (one_in(3))
                return "[[" + in_quotes(pick(kLabels)) + ',' + string() + "],[" + in_quotes(pick(kNames)) +
                       ',' + string() + "]]";
            return '[' + list(depth) + ']';
        }
        if (one_in(12)) return one_in(2) ? "4111111111111111" : "123";
        return string();
    }
    std::string plain() {
        if (one_in(3)) return prefilter_text(random_);
        if (one_in(6)) return prefilter_code(random_);
        if (one_in(8)) return object(1);
        if (one_in(8)) return std::string(pick(kNames)) + '=' + std::string(pick(kValues));
        if (one_in(12)) return std::string(pick(kNames)) + ": " + std::string(pick(kValues));
        std::string text(pick(kValues));
        if (one_in(4)) text += (one_in(2) ? " " : ", ") + std::string(pick(kValues));
        return text;
    }
    std::string string() {
        std::string text = plain();
        for (size_t layers = one_in(2) ? below(3) : 0; layers > 0; --layers) text = encoded(text);
        return in_quotes(text);
    }
    std::string encoded(const std::string& text) {
        switch (below(7)) {
            case 0:
                return percent(text);
            case 1:
                return backslash(text);
            case 2: {
                const std::string quoted = in_quotes(text);
                return one_in(2) ? quoted : quoted.substr(1, quoted.size() - 2);
            }
            case 3:
                return '{' + in_quotes(pick(kNames)) + ": " + in_quotes(text) + '}';
            case 4:
                return base64_encode(text, one_in(2) ? Base64Alphabet::kStandard : Base64Alphabet::kUrl,
                                     one_in(2));
            case 5:
                return "x=1&" + std::string(pick(kNames)) + '=' + percent(text);
            default:
                return "GET /?" + std::string(pick(kNames)) + '=' + text + "&n=2";
        }
    }
    std::string percent(const std::string& text) {
        static constexpr char kHex[] = "0123456789ABCDEF";
        const size_t rate = one_in(3) ? 1 : 6;
        std::string out;
        for (char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (is_word(c) && byte < 0x80 && !one_in(rate))
                out += c;
            else if (c == ' ' && one_in(2))
                out += '+';
            else
                out += {'%', kHex[byte >> 4], kHex[byte & 15]};
        }
        return out;
    }
    std::string backslash(const std::string& text) {
        static constexpr char kHex[] = "0123456789abcdef";
        std::string out;
        const size_t rate = one_in(3) ? 1 : 6;
        const bool hex = one_in(2);
        for (char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte >= 0x80 || (is_word(c) && !one_in(rate)))
                out += c;
            else
                out += std::string(hex ? "\\x" : "\\u00") + kHex[byte >> 4] + kHex[byte & 15];
        }
        return out;
    }

    std::mt19937 random_;
};

size_t documents() {
    const char* count = std::getenv("PII_AGREEMENT_DOCUMENTS");
    return count == nullptr ? 20000 : std::strtoul(count, nullptr, 10);
}

unsigned seed() {
    const char* text = std::getenv("PII_AGREEMENT_SEED");
    return text == nullptr ? 20261130 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

std::string after(Scrubber& scrubber, const std::string& document) {
    const Verdict verdict = scrubber.json_text(document);
    EXPECT_NE(verdict, Verdict::kError) << document << scrubber.status().message;
    return verdict == Verdict::kReplace ? std::string(scrubber.replacement()) : document;
}

TEST(PiiAgreement, FunctionsAgreeAndScrubbedDocumentsStay) {
    const Policy& policy = Policy::payments();
    const KeyRing keys = some_keys();
    Scrubber scrubber(policy, nullptr, Mode::kScrub), with_keys(policy, &keys, Mode::kScrub);
    Scrubber tester(policy, nullptr, Mode::kTest), finder(policy, nullptr, Mode::kFind);
    Documents random(seed());
    // Where several codings are within each other, a second pass may take more (docs/pii.md), and find_pii
    // may show less.
    constexpr size_t kOneMayDiffer = 2000;
    size_t again = 0, disagree = 0;
    for (size_t n = documents(); n > 0; --n) {
        const std::string document = random.next();
        const std::string once = after(scrubber, document);
        const bool changed = once != document, changes_again = after(scrubber, once) != once;
        again += changes_again ? 1 : 0;
        std::string what;
        (void)tester.json_text(once);
        if (tester.found() != changes_again) what += "has_pii of what is left; ";
        (void)finder.json_text(once);
        if (finder.matches().empty() == changes_again) what += "find_pii of what is left; ";
        (void)tester.json_text(document);
        if (tester.found() != changed) what += "has_pii; ";
        (void)finder.json_text(document);
        if (finder.matches().empty() == changed) what += "find_pii; ";
        if (after(with_keys, document) != once) what += "with keys; ";
        if (what.empty()) continue;
        ++disagree;
        std::cout << what << document << '\n';
    }
    std::cout << "of " << documents() << " documents " << again << " change when scrubbed again, of "
              << disagree << " the functions disagree\n";
    EXPECT_LE(again, documents() / kOneMayDiffer);
    EXPECT_LE(disagree, documents() / kOneMayDiffer);
}

}  // namespace
}  // namespace gpsync::core::pii

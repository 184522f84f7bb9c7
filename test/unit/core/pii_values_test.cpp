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
#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {
namespace {

std::string found(std::string_view text, const ScanContext& context = {}) {
    Scanner scanner;
    std::vector<Finding> findings;
    scanner.scan(text, context, findings);
    std::string out;
    for (const Finding& f : findings) {
        if (!out.empty()) out += ' ';
        out += std::string(info(f.detector).name) + ':' + std::string(text.substr(f.begin, f.end - f.begin));
    }
    return out;
}

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
    for (uint64_t i = 0; tested < 200; ++i) {
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

}  // namespace
}  // namespace gpsync::core::pii

#include "core/pii/detect/iban_registry.hpp"

#include <array>

#include "core/pii/checksums.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr IbanFormat kFormats[] = {
    // The registry, release 99.
    {"AD", 24, "8n12c"},
    {"AE", 23, "19n"},
    {"AL", 28, "8n16c"},
    {"AT", 20, "16n"},
    {"AZ", 28, "4a20c"},
    {"BA", 20, "16n"},
    {"BE", 16, "12n"},
    {"BG", 22, "4a6n8c"},
    {"BH", 22, "4a14c"},
    {"BI", 27, "23n"},
    {"BR", 29, "23n1a1c"},
    {"BY", 28, "4c4n16c"},
    {"CH", 21, "5n12c"},
    {"CR", 22, "18n"},
    {"CY", 28, "8n16c"},
    {"CZ", 24, "20n"},
    {"DE", 22, "18n"},
    {"DJ", 27, "23n"},
    {"DK", 18, "14n"},
    {"DO", 28, "4c20n"},
    {"EE", 20, "16n"},
    {"EG", 29, "25n"},
    {"ES", 24, "20n"},
    {"FI", 18, "14n"},
    {"FK", 18, "2a12n"},
    {"FO", 18, "14n"},
    {"FR", 27, "10n11c2n"},
    {"GB", 22, "4a14n"},
    {"GE", 22, "2a16n"},
    {"GI", 23, "4a15c"},
    {"GL", 18, "14n"},
    {"GR", 27, "7n16c"},
    {"GT", 28, "24c"},
    {"HN", 28, "4a20n"},
    {"HR", 21, "17n"},
    {"HU", 28, "24n"},
    {"IE", 22, "4a14n"},
    {"IL", 23, "19n"},
    {"IQ", 23, "4a15n"},
    {"IS", 26, "22n"},
    {"IT", 27, "1a10n12c"},
    {"JO", 30, "4a4n18c"},
    {"KW", 30, "4a22c"},
    {"KZ", 20, "3n13c"},
    {"LB", 28, "4n20c"},
    {"LC", 32, "4a24c"},
    {"LI", 21, "5n12c"},
    {"LT", 20, "16n"},
    {"LU", 20, "3n13c"},
    {"LV", 21, "4a13c"},
    {"LY", 25, "21n"},
    {"MC", 27, "10n11c2n"},
    {"MD", 24, "20c"},
    {"ME", 22, "18n"},
    {"MK", 19, "3n10c2n"},
    {"MN", 20, "16n"},
    {"MR", 27, "23n"},
    {"MT", 31, "4a5n18c"},
    {"MU", 30, "4a19n3a"},
    {"NI", 28, "4a20n"},
    {"NL", 18, "4a10n"},
    {"NO", 15, "11n"},
    {"OM", 23, "3n16c"},
    {"PK", 24, "4a16c"},
    {"PL", 28, "24n"},
    {"PS", 29, "4a21c"},
    {"PT", 25, "21n"},
    {"QA", 29, "4a21c"},
    {"RO", 24, "4a16c"},
    {"RS", 22, "18n"},
    {"RU", 33, "14n15c"},
    {"SA", 24, "2n18c"},
    {"SC", 31, "4a20n3a"},
    {"SD", 18, "14n"},
    {"SE", 24, "20n"},
    {"SI", 19, "15n"},
    {"SK", 24, "20n"},
    {"SM", 27, "1a10n12c"},
    {"SO", 23, "19n"},
    {"ST", 25, "21n"},
    {"SV", 28, "4a20n"},
    {"TL", 23, "19n"},
    {"TN", 24, "20n"},
    {"TR", 26, "6n16c"},
    {"UA", 29, "6n19c"},
    {"VA", 22, "18n"},
    {"VG", 24, "4a16n"},
    {"XK", 20, "16n"},
    {"YE", 30, "4a4n18c"},
    // Territories of France whose banks may use their own code. Those of the United Kingdom (IM, JE, GG) use
    // GB, and
    // AX uses FI.
    {"GF", 27, "10n11c2n"},
    {"GP", 27, "10n11c2n"},
    {"MQ", 27, "10n11c2n"},
    {"RE", 27, "10n11c2n"},
    {"PF", 27, "10n11c2n"},
    {"TF", 27, "10n11c2n"},
    {"YT", 27, "10n11c2n"},
    {"NC", 27, "10n11c2n"},
    {"BL", 27, "10n11c2n"},
    {"MF", 27, "10n11c2n"},
    {"PM", 27, "10n11c2n"},
    {"WF", 27, "10n11c2n"},
    // Countries that use IBANs without being in the registry.
    {"AO", 25, "21n"},
    {"BF", 28, "2c22n"},
    {"BJ", 28, "2c22n"},
    {"CF", 27, "23n"},
    {"CG", 27, "23n"},
    {"CI", 28, "2a22n"},
    {"CM", 27, "23n"},
    {"CV", 25, "21n"},
    {"DZ", 26, "22n"},
    {"GA", 27, "23n"},
    {"GQ", 27, "23n"},
    {"GW", 25, "2c19n"},
    {"IR", 26, "22n"},
    {"KM", 27, "23n"},
    {"MA", 28, "24n"},
    {"MG", 27, "23n"},
    {"ML", 28, "2c22n"},
    {"MZ", 25, "21n"},
    {"NE", 28, "2a22n"},
    {"SN", 28, "2a22n"},
    {"TD", 27, "23n"},
    {"TG", 28, "2a22n"},
};

// The row of each pair of letters, plus one; 0 where there is none.
constexpr std::array<uint8_t, 26 * 26> make_rows() {
    std::array<uint8_t, 26 * 26> rows{};
    uint8_t row = 0;
    for (const IbanFormat& f : kFormats)
        rows[static_cast<size_t>((f.country[0] - 'A') * 26 + f.country[1] - 'A')] = ++row;
    return rows;
}
constexpr std::array<uint8_t, 26 * 26> kRows = make_rows();

bool fits(char c, char kind) {
    const uint8_t wanted = kind == 'n' ? kDigit : kind == 'a' ? kUpper : kDigit | kUpper;
    return (class_of(c) & wanted) != 0;
}

}  // namespace

std::span<const IbanFormat> iban_formats() {
    return kFormats;
}

const IbanFormat* find_iban_format(char first, char second) {
    if (first < 'A' || first > 'Z' || second < 'A' || second > 'Z') return nullptr;
    const uint8_t row = kRows[static_cast<size_t>((first - 'A') * 26 + second - 'A')];
    return row == 0 ? nullptr : &kFormats[row - 1];
}

bool iban_valid(std::string_view iban) {
    if (iban.size() < 5) return false;
    const IbanFormat* format = find_iban_format(iban[0], iban[1]);
    if (format == nullptr || iban.size() != format->length || !is_digit(iban[2]) || !is_digit(iban[3]))
        return false;
    // Check digits are 98 minus a remainder: 02 to 98.
    const std::string_view check = iban.substr(2, 2);
    if (check == "00" || check == "01" || check == "99") return false;
    size_t at = 4;
    unsigned run = 0;
    for (char c : format->bban) {
        if (is_digit(c)) {
            run = run * 10 + static_cast<unsigned>(c - '0');
            continue;
        }
        for (; run > 0; --run)
            if (!fits(iban[at++], c)) return false;
    }
    return iban_check_valid(iban);
}

}  // namespace gpsync::core::pii

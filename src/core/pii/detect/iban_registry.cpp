#include "core/pii/detect/iban_registry.hpp"

#include <algorithm>
#include <array>

#include "core/pii/checksums.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr std::array<IbanFormat, 89> kFormats = {{
    {"AD", 24, "8n12c"},    {"AE", 23, "19n"},      {"AL", 28, "8n16c"},    {"AT", 20, "16n"},
    {"AZ", 28, "4a20c"},    {"BA", 20, "16n"},      {"BE", 16, "12n"},      {"BG", 22, "4a6n8c"},
    {"BH", 22, "4a14c"},    {"BI", 27, "23n"},      {"BR", 29, "23n1a1c"},  {"BY", 28, "4c4n16c"},
    {"CH", 21, "5n12c"},    {"CR", 22, "18n"},      {"CY", 28, "8n16c"},    {"CZ", 24, "20n"},
    {"DE", 22, "18n"},      {"DJ", 27, "23n"},      {"DK", 18, "14n"},      {"DO", 28, "4c20n"},
    {"EE", 20, "16n"},      {"EG", 29, "25n"},      {"ES", 24, "20n"},      {"FI", 18, "14n"},
    {"FK", 18, "2a12n"},    {"FO", 18, "14n"},      {"FR", 27, "10n11c2n"}, {"GB", 22, "4a14n"},
    {"GE", 22, "2a16n"},    {"GI", 23, "4a15c"},    {"GL", 18, "14n"},      {"GR", 27, "7n16c"},
    {"GT", 28, "24c"},      {"HN", 28, "4a20n"},    {"HR", 21, "17n"},      {"HU", 28, "24n"},
    {"IE", 22, "4a14n"},    {"IL", 23, "19n"},      {"IQ", 23, "4a15n"},    {"IS", 26, "22n"},
    {"IT", 27, "1a10n12c"}, {"JO", 30, "4a4n18c"},  {"KW", 30, "4a22c"},    {"KZ", 20, "3n13c"},
    {"LB", 28, "4n20c"},    {"LC", 32, "4a24c"},    {"LI", 21, "5n12c"},    {"LT", 20, "16n"},
    {"LU", 20, "3n13c"},    {"LV", 21, "4a13c"},    {"LY", 25, "21n"},      {"MC", 27, "10n11c2n"},
    {"MD", 24, "20c"},      {"ME", 22, "18n"},      {"MK", 19, "3n10c2n"},  {"MN", 20, "16n"},
    {"MR", 27, "23n"},      {"MT", 31, "4a5n18c"},  {"MU", 30, "4a19n3a"},  {"NI", 28, "4a20n"},
    {"NL", 18, "4a10n"},    {"NO", 15, "11n"},      {"OM", 23, "3n16c"},    {"PK", 24, "4a16c"},
    {"PL", 28, "24n"},      {"PS", 29, "4a21c"},    {"PT", 25, "21n"},      {"QA", 29, "4a21c"},
    {"RO", 24, "4a16c"},    {"RS", 22, "18n"},      {"RU", 33, "14n15c"},   {"SA", 24, "2n18c"},
    {"SC", 31, "4a20n3a"},  {"SD", 18, "14n"},      {"SE", 24, "20n"},      {"SI", 19, "15n"},
    {"SK", 24, "20n"},      {"SM", 27, "1a10n12c"}, {"SO", 23, "19n"},      {"ST", 25, "21n"},
    {"SV", 28, "4a20n"},    {"TL", 23, "19n"},      {"TN", 24, "20n"},      {"TR", 26, "6n16c"},
    {"UA", 29, "6n19c"},    {"VA", 22, "18n"},      {"VG", 24, "4a16n"},    {"XK", 20, "16n"},
    {"YE", 30, "4a4n18c"},
}};

bool fits(char c, char kind) {
    const uint8_t wanted = kind == 'n' ? kDigit : kind == 'a' ? kUpper : kDigit | kUpper;
    return (class_of(c) & wanted) != 0;
}

}  // namespace

const IbanFormat* find_iban_format(char first, char second) {
    const auto found = std::find_if(kFormats.begin(), kFormats.end(), [first, second](const IbanFormat& f) {
        return f.country[0] == first && f.country[1] == second;
    });
    return found == kFormats.end() ? nullptr : &*found;
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

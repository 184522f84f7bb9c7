// The IBAN formats of the SWIFT IBAN registry (ISO 13616-2), and of countries that use IBANs without being in
// it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace gpsync::core::pii {

struct IbanFormat {
    char country[3];
    uint8_t length;         // of the whole IBAN
    std::string_view bban;  // "4a14n": runs of letters (a), digits (n) or either (c)
};

std::span<const IbanFormat> iban_formats();
// nullptr when the country has no IBAN; letters are upper-case.
const IbanFormat* find_iban_format(char first, char second);

// Country, length, structure and check digits. REQUIRES: upper-case letters and digits only.
bool iban_valid(std::string_view iban);

// The end of the IBAN that begins with the country at text[begin], with separators between its groups; 0 when
// there is none. REQUIRES: begin < text.size().
size_t end_of_iban(std::string_view text, size_t begin);

}  // namespace gpsync::core::pii

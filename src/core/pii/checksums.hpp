// Check digits of the numbers gpsync finds. Arguments hold ASCII digits (and upper-case letters where
// said) without separators; a wrong length is never valid.
#pragma once

#include <string_view>

namespace gpsync::core::pii {

bool luhn_valid(std::string_view digits);                  // ISO/IEC 7812-1, Annex B
bool iban_check_valid(std::string_view iban);              // ISO 13616: mod 97 = 1; letters in either case
bool verhoeff_valid(std::string_view digits);              // Verhoeff's dihedral check, as Aadhaar uses it
bool nhs_check_valid(std::string_view ten_digits);         // NHS Data Dictionary: weights 10..2, mod 11
bool aba_check_valid(std::string_view nine_digits);        // ABA: weights 3 7 1, and a Federal Reserve prefix
bool german_tax_id_valid(std::string_view eleven_digits);  // ISO 7064 mod 11,10 and one repeated digit
bool pesel_valid(std::string_view eleven_digits);          // weights 1 3 7 9, and a date that exists
bool vin_check_valid(std::string_view vin);                // 49 CFR 565: position 9; upper-case
char nif_letter(std::string_view digits);                  // the control letter of a Spanish NIF/NIE
bool codice_fiscale_valid(std::string_view upper16);       // D.M. 23/12/1976: shape and control letter
bool bitcoin_base58_valid(std::string_view address);       // base58check of version 0x00 or 0x05
bool bitcoin_bech32_valid(std::string_view address);       // BIP 173 / BIP 350, prefix bc or tb

}  // namespace gpsync::core::pii

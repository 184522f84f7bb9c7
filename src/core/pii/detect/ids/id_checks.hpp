// Check digits, dates and structure of the numbers that states give to people; national_ids.cpp is the table
// of them. Arguments hold the number without its separators, letters in upper-case, and are of a length that
// the table lists.
#pragma once

#include <string_view>

namespace gpsync::core::pii::ids {

// two_digits.cpp: two check digits, of which a random number has both in one of 100
bool cpf_valid(std::string_view id);            // Brazil: Receita Federal
bool cnpj_valid(std::string_view id);           // Brazil, with the letters of Instrução Normativa 2229/2024
bool nir_valid(std::string_view id);            // France: INSEE, 97 - n mod 97; 2A and 2B for Corsica
bool tckn_valid(std::string_view id);           // Turkey
bool fodselsnummer_valid(std::string_view id);  // Norway, also D numbers
bool belgian_nn_valid(std::string_view id);     // Belgium: 97 - n mod 97, also BIS numbers
bool snils_valid(std::string_view id);          // Russia: mod 101
bool inn_valid(std::string_view id);            // Russia, of a person
bool luxembourg_valid(std::string_view id);     // Luhn and Verhoeff

// dated.cpp: a date of birth and a check digit
bool rrn_valid(std::string_view id);  // Korea, also of foreigners; without a check digit since October 2020
bool rrn_check_valid(std::string_view id);      // with the check digit in every year
bool chinese_id_valid(std::string_view id);     // GB 11643: ISO 7064 mod 11,2
bool south_african_valid(std::string_view id);  // Luhn
bool personnummer_valid(
    std::string_view id);  // Sweden, ten or twelve digits: Luhn; also coordination numbers
bool personnummer_without_coordination_valid(std::string_view id);
bool cpr_valid(std::string_view id);            // Denmark, as numbers were given until 2007
bool hetu_valid(std::string_view id);           // Finland: mod 31; with the signs of centuries since 2023
bool egn_valid(std::string_view id);            // Bulgaria
bool cnp_valid(std::string_view id);            // Romania
bool rodne_cislo_valid(std::string_view id);    // Czechia, Slovakia: a multiple of 11
bool isikukood_valid(std::string_view id);      // Estonia, Lithuania
bool personas_kods_valid(std::string_view id);  // Latvia
bool jmbg_valid(std::string_view id);           // Yugoslavia and its successors
bool amka_valid(std::string_view id);           // Greece: Luhn
bool hungarian_valid(std::string_view id);      // personal identifier
bool hungarian_tax_valid(std::string_view id);  // begins with 8, then the days since 1867
bool kennitala_valid(std::string_view id);      // Iceland
bool iin_valid(std::string_view id);            // Kazakhstan
bool svnr_valid(std::string_view id);           // Austria
bool kuwaiti_valid(std::string_view id);
bool emirates_valid(std::string_view id);  // 784, a year, Luhn
bool mykad_valid(std::string_view id);     // Malaysia: a date and a place
bool nik_valid(std::string_view id);       // Indonesia: a province and a date
bool egyptian_valid(std::string_view id);  // a date and a governorate

// digits.cpp: one check digit
bool tfn_valid(std::string_view id);        // Australia
bool medicare_valid(std::string_view id);   // Australia
bool my_number_valid(std::string_view id);  // Japan
bool bsn_valid(std::string_view id);        // Netherlands
bool oib_valid(std::string_view id);        // Croatia: ISO 7064 mod 11,10
bool afm_valid(std::string_view id);        // Greece
bool portuguese_nif_valid(std::string_view id);
bool ahv_valid(std::string_view id);           // Switzerland: 756, EAN-13
bool rut_valid(std::string_view id);           // Chile, K for ten
bool cuit_valid(std::string_view id);          // Argentina, of a person
bool nit_valid(std::string_view id);           // Colombia
bool cedula_valid(std::string_view id);        // Ecuador
bool ruc_valid(std::string_view id);           // Ecuador, of a person: cédula and 001
bool teudat_zehut_valid(std::string_view id);  // Israel: Luhn
bool thai_valid(std::string_view id);
bool rnokpp_valid(std::string_view id);        // Ukraine
bool peruvian_ruc_valid(std::string_view id);  // of a person: begins with 10
bool uruguayan_valid(std::string_view id);
bool dominican_valid(std::string_view id);   // Luhn
bool guatemalan_valid(std::string_view id);  // CUI: mod 11, department
bool rif_valid(std::string_view id);         // Venezuela, of a person: V or E
bool iranian_valid(std::string_view id);
bool saudi_valid(std::string_view id);  // begins with 1 or 2; Luhn

// letters.cpp: a check letter, or letters that have a meaning
bool hkid_valid(std::string_view id);  // Hong Kong
bool nric_valid(std::string_view id);  // Singapore: NRIC and FIN
bool curp_valid(std::string_view id);  // Mexico
bool rfc_valid(std::string_view id);   // Mexico, of a person
bool ppsn_valid(std::string_view id);  // Ireland: mod 23
bool indian_pan_valid(std::string_view id);
bool taiwanese_valid(std::string_view id);
bool rvnr_valid(std::string_view id);  // Germany: Rentenversicherungsnummer
bool any_valid(std::string_view id);   // the written form is all there is

}  // namespace gpsync::core::pii::ids

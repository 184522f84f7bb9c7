// Check digits, with the examples of the registries and standards where they give one.
#include "core/pii/checksums.hpp"

#include <gtest/gtest.h>

#include "core/pii/detect/iban_registry.hpp"
#include "core/pii/detect/phone_codes.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiChecksums, Luhn) {
    EXPECT_TRUE(luhn_valid("79927398713"));  // ISO/IEC 7812-1's example digits
    for (char last = '0'; last <= '9'; ++last)
        EXPECT_EQ(luhn_valid(std::string("7992739871") + last), last == '3');
    EXPECT_TRUE(luhn_valid("4111111111111111"));
    EXPECT_FALSE(luhn_valid(""));
}

// The registry's own examples.
TEST(PiiChecksums, IbanRegistryExamples) {
    for (const char* iban : {"AD1200012030200359100100",
                             "AE070331234567890123456",
                             "AL47212110090000000235698741",
                             "AT611904300234573201",
                             "AZ21NABZ00000000137010001944",
                             "BA391290079401028494",
                             "BE68539007547034",
                             "BG80BNBG96611020345678",
                             "BH67BMAG00001299123456",
                             "BR1800360305000010009795493C1",
                             "CH9300762011623852957",
                             "CR05015202001026284066",
                             "CY17002001280000001200527600",
                             "CZ6508000000192000145399",
                             "DE89370400440532013000",
                             "DK5000400440116243",
                             "DO28BAGR00000001212453611324",
                             "EE382200221020145685",
                             "ES9121000418450200051332",
                             "FI2112345600000785",
                             "FO6264600001631634",
                             "FR1420041010050500013M02606",
                             "GB29NWBK60161331926819",
                             "GE29NB0000000101904917",
                             "GI75NWBK000000007099453",
                             "GL8964710001000206",
                             "GR1601101250000000012300695",
                             "GT82TRAJ01020000001210029690",
                             "HR1210010051863000160",
                             "HU42117730161111101800000000",
                             "IE29AIBK93115212345678",
                             "IL620108000000099999999",
                             "IS140159260076545510730339",
                             "IT60X0542811101000000123456",
                             "JO94CBJO0010000000000131000302",
                             "KW81CBKU0000000000001234560101",
                             "KZ86125KZT5004100100",
                             "LB62099900000001001901229114",
                             "LI21088100002324013AA",
                             "LT121000011101001000",
                             "LU280019400644750000",
                             "LV80BANK0000435195001",
                             "MC5811222000010123456789030",
                             "MD24AG000225100013104168",
                             "ME25505000012345678951",
                             "MK07250120000058984",
                             "MR1300020001010000123456753",
                             "MT84MALT011000012345MTLCAST001S",
                             "MU17BOMM0101101030300200000MUR",
                             "NL91ABNA0417164300",
                             "NO9386011117947",
                             "PK36SCBL0000001123456702",
                             "PL61109010140000071219812874",
                             "PS92PALS000000000400123456702",
                             "PT50000201231234567890154",
                             "QA58DOHB00001234567890ABCDEFG",
                             "RO49AAAA1B31007593840000",
                             "RS35260005601001611379",
                             "SA0380000000608010167519",
                             "SE4550000000058398257466",
                             "SI56263300012039086",
                             "SK3112000000198742637541",
                             "SM86U0322509800000000270100",
                             "TN5910006035183598478831",
                             "TR330006100519786457841326",
                             "UA213223130000026007233566001",
                             "VG96VPVG0000012345678901",
                             "XK051212012345678906"})
        EXPECT_TRUE(iban_valid(iban)) << iban;
    for (const char* bad : {"DE88370400440532013000", "DE8937040044053201300", "XX89370400440532013000",
                            "GB29NWBK6016133192681A", "", "RF18539007547034"})
        EXPECT_FALSE(iban_valid(bad)) << bad;
}

TEST(PiiChecksums, NumbersOfStates) {
    EXPECT_TRUE(verhoeff_valid("2363"));  // Verhoeff's example: 236 has the check digit 3
    EXPECT_FALSE(verhoeff_valid("2364"));
    EXPECT_TRUE(nhs_check_valid("9434765919"));  // NHS Data Dictionary
    EXPECT_FALSE(nhs_check_valid("9434765918"));
    EXPECT_TRUE(aba_check_valid("011000015"));
    EXPECT_TRUE(aba_check_valid("122105155"));
    EXPECT_FALSE(aba_check_valid("122105154"));
    EXPECT_FALSE(aba_check_valid("000000000"));
    EXPECT_TRUE(german_tax_id_valid("86095742719"));  // Bundeszentralamt für Steuern
    EXPECT_TRUE(german_tax_id_valid("47036892816"));
    EXPECT_FALSE(german_tax_id_valid("86095742718"));
    EXPECT_TRUE(pesel_valid("44051401359"));
    EXPECT_FALSE(pesel_valid("44051401358"));
    EXPECT_FALSE(pesel_valid("44351401359"));
    EXPECT_TRUE(pesel_valid("02270803624"));
    EXPECT_FALSE(pesel_valid("44851401353"));  // born 1844
    EXPECT_EQ(nif_letter("12345678"), 'Z');
    EXPECT_EQ(nif_letter("01234567"), 'L');  // NIE X1234567L
    EXPECT_TRUE(codice_fiscale_valid("RSSMRA85T10A562S"));
    EXPECT_FALSE(codice_fiscale_valid("RSSMRA85T10A562T"));
}

TEST(PiiChecksums, Vin) {
    EXPECT_TRUE(vin_check_valid("1M8GDM9AXKP042788"));  // 49 CFR 565
    EXPECT_TRUE(vin_check_valid("11111111111111111"));
    EXPECT_FALSE(vin_check_valid("1M8GDM9A1KP042788"));
    EXPECT_FALSE(vin_check_valid("1M8GDM9AXKP04278O"));
}

TEST(PiiChecksums, Bitcoin) {
    EXPECT_TRUE(bitcoin_base58_valid("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"));  // the genesis block
    EXPECT_FALSE(bitcoin_base58_valid("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"));
    EXPECT_TRUE(bitcoin_base58_valid("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"));
    EXPECT_TRUE(bitcoin_bech32_valid("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"));  // BIP 173
    EXPECT_TRUE(
        bitcoin_bech32_valid("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"));  // BIP 350
    EXPECT_FALSE(bitcoin_bech32_valid("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"));
}

TEST(PiiPhoneCodes, LengthsOfCountries) {
    const auto valid = [](std::string_view digits, bool plus = true, bool grouped = true) {
        return international_number(digits, plus, grouped);
    };
    for (std::string_view digits :
         {"14155550123", "442079460958",    "4930123456",  "491701234567", "4915112345678", "4933702123456",
          "43123456789", "436641234567890", "4351234567",  "39063456",     "390612345678",  "393401234567",
          "376712345",   "68522123",        "6857212345",  "68673012345",  "68630001",      "681721234",
          "508411234",   "29022123",        "50012345",    "6834002",      "69031234",      "24712345",
          "35226123456", "352621123456",    "35891234",    "27612345678",  "22507123456",   "2250712345678",
          "5712345678",  "573001234567",    "34612345678", "971501234567", "8613812345678"})
        EXPECT_TRUE(valid(digits)) << digits;
    for (std::string_view digits : {"1415555012", "141555501234", "2102079460", "33123", "99912345678",
                                    "33612345678901", "4412345", "4930123456789012", "0123456789", "6834"})
        EXPECT_FALSE(valid(digits)) << digits;
    // A trunk zero that is not dialled, and zeros that are.
    EXPECT_TRUE(valid("490301234567"));
    EXPECT_TRUE(valid("4402079460958"));
    EXPECT_FALSE(valid("490301234567", false));
    EXPECT_FALSE(valid("4900301234567"));
    EXPECT_TRUE(valid("390612345678", false));
    // Few digits in one piece, or in thousands, are an amount.
    EXPECT_FALSE(valid("4312345", true, false));
    EXPECT_TRUE(valid("4312345", true, true));
}

}  // namespace
}  // namespace gpsync::core::pii

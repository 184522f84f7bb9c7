// Numbers given by their digits, elements in lists of ISO 8583, persons without a given name that is known.
#include "pii_marked_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiDigits, GoUnderTheNameOfTheirNumber) {
    for (const char* document :
         {R"({"pin":[4,8,2,1]})", R"({"cvv":["1","2","3"]})", R"({"cvv2":[7,3,1]})",
          R"({"keypad":{"pinDigits":[0,8,2,1,5,9]}})", R"({"otp":["4","0","2","9","1","7"]})",
          R"({"cardNumber":[4,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]})", R"({"ssn":[2,1,9,0,9,9,9,9,9]})",
          R"({"cvv":{"digits":[1,2,3]}})"}) {
        EXPECT_TRUE(has_pii(document)) << document;
        const std::string once = scrubbed(document);
        EXPECT_EQ(once.find_first_of("0123456789", once.find(':')), std::string::npos) << once;
        EXPECT_EQ(scrubbed(once), once);
        EXPECT_FALSE(has_pii(once)) << once;
    }
}

TEST(PiiDigits, StayWithoutSuchANumber) {
    expect_stays({R"({"digits":[4,8,2,1]})", R"({"cardNumber":[1,2,3,4]})", R"({"pin":[13,12,11,10]})",
                  R"({"ssn":[2,1]})", R"({"scores":[4,1,1,1,1,1,1,1]})", R"({"cvv":[]})",
                  R"({"pin":[{"id":4}]})"});
}

TEST(PiiMessages, ElementsOfAListGo) {
    expect_goes({
        R"({"isomsg":[{"id":"52","value":"«1A2B3C4D5E6F7081»"},{"id":11,"value":"000123"}]})",
        R"({"isomsg":{"field":[{"id":"2","value":"«4111111111111111»"},{"id":"14","value":"«2812»"},
            {"id":"52","value":"«1A2B3C4D5E6F7081»"},{"id":"55","value":"«9F2608AABBCCDDEEFF0011»"}]}})",
        R"({"iso8583":[{"field":52,"value":"«1A2B3C4D5E6F7081»"},{"field":14,"value":"«2907»"}]})",
        R"({"dataElements":[{"value":"«A1B2C3D4E5F60718»","number":52},{"value":"000000","number":3}]})",
        R"({"mti":"0100","elements":[{"de":52,"data":"«1A2B3C4D5E6F7081»"},{"de":14,"data":"«2812»"}]})",
        R"({"isoMessage":{"52":"«1A2B3C4D5E6F7081»","11":"000123"}})",
        R"({"iso8583":{"header":"x","fields":{"DE014":"«2812»"}}})",
        R"({"isoRequest":{"bits":[{"bit":35,"length":37,"value":"«4111111111111111D28121010000012300000»"}]}})",
    });
}

TEST(PiiMessages, OtherListsStay) {
    expect_stays({
        R"({"spans":[{"id":52,"value":"1A2B3C4D5E6F7081"}]})",
        R"({"isomsg":[{"id":4,"value":"000000012550"},{"id":11,"value":"000123"},{"id":39,"value":"00"}]})",
        R"({"de":[{"id":14,"value":"2812"}],"en":[{"id":14,"value":"2812"}]})",
        R"({"isoCode":[{"id":52,"value":"DEU"}]})",
        R"({"items":[{"position":14,"value":"2812"}]})",
    });
}

TEST(PiiPersons, TitlesAndInitialsSayThatSomebodyIsNamed) {
    expect_goes({
        R"({"name":"«Mrs A. Qwellin»"})",
        R"({"name":"«J. Qwellin»"})",
        R"({"name":"«J.R.R. Qwellin»"})",
        R"({"name":"«Qwellin, J.»"})",
        R"({"name":"«Frau Qwellin»"})",
        R"({"naam":"«dhr. J. de Qwellin»"})",
        R"({"nome":"«Sig.ra Qwellini»"})",
        R"({"nom":"«Mme Qwelline»"})",
        R"({"name":"«Prof. Tove Qwellin»"})",
        R"({"bank_account":{"name":"«Maria Qwellin»"}})",
        R"({"accountTitle":"«Maria Qwellin»"})",
    });
    expect_stays({
        R"({"name":"Dr. Oetker"})",
        R"({"name":"Mr. Coffee"})",
        R"({"name":"U.S. Steel"})",
        R"({"name":"C. elegans"})",
        R"({"name":"Sr. Analyst"})",
        R"({"name":"No. 5"})",
        R"({"product":{"name":"S. Pellegrino"}})",
        R"({"name":"Plan B"})",
        R"({"name":"Pan Am"})",
        R"({"bank_account":{"name":"Main account"}})",
        R"({"accountTitle":"Savings account"})",
    });
}

}  // namespace
}  // namespace gpsync::core::pii

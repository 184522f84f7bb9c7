// Values whose names stand elsewhere: rows beside their names, pairs, wrappers, annotations; and what looks
// like a value of PII and is none.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiTables, ARowBesideItsNames) {
    expect_scrubbed(
        R"({"columnnames":["id","holder_name","born_on"],"columnvalues":[7,"Wren Adeyemi","1956-12-06"]})",
        R"({"columnnames":["id","holder_name","born_on"],"columnvalues":[7,null,null]})");
    expect_scrubbed(R"({"oldkeys":{"keynames":["surname"],"keyvalues":["adeyemi"]}})",
                    R"({"oldkeys":{"keynames":["surname"],"keyvalues":[null]}})");
    // The names may come later, and the first value need not be a string.
    expect_scrubbed(R"({"values":[true,null,"Wren Adeyemi"],"fields":["active","note","full_name"]})",
                    R"({"values":[true,null,null],"fields":["active","note","full_name"]})");
    expect_kept(R"({"columnnames":["id","holder_name","note"],"columnvalues":[7,"Blue"]})");
    expect_kept(R"({"columnnames":["id","status"],"columnvalues":[7,"Blue Green"]})");
    expect_kept(R"({"values":["Blue Green","Red Black"],"unit":"color"})");
}

TEST(PiiTables, NamesInAnObjectBesideTheRows) {
    expect_scrubbed(
        R"({"resultSetMetaData":{"rowType":[{"name":"FULL_NAME"},{"name":"TIER"}]},"data":[["Wren Adeyemi","GOLD"]]})",
        R"({"resultSetMetaData":{"rowType":[{"name":"FULL_NAME"},{"name":"TIER"}]},"data":[[null,"GOLD"]]})");
    expect_scrubbed(
        R"({"rows":[["Wren Adeyemi",3]],"schema":{"fields":[{"name":"holder_name"},{"name":"cnt"}]}})",
        R"({"rows":[[null,3]],"schema":{"fields":[{"name":"holder_name"},{"name":"cnt"}]}})");
    expect_kept(R"({"rows":[["Blue Green",3]],"schema":"public"})");
    expect_kept(R"({"rows":[["Blue Green",3]],"meta":{"fields":[{"name":"color"},{"name":"cnt"}]}})");
}

TEST(PiiTables, PairsInAnyScriptAndWithNamesThatEndInAName) {
    expect_scrubbed(R"({"rows":[["Titular do cartão","JUSSARA DO NASCIMENTO"],["Tipo","ouro"]]})",
                    R"({"rows":[["Titular do cartão",null],["Tipo","ouro"]]})");
    expect_scrubbed(R"({"rows":[["วันเกิด","19650217"],["ชื่อผู้ถือบัตร","กัญญา ศรีสุวรรณ"]]})",
                    R"({"rows":[["วันเกิด",null],["ชื่อผู้ถือบัตร",null]]})");
    expect_scrubbed(R"({"entries":[["联系地址","上海市朝阳区建国路57号"],["持卡人姓名","欧阳志强"]]})",
                    R"({"entries":[["联系地址",null],["持卡人姓名",null]]})");
    expect_kept(R"({"rows":[["first name","last name"]]})");
}

TEST(PiiTables, Wrappers) {
    for (const std::string name : {"value", "text", "raw", "val"})
        expect_scrubbed("{\"cardholder\":{\"" + name + "\":\"De Santis, Ginevra\",\"confidence\":0.9}}",
                        R"({"cardholder":{"confidence":0.9}})");
    expect_scrubbed(
        R"({"display_name":{"stringValue":"Wren Adeyemi"},"email":{"stringValue":"w@example.com"}})",
        R"({"display_name":{},"email":{}})");
    expect_kept(R"({"display_name":{"stringValue":"Gold Plus"},"tier":{"integerValue":"3"}})");
    expect_scrubbed(
        R"({"name":{"familyName":"Adeyemi","givenName":"Wren"},"userName":"w.adeyemi@example.com"})",
        R"({"name":{}})");
}

TEST(PiiTables, AnnotationsHaveTheFormOfAnEmailAddress) {
    expect_scrubbed(R"({"birthdate@OData.Community.Display.V1.FormattedValue":"11/19/1970"})", "{}");
    expect_kept(R"({"owner@odata.bind":"/teams/4","@odata.etag":"W/3","parent@odata.navigationLink":"x"})");
    expect_kept(R"({"statuscode@OData.Community.Display.V1.FormattedValue":"Active"})");
    EXPECT_TRUE(has_pii(R"({"joe@odata.com":1})"));
    EXPECT_TRUE(has_pii(R"({"joe@example.com@odata.type":1})"));
}

TEST(PiiTables, AuditEntries) {
    expect_scrubbed(R"({"changes":[{"column":"Surname","new":"Adeyemi","old":"Okafor"}]})",
                    R"({"changes":[{"column":"Surname"}]})");
    expect_scrubbed(R"({"fields":[{"caption":"자택 주소","text":"부산광역시 강남구 22길 5"}]})",
                    R"({"fields":[{"caption":"자택 주소"}]})");
    expect_kept(R"({"changes":[{"column":"tier","new":"Gold","old":"Blue"}]})");
}

TEST(PiiTables, CaptionsCompaniesAndCodesStay) {
    expect_kept(R"({"address":"Anschrift","firstName":"First name","lastName":"Nachname"})");
    expect_kept(R"({"creditorName":"Nordwind Logistik GmbH","legalName":"Café Valentino S.r.l."})");
    expect_kept(R"({"features":{"email-otp":"beta"}})");
    expect_scrubbed(R"({"legalName":"Maria de Sa"})", "{}");
    expect_scrubbed(R"({"legalName":"MARIA SA"})", "{}");
    expect_scrubbed(R"({"lastName":"Vorname-Meyer"})", "{}");
    expect_scrubbed(R"({"otp":"493021"})", "{}");
}

TEST(PiiTables, NamesOfPersonsAndTheirValues) {
    for (const std::string name : {"nextOfKinPhone", "nok_phone", "nokPhone"})
        expect_scrubbed("{\"" + name + "\":\"00447452222629\"}", "{}");
    for (const std::string name :
         {"signedBy", "nok_name", "suspect", "noodcontact", "Empfänger", "kundenname", "CH_NM"})
        expect_scrubbed("{\"" + name + "\":\"Sjoerd 't Hart\"}", "{}");
    for (const std::string name : {"strExpDt", "CRD_EXPR_DT"})
        expect_scrubbed("{\"" + name + "\":\"07/31\"}", "{}");
    expect_scrubbed(R"({"passengers":["1.1ADEYEMI/WREN MS","OKAFOR/TUNDE MSTR"]})",
                    R"({"passengers":[null,null]})");
    expect_kept(R"({"customer":"NEW/EXISTING","owner":"READ/WRITE"})");
    expect_kept(R"({"passwordManager":"Vault One","accountManager":1764000000,"strSessionExpDt":"x"})");
    expect_scrubbed(R"({"CITY_TXT":"BOISE   ","PSTL_CD":"83704"})", "{}");
}

}  // namespace
}  // namespace gpsync::core::pii

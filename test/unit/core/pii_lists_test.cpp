// What stands beside a value further away: labels in other elements of a list, columns of a text's table,
// members of a form, attributes of SAML; names with a remark in brackets.
#include "pii_marked_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiLists, LabelsCountBesideThoseOfOtherElements) {
    expect_goes({
        R"({"fields":[{"label":"Ad","value":"«Qwellhan»"},{"label":"Soyad","value":"«Qwelltürk»"}]})",
        R"({"attributes":[{"name":"apellidos","value":"«Qwellez Zorr»"},{"name":"nombre","value":"«Qwella»"}]})",
        R"({"attributes":[{"value":"«Qwella»","name":"nombre"},{"value":"«Qwellez»","name":"apellidos"}]})",
        R"({"a":[{"k":"x","v":1},{"key":"Name","value":"«Quentin Zorro»"},{"key":"Email","value":"«a@example.com»"}]})",
        R"({"fields":[{"label":"City","value":"«Qwellgraz»"},{"label":"Street","value":"«Hauptplatz 1»"}]})",
    });
    expect_stays({
        R"({"fields":[{"label":"Name","value":"Blue"},{"label":"Color","value":"red"}]})",
        R"({"fields":[{"label":"Name","value":"Qwell"},{"label":"Version","value":"12"}]})",
        R"({"fields":[{"label":"City","value":"Graz"},{"label":"Population","value":"1"}]})",
    });
    EXPECT_NE(
        scrubbed(
            R"({"f":[{"label":"Name","value":"Premium plan"},{"label":"Email","value":"a@example.com"}]})")
            .find("Premium plan"),
        std::string::npos);
}

TEST(PiiLists, LabelsMayEndInAColon) {
    expect_goes({
        R"({"label":"CVV:","value":"«123»"})",
        R"({"name":"Password:","value":"«hunter22x»"})",
        R"({"label":"PIN：","value":"«4821»"})",
        R"({"f":[{"label":"Street:","value":"«Kossuth 4»"},{"label":"City:","value":"«Qwellgraz»"}]})",
    });
}

TEST(PiiLists, BareNamesBesideAPersonsRecord) {
    expect_goes({
        R"([["Surname","«Qwell»"],["Name","«Zorro»"],["Size","XL"]])",
        R"({"fields":{"cognome":{"value":"«Qwell»"},"nome":{"value":"«Zorra»"}}})",
        R"({"Name":{"Ttl":"Ms","Fore":"«Zorra»","Sur":"«Qwell»"}})",
        R"({"지원자명":"«박서연»"})",
        R"({"m":"<QueryDict: {'first_name': ['«Zorra»'], 'password': ['«hunter22x»']}>"})",
    });
    expect_stays({
        R"([["Name","Zorro"],["Size","XL"]])",
        R"({"사업자명":"박서연상회"})",
        R"({"file":{"name":"Zorro"}})",
    });
}

TEST(PiiLists, AreReadOnceForTheirLabels) {
    // Many elements that all ask: the work is bounded by that of reading the document a few times.
    std::string document = R"({"fields":[)";
    for (int i = 0; i < 20000; ++i) document += R"({"label":"Name","value":"Qwell"},)";
    document += R"({"label":"Surname","value":"Zorro"}]})";
    EXPECT_EQ(scrubbed(document).find("Zorro"), std::string::npos);
}

TEST(PiiLists, ColumnsSayWhoseACellIs) {
    expect_goes({
        R"({"c":"Nr.;Pavardė;Vardas;El. paštas\n1;«Qwellaitė»;«Qwella»;«a@example.com»"})",
        R"({"c":"Buchungstag;Auftraggeber/Empfänger;Betrag\n01.03.2026;«Quentin Zorro»;-45,00"})",
        R"({"h":"<table><tr><th>Pasajero</th><th>Asiento</th></tr>)"
        R"(<tr><td>«Qwella Zorro»</td><td>14C</td></tr></table>"})",
        R"({"h":"<table><tr><th>დაბადების თარიღი</th><td>«1964-04-06»</td></tr></table>"})",
        R"({"c":"Author;Title\n«Quentin Zorro»;On sums"})",
    });
    expect_stays({
        R"({"c":"Driver;Vehicle\nin use;A1\nidle;B2"})",
        R"({"c":"Host;User;Time\nweb1;root;12:00\nweb2;www-data;13:00"})",
        R"({"c":"Name;Size\nQwell;12\nZorro;13"})",
        R"({"c":"a.b;c.d\n1;2"})",
    });
}

TEST(PiiLists, FormsNameSomebodyBesideAnEmail) {
    expect_goes({
        R"({"b":"Amount=7&Name=«QWELLA+ZORRO»&Email=«q%40example.com»"})",
        R"({"u":"https://shop.example/thanks?email=«q%40example.com»&name=«Qwella%20Zorro»&x=1"})",
    });
    expect_stays({R"({"u":"https://shop.example/list?name=Qwella%20Zorro&page=1"})"});
}

TEST(PiiLists, AttributesOfSamlGo) {
    expect_goes({
        R"({"a":"<saml:Attribute Name=\"givenName\">)"
        R"(<saml:AttributeValue>«Qwella»</saml:AttributeValue></saml:Attribute>"})",
        R"({"a":"<Attribute Name=\"sn\"><AttributeValue xsi:type=\"xs:string\">«Zorro»</AttributeValue></Attribute>"})",
        R"({"a":"<Attribute Name=\"urn:oid:2.5.4.42\"><AttributeValue>«Qwella»</AttributeValue></Attribute>"})",
    });
    expect_stays({
        R"({"a":"<Attribute Name=\"role\"><AttributeValue>admin</AttributeValue></Attribute>"})",
        R"({"a":"<xs:attribute name=\"givenName\" type=\"xs:string\"/><xs:element name=\"sn\"/>"})",
    });
}

TEST(PiiLists, ARemarkInBracketsChangesNothing) {
    expect_goes({
        R"x({"Address (Street Number and Name)":"«103 Maple Ridge Dr»"})x",
        R"x({"8 Date of birth (MM-DD-YYYY)":"«10/13/1994»"})x",
        R"x({"Last name (as in passport)":"«Qwell»"})x",
    });
    expect_stays({
        R"x({"SSN (hash)":"0a1b2c3d4e5f"})x",
        R"x({"Card number (token)":"tok_1a2b3c"})x",
        R"x({"Amount (card number)":"12"})x",
    });
}

TEST(PiiLists, NamesByWhatTheyAreIn) {
    expect_goes({
        R"({"phone_number":{"country_code":"1","national_number":"«4155550132»"}})",
        R"({"Familiya":"«Qwellov»","Ko‘cha":"«Amir Temur ko‘chasi, 101-uy»"})",
        R"({"phone":{"display_name":"«Qwella Zorro»"}})",
    });
}

}  // namespace
}  // namespace gpsync::core::pii

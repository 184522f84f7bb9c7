// Names of members as single systems have them: FHIR's references, errors of validation, tests of pages,
// recognisers of entities, banks and offices of single countries.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pii_marked_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiSectors, AReferenceShowsTheNameOfWhomItIsTo) {
    expect_goes({R"({"patient": {"reference": "Patient/1", "display": "«Zorbl Xqwert»"}})",
                 R"({"requester": {"display": "«Dr. Naomi B. Okafor»"}})",
                 R"({"beneficiary": {"display": "«Imogen Pemberton»"}})",
                 R"({"name": [{"text": "«Imogen Pemberton»"}]})",
                 R"({"name": {"value": "«Kwame Mensah»"}})"});
    expect_stays({R"({"coding": [{"system": "http://loinc.org", "code": "1", "display": "Body Weight"}]})",
                  R"({"relationship": {"coding": [{"code": "MTH", "display": "mother"}]}})",
                  R"({"location": {"display": "Ward Three"}})",
                  R"({"product": {"name": {"text": "Naomi Chair"}}})",
                  R"({"name": {"text": "Order confirmation"}})"});
}

TEST(PiiSectors, AnErrorSaysWhatItsInputWas) {
    expect_goes({R"({"loc": ["body", "card", "cvv"], "msg": "too long", "input": "«1234»"})",
                 R"({"loc": ["query", "pin"], "input": «48215»})",
                 R"({"field": "password", "entered": "«hunter2!x»"})",
                 R"({"instancePath": "/holder/lastName", "data": "«Xqwert»"})"});
    expect_stays({R"({"loc": ["body", "status"], "msg": "unknown", "input": "ACTIVE"})",
                  R"({"field": "cvv", "input": null, "msg": "required"})"});
}

TEST(PiiSectors, FieldsOfPagesAndParametersOfStatements) {
    expect_goes({R"({"selector": "#cvv", "text": "«123»"})",
                 R"({"selector": "input[name=pin]", "value": "«4821»"})",
                 R"({"locator": "//input[@id='password']", "value": "«hunter2!x»"})",
                 R"({"binds": [{"name": ":cvv", "val": "«123»"}, {"name": "$pin", "val": "«4821»"}]})",
                 R"({"prompt": "Please enter your PIN:", "value": "«4821»"})",
                 R"({"prompt": "Bitte geben Sie Ihre PIN", "value": "«4821»"})"});
    expect_stays({R"({"selector": "#amount", "text": "123"})",
                  R"({"selector": "input[name=qty]", "value": "4821"})",
                  R"({"name": ":limit", "val": "123"})",
                  R"({"prompt": "Please enter the amount:", "value": "4821"})"});
}

TEST(PiiSectors, LabelsInOtherLanguages) {
    expect_goes({R"({"felder": [{"bezeichnung": "Nachname", "wert": "«Holtkamp»"}]})",
                 R"([{"campo": "apellido", "valor": "«Zúñiga»"}, {"campo": "estado", "valor": "activo"}])",
                 R"({"champ": "prénom", "valeur": "«Oisín»"})",
                 R"({"поле": "фамилия", "значение": "«Мельниченко»"})",
                 R"({"項目": "電話番号", "値": "«03-1234-5678»"})",
                 R"({"Вид": "Адрес", "Представление": "«420111, г. Казань, ул. Ленина, д. 5»"})"});
    expect_stays(
        {R"({"bezeichnung": "Schraube", "wert": "M8"})", R"({"campo": "estado", "valor": "activo"})"});
}

TEST(PiiSectors, RecognisedEntities) {
    expect_goes({R"({"entity_group": "PER", "word": "«Ann Lee»"})",
                 R"({"entity_type": "PERSON", "text": "«Ann Lee»"})",
                 R"({"label": "B-PER", "word": "«Oksana»"})"});
    expect_stays(
        {R"({"entity_group": "ORG", "word": "Acme Works"})", R"({"entity": "PERCENT", "word": "Ten"})"});
}

TEST(PiiSectors, PersonsOfBanksAndOffices) {
    expect_goes({R"({"virement": {"donneurOrdre": "«Mamadou Diallo»"}})",
                 R"({"ordenante": "«Zorbl Xqwert»"})", R"({"fio": "«Zorbl Xqwert»"})",
                 R"({"nomeSocial": "«Zorbl Xqwert»"})",
                 R"({"receptor": {"apellidoYNombre": "«Gutiérrez, Florencia»"}})",
                 R"({"officer_in_charge": "«Hemi Robertson»"})", R"({"nurse_in_charge": "«Zorbl Xqwert»"})",
                 R"({"nameAsInNric": "«Wing-Sze Lee»"})", R"({"CustomerThaiName": "«ณัฐวุฒิ วงศ์ทอง»"})",
                 R"({"passenger_roman_name": "«SEONGHO PARK»"})",
                 R"({"donor_first": "«Kwame»", "donor_last": "«Asante»"})",
                 R"({"subjectName": "«Naomi Wells»"})", R"({"geraetename": "«iPhone von Femke»"})",
                 R"({"client": {"nom": "«Jordi»", "cognoms": "«Ferrer»"}})"});
    expect_stays({R"({"charge": 12, "person_in_charge_id": "p7"})",
                  R"({"user_first": true, "customer_last": "2026-01-02"})",
                  R"({"subjectName": "Algebra Two"})", R"({"thaiName": "Pad Kra Pao"})",
                  R"({"nameAsInCatalog": "Blue Chair"})", R"({"creditor": "LAKESIDE CU"})"});
}

TEST(PiiSectors, ApostrophesWithinWords) {
    expect_goes({R"({"імʼя": "«Лариса»", "прізвище": "«Кравець»"})",
                 R"({"ім'я": "«Лариса»", "прізвище": "«Кравець»"})", R"({"tugʻilganSana": "«01.02.1970»"})",
                 R"({"l’adresse": "«12 rue de la République, 35000 Rennes»"})"});
}

TEST(PiiSectors, NumbersAndDates) {
    expect_goes(
        {R"({"trabalhador": {"dtNascto": "«1966-05-05»"}})", R"({"PID-7 Date/Time of Birth": "«19751118»"})",
         R"({"geboren": "«06.04.1962»"})", R"({"historiaClinica": "«HC1438963»"})",
         R"({"steuerliche_id": "«53664721904»"})", R"({"customerNic": "«197132395190»"})",
         R"({"payer": {"partyIdType": "MSISDN", "partyId": "«233243371619»"}})",
         R"({"resetToken": "«vGQBypekTxfPeOPnmMn0Ocou3WSTU»"})", R"({"cbu": "«0179821654006541103362»"})",
         R"({"id": "https://v.vault.azure.net/secrets/DbPass/1", "value": "«Blue#2061F»"})"});
    expect_stays({R"({"geboren": "ja"})", R"({"nic": "eth0"})", R"({"contacto": "por correo"})",
                  R"({"npa": "415", "nxx": "555"})",
                  R"({"id": "https://v.vault.azure.net/keys/K/1", "value": "Blue"})",
                  R"({"address": {"id_customer": "913", "country": "PL"}})"});
}

TEST(PiiSectors, AStateIsOfAnAddressWhereItsValueIsARegion) {
    expect_goes(
        {R"({"address": {"line1": "«1 Main St»", "state": "«OK»"}})",
         R"({"address1": "«1 Main St»", "city": "«Tulsa»", "state": "«TX»", "firstName": "«Ann»"})",
         R"({"customer": {"name": "«Ann Lee»", "city": "«Boise»", "state": "«Idaho»"}})",
         R"({"MailingStreet": "«1 Main St»", "MailingState": "«石川県»"})",
         R"({"billing": {"address_1": "«1 Main St»", "state": "«전라북도»"}})",
         R"({"contact": "«王建国»", "province": "«江苏省»", "city": "«南京»", "address": "«中山路1号»"})"});
    expect_stays({R"({"billing_state": "PENDING", "delivery_state": "SHIPPED"})",
                  R"({"order": {"state": "CA"}})", R"({"task_state": "OK", "owner_state": "DONE"})",
                  R"({"stats": {"addresses": 721}})"});
    EXPECT_EQ(scrubbed(R"({"address1":"1 Main St","firstName":"Ann","state":"ACTIVE"})"),
              R"({"state":"ACTIVE"})");
    EXPECT_EQ(scrubbed(R"({"customer":{"name":"Ann Lee","state":"已完成"}})"),
              R"({"customer":{"state":"已完成"}})");
}

TEST(PiiSectors, NamesOfPublicApis) {
    expect_goes({R"({"paymentCard": {"expireMonth": "«05»", "expireYear": "«2030»"}})",
                 R"({"cc_cid": "«882»"})", R"({"authenticationToken": "«FjqI1OrFL38AlyYwM7chbFVM3lGH6FFP»"})",
                 R"({"socialNum": "«472676405»"})", R"({"sei": "«小野寺»", "mei": "«健太»"})",
                 R"({"chosen_name": "«Marisol»"})",
                 R"({"supervisor": {"refName": "«Kasun Wickramasinghe»"}})"});
    expect_stays({R"({"auth": "SCRAM-SHA-256"})", R"({"type": "bank_account", "arrival_date": 1782962287})",
                  R"({"entity": {"legalName": {"name": "Bloomberg Finance L.P."}}})"});
}

}  // namespace
}  // namespace gpsync::core::pii

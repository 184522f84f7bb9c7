// Cities, coordinates and first names, which are somebody's by what stands beside them; captions of forms.
#include <gtest/gtest.h>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiPlaces, CitiesBesidePersons) {
    expect_scrubbed(R"({"surname":"Okafor","city":"Leeds","tier":"gold"})", R"({"tier":"gold"})");
    expect_scrubbed(R"({"rows":[{"city":"Leeds","birthDate":"1974-11-04"}]})", R"({"rows":[{}]})");
    expect_kept(R"({"city":"Leeds","mcc":"5411"})");
    expect_scrubbed(R"({"email":"a@example.org","city":"Leeds"})", R"({"city":"Leeds"})");
    expect_scrubbed(R"({"merchantName":"Shop 7","city":"Leeds","cardholderName":"A Okafor"})",
                    R"({"merchantName":"Shop 7","city":"Leeds"})");
}

TEST(PiiPlaces, CitiesInListsOfLabels) {
    expect_scrubbed(R"([{"label":"street","value":"7 Mill Lane"},{"label":"city","value":"Leeds"}])",
                    R"([{"label":"street"},{"label":"city"}])");
    expect_kept(R"([{"label":"tier","value":"gold"},{"label":"city","value":"Leeds"}])");
}

TEST(PiiPlaces, CitiesInTexts) {
    expect_scrubbed(R"({"n":"<City>Leeds</City><Street>7 Mill Lane</Street>"})",
                    R"({"n":"<City>[removed]</City><Street>[removed]</Street>"})");
    expect_scrubbed(R"({"n":"street: 7 Mill Lane\ncity: Leeds"})",
                    R"({"n":"street: [removed]\ncity: [removed]"})");
    expect_scrubbed(R"({"n":"last_name=Okafor city=Leeds n=1"})",
                    R"({"n":"last_name=[removed] city=[removed] n=1"})");
    expect_kept(R"({"n":"<City>Leeds</City><Mcc>5411</Mcc>"})");
    expect_kept(R"({"n":"city=Leeds mcc=5411"})");
}

TEST(PiiPlaces, Coordinates) {
    expect_scrubbed(R"({"address":{"street":"7 Mill Lane","lat":53.7997,"lng":-1.5492}})",
                    R"({"address":{}})");
    expect_scrubbed(R"({"pickup":{"street":"7 Mill Lane","lat":53.7997,"lng":-1.5492}})", R"({"pickup":{}})");
    expect_scrubbed(R"({"home_lat":53.7997,"tier":"gold"})", R"({"tier":"gold"})");
    expect_kept(R"({"surname":"[removed]","postcode":"[removed]","lat":53.7997,"lng":-1.5492})");
    expect_scrubbed(R"({"address":{"geo":{"lat":"53.7997","lng":"-1.5492"}}})", R"({"address":{"geo":{}}})");
    expect_kept(R"({"cell":{"lat":53.7997,"lng":-1.5492,"radius":20}})");
    expect_kept(R"({"merchant":{"address":{"street":"7 Mill Lane","lat":53.7997,"lng":-1.5492}}})");
}

TEST(PiiPlaces, FirstNamesBesideSurnames) {
    expect_scrubbed(R"({"nome":"Amara","cognome":"Okafor"})", R"({})");
    expect_scrubbed(R"({"name":"Amara","birthDate":"1974-11-04"})", R"({})");
    expect_kept(R"({"nome":"Amara","stato":"attivo"})");
}

// What one member is because of others is the same whether it is asked for or removed.
TEST(PiiPlaces, APersonsNounIsANameBesideOthers) {
    expect_scrubbed(R"({"kind_val":"x","holder_val":"AMARA OKAFOR","email_new":"a@example.org"})",
                    R"({"kind_val":"x"})");
    expect_scrubbed(R"({"partner_id_val":190503,"zip_code_1":"3011 BD"})", R"({"partner_id_val":190503})");
}

TEST(PiiPlaces, Captions) {
    expect_kept(R"({"street":"Street","city":"City","zip":"ZIP code","address":"Address"})");
    expect_kept(R"({"prenom":"Prénom","nombre":"Nombre","apellidos":"Apellidos"})");
    expect_kept(R"({"имя":"Имя","адрес":"Адрес","氏名":"氏名","住所":"住所"})");
    expect_scrubbed(R"({"street":"Street 7","prenom":"Amara"})", R"({})");
}

TEST(PiiPlaces, FormsOfFurtherLanguages) {
    expect_scrubbed(R"({"kortholder":"Amara Okafor","udløbsdato":"04/31","kontrolcifre":"512"})", R"({})");
    expect_scrubbed(R"({"картодържател":"Amara Okafor","код_за_сигурност":"512","парола":"tr41n"})", R"({})");
    expect_scrubbed(R"({"पासवर्ड":"tr41n","सुरक्षा_कोड":"512"})", R"({})");
    expect_scrubbed(R"({"STRAS":"Mill Lane 7","PSTLZ":"10115","ORT01":"Leeds","KOINH":"A Okafor"})", R"({})");
    expect_kept(
        R"({"hotel":{"city":"Riga","street":"Pils iela 12"},"magasin":{"city":"Lyon","rue":"Rue 7"}})");
    expect_kept(R"({"версия":"1.2.3.4","patch":"1.2.3.4"})");
    expect_kept(R"([{"key":"service.version","value":{"stringValue":"1.2.3.4"}}])");
    expect_scrubbed(R"([{"key":"client","value":{"stringValue":"10.2.3.4"}}])",
                    R"([{"key":"client","value":{}}])");
}

TEST(PiiPlaces, NamesOfBuildsAndForms) {
    expect_scrubbed(R"({"NPM_TOKEN":"81LmN04xPw92","usr_card_exp_date":"2031-04","realName":"Amara"})",
                    R"({})");
    expect_scrubbed(R"({"n":"[user]\nfirst_name = Amara\ntier = gold"})",
                    R"({"n":"[user]\nfirst_name = [removed]\ntier = gold"})");
    expect_scrubbed(R"({"AuthTokenValue":"81LmN04xPw92","mailing_city_value":"Leeds"})", R"({})");
    expect_scrubbed(R"({"n":"<Password>tr41n</Password><ApiKey>81LmN04xPw92</ApiKey>"})",
                    R"({"n":"<Password>[removed]</Password><ApiKey>[removed]</ApiKey>"})");
    expect_scrubbed(R"({"n":"card%5Bcvc%5D=512&card%5Btier%5D=gold"})",
                    R"({"n":"card%5Bcvc%5D=[removed]&card%5Btier%5D=gold"})");
    expect_scrubbed(R"({"n":"ok holder=\"Amara Okafor\" brand=visa"})",
                    R"({"n":"ok holder=\"[removed]\" brand=visa"})");
    expect_scrubbed(R"({"n":"Karte gültig bis 04/31, Kartei 7"})",
                    R"({"n":"Karte gültig bis [removed], Kartei 7"})");
    expect_kept(R"({"offer_exp_date":"2031-04","encryptionKey":"kms","n":"stakeholder: platform"})");
    expect_kept(R"({"Compact":"20111212123456"})");
}

TEST(PiiPlaces, TimesAreNoPlaces) {
    for (const char* time : {"12:00", "12:00:00.5+02", "23:59:60Z", "09:15-03:30"})
        expect_kept(std::string(R"({"street":")") + time + "\"}");
    expect_kept(R"({"q":"Straße","v":"12:00:00+02"})");
    expect_scrubbed(R"({"street":"12:00 Mill Lane"})", "{}");
}

}  // namespace
}  // namespace gpsync::core::pii

// Whose a value is: people by their occupation, parties of payments and parcels, labels of whole objects, and
// what organisations, counts, captions and things called like them are not.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "core/pii/document/scrubber.hpp"
#include "core/pii/names/name_class.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiParties, PeopleByTheirOccupation) {
    for (const char* whose : {"dentist", "Lawyer", "claims_adjuster", "waiter", "midwife", "Prescriber"}) {
        const std::string name(whose);
        expect_scrubbed("{\"" + name + "Name\": \"Mette Holm\"}", "{}");
        expect_scrubbed("{\"" + name + "\": {\"name\": \"Mette\", \"room\": 4}}",
                        "{\"" + name + "\": {\"room\": 4}}");
    }
    expect_scrubbed(R"({"employee": {"lineManager": "Mette Holm", "hiring_manager": "Mette Holm"}})",
                    R"({"employee": {}})");
    expect_kept(R"({"passwordManager": "Vault One", "connection_manager": {"name": "pgbouncer"}})");
    // Programs and companies have the same occupations.
    for (const char* whose : {"importer", "inspector", "dispatcher", "handler", "auditor"}) {
        const std::string name(whose);
        expect_scrubbed("{\"" + name + "_name\": \"Mette Holm\"}", "{}");
        for (const char* value : {"kafka_sink", "Prometheus", "Holm Trading Ltd", "http.request"})
            expect_kept("{\"" + name + "_name\": \"" + value + "\"}");
    }
}

TEST(PiiParties, OwnersAndHoldersOfCardsAndAccounts) {
    for (const char* name : {"accountOwner", "account owner", "cardOwner", "Acct_Ownr"})
        expect_scrubbed(std::string("{\"") + name + "\": \"Mette Holm\"}", "{}");
    expect_scrubbed(R"({"accountOwner": {"town": "Odense", "tier": 2}})", R"({"accountOwner": {"tier": 2}})");
    expect_scrubbed(R"({"Acct": {"Ownr": {"Nm": "Mette Holm"}, "Ccy": "DKK"}})",
                    R"({"Acct": {"Ownr": {}, "Ccy": "DKK"}})");
    expect_scrubbed(R"({"CreditorAccount": {"SchemeName": "UK.OBIE.SortCodeAccountNumber",
                        "Identification": "08087865899668", "Name": "Mette Holm"}})",
                    R"({"CreditorAccount": {"SchemeName": "UK.OBIE.SortCodeAccountNumber"}})");
    expect_kept(R"({"customerAccount": {"name": "Savings Account", "kind": "joint"}})");
    expect_scrubbed(R"({"type": "card", "last4": "4242", "name": "Mette Holm"})",
                    R"({"type": "card", "last4": "4242"})");
    expect_scrubbed(R"({"cardName": "Mette Holm", "cardNumber": "4242424242424242"})", "{}");
    expect_kept(R"({"cardName": "Blue Rewards", "tier": 2})");
}

TEST(PiiParties, PartiesOfCallsParcelsAndLedgers) {
    for (const char* name : {"callingPartyNumber", "called_number", "telf1", "recapitoTelefonico"})
        expect_scrubbed(std::string("{\"") + name + "\": \"4155550199\"}", "{}");
    for (const char* name : {"attentionTo", "Attention_Name", "cnam", "pax_name", "given_nm", "اللقب"})
        expect_scrubbed(std::string("{\"") + name + "\": \"Mette Holm\"}", "{}");
    expect_scrubbed(R"({"KUNNR": "0000100911", "NAME1": "Mette Holm", "STRAS": "Nygade 4", "ORT01": "Odense",
                        "STCD1": "313447921", "GBDAT": "19710405"})",
                    R"({"KUNNR": "0000100911"})");
    expect_scrubbed(R"({"usr_lname": "Holm", "usr_city_nm": "Odense", "usr_type_cd": "P"})",
                    R"({"usr_type_cd": "P"})");
    expect_scrubbed(R"({"address_line_1": "Nygade 4", "admin_area_2": "Odense"})", "{}");
    expect_kept(R"({"admin_area_2": "Odense", "population": 7})");
    for (const char* name : {"bydliště", "prebivalište", "Domiciliu"})
        expect_scrubbed(std::string("{\"") + name + "\": \"Husova 76, Brno\"}", "{}");
    expect_kept(
        R"({"BusinessPartner": "0605053119", "material_number": "313-44-7921", "productNo": "433-89-6411"})");
}

TEST(PiiParties, NamesInObjectsAndArrays) {
    expect_scrubbed(R"({"employee": {"name": {"text": "Mette Holm", "use": "official"}}})",
                    R"({"employee": {"name": {"use": "official"}}})");
    expect_kept(R"({"product": {"name": {"text": "Blue Kettle"}}})");
    expect_scrubbed(
        R"({"givenName": ["Mette"], "sn": ["Holm"], "cn": ["Mette Holm"], "uidNumber": ["1007"]})",
        R"({"givenName": [null], "sn": [null], "cn": [null], "uidNumber": ["1007"]})");
    expect_kept(R"({"objectClass": ["groupOfNames"], "cn": ["Billing Admins"]})");
    expect_kept(R"({"title_cn": "Blue Kettle", "title_en": "Blue Kettle", "email_count": 2})");
    expect_scrubbed(R"({"name": {"components": [{"kind": "given", "value": "Mette"},
                        {"kind": "surname", "value": "Holm"}], "isOrdered": true}})",
                    R"({"name": {"components": [{"kind": "given"},
                        {"kind": "surname"}], "isOrdered": true}})");
    expect_kept(R"({"recipe": {"steps": [{"kind": "given", "value": "Butter"}]}})");
}

TEST(PiiLabels, NameTheMembersOfAnObject) {
    expect_scrubbed(
        R"([{"op": "add", "path": "/paymentCard", "value": {"number": "4242424242424242", "code": "737"}}])",
        R"([{"op": "add", "path": "/paymentCard", "value": {}}])");
    expect_scrubbed(R"([{"op": "replace", "value": {"name": "Mette", "tier": 2}, "path": "/patient"}])",
                    R"([{"op": "replace", "value": {"tier": 2}, "path": "/patient"}])");
    expect_scrubbed(R"({"type": "guest", "data": {"name": "Mette Holm", "city": "Odense"}})",
                    R"({"type": "guest", "data": {}})");
    expect_scrubbed(R"({"patient": [{"op": "add", "path": "/name", "value": "Mette Holm"}]})",
                    R"({"patient": [{"op": "add", "path": "/name"}]})");
    for (const char* label : {"product", "merchant", "theme"})
        expect_kept(std::string(R"({"type": ")") + label +
                    R"(", "data": {"name": "Mette Holm", "city": "Odense"}})");
    expect_kept(R"({"type": "merchant", "value": {"address": {"street": "Nygade 4", "zip": "5000"}}})");
    expect_scrubbed(R"({"carteBancaire": {"number": "4242424242424242", "code": "737", "network": "CB"}})",
                    R"({"carteBancaire": {"network": "CB"}})");
    // The nearest label counts, and an object's own name before it.
    expect_scrubbed(R"({"key": "email", "type": "guest", "value": "m@b.io"})",
                    R"({"key": "email", "type": "guest"})");
    expect_scrubbed(R"({"type": "card", "to": {"name": "Mette Holm"}})", R"({"type": "card", "to": {}})");
}

TEST(PiiLabels, Partners) {
    struct Pair {
        const char *label, *value;
    };
    for (const Pair& pair :
         {Pair{"header", "value"}, Pair{"attr", "val"}, Pair{"prop", "data"}, Pair{"q", "a"},
          Pair{"slot", "value"}, Pair{"option", "value"}, Pair{"element", "value"}, Pair{"entity", "text"},
          Pair{"entity_group", "word"}, Pair{"field", "from"}, Pair{"field", "to"}, Pair{"field", "before"},
          Pair{"attribute", "previous"}, Pair{"attribute", "current"}, Pair{"field", "fromString"},
          Pair{"field", "newValue"}}) {
        const std::string label = std::string("{\"") + pair.label + "\": \"";
        const std::string value = std::string(", \"") + pair.value + "\": \"";
        expect_scrubbed(label + "surname\"" + value + "Holm\"}", label + "surname\"}");
        expect_scrubbed(label + "cvv\"" + value + "737\"}", label + "cvv\"}");
        expect_kept(label + "plan\"" + value + "Holm\"}");
    }
    for (const char* label : {"custom:cvv", "customer[card][cvv]", "x_cvv", "attributes.cvv"})
        expect_scrubbed(std::string(R"({"name": ")") + label + R"(", "value": "737"})",
                        std::string(R"({"name": ")") + label + R"("})");
    for (const char* label : {"error:password", "items[0]", "[surname]", "surname[removed]"})
        expect_kept(std::string(R"({"code": ")") + label + R"(", "value": "too weak"})");
    expect_kept(R"({"from": "Odense", "to": "Aarhus", "before": "noon", "current": "2.1 A"})");
    expect_scrubbed(R"({"patient": {"before": {"name": "Mette"}, "after": {"name": "Marie"}}})",
                    R"({"patient": {"before": {}, "after": {}}})");
}

TEST(PiiLabels, ProseIsNoValueOfALabel) {
    expect_kept(R"({"type": "guest", "content": {"name": "Opening Hours"}})");
    expect_kept(R"({"header": "Billing address", "text": "Where we send your invoice"})");
    expect_scrubbed(R"({"header": "Billing address", "text": "Nygade 4, Odense"})",
                    R"({"header": "Billing address"})");
    expect_kept(R"({"cnam": "UNAVAILABLE", "formattedName": "report.pdf"})");
}

TEST(PiiLabels, ColumnsOfOtherSystems) {
    expect_scrubbed(R"({"meta": [{"name": "id"}, {"name": "surname"}], "data": [[7, "Holm"]]})",
                    R"({"meta": [{"name": "id"}, {"name": "surname"}], "data": [[7, null]]})");
    expect_scrubbed(R"({"paramNames": ["id", "surname", "cvv"], "paramValues": [7, "Holm", "737"]})",
                    R"({"paramNames": ["id", "surname", "cvv"], "paramValues": [7, null, null]})");
    // Names of columns are no label of all values.
    expect_scrubbed(R"({"header": ["id", "cvv"], "values": [[7, "737"]]})",
                    R"({"header": ["id", "cvv"], "values": [[7, null]]})");
    expect_scrubbed(R"({"thead": ["Last name", "Plan"], "tbody": [["Holm", "gold"]]})",
                    R"({"thead": ["Last name", "Plan"], "tbody": [[null, "gold"]]})");
}

TEST(PiiParties, OrganisationsAndPlacesHaveAddressesAndNames) {
    for (const char* place : {"venue", "station", "pickupPoint", "acceptor", "cardAcceptor", "museum"})
        expect_kept(std::string("{\"") + place +
                    R"(": {"address": {"street": "Nygade 4", "city": "Odense"}}})");
    expect_kept(R"({"legalEntity": {"legalName": "Fjord Partners of Norway"}})");
    expect_scrubbed(R"({"applicant": {"legalName": "Mette Holm"}})", R"({"applicant": {}})");
    expect_scrubbed(R"({"legalName": "Mette Holm"})", "{}");
    for (const char* name : {"Nordlys Logistics AS", "Grupo Sol S.A. de C.V.", "Kesko Oyj"})
        expect_kept(std::string("{\"customerName\": \"") + name + "\"}");
    expect_kept(R"({"merch_city": "Dublin", "surname_status": "ok"})");
    expect_scrubbed(R"({"surname": "Holm", "city": "Odense", "merch_city": "Dublin"})",
                    R"({"city": "Odense", "merch_city": "Dublin"})");
    for (const char* name : {"Checkout Squad", "Billing Service", "Debian Server", "Reporting Platform"})
        expect_kept(std::string(R"({"owner": {"name": ")") + name + R"("}})");
    for (const char* name : {"Adam Driver", "Mette Holm", "Page Holm"})
        expect_scrubbed(std::string(R"({"owner": {"name": ")") + name + R"("}})", R"({"owner": {}})");
}

TEST(PiiParties, CountsCaptionsAndClaims) {
    expect_kept(R"({"addresses": 2, "passwords": 4, "bus": {"address": 17}})");
    expect_kept(R"({"nullCounts": {"zip": 1219, "phone": 4155550199}})");
    expect_scrubbed(R"({"houseNumber": 7, "password": 482913, "zip": 10115, "address": 10115})", "{}");
    expect_scrubbed(R"({"counts": {"cvv": 737}})", R"({"counts": {}})");
    expect_kept(R"({"labels": {"password": "Passwort"}, "fr": {"password": "Mot de passe"}})");
    expect_kept(R"({"errors": {"password": ["must contain a digit", "is too short"]}})");
    expect_scrubbed(R"({"password": "password", "labels": {"password": "kettle horse pin"}})",
                    R"({"labels": {}})");
    expect_kept(R"({"apiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}})");
    expect_scrubbed(R"({"secret": {"name": "db", "namespace": "prod", "data": "k3Jx81LmN0"}})",
                    R"({"secret": {"name": "db", "namespace": "prod"}})");
    expect_scrubbed(
        R"({"id_token_claims": {"iss": "https://a.example", "given_name": "Mette", "name": "Mette Holm"}})",
        R"({"id_token_claims": {"iss": "https://a.example"}})");
    expect_scrubbed(R"({"jwtClaims": {"name": "Mette Holm", "sub": "7"}})", R"({"jwtClaims": {"sub": "7"}})");
    expect_scrubbed(R"({"jwtClaims": {"name": "orders-api", "sub": "7"}})",
                    R"({"jwtClaims": {"name": "orders-api", "sub": "7"}})");
    expect_scrubbed(R"({"id_token": "k3Jx81LmN0k3Jx81LmN0"})", "{}");
}

TEST(PiiParties, GoodsExpireAndSecuritiesHaveCodes) {
    expect_kept(R"({"product": {"expiryDate": "12/29"}, "drug": {"expiry_date": "12/2029", "lot": "L7"}})");
    expect_scrubbed(
        R"({"item": {"cardNumber": "4242424242424242", "expiryDate": "12/29"}, "expiryDate": "12/29"})",
        R"({"item": {}})");
    expect_kept(R"({"securityCode": "US0378331005"})");
    expect_scrubbed(R"({"securityCode": "737", "cvv": "US0378331006"})", "{}");
    expect_kept(R"({"address": {"countryCodeV2": "DK"}})");
}

TEST(PiiParties, CompaniesByTheirLegalForm) {
    for (const std::string name :
         {"Sklep Zielony Sp. z o.o.", "Padaria Boa Lda", "Müller & Sohn e.K.", "Alfa EOOD", "ООО Василёк",
          "株式会社さくら", "北京蓝天有限公司", "주식회사 한별", "Βήτα Α.Ε."})
        expect_kept("{\"creditorName\":\"" + name + "\"}");
    for (const std::string name : {"Анна Василёк", "佐倉花子", "Ana Lda Costa"})
        expect_scrubbed("{\"creditorName\":\"" + name + "\"}", "{}");
}

TEST(PiiParties, WhoIsInCharge) {
    expect_scrubbed(R"({"manager":"Ines Roth","onCall":{"name":"Odd Name"},"payor":"Ines Roth"})",
                    R"({"onCall":{}})");
    for (const char* document : {R"({"manager":"nginx plus"})", R"({"packageManager":"Yarn Berry"})",
                                 R"({"actor":{"type":"SYSTEM","displayName":"Batch System"}})"})
        expect_kept(document);
}

TEST(PiiParties, NamesWithAnElision) {
    for (const std::string name : {"Anne d'Ormesson", "Carla dell'Orto", "Jean d’Arc", "Sean O’Casey"})
        expect_scrubbed("{\"approvedBy\":\"" + name + "\"}", "{}");
    expect_kept(R"({"approvedBy":"it's fine"})");
}

TEST(PiiParties, WhatIsNoNameUnderThatOfAPerson) {
    for (const char* document :
         {R"({"userName":"c7687f60-363d-452c-bb59-2a2bdee14931"})", R"({"agents":[{"family":"okhttp"}]})",
          R"({"shipper":{"name1":"Solana Foods S.A.","contactId":7}})",
          R"({"address":"aws_s3_bucket.card_art[0]"})", R"({"billing_address":{"country_iso2":"BR"}})"})
        expect_kept(document);
    expect_scrubbed(R"({"person":{"dayOfBirth":7,"monthOfBirth":12}})", R"({"person":{}})");
}

}  // namespace
}  // namespace gpsync::core::pii

// Values that are judged by what stands beside them: labels, cities, bare names; and wrappers around values.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/pii/document/json_text_scrub.hpp"
#include "core/pii/document/scrubber.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiSiblings, ALabelInFrontOrBehindNamesTheValue) {
    struct Pair {
        const char* label;
        const char* value;
    };
    for (const char* label : {"label", "name", "key", "id", "field", "param", "fieldName", "question",
                              "attribute", "code", "property", "variable", "type"})
        for (const char* holder : {"value", "val", "answer", "content", "text", "stringValue", "valueString"})
            for (const Pair& pair :
                 {Pair{"first_name", "Jörg"}, Pair{"Date of birth", "1980-03-04"},
                  Pair{"What is your phone number?", "0301234567"}, Pair{"ssn", "123456789"},
                  Pair{"Straße", "Hauptstr. 5"}, Pair{"姓名", "王小明"}}) {
                const std::string member = "\"" + std::string(label) + "\":\"" + pair.label + "\"";
                const std::string value = "\"" + std::string(holder) + "\":\"" + pair.value + "\"";
                EXPECT_EQ(scrubbed("{" + member + "," + value + ",\"n\":1}"), "{" + member + ",\"n\":1}");
                EXPECT_EQ(scrubbed("{" + value + ",\"n\":1," + member + "}"), "{\"n\":1," + member + "}");
                EXPECT_EQ(scrubbed("[{" + value + "," + member + "}]"), "[{" + member + "}]");
            }
}

TEST(PiiSiblings, LabelsInObjectsAndUrls) {
    expect_scrubbed(R"({"value":"123-45-6780","type":{"text":"Social Security Number"}})",
                    R"({"type":{"text":"Social Security Number"}})");
    expect_scrubbed(R"({"type":{"coding":[{"code":"passport"}]},"value":"C01X00T47"})",
                    R"({"type":{"coding":[{"code":"passport"}]}})");
    expect_scrubbed(R"({"value":"900000009","system":"http://hl7.org/fhir/sid/us-ssn"})",
                    R"({"system":"http://hl7.org/fhir/sid/us-ssn"})");
    expect_scrubbed(R"({"value":"5550123","system":"phone","use":"home"})",
                    R"({"system":"phone","use":"home"})");
    expect_scrubbed(R"({"name":"dob","value":{"$date":"1980-03-04T00:00:00Z"}})",
                    R"({"name":"dob","value":{}})");
    expect_scrubbed(R"({"value":["Ann","Bob"],"name":"first names"})",
                    R"({"value":[null,null],"name":"first names"})");
}

TEST(PiiSiblings, PathsOfJsonPatch) {
    EXPECT_EQ(scrubbed(R"([{"op": "replace", "path": "/holder/fullName", "value": "Ana Prado"}])"),
              R"([{"op": "replace", "path": "/holder/fullName"}])");
    EXPECT_EQ(scrubbed(R"([{"op": "add", "path": "/cards/0/cvv", "value": "481"}])"),
              R"([{"op": "add", "path": "/cards/0/cvv"}])");
    expect_kept(R"([{"op": "replace", "path": "/limits/daily", "value": "4021.38"}])");
    expect_kept(R"([{"op": "replace", "path": "/product/name", "value": "Gold Card"}])");
}

TEST(PiiSiblings, OtherLabelsLeaveTheValue) {
    for (const char* document :
         {R"({"label":"Colour","value":"Blue"})", R"({"value":"Joe Doe","key":"product_name"})",
          R"({"id":"a1","value":"Some Text"})", R"({"key":"password","text":"Forgot your password?"})",
          R"({"name":"email","value":"[removed]"})", R"({"name":"n/a","value":"Joe"})",
          R"({"id":"email","value":true})", R"({"question":"Is your email verified?","answer":"yes"})",
          R"({"type":"address","value":"${ADDRESS}"})", R"({"a":{"id":"first_name"},"value":"x"})",
          R"({"a":[{"id":"first_name"}],"value":"x"})", R"({"value":{"a":"Joe"},"b":{"label":"first_name"}})",
          R"({"type":"string","value":"Joe"})", R"({"tokenId":"SSNQ40217733","text":"5 of 1,234,567 rows"})",
          R"({"refId":"DNIQZ502177331","text":"score 0.7312 of 1"})"})
        expect_kept(document);
}

TEST(PiiSiblings, ACityBesideAnAddressOrAPersonIsPartOfIt) {
    expect_scrubbed(R"({"city":"Berlin","zip":"10115","x":1})", R"({"x":1})");
    expect_scrubbed(R"({"street":"Weg 5","city":"Berlin"})", "{}");
    expect_scrubbed(R"({"ciudad":"Sevilla","código_postal":"41001","calle":"Sol"})", "{}");
    expect_scrubbed(R"({"customer":{"city":"Berlin","tier":"gold"}})", R"({"customer":{"tier":"gold"}})");
    expect_scrubbed(R"({"billingContact":{"locality":"Cupertino","country":"US"}})",
                    R"({"billingContact":{"country":"US"}})");
    expect_scrubbed(R"({"addr":{"town":"Hull"}})", R"({"addr":{}})");
    expect_scrubbed(R"({"birth":{"city":"Oslo","country":"NO"}})", R"({"birth":{"country":"NO"}})");
    for (const char* document :
         {R"({"city":"Berlin","temperature":21})", R"({"store":{"city":"Berlin","id":5}})",
          R"({"event":{"city":"Oslo"},"name":"Expo"})", R"({"airport":{"code":"CDG","city":"Paris"}})",
          R"({"merchant":{"city":"Berlin","zip":"10115"}})", R"({"geoip":{"city":"Berlin","country":"DE"}})",
          R"({"city":null,"zip":null})", R"({"destinationCity":"Rome","flight":"AZ 611"})"})
        expect_kept(document);
}

TEST(PiiSiblings, ANameBesideWhatOnlyPersonsHaveIsAPersons) {
    expect_scrubbed(R"({"name":"Jenny Rosen","email":"j@x.io","object":"customer"})",
                    R"({"object":"customer"})");
    expect_scrubbed(R"({"birthdate":"1980-01-02","name":"Ana de la Cruz"})", "{}");
    expect_scrubbed(R"({"given_name":"Jane","family_name":"Roe","name":"Jane Roe","sub":"248289761001"})",
                    R"({"sub":"248289761001"})");
    expect_scrubbed(R"({"name":"佐藤花子","ssn":"123-45-6780"})", "{}");
    expect_scrubbed(R"({"card":{"number":"4111111111111111","name":"JOE DOE","cvc":"123"}})",
                    R"({"card":{}})");
    expect_scrubbed(R"({"Nm":"Joe Doe","IBAN":"DE89370400440532013000"})", "{}");
    expect_scrubbed(R"({"name":[{"text":"Peter Chalmers","family":"Chalmers"}]})", R"({"name":[{}]})");
    for (const char* document :
         {R"({"name":"Blue Widget","price":3})", R"({"name":"billing-service","email":null})",
          R"({"merchant":{"name":"Joe Doe","email":null}})", R"({"product":{"name":"Joe Doe","email":null}})",
          R"({"name":"Acme Ltd","email":null})", R"({"name":"Support Team","email":null})"})
        expect_kept(document);
}

TEST(PiiSiblings, ContactsOfMessagesTicketsAndVerifications) {
    for (const char* whose :
         {"requester",       "from",      "to",          "traits",    "receiver",     "author",   "ubo",
          "director",        "signatory", "witness",     "agent",     "driver",       "attendee", "assignee",
          "beneficialOwner", "Dbtr",      "shareholder", "guarantor", "policyHolder", "客户"})
        EXPECT_EQ(scrubbed("{\"" + std::string(whose) + "\":{\"name\":\"Joe Doe\"}}"),
                  "{\"" + std::string(whose) + "\":{}}");
    for (const char* whose : {"agent", "from", "author", "client"})
        for (const char* name :
             {"filebeat", "Acme Ltd", "Support Team", "Berlin Hauptbahnhof", "curl/8.1", "My App"})
            expect_kept("{\"" + std::string(whose) + "\":{\"name\":\"" + name + "\"}}");
    for (const char* document :
         {R"({"employee":{"department":{"name":"Payments"}}})", R"({"customer":{"loyalty":{"name":"Gold"}}})",
          R"({"user":{"xq":{"name":"alpha"}}})", R"({"from":{"code":"TXL","city":"Berlin"}})"})
        expect_kept(document);
    expect_kept(R"({"account":{"name":"Joe's Bakery"}})");
    expect_scrubbed(R"({"customer":{"account":{"name":"Joe Doe"}}})", R"({"customer":{"account":{}}})");
    expect_scrubbed(R"({"user":{"first":"Joe","last":"Doe"}})", R"({"user":{}})");
}

TEST(PiiWrappers, HandTheOuterNameDown) {
    struct Named {
        const char* name;
        const char* value;
    };
    for (const Named& named :
         {Named{"firstName", "\"Ann\""}, Named{"dateOfBirth", "\"1980-03-04\""},
          Named{"accountNumber", "\"12345678\""}, Named{"ssn", "\"123456789\""},
          Named{"password", "\"hunter\""}, Named{"zipCode", "\"10115\""}, Named{"phone", "\"0301234567\""},
          Named{"nhsNumber", "\"9434765919\""}, Named{"nino", "\"AB123456C\""}})
        for (const char* wrapper :
             {"$string", "S", "stringValue", "_value", "#text", "__text", "$", "value", "string", "$t"}) {
            const std::string name = "\"" + std::string(named.name) + "\":";
            const std::string inner = "\"" + std::string(wrapper) + "\":" + named.value;
            EXPECT_EQ(scrubbed("{" + name + "{" + inner + "}}"), "{" + name + "{}}");
            EXPECT_EQ(scrubbed("{" + name + "{" + inner + ",\"type\":\"string\"}}"),
                      "{" + name + "{\"type\":\"string\"}}");
        }
    expect_scrubbed(R"({"dob":{"$date":"1980-03-04T00:00:00Z"}})", R"({"dob":{}})");
    expect_scrubbed(R"({"dob":{"$date":{"$numberLong":"320976000000"}}})", R"({"dob":{"$date":{}}})");
    expect_scrubbed(R"({"zip":{"integerValue":"10115"},"ssn":{"N":"123456789"}})", R"({"zip":{},"ssn":{}})");
    expect_scrubbed(R"({"ssn":{"$numberLong":"123456789"},"expMonth":{"int":12}})",
                    R"({"ssn":{},"expMonth":{}})");
    expect_scrubbed(R"({"city":{"S":"Berlin"},"zip":{"S":"10115"},"sku":{"S":"A1"}})",
                    R"({"city":{},"zip":{},"sku":{"S":"A1"}})");
    expect_kept(R"({"city":{"S":"Berlin"},"sku":{"S":"A1"}})");
    expect_kept(R"({"createdAt":{"$date":"1980-03-04T00:00:00Z"},"count":{"$numberLong":"123456789"}})");
    expect_kept(R"({"name":{"S":"Blue Widget"},"_id":{"$oid":"507f1f77bcf86cd799439011"}})");
}

// "code" and "block" say, under other names, that a value is about something; here they are it.
TEST(PiiWrappers, OfVerificationData) {
    EXPECT_EQ(scrubbed(R"({"cvv": {"code": "481", "result": "M"}})"), R"({"cvv": {"result": "M"}})");
    EXPECT_EQ(scrubbed(R"({"card": {"cvc": {"code": 4817}}})"), R"({"card": {"cvc": {}}})");
    EXPECT_EQ(scrubbed(R"({"pin": {"block": "1F0C7A25D98E4B36", "format": "ISO-0"}})"),
              R"({"pin": {"format": "ISO-0"}})");
    EXPECT_EQ(scrubbed(R"({"pinData": {"details": {"block": "1F0C7A25D98E4B36"}}})"),
              R"({"pinData": {"details": {}}})");
    EXPECT_EQ(scrubbed(R"({"cavv": {"code": "BwABBylVaQAAAAFwllVpAAAAAAA="}})"), R"({"cavv": {}})");
    for (const char* kept :
         {R"({"cvv": {"code": "M"}})", R"({"cvv": {"code": "no_match", "type": "123"}})",
          R"({"pin": {"attempts": 4817, "id": "48175"}})", R"({"area": {"code": "481"}})",
          R"({"phone": {"code": "4817"}})", R"({"error": {"code": "481", "block": "1F0C7A25D98E4B36"}})"})
        EXPECT_EQ(scrubbed(kept), kept);
}

TEST(PiiSiblings, AreTheSameForBothWaysToReadText) {
    for (const char* document : {R"({"value":"Ann","key":"firstName"})", R"({"city":"Berlin","zip":"10115"})",
                                 R"({"name":"Jenny Rosen","email":"j@x.io"})",
                                 R"({"a":[{"city":"B","x":{"city":"Rome"}},{"city":"Ulm","street":"s"}]})",
                                 R"({"data":"{\"value\":\"Ann\",\"key\":\"firstName\"}"})"}) {
        Scrubber scrubber(Policy::payments(), nullptr, Mode::kScrub);
        JsonTextScrub other;
        scrubber.begin_document();
        const Verdict verdict = other.scrub(document, scrubber);
        std::string edited = scrubbed(document);
        EXPECT_EQ(verdict == Verdict::kReplace, edited != document) << document;
        if (verdict == Verdict::kReplace) {
            std::erase(edited, ' ');
            std::string text(other.text());
            std::erase(text, ' ');
            EXPECT_EQ(text, edited);
        }
    }
}

// An object in an object, each of which asks for its siblings: the work is bounded.
TEST(PiiSiblings, ObjectsThatAllAskAreReadABoundedNumberOfTimes) {
    std::string document;
    constexpr int kDeep = 3000;
    for (int i = 0; i < kDeep; ++i) document += R"({"city":"Berlin","value":1,"x":)";
    document += "1";
    for (int i = 0; i < kDeep; ++i) document += "}";
    EXPECT_EQ(scrubbed(document), document);
}

TEST(PiiSiblings, APersonsNameInPlaceOfThePerson) {
    for (const char* who : {"author", "handledBy", "reviewed_by", "ApprovedBy", "assignedTo", "drawer"}) {
        const std::string member = "{\"" + std::string(who) + "\":";
        for (const char* name : {"Oleg Marsh", "Ana de la Cruz", "Тарас Гнатюк", "陳美玲"}) {
            expect_scrubbed(member + "\"" + name + "\",\"n\":1}", R"({"n":1})");
            expect_scrubbed(member + "[\"" + name + "\"]}", member + "[null]}");
        }
        for (const char* other :
             {"c-1042", "retail", "Gold", "Marsh Trading Ltd", "Nord Bank", "two words", "true"})
            expect_kept(member + "\"" + other + "\"}");
    }
    expect_scrubbed(R"({"createdBy":{"name":"Oleg Marsh"},"n":1})", R"({"createdBy":{},"n":1})");
    expect_kept(R"({"createdBy":{"name":"nightly-import"}})");
    expect_kept(R"({"customer":"c-1","name":"Marsh Valley"})");
}

TEST(PiiSiblings, NamesOfThingsBesideAPersonsData) {
    for (const char* name : {"productName", "MERCHANT_NAME", "company.name", "File Name", "event_name"})
        expect_kept("{\"" + std::string(name) +
                    R"(":"Yoga Mat Pro","email":"[removed]","dateOfBirth":null})");
}

TEST(PiiSiblings, PartsOfAShopHaveItsAddress) {
    expect_kept(R"({"shop":{"branches":[{"city":"Varna","zip":"9021"},{"city":"Galway","zip":"210000"}]}})");
    expect_kept(R"({"bank":{"outlets":{"north":[],"street":"Main St 5","zip":"9021"}}})");
    expect_scrubbed(R"({"shop":{"customers":[{"zip":"9021","n":1}]}})",
                    R"({"shop":{"customers":[{"n":1}]}})");
}

TEST(PiiSiblings, AddressesAndTheirCountries) {
    expect_scrubbed(R"({"Dbtr":{"PstlAdr":{"TwnNm":"Pune","Ctry":"IN"}}})",
                    R"({"Dbtr":{"PstlAdr":{"Ctry":"IN"}}})");
    expect_scrubbed(R"({"creditorAddress":{"townName":"Pune","country":"IN"}})",
                    R"({"creditorAddress":{"country":"IN"}})");
    for (const char* value : {"0.0.0.0:80", "broadcast", "0x12", "127.0.0.1", "localhost"})
        expect_kept("{\"address\":\"" + std::string(value) + "\"}");
    expect_kept(R"({"street":"true","signatory":"required"})");
    expect_scrubbed(R"({"street":"Any Street 5","signatory":"May Pass"})", "{}");
    expect_kept(R"({"type":"TEXT_TO_CARDHOLDER_NUMBER","value":"+X-XXX-XXX-X789"})");
    expect_kept(R"({"accountNumber":"93e7fcf8969c2d45a90d9543f9538617"})");
    expect_scrubbed(R"({"accountNumber":"GB12ab34567890"})", "{}");
}

TEST(PiiSiblings, WhoWroteOrDecided) {
    for (const char* who : {"author", "handledBy", "reviewed_by", "ApprovedBy", "assignedTo", "drawer"}) {
        const std::string name(who);
        EXPECT_EQ(scrubbed("{\"" + name + "\":\"Ann Lee\",\"n\":1}"), "{\"n\":1}") << who;
        for (const char* value :
             {"system", "Batch Job", "Payment Gateway", "alee", "u-17", "Acme Ltd", "Top"})
            expect_kept("{\"" + name + "\":\"" + value + "\"}");
    }
    expect_kept(R"({"createdBy":{"name":"importer"},"authorId":"Ann Lee 7"})");
}

TEST(PiiSiblings, TheNameOnACard) {
    expect_scrubbed(
        R"({"source":{"object":"card","exp_month":8,"exp_year":2031,"last4":"4242","name":"Ann Lee"}})",
        R"({"source":{"object":"card","last4":"4242"}})");
    expect_scrubbed(R"({"card":{"name":"ANN LEE","expiration_month":10}})", R"({"card":{}})");
    expect_scrubbed(R"({"card":{"name":"Gold Rewards Visa","expMonth":8}})",
                    R"({"card":{"name":"Gold Rewards Visa"}})");
    expect_kept(R"({"name":"Brie Cheese","expirationDate":"2031-12-03"})");
}

TEST(PiiSiblings, PartsOfANameBesideAnother) {
    expect_scrubbed(R"({"FIRST":"Ines","surname":"Roth","n":1})", R"({"n":1})");
    expect_scrubbed(R"({"given_name":"Ines","Last":"Roth"})", "{}");
    for (const char* document :
         {R"({"first":"Ines","last":"Roth"})", R"({"links":{"first":"Start","last":"End"},"n":1})",
          R"({"surnameVerified":true,"first":"Ines"})"})
        expect_kept(document);
    expect_scrubbed(R"({"surname":"Roth","last":"2026-01-02T03:04:05Z","first":"5 days ago"})",
                    R"({"last":"2026-01-02T03:04:05Z","first":"5 days ago"})");
}

TEST(PiiSiblings, TheNameOfAMailbox) {
    expect_scrubbed(R"({"to":[{"emailAddress":{"name":"Ines Roth","address":"i@x.test"}}]})",
                    R"({"to":[{"emailAddress":{}}]})");
    expect_kept(R"({"emailAddress":{"name":"Support Team"}})");
    expect_kept(R"({"email":{"name":"Order Confirmation","subject":"Thanks"}})");
}

TEST(PiiSiblings, TownsAndStreetsThatAreCalledAsPrepositions) {
    expect_scrubbed(R"({"postnummer":"5003","by":"Bergen","n":1})", R"({"n":1})");
    expect_scrubbed(R"({"codicePostale":"20121","via":"Corso Como 2"})", "{}");
    for (const char* document :
         {R"({"by":"Bergen"})", R"({"via":"Corso Como 2"})", R"({"by":"svc-1","via":"sms"})"})
        expect_kept(document);
}

TEST(PiiSiblings, PartsOfANameTogether) {
    expect_scrubbed(R"({"given":"Wanja","family":"Orth","use":"usual"})", R"({"use":"usual"})");
    expect_scrubbed(R"({"family":"Orth","given":["Wanja","Ove"]})", R"({"given":[null,null]})");
    expect_scrubbed(R"([{"given":"Qrz","family":"Vlk"},{"given":"Lou","family":"Orth"}])", "[{},{}]");
    expect_kept(R"({"family":"Orthoptera","order":"Insecta"})");
    expect_kept(R"({"given":"Wednesday","when":"it rains"})");
}

// FHIR's references to persons; what the others display is no person's name.
TEST(PiiSiblings, WhatAReferenceToAPersonDisplays) {
    for (const std::string type : {"Patient", "Practitioner", "RelatedPerson", "Person"}) {
        const std::string to = "\"reference\":\"" + type + "/77\"";
        expect_scrubbed("{\"author\":{" + to + ",\"display\":\"Orth, W.\"}}", "{\"author\":{" + to + "}}");
        expect_scrubbed("[{\"display\":\"Qrz Vlk\"," + to + "}]", "[{" + to + "}]");
        expect_scrubbed("[{\"display\":\"Vlk\"," + to + "}]", "[{" + to + "}]");
    }
    expect_scrubbed(R"({"x":{"reference":"https://a.example/fhir/Patient/9","display":"Qrz Vlk"}})",
                    R"({"x":{"reference":"https://a.example/fhir/Patient/9"}})");
    for (const std::string type : {"Organization", "Location", "Encounter", "Device", "Observation"})
        expect_kept("{\"x\":{\"reference\":\"" + type + "/77\",\"display\":\"Blue Cross\"}}");
    expect_kept(R"({"coding":[{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}]})");
}

// The number of whatever identifies somebody is that of what a label beside it says.
TEST(PiiSiblings, ADocumentsNumberIsOfItsKind) {
    for (const char* document :
         {R"({"identityDocument":{"kind":"passport","number":"N8290679"}})",
          R"({"idDocs":[{"number":"N8290679","idDocType":"PASSPORT"}]})",
          R"({"type":"passport","idNumber":"N8290679"})", R"({"travelDocument":{"number":"N8290679"}})"})
        EXPECT_NE(found_in(document).find(" passport remove"), std::string::npos) << document;
    EXPECT_NE(found_in(R"({"id_numbers":[{"type":"driving_licence","value":"BT757229K"}]})")
                  .find(" driving_licence remove"),
              std::string::npos);
    EXPECT_NE(
        found_in(R"({"identityDocument":{"kind":"id card","number":"N8290679"}})").find(" national_id "),
        std::string::npos);
}

TEST(PiiSiblings, PartsOfADateOfBirth) {
    expect_scrubbed(R"({"dob":{"day":7,"month":12,"year":1988}})", R"({"dob":{}})");
    expect_scrubbed(R"({"birthDay":7,"birthMonth":12,"birthYear":1988})", "{}");
    expect_kept(R"({"birthdays":7})");
    for (const std::string birth :
         {R"("geboorte":{"datum")", R"("naissance":{"date")", R"("nascita":{"data")",
          R"("nacimiento":{"fecha")", R"("födelse":{"datum")"}) {
        const std::string object = "{" + birth.substr(0, birth.find('{') + 1) + "}}";
        expect_scrubbed("{" + birth + ":\"1988-12-07\"}}", object);
    }
    expect_scrubbed(R"({"geboorte":{"datum":{"type":"Datum","datum":"1988-12-07"}}})",
                    R"({"geboorte":{"datum":{"type":"Datum"}}})");
    expect_kept(R"({"start":{"day":7,"month":12,"year":2026}})");
}

// What looks like words in it is chance.
TEST(PiiSiblings, AnOpaqueIdentifierIsNoLabel) {
    for (const std::string id : {"evt_BiFhUwCjfgwG7LTtEI2FNHrT", "a1FNb2LNc3NAMEd4ex", "XyNaMeQwErTyUiOpAs"})
        expect_kept("{\"id\":\"" + id + "\",\"data\":{\"object\":{\"currency\":\"eur\"}}}");
    expect_scrubbed(R"({"id":"cardholder_first_name","value":"Ines"})", R"({"id":"cardholder_first_name"})");
    expect_scrubbed(R"({"id":"customerDateOfBirthInput","value":"1980-02-03"})",
                    R"({"id":"customerDateOfBirthInput"})");
}

TEST(PiiSiblings, LabelsOfAPersonsAttributes) {
    expect_scrubbed(R"({"users":[{"traits":[{"Name":"phone_number","Value":"+49 30 901820"}]}]})",
                    R"({"users":[{"traits":[{"Name":"phone_number"}]}]})");
    expect_scrubbed(R"({"users":[{"name":"Ines Roth","value":100}]})", R"({"users":[{"value":100}]})");
    expect_kept(R"({"messageCode":"TC001","date":1772635564})");
}

TEST(PiiSiblings, WhatASchemaSaysOfAValue) {
    expect_kept(R"({"properties":{"expiryYear":{"type":"integer","minimum":2026,"maximum":2099}}})");
    expect_scrubbed(R"({"properties":{"expiryYear":{"value":2030}}})", R"({"properties":{"expiryYear":{}}})");
}

}  // namespace
}  // namespace gpsync::core::pii

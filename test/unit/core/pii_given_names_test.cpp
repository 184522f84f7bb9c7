// Names that say nothing of whose a value is: a given name in the value decides.
#include <gtest/gtest.h>

#include <string>

#include "core/pii/names/given_names.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiGivenNames, OfManyLanguagesAndScripts) {
    for (const char* text : {"Anna Hoekstra", "hoekstra, femke", "ZSÓFIA NAGY", "Søren Kjær", "Đặng Quốc Bảo",
                             "Nguyễn Thị Phương", "Мария Иванова", "Артём Соколов", "Γιάννης Παππάς",
                             "أحمد منصور", "משה לוי", "रमेश कुमार", "Jean-Luc Picot"})
        EXPECT_TRUE(has_given_name(text)) << text;
    for (const char* text : {"", "Gold Plan", "Nessus Pro", "New York", "Harbor Credit Union",
                             "Mercedes Benz", "Florence", "Class Loader", "ORD-1042", "Горный хрусталь"})
        EXPECT_FALSE(has_given_name(text)) << text;
}

TEST(PiiGivenNames, DecideUnderABareName) {
    for (const char* object : {"counterpart", "acct", "source", "zorp", "u_requested_for"})
        for (const char* name : {"name", "displayName", "Nm", "display_value"}) {
            const std::string before = "{\"" + std::string(object) + "\":{\"" + name + "\":\"";
            expect_scrubbed(before + "Femke Hoekstra\"}}", "{\"" + std::string(object) + "\":{}}");
            for (const char* written :
                 {"Hoekstra, Femke", "Hoekstra,Femke", "Femke\u00a0Hoekstra", "Femke\u3000Hoekstra"})
                expect_scrubbed(before + written + "\"}}", "{\"" + std::string(object) + "\":{}}");
            for (const char* other : {"Harbor Credit", "Femke", "femke hoekstra", "Hotel Femke", "San Martin",
                                      "Femke 2 go", "Femke Hoekstra Ltd", "Femke / Hoekstra"})
                expect_kept(before + other + "\"}}");
        }
    expect_scrubbed(R"({"name":"Femke Hoekstra","n":1})", R"({"n":1})");
    expect_kept(R"({"product":{"name":"Johanna Pro"},"brand":"Nadine Roux"})");
    expect_kept(R"({"merchant":{"name":"Femke Hoekstra"},"hotel":{"name":"Anna Sacher"}})");
    expect_kept(R"({"type":"product","data":{"name":"Femke Hoekstra"}})");
    expect_kept(R"({"to":{"iata":"OPO","name":"Porto Francisco Carneiro"}})");
    expect_scrubbed(R"({"agent":{"companyName":"Acme","name":"Femke Hoekstra"}})",
                    R"({"agent":{"companyName":"Acme"}})");
    expect_scrubbed(R"({"merchantId":"m-1","name":"Femke Hoekstra"})", R"({"merchantId":"m-1"})");
}

TEST(PiiGivenNames, DecideBehindWordsThatAreNotKnown) {
    for (const char* name : {"verifierName", "bookbinder_name", "RAPPORTEUR NAME", "weaver", "captain",
                             "auditor", "notary", "nombreLadrilleo", "storytellerName"}) {
        const std::string before = "{\"" + std::string(name) + "\":";
        expect_scrubbed(before + "\"Femke Hoekstra\",\"n\":1}", R"({"n":1})");
        expect_scrubbed(before + "[\"Femke Hoekstra\",\"x\"]}", before + "[null,\"x\"]}");
        for (const char* other : {"Nessus Pro", "Class Loader", "scanner-7", "Harbor Credit", "7", "FEMKE"})
            expect_kept(before + "\"" + other + "\"}");
    }
    expect_scrubbed(R"({"columns":["id","verifier"],"rows":[[1,"Femke Hoekstra"]]})",
                    R"({"columns":["id","verifier"],"rows":[[1,null]]})");
    expect_scrubbed(R"({"label":"Name of verifier","value":"Femke Hoekstra"})",
                    R"({"label":"Name of verifier"})");
    for (const char* name : {"productName", "file_name", "templateName", "cityName", "planName", "orderName"})
        expect_kept("{\"" + std::string(name) + "\":\"Femke Hoekstra\"}");
}

// Who did it, and endings that only people have: no given name is needed.
TEST(PiiGivenNames, WhoDidIt) {
    for (const char* name : {"countersigned_by", "trainedBy", "REPAIRED_BY", "taught by", "florist",
                             "beekeeper", "chairwoman", "lab_technologist", "mathematician"}) {
        const std::string before = "{\"" + std::string(name) + "\":\"";
        expect_scrubbed(before + "Hrafnhild Kvaran\"}", "{}");
        for (const char* other :
             {"Merchant Gateway", "Created Date", "Kvaran Ltd", "job-7", "svc_repair", "Kvaran"})
            expect_kept(before + other + "\"}");
    }
    for (const char* name : {"sort_by", "ordered_by", "powered_by", "delivered_by", "wishlist", "is_human"})
        expect_kept("{\"" + std::string(name) + "\":\"Hrafnhild Kvaran\"}");
}

// Umlauts as two letters, as ASCII has them, not in German alone.
TEST(PiiGivenNames, UmlautsInTwoLetters) {
    expect_scrubbed(R"({"suennikuupaeev":"1955-02-14","syntymaeaika":"19980726","saehkoepostiosoite":"x@y"})",
                    "{}");
    for (const char* name : {"queue", "issue", "value", "canoe", "does", "aerial"})
        expect_kept("{\"" + std::string(name) + "\":\"Hrafnhild Kvaran\"}");
}

// What such a name says of texts is nothing for numbers.
TEST(PiiGivenNames, LeaveNumbersAlone) {
    for (const char* name : {"factor", "counterpart", "name", "meter"})
        expect_kept("{\"" + std::string(name) + "\":8140298413337746.0}");
}

TEST(PiiGivenNames, TheSameAfterScrubbing) {
    // "bank" goes with the number: what stays is judged as if it were not there.
    expect_scrubbed(R"({"x":[{"display-name":"JUKKA LAHTI","bank-acct-nbr":"17429322"}]})", R"({"x":[{}]})");
    expect_scrubbed(R"({"city":"Leeds","firstName":"Anna","bank-acct-nbr":"17429322"})", R"({})");
}

}  // namespace
}  // namespace gpsync::core::pii

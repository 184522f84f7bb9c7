// Names that are words, too; names in another script; departments, designations, validation messages;
// regions.
#include <gtest/gtest.h>

#include <string>

#include "core/pii/names/given_names.hpp"
#include "pii_scan_helpers.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string under(const std::string& name, const std::string& value) {
    return "{\"" + name + "\":\"" + value + "\"}";
}

TEST(PiiOtherNames, GivenNamesThatAreWords) {
    for (const char* text : {"Victoria Orthova", "Orthova, Victoria", "Frank van Orth", "Rosa de la Vlk"})
        expect_scrubbed(under("name", text), "{}");
    for (const char* text : {"Victoria Falls", "Victoria Line", "Ruby Gems", "Rose Garden", "Mark Complete",
                             "Jordan River", "Max Volume", "Pearl Necklace", "Victoria"})
        expect_kept(under("name", text));
    // Words above all: where somebody stands beside it.
    expect_scrubbed(R"({"owners":[{"names":["Hope Orthova"],"emails":["a@b.io"]}]})",
                    R"({"owners":[{"names":[null],"emails":[null]}]})");
    expect_kept(under("name", "Hope Orthova"));
}

TEST(PiiOtherNames, ParticlesAndWhatTheyBelongTo) {
    for (const char* text :
         {"Sjoerd van den Vlk", "Thibault de La Tour", "Rhys ap Orth", "Femke van der Tour"})
        expect_scrubbed(under("displayName", text), "{}");
    for (const char* text : {"Tour de Orth", "Van Service", "Musée de la Tour"})
        expect_kept(under("displayName", text));
}

TEST(PiiOtherNames, InAnotherLanguageOrScript) {
    for (const char* name : {"englishName", "nameEng", "nameLatin", "name_cn", "CUST_ENG_NM"})
        expect_scrubbed("{\"customer\":" + under(name, "Orth Wanja") + "}", R"({"customer":{}})");
    expect_scrubbed(R"({"xm":"王小明","csrq":"19880712","lxdh":"13800000000","jtzz":"中山路1号"})", "{}");
    expect_scrubbed(R"({"FAM":"Орт","IM":"Ваня","OT":"Иванович","NPR":1})", R"({"NPR":1})");
    expect_scrubbed(R"({"IME":"VANJA","FAMILIA":"ORT"})", "{}");
    expect_kept(R"({"familia":"Rosaceae","genero":"Rosa"})");
    expect_scrubbed(R"({"FIRSTNME":"WANJA","MIDINIT":"O","LASTNAME":"ORTH"})", "{}");
    expect_scrubbed(R"({"q3_name":{"first":"Wanja","last":"Orth"},"q4_birthDate":"1988-12-07"})",
                    R"({"q3_name":{}})");
}

// Said of persons alone: what a bare name beside it is needs no given name that is known.
TEST(PiiOtherNames, BesideWhatIsSaidOfPersons) {
    for (const char* name :
         {"nationality", "maritalStatus", "jobTitle", "geslacht", "hire_date", "性别", "mobile"})
        expect_scrubbed("{\"name\":\"Wuqx Tsoutsouva\",\"" + std::string(name) + "\":\"x\"}",
                        under(name, "x"));
    for (const char* name : {"colour", "status", "version", "website", "jobId"})
        expect_kept("{\"name\":\"Wuqx Tsoutsouva\",\"" + std::string(name) + "\":\"x\"}");
    expect_kept(R"({"name":"Data Engineering","jobTitle":"x"})");
    for (const char* name : {"employer", "company", "school", "bank"})
        expect_scrubbed("{\"name\":\"Femke Hoekstra\",\"" + std::string(name) + "\":\"Acme\"}",
                        under(name, "Acme"));
    for (const char* name : {"isbn", "ean", "iata"})
        expect_kept("{\"name\":\"Femke Hoekstra\",\"" + std::string(name) + "\":\"X1\"}");
    expect_scrubbed(R"({"APP_SURNAME":"Orth","deviceLastName":"Orth"})", "{}");
}

TEST(PiiOtherNames, PartsOfAnItalianAddress) {
    expect_scrubbed(R"({"spedizione":{"via":"Corso Italia","civico":"130","cap":"10121","comune":"Torino"}})",
                    R"({"spedizione":{}})");
    expect_kept(R"({"invio":{"via":"SMS","stato":"ok"},"comune":{"cap":"10121"}})");
    expect_scrubbed(R"({"address":{"office":"12B"}})", R"({"address":{}})");
    expect_kept(R"({"passport":{"valid_till":"12/03/2031"}})");
}

TEST(PiiOtherNames, NobodysNames) {
    for (const char* text : {"Support", "Billing", "Sales"})
        expect_kept("{\"receiver\":" + under("name", text) + "}");
    for (const char* text : {"can't be blank", "is too short", "must be filled", "has already been taken"})
        expect_kept("{\"errors\":{\"firstName\":[\"" + std::string(text) + "\"]}}");
    for (const char* name : {"denumire", "megnevezés", "наименование", "naziv"})
        expect_kept(under(name, "Stolica Lucija"));
    expect_kept(R"({"account":{"nickname":"Bills"},"vesselName":"Maria Theresa"})");
    expect_scrubbed(R"({"user":{"nickname":"Bills"}})", R"({"user":{}})");
}

TEST(PiiOtherNames, LogInsAsOfAMailbox) {
    for (const char* text : {"qrzu.vlkova", "wanj.orthov19"}) expect_scrubbed(under("assignee", text), "{}");
    for (const char* text : {"main.java", "node.local", "build.agent", "acme.io", "release.bot"})
        expect_kept(under("assignee", text));
    expect_kept(under("module", "qrzu.vlkova"));
}

TEST(PiiOtherNames, DevicesAndWhoseTheyAre) {
    for (const char* text : {"iPhone von Femke", "iPad d'Anna", "MacBook Pro di Ornella", "Galaxy de Marie"})
        expect_scrubbed(under("hostname", text), "{}");
    for (const char* text : {"iPhone de prueba", "Galaxy von Samsung", "Watch of Record"})
        expect_kept(under("hostname", text));
}

TEST(PiiOtherNames, RegionsUnderState) {
    for (const char* text : {"Bizkaia", "Île-de-France", "Noord-Holland", "MAZOWIECKIE", "Kwazulu-Natal"})
        expect_scrubbed("{\"billing\":{\"zip\":\"48001\",\"state\":\"" + std::string(text) + "\"}}",
                        R"({"billing":{}})");
    for (const char* text : {"Confirmed", "shipped", "On hold"})
        expect_kept("{\"delivery\":{\"state\":\"" + std::string(text) + "\"}}");
}

TEST(PiiOtherNames, VersionsOfPackages) {
    for (const char* text : {"2:1.2.3.4-0ubuntu3.1", "libx (= 1.2.3.4-2+deb12u1)", "1:5.6.7.8-1~bpo12+1"})
        EXPECT_EQ(found(text), "") << text;
    EXPECT_EQ(found("1:10.1.2.3-4"), "ip:10.1.2.3");
    EXPECT_EQ(found("10.1.2.3-10.1.2.9"), "ip:10.1.2.3 ip:10.1.2.9");
}

TEST(PiiOtherNames, NumbersBehindTheWordId) {
    EXPECT_EQ(found("SA ID 8906104443080 seen"), "national_id:8906104443080");
    EXPECT_EQ(found("ID: 39053344705 seen"), "national_id:39053344705");
    for (const char* text : {"order id 39053344705 seen", "device id 39053344705 seen"})
        EXPECT_EQ(found(text), "") << text;
}

TEST(PiiOtherNames, ABracketBehindATelephoneNumber) {
    EXPECT_EQ(found("call +49 30 901820 (2877 ms)"), "phone:+49 30 901820");
    EXPECT_EQ(found("+44 (0)20 7946 0958"), "phone:+44 (0)20 7946 0958");
    EXPECT_EQ(found("+1 (415) 555-0123"), "phone:+1 (415) 555-0123");
    // Thirteen digits with the check digit of a card.
    EXPECT_EQ(found("+4915123483344"), "phone:+4915123483344");
    EXPECT_EQ(found("4915123483344"), "pan:4915123483344");
}

}  // namespace
}  // namespace gpsync::core::pii

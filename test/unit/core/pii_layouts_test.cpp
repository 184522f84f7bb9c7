// Ways of writing that hide a value from its name or its form: unusual separators, plural names, names in
// running text, documents by their type.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string note(std::string_view text) {
    return "{\"note\":" + in_quotes(text) + "}";
}

std::string grouped(std::string_view digits, std::initializer_list<size_t> sizes, std::string_view gap) {
    std::string text;
    for (const size_t size : sizes) {
        if (!text.empty()) text += gap;
        text += digits.substr(0, size);
        digits.remove_prefix(size);
    }
    return text;
}

TEST(PiiLayouts, CardNumbersInGroupsOverAnyMark) {
    for (const std::string_view gap :
         {",",   ":",  ";",  "|",  "~",    "*",  "#",     "!",   "=",    "'",  ", ", " : ",
          " | ", "][", ")(", "><", " -- ", "::", "\",\"", "' '", "    ", "\\", "\t|"}) {
        expect_scrubbed(note("paid " + grouped("5555555555554444", {4, 4, 4, 4}, gap) + " twice"),
                        note("paid [removed] twice"));
        expect_scrubbed(note(grouped("371449635398431", {4, 6, 5}, gap)), "{}");
        expect_scrubbed(note(grouped("6212341111111111116", {4, 4, 4, 4, 3}, gap)), "{}");
        // Luhn fails; a list; the issuer is unknown.
        expect_kept(note(grouped("5555555555554445", {4, 4, 4, 4}, gap)));
        expect_kept(note(grouped("55555555555544445555", {4, 4, 4, 4, 4}, gap)));
        expect_kept(note(grouped("9999888877776666", {4, 4, 4, 4}, gap)));
    }
    expect_kept(note("5555,5555;5555,4444"));
    expect_kept(note("5555,5555,5555,4444,1234"));
    expect_kept(note("2021,2022,2023,2024"));
    expect_kept(note("ports 5432:5433:5434:5435"));
    expect_kept(note("5555 a 5555 a 5555 a 4444"));
}

// One in ten lists of four such numbers passes Luhn, no more.
TEST(PiiLayouts, ListsOfFourNumbersAreSeldomCards) {
    std::mt19937 random(27);
    size_t found = 0;
    constexpr size_t kLists = 2000;
    for (size_t i = 0; i < kLists; ++i) {
        std::string text = std::to_string(4000 + random() % 1000);
        for (int k = 0; k < 3; ++k) text += "," + std::to_string(1000 + random() % 9000);
        found += has_pii(note(text));
    }
    EXPECT_LT(found, kLists / 7);
}

TEST(PiiLayouts, PluralNamesSayWhatTheirValuesAre) {
    struct Plural {
        const char* name;
        const char* value;
    };
    for (const Plural& p : {Plural{"surnames", "Roe"},
                            Plural{"full_names", "Ann Roe"},
                            Plural{"nicknames", "annie"},
                            Plural{"birthDates", "1980-02-03"},
                            Plural{"DOBs", "1980-02-03"},
                            Plural{"ssns", "219099999"},
                            Plural{"PANs", "6304000000000000"},
                            Plural{"card-numbers", "4111111111111112"},
                            Plural{"cvvs", "123"},
                            Plural{"cvc2s", "123"},
                            Plural{"pinBlocks", "A1B2C3D4E5F60718"},
                            Plural{"expiryDates", "12/28"},
                            Plural{"ibans", "DE8937040044053201300"},
                            Plural{"account_numbers", "12345678"},
                            Plural{"passwords", "letmein"},
                            Plural{"apiKeys", "abc"},
                            Plural{"taxIds", "123456789"},
                            Plural{"passportNumbers", "C01X00T47"},
                            Plural{"streets", "Main St 5"},
                            Plural{"zipCodes", "10115"},
                            Plural{"homeAddresses", "5 Main St"},
                            Plural{"telephones", "0301234567"},
                            Plural{"driverLicenses", "A1234567"},
                            Plural{"deviceNames", "Ann's iPad"},
                            Plural{"nachnamen", "Roe"},
                            Plural{"telefonnummern", "0301234567"},
                            Plural{"adressen", "Weg 5"},
                            Plural{"cognomi", "Rossi"},
                            Plural{"indirizzi", "Via Roma 5"},
                            Plural{"direcciones", "Calle 5"},
                            Plural{"sobrenomes", "Costa"},
                            Plural{"achternamen", "Bos"},
                            Plural{"customerNames", "Ann"}}) {
        const std::string name = "{\"" + std::string(p.name) + "\":", value = in_quotes(p.value);
        expect_scrubbed(name + "[" + value + "," + value + "]}", name + "[null,null]}");
        expect_scrubbed(name + value + "}", "{}");
    }
    expect_scrubbed(R"({"names":["Oleg Marsh","Ana de la Cruz"]})", R"({"names":[null,null]})");
    expect_scrubbed(R"({"customer":{"names":["Oleg"]}})", R"({"customer":{"names":[null]}})");
    expect_scrubbed(R"({"guarantors":["Oleg Marsh"]})", R"({"guarantors":[null]})");
}

TEST(PiiLayouts, PluralsOfOtherThingsStay) {
    for (const char* name :
         {"hostnames", "filenames", "tableNames", "column_names", "productNames", "serverNames", "classNames",
          "domainnames", "keyNames", "fileNames", "news", "statuses", "teamNames"})
        expect_kept("{\"" + std::string(name) + "\":[\"Oleg Marsh\",\"Ana Roe\"]}");
    for (const char* document :
         {R"({"product":{"names":["Blue Widget"]}})", R"({"files":[{"names":["Old Report"]}]})",
          R"({"names":["eth0","lo"]})", R"({"names":["Acme Ltd","red"]})",
          R"({"passes":["granted","denied"]})", R"({"pans":["frying","sauce"]})",
          R"({"pins":[4,17],"emails":2,"phones":3,"ssns":1})", R"({"streets":["a","b"]})",
          R"({"zips":["a.tar","b.tar"]})", R"({"expirys":["2030-01-01"]})"})
        expect_kept(document);
}

TEST(PiiLayouts, NamesOfPersonsInRunningText) {
    expect_scrubbed(note("level=warn name=Oleg Marsh code=7"), note("level=warn name=[removed] code=7"));
    expect_scrubbed(note("name: Oleg Marsh"), note("name: [removed]"));
    expect_scrubbed(note("refund for Name: Ana de la Cruz, 5 EUR"),
                    note("refund for Name: [removed], 5 EUR"));
    expect_scrubbed(note("user=[name=\"Oleg Marsh\"] ok"), note("user=[name=\"[removed]\"] ok"));
    expect_scrubbed(note("customer name: Oleg Marsh"), note("customer name: [removed]"));
    expect_scrubbed(note("customerName: OLEG MARSH; x"), note("customerName: [removed]; x"));
    expect_scrubbed(note("fullName=Oleg van der Marsh status=ok"), note("fullName=[removed] status=ok"));
    expect_scrubbed(note("first_name=Ann GET /x"), note("first_name=[removed] GET /x"));
    expect_scrubbed(note("nombre: José Pérez"), note("nombre: [removed]"));
    expect_scrubbed(note("given name: Ann"), note("given name: [removed]"));
    for (const char* text :
         {"name=eth0 up", "hostname=Alpha Beta", "file name=Big Report", "name=nginx Version=2", "name: x",
          "file name: Big Report", "product name: Blue Widget", "name: Acme Ltd", "name: not given",
          "step name: Build Image", "filename: Big Report", "name=[removed] x", "Cluster name: East Coast",
          "the name: it is Long"})
        expect_kept(note(text));
}

TEST(PiiLayouts, NumbersOfIdentityDocumentsByTheirType) {
    for (const char* type : {"ID_CARD", "PASSPORT", "NATIONAL_ID", "identity card", "DRIVING_LICENSE",
                             "drivers_license", "RESIDENCE_PERMIT", "voter-id"})
        for (const char* under :
             {"document", "documents", "idDocument", "identification", "travelDocument"}) {
            const std::string open = "{\"" + std::string(under) + "\":{",
                              label = "\"type\":\"" + std::string(type) + "\"";
            expect_scrubbed(open + label + ",\"number\":\"AB1234567\"}}", open + label + "}}");
            expect_scrubbed(open + "\"number\":\"AB1234567\"," + label + "}}", open + label + "}}");
        }
    expect_scrubbed(R"({"documents":[{"number":123456789,"type":"PASSPORT","pages":48}]})",
                    R"({"documents":[{"type":"PASSPORT","pages":48}]})");
    expect_scrubbed(R"({"passport":{"document":{"number":"C01X00T47"}}})", R"({"passport":{"document":{}}})");
    for (const char* document :
         {R"({"document":{"type":"invoice","number":"AB1234567"}})", R"({"document":{"number":"AB1234567"}})",
          R"({"shipment":{"type":"PASSPORT","number":"AB1234567"}})",
          R"({"document":{"type":"ID_CARD","pages":2,"name":"front.png"}})"})
        expect_kept(document);
}

TEST(PiiLayouts, TablesWithTheNamesOfTheirColumnsBeside) {
    expect_scrubbed(R"({"rows":[["Ann","A-17"],["翔太","A-18"]],"columns":["firstName","orderNo"]})",
                    R"({"rows":[[null,"A-17"],[null,"A-18"]],"columns":["firstName","orderNo"]})");
    expect_scrubbed(R"({"columns":["firstName","orderNo"],"rows":[["Ann","A-17"],["Bo","A-18"]]})",
                    R"({"columns":["firstName","orderNo"],"rows":[[null,"A-17"],[null,"A-18"]]})");
    expect_scrubbed(R"({"data":[[1,"12 Elm St"]],"fields":[{"name":"id","type":"int"},{"name":"street"}]})",
                    R"({"data":[[1,null]],"fields":[{"name":"id","type":"int"},{"name":"street"}]})");
    expect_scrubbed(R"({"index":[0],"data":[[219099999,5]],"columns":["ssn","n"]})",
                    R"({"index":[0],"data":[[null,5]],"columns":["ssn","n"]})");
    expect_scrubbed(R"({"customers":{"columns":["name","tier"],"values":[["Ann Roe","gold"]]}})",
                    R"({"customers":{"columns":["name","tier"],"values":[[null,"gold"]]}})");
    expect_scrubbed(R"({"Headers":["id","password"],"Body":[[[1],"hunter2"]]})",
                    R"({"Headers":["id","password"],"Body":[[[1],null]]})");
    // Cells beyond the names, and a table that names nothing.
    expect_scrubbed(R"({"rows":[["Ann","x","y"]],"columns":["firstName"]})",
                    R"({"rows":[[null,"x","y"]],"columns":["firstName"]})");
    expect_kept(R"({"rows":[["Ann","x"]],"columns":["label","colour"]})");
    expect_kept(R"({"columns":["firstName","lastName"],"orderBy":["lastName","firstName"]})");
}

TEST(PiiLayouts, TablesWithTheNamesInTheirFirstRow) {
    expect_scrubbed(R"({"values":[["id","firstName","city"],["7","Ann","Ulm"],["8","Bo","Rom"]]})",
                    R"({"values":[["id","firstName","city"],["7",null,null],["8",null,null]]})");
    expect_scrubbed(R"([["lastName"],["Roe"],["Doe"]])", R"([["lastName"],[null],[null]])");
    expect_scrubbed(R"([["id","dob"],[1,"1980-02-03"]])", R"([["id","dob"],[1,null]])");
    expect_kept(R"([[1.5,2.5],[3,4]])");
    expect_kept(R"([["north","south"],["Ann","x"]])");
}

TEST(PiiLayouts, PairsOfANameAndItsValue) {
    expect_scrubbed(R"([["firstName","Ann"],["tier","gold"],["cvv",123]])",
                    R"([["firstName",null],["tier","gold"],["cvv",null]])");
    expect_scrubbed(R"({"form":[["password","hunter2"],["user","7"]]})",
                    R"({"form":[["password",null],["user","7"]]})");
    expect_scrubbed(R"({"h":[["x-api-key","k3y"],["Accept","text/html"]]})",
                    R"({"h":[["x-api-key",null],["Accept","text/html"]]})");
    expect_kept(R"({"required":["firstName","lastName"],"columns":["firstName","tier"]})");
    expect_kept(R"({"scopes":["read","write"],"range":["1","9"]})");
    expect_kept(R"({"order":["name","Ann","x"]})");
}

TEST(PiiLayouts, NumbersInGroupsAsElements) {
    expect_scrubbed(R"({"boxes":["5555","5555","5555","4444"]})", R"({"boxes":[null,null,null,null]})");
    expect_scrubbed(R"({"boxes":["3714","496353","98431"],"n":1})", R"({"boxes":[null,null,null],"n":1})");
    expect_scrubbed(R"({"boxes":["219","09","9999"]})", R"({"boxes":[null,null,null]})");
    expect_scrubbed(R"({"card":["5555","5555","5555","4444"],"ssn":["219","09","9999"]})",
                    R"({"card":[null,null,null,null],"ssn":[null,null,null]})");
    expect_kept(R"({"boxes":["5555","5555","5555","4445"]})");
    expect_kept(R"({"years":["2021","2022","2023","2024"]})");
    expect_kept(R"({"numbers":[5555,5555,5555,4444]})");
    expect_kept(R"({"date":["2026","11","27"]})");
}

TEST(PiiLayouts, PropertiesOfJCard) {
    expect_scrubbed(
        R"(["vcard",[["version",{},"text","4.0"],["fn",{},"text","Mette Holm"],["org",{},"text","Acme"]]])",
        R"(["vcard",[["version",{},"text","4.0"],["fn",{},"text",null],["org",{},"text","Acme"]]])");
    expect_scrubbed(R"([["n",{},"text",["Holm","Mette","","",""]],["bday",{},"date","1980-02-03"]])",
                    R"([["n",{},"text",[null,null,"","",""]],["bday",{},"date",null]])");
    expect_scrubbed(
        R"([["tel",{"type":["cell","voice"]},"text","0171 2345678"],["kind",{},"text","individual"]])",
        R"([["tel",{"type":["cell","voice"]},"text",null],["kind",{},"text","individual"]])");
    expect_kept(R"(["fn",{},"text","handler"])");
    expect_kept(R"(["n",{},"count",5])");
    expect_kept(R"([["n",{},"int",7],["adr",{},"hex","00"]])");
}

TEST(PiiLayouts, RulesReachTheCellsOfTables) {
    const Policy policy = policy_of(R"({"extends":"payments@1","rules":[{"key":"firstName","action":"pass"},
        {"key":"tier","action":"remove"}]})");
    EXPECT_EQ(
        scrubbed(R"({"rows":[["Ann","gold","Roe"]],"columns":["firstName","tier","lastName"]})", policy),
        R"({"rows":[["Ann",null,null]],"columns":["firstName","tier","lastName"]})");
    EXPECT_EQ(found_in(R"({"rows":[["Ann"]],"columns":["lastName"]})"), "$.rows[0][0] person_name remove\n");
}

// The object is read for its columns once, however many tables it has, and no byte again for each level.
TEST(PiiLayouts, TablesAreReadABoundedNumberOfTimes) {
    std::string tables, nested;
    for (int i = 0; i < 20'000; ++i) tables += "\"t" + std::to_string(i) + "\":[[\"a\",\"b\"]],";
    EXPECT_FALSE(has_pii("{" + tables + "\"z\":1}"));
    for (int i = 0; i < 5'000; ++i) nested += "[[\"a\",1],";
    EXPECT_FALSE(has_pii(nested + "1" + std::string(5'000, ']')));
}

}  // namespace
}  // namespace gpsync::core::pii

// What stands beside a card's number without a name of its own, and payments' formats: tracks, EMV, ISO 8583.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string in_note(std::string_view text) {
    return R"({"n":)" + in_quotes(text) + "}";
}

// Nothing of what is said to be secret is left.
void expect_gone(std::string_view document, std::initializer_list<std::string_view> secrets) {
    const std::string left = scrubbed_twice(document);
    for (const std::string_view secret : secrets)
        EXPECT_EQ(left.find(secret), std::string::npos) << document << " -> " << left;
}

TEST(PiiBesideCard, FieldsOverAnyMark) {
    std::mt19937 random(3);
    const std::string_view marks[] = {"|",  ";",         ":",     "#",  "~",  "&",    "*",   "+",
                                      "!",  ">",         "^",     "\t", "||", "\n\n", " | ", "\r\n",
                                      "\\", "</td><td>", "<TAB>", "→",  "•",  " - ",  " / "};
    const std::string_view cards[] = {"5555555555554444", "5555 5555 5555 4444", "4012888888881881"};
    const std::string_view expiries[] = {"04/31", "04/2031"};
    for (const std::string_view mark : marks)
        for (const std::string_view expiry : expiries) {
            const std::string text = std::string(cards[random() % 3]) + std::string(mark) +
                                     std::string(expiry) + std::string(mark) + "512";
            expect_gone(in_note(text), {"31", "512", "4444", "1881"});
        }
    for (const std::string_view text :
         {"5555555555554444|Ann Lee|04/31|512", "5555555555554444|04/31|Ann Lee|512",
          "5555555555554444 0431 512", "5555555555554444|203104|512", "5555555555554444 Apr 2031 512",
          "5555555555554444|Apr/31|512", "04/31|5555555555554444|512", "512|04/31|5555555555554444",
          "5555555555554444 exp 04/31 code 512", "5555555555554444 exp: 04.31 512",
          "5555555555554444 vence 04/31 512"})
        expect_gone(in_note(text), {"31", "512", "4444"});
    for (const std::string_view rest :
         {" 0431 512 7", ", 0431, 512", "|512", ":512", " 12.28 EUR", " 12.28 EUR 512",
          " was declined on 04/31/2026", " 2031 items", "|Ann Lee|512"})
        expect_scrubbed(in_note("5555555555554444" + std::string(rest)),
                        in_note("[removed]" + std::string(rest)));
    expect_kept(in_note("5555555555554445|04|31|512"));
}

TEST(PiiBesideCard, ElementsOfArrays) {
    expect_scrubbed(R"(["5555555555554444","04/31","512"])", "[null,null,null]");
    expect_scrubbed(R"(["Ann Lee","5555555555554444","0431","512","x"])",
                    R"(["Ann Lee",null,null,null,"x"])");
    expect_scrubbed(R"(["5555555555554444","Ann Lee","04/31","512"])", R"([null,"Ann Lee",null,null])");
    expect_scrubbed(
        R"({"rows":[[1,"5555555555554444","04/31","512"],[2,"4012888888881881","05/32","3456"]]})",
        R"({"rows":[[1,null,null,null],[2,null,null,null]]})");
    // A month and a year by themselves stay.
    expect_scrubbed(R"(["5555555555554444","04","31","512"])", R"([null,"04","31",null])");
    expect_scrubbed("[5555555555554444,4,2031,512]", "[null,4,2031,null]");
    expect_scrubbed(R"(["5555555555554444","512"])", R"([null,"512"])");
    expect_scrubbed(R"(["5555555555554444",true,"04/31","512"])", R"([null,true,"04/31","512"])");
    expect_scrubbed(R"(["5555555555554444",[],"04/31","512"])", R"([null,[],"04/31","512"])");
    expect_kept(R"(["5555","04/31","512"])");
    expect_kept(R"([["04/31","512"],[4,2031,512]])");
}

TEST(PiiBesideCard, PairsThatAreNotInAList) {
    expect_scrubbed(R"(["cvv","512"])", R"(["cvv",null])");
    expect_scrubbed(R"(["cvc",512])", R"(["cvc",null])");
    expect_scrubbed(R"({"field":["pin","4826"]})", R"({"field":["pin",null]})");
    for (const std::string_view kept :
         {R"(["cvv","pan"])", R"(["cvv",3])", R"(["pin",17])", R"(["cvv",true])",
          R"({"required":["cvv","pin"]})", R"(["pin","12"])", R"(["order","512"])"})
        expect_kept(kept);
}

TEST(PiiBesideCard, MarksBehindTheNameOfACode) {
    for (const std::string_view text :
         {"CVV2,512", "cvv → 512", "cvv: → 512", "cvv • 512", "cvv =\n512", "cvv ->\n512", "cvv \\| 512",
          "cvv code of the card: 512", "CVC3: 512"})
        expect_gone(in_note(text), {"512"});
    for (const std::string_view text :
         {"GPIO pin 4826", "map pin 4826", "cvv of card 1111", "1,512 items", "code 512"})
        expect_kept(in_note(text));
}

TEST(PiiBesideCard, Tracks) {
    for (const std::string_view text :
         {"%B5555 5555 5555 4444^LEE/ANN^3104101000000?", "5555 5555 5555 4444^LEE/ANN^3104101000000",
          "%B 5555555555554444 ^ LEE/ANN ^ 3104101000000?", "B5555555555554444&LEE/ANN&3104101000000",
          "%B5555555555554444^LEE/ANN^^101000?", ";5555 5555 5555 4444=3104101000000?",
          "5555-5555-5555-4444=3104101000000", "5555555555554444 = 3104101000000", "5555555555554444D3104",
          "5555 5555 5555 4444 D 3104 1010 000F", "5555555555554444d3104101"})
        expect_gone(in_note(text), {"4444", "LEE", "3104", "1010"});
    for (const std::string_view text :
         {"3B353535353535353535353535343434343D3331303431303130303030303F",
          "3b353535353535353535353535343434343d3331303431303130303030303f",
          "353535353535353535353535343434344433313034",
          "2542353535353535353535353535343434345E4C45452F414E4E5E333130343130313F"})
        expect_gone(in_note(text), {"3434", "3130"});
    expect_kept(in_note("353535353535353535353535343434354433313034"));
    for (const std::string_view text : {"x = 3104101000000", "a^b^3104101000000", "total=3104101000000"})
        expect_kept(in_note(text));
}

TEST(PiiBesideCard, ChipData) {
    for (const std::string_view text :
         {"C101015A0855555555555544449F26081122334455667788",
          "E0155A0855555555555544449F26081122334455667788", "e0155a0855555555555544449f26081122334455667788",
          "5A085555555555554444", "5A 08 55 55 55 55 55 55 44 44", "57115555555555554444D31041010000000000"})
        expect_gone(in_note(text), {"4444", "44 44", "6677", "3104"});
    for (const std::string_view text :
         {"9F26: 1122334455667788", "9F26 08 1122334455667788", "9F26 (ARQC): 1122334455667788",
          "Tag 9F26 1122334455667788", "9F26 = 1122334455667788, 9F36 = 0042", "ARQC 11 22 33 44 55 66 77 88",
          "AAV: jJ81HADVRtXfCBATEp01CJUAAAA="})
        expect_gone(in_note(text), {"6677", "66 77", "jJ81"});
    expect_scrubbed(R"([{"id":"9F26","data":"1122334455667788"},{"name":"9F36","value":"0042"}])",
                    R"([{"id":"9F26"},{"name":"9F36","value":"0042"}])");
    for (const std::string_view text : {"9F36: 0042", "commit 1122334455667788", "E0151122334455667788",
                                        "5A085555555555554445", "C101010203040506"})
        expect_kept(in_note(text));
}

TEST(PiiBesideCard, DataElements) {
    for (const std::string_view text :
         {"F052=1A2B3C4D5E6F7081", "DE 52: 1A2B3C4D5E6F7081", "DE052 1A2B3C4D5E6F7081",
          "052: 1A2B3C4D5E6F7081", "[052] 1A2B3C4D5E6F7081", "field 52 = 1A2B3C4D5E6F7081",
          "data element 52: 1A2B3C4D5E6F7081", "P-52: 1A2B3C4D5E6F7081",
          "PIN block format 4: 1A2B3C4D5E6F70811A2B3C4D5E6F7081",
          R"(<field id="52" value="1A2B3C4D5E6F7081"/>)", R"(<field id="52">1A2B3C4D5E6F7081</field>)",
          R"(<isomsg><field id="14" value="3104"/><field id="52" value="1A2B3C4D5E6F7081"/></isomsg>)"})
        expect_gone(in_note(text), {"1A2B", "3104"});
    for (const std::string_view name :
         {"DE52", "de_052", "bit 52", "P-52", "data element 52", "dataElement52"})
        expect_scrubbed("{\"" + std::string(name) + R"(":"1A2B3C4D5E6F7081"})", "{}");
    for (const std::string_view text :
         {"F053=1A2B3C4D5E6F7081", "version 52 1A2B3C4D5E6F7081", R"(<field id="14" value="3104"/>)",
          R"(<field id="3" value="000000"/>)"})
        expect_kept(in_note(text));
    expect_kept(R"({"DE52":"on","bit52":1})");
}

TEST(PiiBesideCard, NumbersInOtherForms) {
    for (const std::string_view text :
         {"5.555555555554444E15", "5.555555555554444E+15", "pan=5.555555555554444e15"})
        expect_gone(in_note(text), {"4444"});
    expect_scrubbed(R"({"n":["555555","555555","4444"]})", R"({"n":[null,null,null]})");
    for (const std::string_view text :
         {"5.555555555554445E15", "1.234567890123456E15", "5.555555555554444E3"})
        expect_kept(in_note(text));
}

}  // namespace
}  // namespace gpsync::core::pii

// Names and values as code, databases and protocols write them; and what stands behind a card number.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiCodePairs, QuotedPairs) {
    expect_scrubbed(R"({"n":"{'surname': 'Okafor', 'tier': 'gold'}"})",
                    R"({"n":"{'surname': '[removed]', 'tier': 'gold'}"})");
    expect_scrubbed(R"({"n":"{surname: \"Okafor\", tier: \"gold\"}"})",
                    R"({"n":"{surname: \"[removed]\", tier: \"gold\"}"})");
    expect_scrubbed(R"({"n":"{:surname=>\"Okafor\", :tier=>\"gold\"}"})",
                    R"({"n":"{:surname=>\"[removed]\", :tier=>\"gold\"}"})");
    expect_scrubbed(R"({"n":"given_name = \"Amara\""})", R"({"n":"given_name = \"[removed]\""})");
    expect_kept(R"({"n":"{'model': 'Okafor', 'tier': 'gold'}"})");
    expect_kept(R"({"n":"the user said: \"surname\" and left"})");
}

TEST(PiiCodePairs, JsonBrokenOff) {
    expect_scrubbed(R"({"n":"{\"givenName\":\"Amara\",\"tier\":\"gold\",\"surname\":\"Oka"})",
                    R"({"n":"{\"givenName\":\"[removed]\",\"tier\":\"gold\",\"surname\":\"[removed]"})");
    expect_scrubbed(R"({"n":"got {\"surname\":\"Okafor\",\"expiryMonth\":11,… 300 more bytes"})",
                    R"({"n":"got {\"surname\":\"[removed]\",\"expiryMonth\":[removed],… 300 more bytes"})");
    expect_scrubbed(R"({"n":"{\"a\":{\"surname\":\"Okafor\"},\"birthDate\":\"1974-11-0"})",
                    R"({"n":"{\"a\":{},\"birthDate\":\"[removed]"})");
    expect_kept(R"({"n":"{\"tier\":\"gold\",\"model\":\"Oka"})");
}

TEST(PiiCodePairs, ElementsOfIso8583) {
    expect_scrubbed(R"({"n":"MTI=0100 DE14=3107 DE22=051 DE52=1F20AC77E4D09B63"})",
                    R"({"n":"MTI=0100 DE14=[removed] DE22=051 DE52=[removed]"})");
    expect_kept(R"({"n":"p14=3107 de7=1129020304 bit3=000000"})");
}

TEST(PiiCodePairs, WhatGoPrints) {
    expect_scrubbed(R"({"n":"map[given_name:Amara surname:Okafor tier:Gold]"})",
                    R"({"n":"map[given_name:[removed] surname:[removed] tier:Gold]"})");
    expect_scrubbed(R"({"n":"&{Surname:Okafor Tier:Gold Seq:5}"})",
                    R"({"n":"&{Surname:[removed] Tier:Gold Seq:5}"})");
    expect_kept(R"({"n":"hostname:Okafor filename:Report"})");
}

TEST(PiiCodePairs, RowsOfSql) {
    expect_scrubbed(R"j({"n":"INSERT INTO holders (id, cvc, family_name, tier))j"
                    R"j( VALUES (7, '512', 'O''Hara', 'gold'), (8, 613, 'Okafor', 'x')"})j",
                    R"j({"n":"INSERT INTO holders (id, cvc, family_name, tier))j"
                    R"j( VALUES (7, '[removed]', '[removed]', 'gold'), (8, [removed], '[removed]', 'x')"})j");
    expect_scrubbed(R"j({"n":"insert into t(\"pin\") values ('4826')"})j",
                    R"j({"n":"insert into t(\"pin\") values ('[removed]')"})j");
    expect_kept(R"j({"n":"INSERT INTO t (id, tier) VALUES (7, 'Okafor')"})j");
    expect_kept(R"j({"n":"SELECT a FROM t WHERE (cvc, b) IN (SELECT 512, 1)"})j");
}

TEST(PiiCodePairs, RowsWithAddressesAlone) {
    expect_scrubbed(R"j({"n":"INSERT INTO c (id, street, zip) VALUES (7, '7 Mill Lane', '10115')"})j",
                    R"j({"n":"INSERT INTO c (id, street, zip) VALUES (7, '[removed]', '[removed]')"})j");
    expect_scrubbed(R"j({"n":"INSERT INTO c (street) VALUES ('Mill Lane')"})j",
                    R"j({"n":"INSERT INTO c (street) VALUES ('[removed]')"})j");
}

TEST(PiiCodePairs, MessagesOfPostgresql) {
    expect_scrubbed(R"j({"n":"Key (ssn)=(219098888) already exists."})j",
                    R"j({"n":"Key (ssn)=([removed]) already exists."})j");
    expect_scrubbed(R"j({"n":"Key (tier, surname, cvc)=(gold, Okafor, 512) is not present"})j",
                    R"j({"n":"Key (tier, surname, cvc)=(gold, [removed], [removed]) is not present"})j");
    expect_scrubbed(R"j({"n":"Key (address)=(7 Mill Lane, Leeds) already exists."})j",
                    R"j({"n":"Key (address)=([removed]) already exists."})j");
    expect_scrubbed(R"j({"n":"Key (lower(surname::text))=(Okafor) already exists."})j",
                    R"j({"n":"Key (lower(surname::text))=([removed]) already exists."})j");
    expect_kept(R"j({"n":"Key (id)=(219098888) already exists. (surname) = (id)"})j");
    expect_scrubbed(
        R"j({"n":"COPY c (id, surname, cvc) FROM stdin;\n7\tOkafor\t512\n8\t\\N\t513\n\\.\n9\tx"})j",
        R"j({"n":"COPY c (id, surname, cvc) FROM stdin;\n7\t[removed]\t[removed]\n8\t\\N\t[removed]\n)j"
        R"j(\\.\n9\tx"})j");
    expect_kept(R"j({"n":"COPY c (id, tier) FROM stdin;\n7\tOkafor\n\\."})j");
}

TEST(PiiCodePairs, Tuples) {
    expect_scrubbed(R"j({"n":"OrderedDict([('surname', 'Okafor'), ('tier', 'gold')])"})j",
                    R"j({"n":"OrderedDict([('surname', '[removed]'), ('tier', 'gold')])"})j");
    expect_scrubbed(R"j({"n":"put(\"surname\",\"Okafor\")"})j",
                    R"j({"n":"put(\"surname\",\"[removed]\")"})j");
    expect_kept(R"j({"n":"('password', 'Password') and ('surname', 'Surname')"})j");
    expect_kept(R"j({"n":"replace('surname', 'Okafor', 'x') or ('surname')"})j");
}

TEST(PiiCodePairs, NamesInBracketsAndEmphasis) {
    expect_scrubbed(
        R"j({"n":"Array\n(\n  [cvc] => 512\n  [surname] => Okafor\n  [tier] => Gold\n)"})j",
        R"j({"n":"Array\n(\n  [cvc] => [removed]\n  [surname] => [removed]\n  [tier] => Gold\n)"})j");
    expect_scrubbed(R"j({"n":"array(1) { [\"surname\"]=> string(6) \"Okafor\" }"})j",
                    R"j({"n":"array(1) { [\"surname\"]=> string(6) \"[removed]\" }"})j");
    for (const char* text : {"user[ssn]=%&x=1", "**ssn:** %", "*ssn*: %", "ssn: |\\n  %", "ssn:\\n  - %",
                             "\\\"ssn\\\"|\\\"%\\\""}) {
        const std::string all(text);
        const size_t at = all.find('%');
        expect_scrubbed("{\"n\":\"" + all.substr(0, at) + "219098888" + all.substr(at + 1) + "\"}",
                        "{\"n\":\"" + all.substr(0, at) + "[removed]" + all.substr(at + 1) + "\"}");
    }
    expect_kept(R"j({"n":"[pin] 4826 users; * call * 5552345 times"})j");
    expect_scrubbed(R"j({"n":"user[surname]=Okafor"})j", R"j({"n":"user[surname]=[removed]"})j");
    expect_scrubbed(R"j({"n":"- **Surname:** Okafor\n- *Tier*: Gold"})j",
                    R"j({"n":"- **Surname:** [removed]\n- *Tier*: Gold"})j");
    expect_kept(R"j({"n":"[0] => Okafor [tier] => Gold surname]=Okafor user[tier]=Okafor"})j");
    expect_scrubbed(R"j({"n":"tier: gold\nsurname: |\n  Okafor\nseq: 4"})j",
                    R"j({"n":"tier: gold\nsurname: |\n  [removed]\nseq: 4"})j");
    expect_kept(R"j({"n":"**Model:** Okafor\n**Tier:** Gold"})j");
}

TEST(PiiCodePairs, MembersOfForms) {
    expect_scrubbed(R"({"n":"--b\r\nContent-Disposition: form-data; name=\"cvc\"\r\n\r\n512\r\n--b"})",
                    R"({"n":"--b\r\nContent-Disposition: form-data; name=\"cvc\"\r\n\r\n[removed]\r\n--b"})");
    expect_scrubbed(R"({"n":"a:2:{s:3:\"cvc\";s:3:\"512\";s:3:\"pin\";i:4826;}"})",
                    R"({"n":"a:2:{s:3:\"cvc\";s:3:\"[removed]\";s:3:\"pin\";i:[removed];}"})");
}

TEST(PiiCodePairs, ElementsBelowAPersons) {
    expect_scrubbed(R"({"n":"<Cdtr>\n <Nm>Amara Okafor</Nm></Cdtr>"})",
                    R"({"n":"<Cdtr>\n <Nm>[removed]</Nm></Cdtr>"})");
    expect_kept(R"({"n":"<Product><Nm>Amara Okafor</Nm></Product>"})");
    expect_kept(R"({"n":"<Cdtr><Id>7</Id></Cdtr><Nm>Amara Okafor</Nm>"})");
}

TEST(PiiCodePairs, LabelsOfOneLine) {
    expect_scrubbed(R"({"n":"Account holder: AMARA OKAFOR"})", R"({"n":"Account holder: [removed]"})");
    expect_scrubbed(R"({"n":"Address: 7 Mill Lane, Leeds LS1 4DY"})", R"({"n":"Address: [removed]"})");
    expect_kept(R"({"n":"address: see below"})");
    expect_kept(R"({"n":"Stakeholder: platform"})");
}

TEST(PiiCodePairs, PairsWithShortNames) {
    expect_scrubbed(
        R"({"a":[{"k":"surname","v":"Okafor"},{"n":"surname","v":"Okafor"},{"t":"surname","v":"Okafor"}]})",
        R"({"a":[{"k":"surname"},{"n":"surname"},{"t":"surname"}]})");
    expect_kept(R"({"a":[{"k":"tier","v":"gold"}],"n":3,"t":"2026-01-01","v":"x"})");
    expect_kept(R"({"log":"agent v 10.2.3.4 started"})");
}

// Beside the number, without a name.
TEST(PiiBehindCard, ExpiryAndCode) {
    for (const std::string_view rest : {"|04|31|512", ";04/31;512", ",04/2031,512", " 04/31 512",
                                        "\\n04/31\\n512", "|0431|512", ":04:31:512"}) {
        const std::string text = "{\"n\":\"5555555555554444" + std::string(rest) + "\"}";
        const std::string left = scrubbed(text);
        EXPECT_EQ(left.find("512"), std::string::npos) << text << " " << left;
        EXPECT_EQ(left.find("31"), std::string::npos) << text << " " << left;
    }
    for (const std::string_view rest :
         {",04,2031,512", "/04/31/512", " - 04/31 - 512", "#04/31#512", "~04~31~512", "=04/31=512",
          " (04/31) 512", "_04_31_512", "','04/31','512'", "', '0431', '512'", " exp 04/31 512",
          " (exp. 04/31) 512", " 512 04/31", "|512|04/31", " 2031-04 512"}) {
        const std::string text = "{\"n\":\"5555555555554444" + std::string(rest) + "\"}";
        const std::string left = scrubbed_twice(text);
        EXPECT_EQ(left.find("512"), std::string::npos) << text << " " << left;
        EXPECT_EQ(left.find("31"), std::string::npos) << text << " " << left;
    }
    for (const std::string_view rest :
         {",04,31,512,700", ",04,31", ",040,31,512", ", 0431, 512", " 2031-04-05 10:00", "/04/31/2026",
          ". 04/31 is none", " - 17 items, 512 left", ",512,44/31"})
        expect_scrubbed("{\"n\":\"5555555555554444" + std::string(rest) + "\"}",
                        "{\"n\":\"[removed]" + std::string(rest) + "\"}");
    expect_scrubbed(R"({"n":"5555555555554444 04/31/2026 512"})", R"({"n":"[removed] 04/31/2026 512"})");
    expect_scrubbed(R"({"n":"5555555555554444, 17 items, 512 left"})",
                    R"({"n":"[removed], 17 items, 512 left"})");
    expect_scrubbed(R"({"n":"5555555555554444|44|99|512"})", R"({"n":"[removed]|44|99|512"})");
}

TEST(PiiBehindCard, SeparatorsAndRemarksBehindAName) {
    for (const std::string_view text :
         {"cvc|512", "cvc | 512", "cvc;512", "CVC:\\n512", "CVC (back of card): 512", "cvc (3 digits): 512",
          "pin;4826", "pin|4826"}) {
        const std::string document = "{\"n\":\"" + std::string(text) + "\"}";
        const std::string left = scrubbed(document);
        EXPECT_NE(left.find("[removed]"), std::string::npos) << document << " " << left;
    }
    expect_kept(R"({"n":"the pin was changed; 4826 cards were blocked"})");
    expect_kept(R"({"n":"Enter your PIN\n4826 users did"})");
}

TEST(PiiBehindCard, NamesThatProcessorsUse) {
    for (const std::string_view name : {"cvNumber", "x_card_code", "CCVData", "card_validation_num",
                                        "CardSecVal", "cv2", "ccv", "安全码", "セキュリティコード"})
        expect_scrubbed("{\"" + std::string(name) + "\":\"512\"}", "{}");
    expect_kept(R"({"cardCode":"VISA"})");
    expect_kept(R"({"cardSecurity":"3-D Secure"})");
    for (const std::string_view expiry :
         {R"({"x_exp_date":"0431"})", R"({"ssl_exp_date":"04/31"})", R"({"exp":"042031"})"})
        expect_scrubbed(expiry, "{}");
    expect_kept(R"({"offer_exp_date":"0431"})");
    expect_kept(R"({"exp":"998877"})");
}

TEST(PiiBehindCard, ChipDataUnderTheNumberOfItsElement) {
    expect_scrubbed(R"({"DE55":"5A 08 55 55 55 55 55 55 44 44 9F 36 02 00 42"})",
                    R"({"DE55":"9F 36 02 00 42"})");
    expect_scrubbed(R"({"3":"000000","55":"5A08 5555 5555 5555 4444 9F36 0200 42","mti":"0100"})",
                    R"({"3":"000000","55":"9F36 0200 42","mti":"0100"})");
    expect_scrubbed(R"({"iccData":[{"t":"9F26","v":"1A2B3C4D5E6F7081"},{"t":"9F36","v":"0042"})"
                    R"(,{"t":"DF8129","v":"1A2B3C4D5E6F7081"}]})",
                    R"({"iccData":[{"t":"9F26"},{"t":"9F36","v":"0042"},{"t":"DF8129"}]})");
    expect_kept(R"({"field55":"the customer's remark"})");
    expect_kept(R"({"field55":"c2VlIHRoZSBhdHRhY2hlZCBsaXN0"})");
}

}  // namespace
}  // namespace gpsync::core::pii

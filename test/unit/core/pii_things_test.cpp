// What things are called and numbered by stands where persons' names and numbers do: identifiers of services,
// numbers of documents, models, queues, measures.
#include <gtest/gtest.h>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiThings, AServicesIdentifierIsNoAccountNumber) {
    for (const char* value : {"acct_9kQ2xLm44Zr01a", "0018d00000LmNopQAZ",
                              "arn:aws:sqs:us-east-2:998877665544:q", "ba_1Nv0FGQ9RKHgCVdK"})
        for (const char* name : {"account", "payoutAccount", "accountNumber", "bank_account"})
            expect_kept(std::string("{\"") + name + "\": \"" + value + "\"}");
    for (const char* name : {"glAccount", "gl_account", "ledgerAccount", "awsAccount"})
        expect_kept(std::string("{\"") + name + "\": \"730450\"}");
    for (const char* value :
         {"73045512", "7304-5512-01", "GB12ab73045512", "20041010050500013M02606", "ACC7304551"})
        for (const char* name : {"account", "payoutAccount", "accountNumber"})
            expect_scrubbed(std::string("{\"") + name + "\": \"" + value + "\"}", "{}");
    expect_scrubbed(R"({"account": "pay 73045512 first"})", R"({"account": "pay [removed] first"})");
}

TEST(PiiThings, NumbersOfDocumentsMayBeginWithZero) {
    for (const char* name : {"invoiceNumber", "waybill", "purchaseOrder", "rma_no"})
        for (const char* value : {"0317-662941", "031-66294188", "0317/66294", "03-1662-9418"})
            expect_kept(std::string("{\"") + name + "\": \"" + value + "\"}");
    expect_kept(R"({"articleNo": "0317 662 941"})");
    for (const char* text : {"invoice 0317-662941 is due", "see page 0317/66294", "invoice no. 0317-66294"})
        expect_kept(std::string("{\"note\": \"") + text + "\"}");
    for (const char* value : {"0317-662941", "0317/662941", "031-66294188"}) {
        expect_scrubbed(std::string("{\"note\": \"") + value + "\"}", "{}");
        expect_scrubbed(std::string("{\"message\": \"") + value + "\"}", "{}");
        expect_scrubbed(std::string("{\"invoice\": \"ring ") + value + " first\"}",
                        R"({"invoice": "ring [removed] first"})");
    }
    expect_scrubbed(R"({"invoice": "020 7946 0958"})", "{}");
    expect_scrubbed(R"({"note": "order 0171-1234567"})", R"({"note": "order [removed]"})");
}

TEST(PiiThings, FieldsOfAMessageAreNoNationalIds) {
    expect_kept(R"({"7": "0912081533", "11": "000733", "12": "081533", "mti": "0200"})");
    expect_kept(R"({"mti": "0200", "3": "000000", "7": "0912081533", "37": "225508000733"})");
    for (const char* number : {"7", "11", "37", "38", "41"})
        expect_kept(std::string("{\"de") + number + "\": \"0304050607\"}");
    EXPECT_EQ(scrubbed(R"({"7": "0304050607", "8": "x"})"), R"({"8": "x"})");
}

TEST(PiiThings, ModelsAndHostsHaveNoOwner) {
    for (const char* value : {"SM-S918U", "RMX-3511", "POS-7", "Ingenico Move 5000", "Verifone V400m",
                              "Firefox on Linux", "ip-172-31-9-4", "Sunmi P2", "Galaxy S23"})
        expect_kept(std::string("{\"deviceName\": \"") + value + "\"}");
    for (const char* value : {"Mette's Pixel 8", "Tablet de Paulo", "METTE-PC", "max-PC", "Lane's iPhone",
                              "iPhone Move 5", "mettes-macbook", "Move 5000"})
        expect_scrubbed(std::string("{\"deviceName\": \"") + value + "\"}", "{}");
}

TEST(PiiThings, NamesOfThingsUnderWordsForPersons) {
    for (const char* whose : {"owner", "parent", "receiver", "worker", "requester"})
        for (const char* value : {"billing-team", "http-server", "orders_queue", "INVOICE_QUEUE",
                                  "postgresql", "API", "worker-4", "root-span"})
            expect_kept(std::string("{\"") + whose + "\": {\"name\": \"" + value + "\"}}");
    expect_kept(R"({"member": {"name": "Platinum"}})");
    for (const char* whose : {"owner", "parent", "guest", "customer"})
        for (const char* value : {"Mette Holm", "Holm", "mette holm", "mette", "anne-marie", "HOLM", "Page",
                                  "李娜", "li-po", "jean-luc"})
            EXPECT_EQ(scrubbed(std::string("{\"") + whose + "\": {\"name\": \"" + value + "\"}}"),
                      std::string("{\"") + whose + "\": {}}");
}

TEST(PiiThings, WordsBeforeWhatIsCountedOrMeasured) {
    for (const char* text :
         {"call 4100000 times", "the call took 4100000 us", "called at 1754000111", "mobile 4100000 users",
          "fax 4100000 bytes", "account created 1754000111", "account updated 2026-05-06",
          "DOB check 2026-05-06 ok", "CVV check returned 204 for it", "pin 4100 connections"})
        expect_kept(std::string("{\"note\": \"") + text + "\"}");
    for (const char* text :
         {"call 4100000 today", "called at 4155550123", "mobile 4100000", "account 41000001",
          "DOB 1981-05-06", "CVV 204 for it", "CVV returned: 204", "pin 4100 is"})
        EXPECT_NE(scrubbed(std::string("{\"note\": \"") + text + "\"}").find("[removed]"), std::string::npos)
            << text;
}

TEST(PiiThings, ALabelSparesAsANameDoes) {
    for (const char* label : {"sku", "partNumber"})
        expect_kept(std::string(R"({"key": ")") + label + R"(", "value": "313-44-7921"})");
    expect_scrubbed(R"({"key": "remark", "value": "313-44-7921"})", R"({"key": "remark"})");
}

TEST(PiiThings, BoundsOfCardRangesAreNoCards) {
    expect_kept(R"({"binRange": {"low": "4242420000000000", "high": "4242429999999999"}})");
    expect_kept(R"({"bin_range_start": 4242420000000000})");
    expect_scrubbed(R"({"binRange": {"low": "4532015112830366"}})", R"({"binRange": {}})");
    expect_scrubbed(R"({"range": {"low": "4242420000000000"}})", R"({"range": {}})");
}

TEST(PiiThings, WhatAProgramSaysOfADeviceIsNoOwner) {
    for (const char* name : {"deviceLabel", "handset_label", "devicelabel"}) {
        for (const char* value : {"ACTIVE", "Declined", "gold", "DEV-2031-118", "Token 118 was renewed twice",
                                  "https://api.shop.example/v1/devices/17"})
            expect_kept(std::string("{\"") + name + "\": \"" + value + "\"}");
        for (const char* value : {"Mette's iPhone", "Tablet von Jens", "mette-phone", "Galaxy de Inês",
                                  "Mette's", "Mette’s", "телефон Анны", "李娜的手机"})
            expect_scrubbed(std::string("{\"") + name + "\": \"" + value + "\"}", "{}");
    }
    expect_scrubbed(R"({"deviceName": "Mette"})", "{}");
}

// "…pcode", "…mname", "…ptname": behind letters that are no word.
TEST(PiiThings, NamesWithoutSeparatorsThatEndInAFewLettersOfAnother) {
    for (const char* name : {"tiergroupcode", "quotagroupcode", "cacheitemname", "deptname", "scriptname",
                             "upstreamname", "submodelname"})
        for (const char* value : {"IN_REVIEW", "Declined", "North Two", "de-AT"})
            expect_kept(std::string("{\"") + name + "\": \"" + value + "\"}");
    for (const char* name : {"customerfname", "userlname", "shippingpcode", "patient_ptname", "pcode"})
        EXPECT_EQ(scrubbed(std::string("{\"") + name + "\": \"Lindqvist\"}"), "{}") << name;
    for (const char* name : {"zzcvv", "xycvv2"})
        EXPECT_NE(scrubbed(std::string("{\"") + name + "\": \"731\"}"),
                  std::string("{\"") + name + "\": \"731\"}");
}

}  // namespace
}  // namespace gpsync::core::pii

// Names with a form, a format, an organisation or a path around the name of the PII, and values in an object
// below that name.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/pii/names/name_class.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

struct Value {
    std::string_view name, value;
};

// What is PII under any of these, in whatever form it is said to be.
constexpr Value kValues[] = {{"cvv", "731"},
                             {"cardNumber", "5000000000000611"},
                             {"ssn", "219099999"},
                             {"lastName", "Doe"},
                             {"dob", "3 May 1980"},
                             {"phone", "415-5550123"},
                             {"street", "7 Mill Lane"},
                             {"accountNumber", "12345678"}};

std::string member(std::string_view name, std::string_view value) {
    return in_quotes(name) + ":" + in_quotes(value);
}

std::string object_of(std::string_view name, std::string_view value) {
    return "{" + member(name, value) + "}";
}

void expect_gone(const std::string& name, std::string_view value) {
    EXPECT_EQ(scrubbed_twice(object_of(name, value)), "{}") << name;
}

TEST(PiiQualifiedNames, AFormOfTheValueChangesNothing) {
    for (const Value& v : kValues) {
        for (std::string_view form : {"Raw", "Plain", "Clear", "Unmasked", "Decrypted", "Text", "String",
                                      "Old", "New", "Original", "Entered", "2", "_1"})
            expect_gone(std::string(v.name) + std::string(form), v.value);
        for (std::string_view form : {"old_", "new_", "tmp_", "raw_", "plain_", "unmasked_", "decrypted_"})
            expect_gone(std::string(form) + std::string(v.name), v.value);
    }
    for (std::string_view name : {"phoneFormatted", "phone_display", "telFull"})
        expect_gone(std::string(name), "5550123");
    expect_gone("ibanUnmasked", "DE89370400440532013001");
    expect_gone("accountNumberFull", "12345678");
    expect_gone("birthDateFormatted", "3 May 1980");
}

TEST(PiiQualifiedNames, WhatIsSaidOfACodeDoesNotHideIt) {
    for (std::string_view name :
         {"cvvUsed", "cvvEncrypted", "cvv_enc", "cvcResponse", "cvvMatched", "usedCvv"}) {
        expect_gone(std::string(name), "731");
        EXPECT_EQ(scrubbed("{\"" + std::string(name) + "\":731}"), "{}") << name;
    }
    expect_gone("pinEncrypted", "4821");
    expect_gone("pinEncrypted", "A1B2C3D4E5F60718");
    expect_gone("pinDefault", "4821");
    expect_gone("ssnEncrypted", "219099999");
    expect_gone("cardNumberEnc", "5000000000000611");
    for (std::string_view kept :
         {R"({"cvvResult":"M"})", R"({"cvvResponse":"M"})", R"({"cvvUsed":true})", R"({"cvvUsed":"yes"})",
          R"({"pinEncrypted":true})", R"({"pinVerified":true})", R"({"pinChanged":1763790677})",
          R"({"cvvResponse":{"code":"100","text":"no match"}})", R"({"pinLength":4})", R"({"cvvAttempts":2})",
          R"({"panMasked":"411111******1111"})", R"({"panLast4":"1111"})", R"({"emailVerified":true})",
          R"({"passwordEncrypted":true})", R"({"ssnEncrypted":"AQICAHhZ0x8fT9kKQ=="})",
          R"({"emailHash":"5f4dcc3b5aa765d61d8327deb882cf99"})", R"({"usersWithoutEmail":1234567})"})
        expect_kept(kept);
}

TEST(PiiQualifiedNames, AnObjectBelowTheNameHoldsTheValue) {
    for (const Value& v : kValues) {
        const std::string name(v.name);
        for (std::string_view below :
             {"value", "raw", "input", "plain", "formatted", "old", "display", "string", "$", "_", "#text",
              "$t", "@value", "#cdata-section", "S", "stringValue"}) {
            const std::string document = "{\"" + name + "\":" + object_of(below, v.value) + "}";
            EXPECT_EQ(scrubbed_twice(document), "{\"" + name + "\":{}}") << document;
        }
    }
    expect_scrubbed(R"({"cvv":{"response":"731"}})", R"({"cvv":{}})");
    expect_scrubbed(R"({"cvv":{"history":["731","732"]}})", R"({"cvv":{"history":[null,null]}})");
    expect_scrubbed(R"({"pin":{"default":"4821","format":"plain"}})", R"({"pin":{"format":"plain"}})");
    expect_scrubbed(R"({"password":{"old":"a7","new":"b8"}})", R"({"password":{}})");
    expect_scrubbed(R"({"ssn":{"matched":"219099999","at":"2026-01-02"}})", R"({"ssn":{"at":"2026-01-02"}})");
    expect_scrubbed(R"({"otp":{"code":"730164"}})", R"({"otp":{}})");
    for (std::string_view kept :
         {R"({"cvv":{"result":"M"}})", R"({"cvv":{"response":"match"}})",
          R"({"cvv":{"used":true,"length":3}})", R"({"pin":{"required":true,"length":4,"attempts":3}})",
          R"({"pin":{"used":1763790677}})", R"({"cvv":{"resultCode":"100"}})",
          R"({"ssn":{"matched":"yes","status":"ok"}})",
          R"({"password":{"code":"too_short","policy":"default"}})", R"({"password":{"code":"E1001"}})",
          R"({"product":{"name":{"S":"Blue Shirt"}}})", R"({"status":{"$":"Order received"}})"})
        expect_kept(kept);
}

TEST(PiiQualifiedNames, AnOrganisationInFrontOfAPersonDeniesNothing) {
    for (std::string_view name : {"storeCustomerAddress", "hospital_patient_address", "companyOwnerAddress"})
        expect_gone(std::string(name), "7 Mill Lane");
    for (std::string_view name : {"bankAccountHolderName", "shopCustomerFirstName", "hotel_guest_last_name",
                                  "companyContactFirstName", "schoolSurname"})
        expect_gone(std::string(name), "Doe");
    expect_gone("cardNumberBank", "5000000000000611");
    expect_gone("cvvBank", "731");
    expect_gone("acmeCardNumber", "5000000000000611");
    expect_gone("zenithCustomerSsn", "219099999");
    for (std::string_view kept :
         {R"({"storeAddress":"7 Mill Lane"})", R"({"merchantBillingAddress":"7 Mill Lane"})",
          R"({"branchContactAddress":"7 Mill Lane"})", R"({"customerStoreAddress":"7 Mill Lane"})",
          R"({"companyLegalName":"Acme Anna"})", R"({"storeCustomerServiceAddress":"7 Mill Lane"})",
          R"({"productFamilyName":"Blue Shirt"})", R"({"brandFamilyName":"Blue Shirt"})",
          R"({"fileLastName":"Old Report"})", R"({"addressMerchant":"7 Mill Lane"})",
          R"({"pinStore":"open"})", R"({"acmeOrderNumber":"5000000000000611"})"})
        expect_kept(kept);
}

// Each step of a path but the last two is one of these.
constexpr std::string_view kSteps[] = {"order", "data",     "0",       "payload",
                                       "v1",    "customer", "profile", "records"};

TEST(PiiQualifiedNames, TheLastPartsOfAPathDecide) {
    const std::pair<std::string_view, std::string_view> shapes[] = {
        {".", ""}, {"/", ""}, {"[", "]"}, {"->", ""}};
    for (const auto& [open, close] : shapes) {
        for (const Value& v : kValues) {
            std::string name = "root";
            for (size_t steps = 0; steps < 24; ++steps) {
                const std::string_view step = kSteps[steps % std::size(kSteps)];
                name.append(open).append(step).append(close);
                expect_gone(name + std::string(open) + std::string(v.name) + std::string(close), v.value);
            }
        }
    }
    expect_gone("order.payment.card.expiry", "12/29");
    expect_gone("company.employees.0.firstName", "Joe");
    expect_gone("bank.branch.customer.address.street", "7 Mill Lane");
    expect_gone("payment_method_data[card][exp_month]", "12");
    expect_gone("a_b_c_d_e_f_g_h_i_j_k_l_m_n_o_p_ssn", "219099999");
    for (std::string_view kept :
         {R"({"merchant.primary.store.address":"7 Mill Lane"})",
          R"({"order.merchant.location.address":"7 Mill Lane"})", R"({"data.offer.expiryDate":"12/29"})",
          R"({"css.font.family.name":"Source Sans"})", R"({"user.agent.name":"Chrome Mobile"})",
          R"({"data[0][product][name]":"Blue Shirt"})", R"({"order.0.company.legalName":"Acme Anna"})"})
        expect_kept(kept);
}

TEST(PiiQualifiedNames, UrisAndPrefixesAreLeftOut) {
    for (const Value& v : kValues)
        for (std::string_view front :
             {"https://example.com/claims/", "http://example.com/ns#",
              "urn:acme:attributes:", "ns1:", "cbc:", "schema:", "{http://acme.example/ns}", "@", "-", "$"})
            expect_gone(std::string(front) + std::string(v.name), v.value);
    expect_gone("urn:oid:2.5.4.42", "Joe");
    expect_gone("urn:oid:2.5.4.9", "7 Mill Lane");
    expect_gone("http://schemas.example.org/identity/claims/name", "Joe Doe");
    expect_gone("urn:mace:dir:attribute-def:sn", "Doe");
    expect_gone("urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", "Doe");
    expect_scrubbed(
        R"([{"Name":"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname","Value":"Joe"}])",
        R"([{"Name":"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname"}])");
    expect_scrubbed(R"([{"Name":"urn:oid:2.5.4.4","Value":"Doe"}])", R"([{"Name":"urn:oid:2.5.4.4"}])");
    for (std::string_view kept :
         {R"({"urn:oid:2.5.4.10":"Acme Anna"})", R"({"https://example.com/claims/role":"Admin Users"})",
          R"({"https://example.com/product/name":"Blue Shirt"})", R"({"product:name":"Blue Shirt"})",
          R"({"xsi:type":"xs:string"})", R"({"Email@odata.type":"#String"})"})
        expect_kept(kept);
}

// Wrappers of other formats around a person's bare name.
TEST(PiiQualifiedNames, WrappersHandThePersonDown) {
    expect_scrubbed(R"({"Dbtr":{"Nm":{"$":"Joe Doe"}}})", R"({"Dbtr":{"Nm":{}}})");
    expect_scrubbed(R"({"ns:Customer":{"ns:Name":{"#text":"Joe Doe"}}})",
                    R"({"ns:Customer":{"ns:Name":{}}})");
    expect_scrubbed(R"({"customer":{"M":{"name":{"S":"Joe Doe"}}}})", R"({"customer":{"M":{"name":{}}}})");
    expect_scrubbed(R"({"customer":{"name":{"string":"Joe Doe"}}})", R"({"customer":{"name":{}}})");
}

}  // namespace
}  // namespace gpsync::core::pii

#include "core/pii/policy/policy.hpp"

#include <gtest/gtest.h>

#include <map>

#include "core/pii/names/name_class.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiPolicy, PaymentsRemovesAllButDevicePans) {
    const Policy& policy = Policy::payments();
    for (size_t i = 1; i < kDetectorCount; ++i) {
        const auto d = static_cast<Detector>(i);
        EXPECT_EQ(policy.base(d), d == Detector::kDevicePan ? Action::kMask : Action::kRemove)
            << info(d).name;
        EXPECT_EQ(detector_by_name(info(d).name), d);
    }
    EXPECT_FALSE(policy.needs_keys());
    EXPECT_TRUE(Policy::none().passes_everything());
}

TEST(PiiPolicy, ReadsRules) {
    Policy policy;
    const Status status = parse_policy("own@2",
                                       R"({"extends": null, "rules": [
            {"detector": ["email", "phone"], "action": "hash"},
            {"key": "Loyalty-Number", "action": "tokenize", "name": "loyalty"},
            {"path": ["$.a.*[0].\"x y\"", "$.**.note"], "action": "pass"},
            {"pattern": "MEMB-[0-9]{8}", "action": "mask", "name": "member"}],
            "token_bins": ["123456", "200000-200099"], "limits": {"depth": 2, "bytes": 1000}})",
                                       nullptr, policy);
    ASSERT_TRUE(status.ok()) << status.message << ' ' << status.position;
    EXPECT_EQ(policy.name(), "own@2");
    EXPECT_EQ(policy.rules().size(), 4u);
    EXPECT_EQ(policy.keys(), std::vector<std::string>{"loyaltynumber"});
    EXPECT_EQ(policy.base(Detector::kPan), Action::kPass);
    EXPECT_EQ(policy.limits().depth, 2u);
    EXPECT_TRUE(policy.needs_keys());
    EXPECT_TRUE(policy.has_paths());
}

TEST(PiiPolicy, ExtendsPaymentsUnlessToldOtherwise) {
    Policy policy;
    ASSERT_TRUE(parse_policy("own@1", R"([{"detector":"email","action":"pass"}])", nullptr, policy).ok());
    EXPECT_EQ(policy.base(Detector::kPan), Action::kRemove);

    struct Source : PolicySource {
        const Policy* find(std::string_view name) const override {
            return name == "own@1" ? policy : nullptr;
        }
        const Policy* policy;
    } source;
    source.policy = &policy;
    Policy next;
    ASSERT_TRUE(
        parse_policy("own@2", R"({"extends":"own@1","rules":[{"key":"k","action":"remove"}]})", &source, next)
            .ok());
    EXPECT_EQ(next.rules().size(), 2u);
    EXPECT_EQ(next.rules()[0].keys.size(), 1u);  // its own rules come first
}

TEST(PiiPolicy, RefusesWithThePlaceAndTheNearestName) {
    const struct {
        const char* json;
        const char* position;
        const char* text;  // in message, detail or hint
    } bad[] = {
        {"{", "byte 2", "JSON"},
        {"[1]", "$[0]", "object"},
        {R"([{"detector":"emial","action":"mask"}])", "$[0].detector", "\"email\""},
        {R"([{"detector":["email","ssnn"],"action":"mask"}])", "$[0].detector[1]", "\"ssn\""},
        {R"([{"detector":"email","action":"hide"}])", "$[0].action", "Valid actions"},
        {R"([{"detector":"email","action":"maks"}])", "$[0].action", "\"mask\""},
        {R"([{"detector":"email"}])", "$[0]", "no action"},
        {R"([{"action":"mask"}])", "$[0]", "everything"},
        {R"({"rules":[{"pattren":"a","action":"mask"}]})", "$.rules[0].pattren", "\"pattern\""},
        {R"({"rules":[{"key":"k","action":"mask"},{"pattern":"a(b","action":"mask"}]})", "$.rules[1].pattern",
         "character"},
        {R"([{"pattern":"a*","action":"mask"}])", "$[0].pattern", "empty string"},
        {R"([{"pattern":"(?=a)b","action":"mask"}])", "$[0].pattern", "regular expression"},
        {R"([{"pattern":"((a{100}){100}){100}","action":"mask"}])", "$[0].pattern", "regular expression"},
        {R"([{"path":"a.b","action":"mask"}])", "$[0].path", "begins with"},
        {R"([{"path":"$.a[x]","action":"mask"}])", "$[0].path", "character 4"},
        {R"([{"key":"--","action":"mask"}])", "$[0].key", "letter"},
        {R"([{"detector":"cvv","action":"mask"}])", "$[0].detector", "only be removed"},
        {R"([{"detector":"email","pattern":"a","action":"mask"}])", "$[0].pattern", "either"},
        {R"({"extends":"other@1"})", "$.extends", "does not exist"},
        {R"({"token_bins":["12345"]})", "$.token_bins[0]", "six digits"},
        {R"({"limits":{"depth":99}})", "$.limits.depth", "integer"},
        {R"({"rules":[],"rules":[]})", "$.rules", "twice"},
        {R"([[[[[[[[1]]]]]]]])", "$[0][0][0][0][0][0][0]", "deep"},
    };
    for (const auto& item : bad) {
        Policy policy;
        const Status status = parse_policy("own@1", item.json, nullptr, policy);
        EXPECT_FALSE(status.ok()) << item.json;
        EXPECT_EQ(status.position, item.position) << item.json;
        EXPECT_NE((status.message + status.detail + status.hint).find(item.text), std::string::npos)
            << item.json << ": " << status.message << " / " << status.detail << " / " << status.hint;
    }
    Policy policy;
    for (const char* name : {"", "x", "x@", "@1", "a b@1", "payments@1", "a@1@2"})
        EXPECT_FALSE(parse_policy(name, "[]", nullptr, policy).ok()) << name;
}

TEST(PiiKeys, SayWhatIsUnderThem) {
    const std::map<const char*, const char*> keys = {{"firstName", "person_name"},
                                                     {"FIRST_NAME", "person_name"},
                                                     {"last-name", "person_name"},
                                                     {"customer.full.name", "person_name"},
                                                     {"customerName", "person_name"},
                                                     {"customername", "person_name"},
                                                     {"PANEXPIRYDATE", "expiry"},
                                                     {"offerexpirydate", "none"},
                                                     {"merchantpostalcode", "none"},
                                                     {"newpin", "pin"},
                                                     {"important", "none"},
                                                     {"placeOfBirth", "address"},
                                                     {"nameOnCard", "person_name"},
                                                     {"productName", "none"},
                                                     {"fileName", "none"},
                                                     {"name", "none"},
                                                     {"merchantName", "none"},
                                                     {"bankName", "none"},
                                                     {"hostname", "none"},
                                                     {"email", "email"},
                                                     {"e-mail", "email"},
                                                     {"customeremail", "email"},
                                                     {"billingEmailAddress", "email"},
                                                     {"emailVerified", "none"},
                                                     {"emailHash", "none"},
                                                     {"email_template", "none"},
                                                     {"hasEmail", "none"},
                                                     {"phone", "phone"},
                                                     {"mobilePhoneNumber", "phone"},
                                                     {"PHONE_NO_1", "phone"},
                                                     {"phoneType", "none"},
                                                     {"phoneModel", "none"},
                                                     {"iPhone", "none"},
                                                     {"address", "address"},
                                                     {"addressLine1", "address"},
                                                     {"billing_address_line_2", "address"},
                                                     {"ipAddress", "ip"},
                                                     {"macAddress", "mac"},
                                                     {"deviceIPAddress", "ip"},
                                                     {"merchantAddress", "none"},
                                                     {"addressVerificationResult", "none"},
                                                     {"postalCode", "address"},
                                                     {"countryCode", "none"},
                                                     {"dob", "birth_date"},
                                                     {"dateOfBirth", "birth_date"},
                                                     {"date_of_birth", "birth_date"},
                                                     {"createdAt", "none"},
                                                     {"pan", "pan"},
                                                     {"cardNumber", "pan"},
                                                     {"CARD_NUMBER", "pan"},
                                                     {"maskedPan", "none"},
                                                     {"panSuffix", "none"},
                                                     {"panLast4", "none"},
                                                     {"encryptedPan", "none"},
                                                     {"dpan", "device_pan"},
                                                     {"devicePan", "device_pan"},
                                                     {"tokenPan", "device_pan"},
                                                     {"cvv", "cvv"},
                                                     {"CVV2", "cvv"},
                                                     {"cvvResult", "none"},
                                                     {"securityCode", "cvv"},
                                                     {"pin", "pin"},
                                                     {"pinBlock", "pin"},
                                                     {"shipping", "none"},
                                                     {"pinTryCounter", "none"},
                                                     {"expiryDate", "expiry"},
                                                     {"exp_month", "expiry"},
                                                     {"cardExpiry", "expiry"},
                                                     {"tokenExpiry", "none"},
                                                     {"offerExpirationDate", "none"},
                                                     {"cryptogram", "cryptogram"},
                                                     {"cryptogramType", "none"},
                                                     {"track2Data", "track"},
                                                     {"trackingNumber", "none"},
                                                     {"accountNumber", "account"},
                                                     {"accountType", "none"},
                                                     {"accountId", "none"},
                                                     {"routingNumber", "aba_routing"},
                                                     {"ssn", "ssn"},
                                                     {"ssnLast4", "none"},
                                                     {"socialSecurityNumber", "ssn"},
                                                     {"passportNumber", "passport"},
                                                     {"driversLicense", "driving_licence"},
                                                     {"medicalRecordNumber", "medical_record"},
                                                     {"mrn", "medical_record"},
                                                     {"deviceName", "device_owner"},
                                                     {"tokenUniqueReference", "none"},
                                                     {"paymentAccountReference", "none"},
                                                     {"tokenRequestorId", "none"},
                                                     {"clientSecret", "api_secret"},
                                                     {"password", "password"},
                                                     {"passwordPolicy", "none"},
                                                     {"imei", "imei"},
                                                     {"vin", "vin"},
                                                     {"iban", "iban"},
                                                     {"nhsNumber", "nhs_number"},
                                                     {"taxId", "national_id"},
                                                     {"lesson", "none"},
                                                     {"mapping", "none"},
                                                     {"", "none"},
                                                     {"_", "none"},
                                                     {"ＦirstＮame", "person_name"}};
    for (const auto& [key, detector] : keys)
        EXPECT_EQ(info(classify_name(key, {}).subject).name, detector) << key;
}

TEST(PiiKeys, ParentAndChildMakeOnePhrase) {
    const NameClass card = classify_name("card", {}), birth = classify_name("birth", {}),
                    account = classify_name("account", {});
    EXPECT_EQ(classify_name("number", card).subject, Detector::kPan);
    EXPECT_EQ(classify_name("cvc", card).subject, Detector::kCvv);
    EXPECT_EQ(classify_name("date", birth).subject, Detector::kBirthDate);
    EXPECT_EQ(classify_name("number", account).subject, Detector::kAccount);
    EXPECT_EQ(classify_name("status", account).subject, Detector::kNone);
    EXPECT_EQ(classify_name("first", classify_name("name", {})).subject, Detector::kPersonName);
    EXPECT_EQ(classify_name("number", {}).subject, Detector::kNone);
}

TEST(PiiKeys, SomeNamesAreSuspiciousByThemselvesOrByARule) {
    Policy policy;
    ASSERT_TRUE(parse_policy("p@1", R"([{"key":"crew note","action":"remove"}])", nullptr, policy).ok());
    for (const char* name : {"last_name", "CrewNote", "cvv"})
        EXPECT_TRUE(is_suspicious_name(policy, name)) << name;
    for (const char* name : {"status", "note", ""}) EXPECT_FALSE(is_suspicious_name(policy, name)) << name;
    EXPECT_FALSE(is_suspicious_name(Policy::payments(), "crew_note"));
}

}  // namespace
}  // namespace gpsync::core::pii

// Values of every script under names that say what they are.
#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/document/scrubber.hpp"
#include "core/pii/mapped_text.hpp"
#include "core/pii/names/name_values.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string member(std::string_view name, std::string_view value) {
    return "{\"" + std::string(name) + "\":\"" + std::string(value) + "\"}";
}

struct Value {
    const char* name;
    const char* value;
};

// Han, kana, Hangul, Thai, Lao, Khmer, Myanmar, Tibetan, Javanese; Cyrillic, Greek, Arabic, Hebrew,
// Devanagari.
constexpr Value kOfAllScripts[] = {
    {"firstName", "翔太"},
    {"lastName", "王"},
    {"fullName", "山田・太郎"},
    {"given_name", "メアリー"},
    {"FamilyName", "김"},
    {"fullName", "สมชาย ใจดี"},
    {"lastName", "ສົມສັກ"},
    {"firstName", "សុខា"},
    {"surname", "အောင်ဆန်း"},
    {"firstName", "བསྟན་འཛིན"},
    {"firstName", "ꦧꦩ꧀ꦧꦁ"},
    {"firstName", "𠮷田"},
    {"firstName", "ﾀﾛｳ"},
    {"firstName", "\u1112\u1161\u11ab\u1100\u116e\u11a8"},
    {"lastName", "Иванов"},
    {"lastName", "Παπαδόπουλος"},
    {"lastName", "الأحمد"},
    {"lastName", "כהן"},
    {"lastName", "शर्मा"},
    {"streetAddress", "東京都千代田区丸の内一丁目"},
    {"addressLine1", "서울특별시 강남구 테헤란로"},
    {"addressLine1", "北京市朝阳区建国路88号"},
    {"postalAddress", "ถนนสุขุมวิท"},
    {"birthPlace", "ភ្នំពេញ"},
    {"dateOfBirth", "1990年5月3日"},
    {"dateOfBirth", "一九九〇年五月三日"},
    {"dateOfBirth", "昭和五十年三月"},
    {"birthDate", "1990년 5월 3일"},
    {"dob", "May 3rd"},
    {"deviceName", "太郎のiPhone"},
    {"deviceName", "小明的iPad"},
    {"deviceName", "Айфон Анны"},
    {"deviceName", "지수의 Galaxy S24"},
    {"password", "パスワード一二三"},
    {"passphrase", "正确马电池订书钉"},
    {"securityAnswer", "บางกอก"},
    {"email", "用户@例子.广告"},
};

TEST(PiiScripts, ValuesFitTheirNames) {
    for (const Value& v : kOfAllScripts)
        EXPECT_EQ(scrubbed(member(v.name, v.value)), "{}") << v.name << " " << v.value;
}

TEST(PiiScripts, FormsCountAsWell) {
    EXPECT_EQ(scrubbed(R"({"q":"firstName=翔太&x=1"})"), R"({"q":"firstName=[removed]&x=1"})");
    EXPECT_EQ(scrubbed(R"({"q":"firstName=%E7%BF%94%E5%A4%AA&x=1"})"), R"({"q":"firstName=[removed]&x=1"})");
    EXPECT_EQ(scrubbed(R"({"q":"firstName=%F0%9F%98%80&x=1"})"), R"({"q":"firstName=%F0%9F%98%80&x=1"})");
}

TEST(PiiScripts, MaskedValuesStay) {
    const Policy masking = policy_of(
        R"([{"detector":["person_name","address","birth_date","device_owner","password","email"],"action":"mask"}])");
    for (const Value& v : kOfAllScripts) {
        const std::string once = scrubbed(member(v.name, v.value), masking);
        EXPECT_NE(once, member(v.name, v.value));
        EXPECT_EQ(once.find(v.value), std::string::npos) << once;
        EXPECT_EQ(scrubbed(once, masking), once) << v.value;
    }
}

TEST(PiiScripts, SymbolsAloneAreNoValue) {
    for (const char* name :
         {"firstName", "lastName", "streetAddress", "password", "deviceName", "dateOfBirth", "phone"})
        for (const char* value : {"😀", "★★★", "—", "👩‍👧", "…", "？", "♥", "〒", "「」", "฿", "№"})
            EXPECT_EQ(scrubbed(member(name, value)), member(name, value)) << name << " " << value;
}

TEST(PiiScripts, NumbersBesideLettersWithoutBlanksStandAlone) {
    for (const char* letters : {"卡号", "カード番号", "카드", "บัตร", "ບັດ", "កាត", "ကတ်", "ཁ"}) {
        const std::string text = std::string(letters) + "4111111111111111" + letters;
        EXPECT_EQ(scrubbed(member("memo", text)),
                  member("memo", letters + std::string("[removed]") + letters))
            << letters;
        const std::string mail = std::string(letters) + " joe@example.com " + letters;
        EXPECT_EQ(scrubbed(member("memo", mail)),
                  member("memo", letters + std::string(" [removed] ") + letters))
            << letters;
    }
}

TEST(PiiScripts, OtherValuesStay) {
    for (const Value& v :
         {Value{"cvv", "不一致"}, Value{"pin", "已验证"}, Value{"phone", "未登録"}, Value{"title", "翔太"},
          Value{"status", "完了"}, Value{"accountNumber", "未开户"}, Value{"ssn", "없음"},
          Value{"productName", "緑茶"}, Value{"cardExpiry", "無期限"}, Value{"deviceName", "iPhone 15 Pro"}})
        EXPECT_EQ(scrubbed(member(v.name, v.value)), member(v.name, v.value)) << v.name << " " << v.value;
}

// Names that differ in the number behind them share what is remembered: the answer is that of a scrubber that
// has seen no other.
TEST(PiiNames, ANumberBehindANameSaysNothing) {
    constexpr const char* kWords[] = {"item",   "card",   "number", "address", "line", "ssn",   "de",
                                      "field",  "tag",    "of",     "account", "name", "track", "iccdata",
                                      "city",   "ipv",    "value",  "order",   "zip",  "emv",   "9f",
                                      "10.2.3", "4111-1", "pin",    "gpsync:"};
    constexpr const char* kValues[] = {"\"Joe Example\"",   "\"12345\"",  "4821",
                                       "\"Main Street 5\"", "\"ACTIVE\"", "\"9F26080102030405060708\""};
    Scrubber shared(Policy::payments(), nullptr, Mode::kScrub);
    std::mt19937 random(1126);
    const auto one_of = [&random](const auto& choices) {
        return std::string(choices[random() % std::size(choices)]);
    };
    const auto result = [](Scrubber& scrubber, std::string_view document) {
        return scrubber.json_text(document) == Verdict::kReplace ? std::string(scrubber.replacement())
                                                                 : std::string("kept");
    };
    size_t changed = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string name;
        for (size_t words = 1 + random() % 3; words > 0; --words)
            name += one_of(kWords) + "_-. "[random() % 4];
        constexpr unsigned kBelow[] = {10, 100, 1000, 10'000, 1'000'000};
        const auto number = random() % kBelow[random() % std::size(kBelow)];
        const std::string document = "{\"" + name + (random() % 8 == 0 ? "0" : "") + std::to_string(number) +
                                     "\":" + one_of(kValues) + "}";
        Scrubber fresh(Policy::payments(), nullptr, Mode::kScrub);
        const std::string expected = result(fresh, document);
        ASSERT_EQ(result(shared, document), expected) << document;
        changed += expected != "kept";
    }
    EXPECT_GT(changed, 1'000U);
}

}  // namespace
}  // namespace gpsync::core::pii

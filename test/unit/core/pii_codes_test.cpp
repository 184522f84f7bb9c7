// One-time codes beside their names in many languages, and secrets as settings and structures hold them.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string note(std::string_view text) {
    return "{\"note\":" + in_quotes(text) + "}";
}
// The text with a value in place of '~', which goes, and nothing else.
void expect_gone(std::string text, std::string_view value) {
    const size_t at = text.find('~');
    std::string with = text, without = text;
    expect_scrubbed(note(with.replace(at, 1, value)), note(without.replace(at, 1, "[removed]")));
}

TEST(PiiCodes, BehindTheirNames) {
    for (const char* text : {"Your code is ~",
                             "Login code: ~",
                             "confirmation code ~",
                             "Ihre TAN lautet: ~",
                             "Ihr Code: ~",
                             "Votre code est ~",
                             "Tu código es ~",
                             "Il tuo codice è ~",
                             "Seu código de verificação é ~",
                             "Twój kod weryfikacyjny to ~",
                             "Doğrulama kodunuz: ~",
                             "kode verifikasi: ~",
                             "Je verificatiecode is ~",
                             "Din kod är ~",
                             "bekreftelseskode: ~",
                             "bekræftelseskode: ~",
                             "vahvistuskoodi: ~",
                             "ověřovací kód: ~",
                             "mã xác nhận: ~",
                             "Код подтверждения ~",
                             "Ваш код подтверждения — ~",
                             "код підтвердження: ~",
                             "验证码 ~",
                             "您的验证码为：~，请勿泄露",
                             "認証コードは~です",
                             "인증번호는 [~]입니다",
                             "رمز التحقق الخاص بك هو ~",
                             "รหัสยืนยัน ~",
                             "सत्यापन कोड: ~",
                             "κωδικός επαλήθευσης: ~"})
        for (const char* code : {"730164", "4821"}) expect_gone(text, code);
}

TEST(PiiCodes, InFrontOfTheirNames) {
    for (const char* text :
         {"~ — ваш код", "~ - код подтверждения", "【X】~是您的验证码", "~ is your login code"})
        expect_gone(text, "730164");
}

TEST(PiiCodes, OtherCodesStay) {
    for (const char* name : {"error code",
                             "Error code:",
                             "postal code",
                             "status code",
                             "country code",
                             "order code",
                             "Your promo code is",
                             "exit code",
                             "response code:",
                             "Fehlercode",
                             "code d'erreur",
                             "código de error",
                             "код ошибки:",
                             "错误码：",
                             "エラーコード：",
                             "오류코드:",
                             "hata kodu:",
                             "kod błędu:",
                             "订单号：",
                             "주문번호 ",
                             "заказ",
                             "ردیف",
                             "รหัสสินค้า "})
        expect_kept(note(std::string(name) + " 730164"));
    expect_kept(note("your code is 4821 lines long"));
    expect_kept(note("код подтверждения истек через 300 секунд"));
}

TEST(PiiCodes, PasswordsThatAreWordsInSettingsAndStructures) {
    for (const char* text : {"passwd := ~", "db:\n  user: ann\n  password: ~\n", "login: ann\npassword: ~",
                             "map[id:7 password:~ tier:gold]", "{'password': b'~', 'n': 1}",
                             "{u'password': u'~'}", "$user['password'] = '~';", "$user->{password} = '~';"})
        expect_gone(text, "kupferkanne");
    expect_gone("obj[\"surname\"] = \"~\";", "Marsh");
    expect_gone("{'surname': u'~'}", "Marsh");
    for (const char* text : {"password: required", "fields:\n  password: string\n  user: string",
                             "Password: please\nenter it again", "password: changed",
                             "{CVC:required PIN:optional}", "password := getPassword()"})
        expect_kept(note(text));
}

TEST(PiiCodes, PersonsBehindTheirRoles) {
    for (const char* text :
         {"Patient: ~", "called for customer: ~, 43", "payee=~ ms=3", "Paciente: ~", "Beneficiary: ~; ref 12",
          "User { firstName = \"~\" }", "x.User{FirstName:\"~\", Id:7}"})
        expect_gone(text, "Mette Holm");
    for (const char* text : {"Customer: Premium Plan", "Customer: Acme Corp", "Customer: not found",
                             "Patient: Follow Up Required", "Payee: Acme GmbH", "customer=Premium ms=3",
                             "customer=\"Premium Plan\"", "Employee: Full Time"})
        expect_kept(note(text));
}

}  // namespace
}  // namespace gpsync::core::pii

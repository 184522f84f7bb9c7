// Security codes and PINs behind their names in texts of other scripts and languages.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "core/pii/detect/codes_in_scripts.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string in_note(std::string_view text) {
    return R"({"n":)" + in_quotes(text) + "}";
}

TEST(PiiCodesInScripts, SecurityCodesBehindTheirNames) {
    for (const std::string_view name : {"код безопасности",
                                        "код безопасности карты",
                                        "КОД БЕЗОПАСНОСТИ",
                                        "секретный код карты",
                                        "код CVV",
                                        "код безпеки картки",
                                        "код за сигурност",
                                        "卡片验证码",
                                        "安全码",
                                        "安全碼",
                                        "セキュリティコード",
                                        "カード認証番号",
                                        "보안코드",
                                        "카드 보안코드",
                                        "CVC번호",
                                        "رمز الأمان",
                                        "رقم الأمان",
                                        "קוד אבטחה",
                                        "κωδικός ασφαλείας",
                                        "सुरक्षा कोड",
                                        "सीवीवी",
                                        "รหัสความปลอดภัย",
                                        "mã bảo mật thẻ",
                                        "کد امنیتی",
                                        "código de seguridad de la tarjeta",
                                        "Kartenprüfwert",
                                        "Prüfziffer der Karte",
                                        "código de segurança do cartão"})
        for (const std::string_view mark : {" ", ": ", " - ", "：", " → ", "「", " №"}) {
            const std::string text = std::string(name) + std::string(mark) + "512";
            EXPECT_EQ(scrubbed_twice(in_note(text)).find("512"), std::string::npos) << text;
        }
    for (const std::string_view text :
         {"安全码512", "セキュリティーコードは512です", "카드 보안코드는 512", "您的安全码是512。",
          "код CVV2: 512", "安全码：５１２", "رمز الأمان ٥١٢"})
        EXPECT_NE(scrubbed_twice(in_note(text)).find("[removed]"), std::string::npos) << text;
}

TEST(PiiCodesInScripts, PinsAndPasswordsOfDigits) {
    for (const std::string_view name :
         {"ПИН-код", "пин код карты", "код доступа", "暗証番号", "密码", "支付密码", "비밀번호", "핀번호",
          "الرقم السري", "קוד סודי", "पिन", "รหัสบัตร", "código secreto", "mã PIN"})
        for (const std::string_view mark : {" ", ": ", " - "}) {
            const std::string text = std::string(name) + std::string(mark) + "4826";
            EXPECT_EQ(scrubbed_twice(in_note(text)).find("4826"), std::string::npos) << text;
        }
}

TEST(PiiCodesInScripts, NumbersOfPeopleBehindTheirName) {
    struct Number {
        std::string_view text, number;
    };
    for (const auto& [text, number] :
         {Number{"Ο πελάτης με ΑΦΜ 081433559 ζήτησε", "081433559"},
          Number{"надав ІПН 2947573603 для", "2947573603"},
          Number{"주민등록번호 001220-4272318 확인함", "001220-4272318"},
          Number{"תעודת זהות 109774208, נשלח", "109774208"},
          Number{"паспорт 4510 123456 выдан", "4510 123456"}, Number{"ИНН 5001 0073 2259", "5001 0073 2259"},
          Number{"Ваш код: 482 913", "482 913"}, Number{"رمز التحقق هو 389725، لا تشاركه", "389725"},
          Number{"Socio con DNI 21532570 en", "21532570"}, Number{"El DNI es 21.532.570", "21.532.570"}})
        EXPECT_EQ(scrubbed_twice(in_note(text)).find(number), std::string::npos) << text;
    for (const std::string_view text : {"заказ 2947573603 отправлен", "код 4821 2026 год",
                                        "паспорт изделия 12-12", "паспорт выдан 10-12-2020"})
        expect_kept(in_note(text));
}

TEST(PiiCodesInScripts, OtherNumbersStay) {
    for (const std::string_view text :
         {"код 404", "код ошибки 512", "код товара 4826", "номер 512", "コード 512", "코드 512", "代码 512",
          "错误码 512", "код безопасности изменён, 512 карт", "код безопасности 512,50",
          "код безопасности 51234", "код безопасности 512%", "код безопасности. 512 карт", "安全码，512",
          "κωδικός 512", "密码 12", "код безопасности\n512 карт", "код безопасности 512шт"})
        expect_kept(in_note(text));
}

TEST(PiiCodesInScripts, GivesTheDigits) {
    const std::string text = "安全码：５１２ и код безопасности 345";
    std::string found;
    find_codes_in_scripts(text, [&](const CodeInText& code) {
        EXPECT_EQ(code.detector, Detector::kCvv);
        found += text.substr(code.begin, code.end - code.begin) + ";";
    });
    EXPECT_EQ(found, "５１２;345;");
}

}  // namespace
}  // namespace gpsync::core::pii

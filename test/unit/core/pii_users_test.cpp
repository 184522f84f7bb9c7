// How somebody is known to a machine: log-ins, names of devices, sessions, tokens in links, codes in
// messages.
#include "pii_marked_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiUsers, LogInsWithAGivenNameGo) {
    expect_goes({
        R"({"login":"«mary_ridgeway»"})",
        R"({"buyer":{"login":"«aleksandra.dabek»","id":77}})",
        R"({"usuario":"«ramon_navarrete»"})",
        R"({"identifiant":"«solene.rousselot2»"})",
        R"({"approvedBy":"«jan.kowalski»"})",
        R"({"sAMAccountName":"«xq7»"})",
        R"({"kullaniciAdi":"«emir_begovic»"})",
        R"({"логин":"«dmitry.morozov»"})",
    });
}

TEST(PiiUsers, OtherValuesOfThemStay) {
    expect_stays({
        R"({"login":"octocat"})",
        R"({"login":"failed"})",
        R"({"lastLogin":"Some Title"})",
        R"({"last_login":"2026-11-30T10:00:00Z"})",
        R"({"login":true,"logins":7})",
        R"({"identifiant":"CMD-2026-55"})",
        R"({"name":"max_size"})",
        R"({"metric":"grace_period"})",
    });
}

TEST(PiiUsers, DevicesThatAreCalledAfterSomebodyGo) {
    expect_goes({
        R"({"name":"«Edoardo's MacBook Air»"})",
        R"({"hostName":"«Pooja's iPad»","rssi":-61})",
        R"({"attributes":{"friendly_name":"«Zuzana's iPhone»"}})",
        R"({"computer_name":"«Bram's Laptop»"})",
    });
    expect_goes({R"({"hostname":"«Tyrones-MacBook-Air»"})", R"({"name":"«Mettes-Galaxy-S22»"})"});
    expect_stays({R"({"hostname":"sales-laptop-7"})", R"({"hostname":"class-tablet"})"});
    expect_stays({R"({"hostname":"web-01"})", R"({"hostName":"ip-10-0-0-1"})",
                  R"({"friendly_name":"Living Room"})", R"({"name":"MacBook Air"})",
                  R"({"name":"McDonald's Kiosk"})"});
}

TEST(PiiUsers, SessionsAndTokensOfLinksGo) {
    expect_goes({
        R"({"session_id":"«4L9xjjguIJ13O4XUWYalYFwLJnQS4nKWKIm51dDu»"})",
        R"({"url":"https://example.com/reset?token=«Uf1jJ10LGDVI9ky0Me2bCyKXXSTJ40J6»"})",
        R"({"body":"use https://example.com/confirmation?lang=de&confirmation_token=«abcDEF123456ghiJKL789» now"})",
        R"({"url":"https://example.com/login?ticket=«ST-12-abcDEF123456ghiJKL789-cas01»"})",
        R"({"mail":"<a href=\"https://example.com/verify-email?code=«0a1b2c3d4e5f60718293»\">here</a>"})",
    });
    expect_stays({
        R"({"sessionId":"85db6024-7f5e-47ef-a880-dfd61fd4ad0a"})",
        R"({"session_id":"cs_test_a1B2c3D4e5F6g7H8i9J0kLmN"})",
        R"({"sessionId":1764000000})",
        R"({"session_id":"a1b2c3"})",
        R"({"url":"https://example.com/orders?page_token=abcDEF123456ghiJKL789"})",
        R"({"url":"https://example.com/reset?token=short"})",
        R"({"url":"https://example.com/login?code=de"})",
    });
}

TEST(PiiUsers, KeysThatBothSidesHaveAndCodesOfDoorsGo) {
    expect_goes({R"({"preSharedKey":"«xzSG8Q23Tv6FsoljQUFRcQxE»"})", R"({"accessCode":"«344505»"})",
                 R"({"gate_code":"«#4482»"})"});
}

TEST(PiiUsers, OneTimeCodesGoInFurtherLanguages) {
    expect_goes({
        R"({"t":"您的验证码是«960580»,5分钟内有效"})",
        R"({"t":"รหัส OTP ของคุณคือ «836954»"})",
        R"({"t":"Mã xác thực của bạn là «809007»"})",
        R"({"t":"Kode OTP Anda adalah «482913»"})",
        R"({"t":"«482913» is your WhatsApp code"})",
        R"({"t":"«48291» is your code"})",
    });
    expect_stays({R"({"t":"12345 is your order code"})", R"({"t":"12345 is your postal code"})",
                  R"({"t":"404 is the code"})"});
}

TEST(PiiUsers, ParticipantsOfCalendarsGo) {
    expect_goes({
        R"({"ics":"BEGIN:VEVENT\nORGANIZER;CN=«Mariuxi Chiriboga»:mailto:«m@mail.example.com»\n)"
        R"(ATTENDEE;ROLE=CHAIR;CN=\"«Roe, Jane»\";RSVP=TRUE:mailto:«j@example.com»\nEND:VEVENT"})",
    });
}

TEST(PiiUsers, CountriesInOtherLanguagesStayInAddresses) {
    expect_goes({
        R"({"endereco":{"logradouro":"«Av. Brasil, 39»","pais":"BR"}})",
        R"({"adresse":{"rue":"«5 rue du Port»","pays":"France"}})",
        R"({"adres":{"straat":"«Weg 1»","land":"NL"}})",
        R"({"location":{"address1":"«76 Rue Sherbrooke O»","zip":"«H3A 1B9»","region":"«QC»"}})",
    });
    expect_stays({R"({"smdpAddress":"smdp.example.com"})", R"({"address":"module.db.instance"})",
                  R"({"region":"us-east-1"})", R"({"gioi_tinh":"Nam"})", R"({"ndc":"00378-0018-01"})",
                  R"({"pkg":"libfoo-1.2.3.4"})"});
}

TEST(PiiUsers, EitherEndOfACallGoes) {
    expect_goes({R"({"from":"«447700900775»","to":"«33612345678»"})",
                 R"({"messages":[{"from":"«16505551234»","id":"wamid.x"}]})",
                 R"({"payerAlias":"«46701740619»"})"});
    expect_stays({R"({"from":"202601011230","to":"202601021230"})", R"({"from":"1712121294000"})",
                  R"({"from":1712121294,"to":1712121295})", R"({"from":"10000000000"})",
                  R"({"from":"20260101","to":"20260201"})"});
}

TEST(PiiUsers, NamesInFormsWithBracketsGo) {
    expect_goes({R"({"body":"card[name]=«Ann+Lee»&card[number]=«4111111111111111»"})"});
    expect_stays({R"({"body":"product[name]=Ann+Taylor&x=1"})", R"({"body":"q[name]=Blue+Ocean&x=1"})"});
}

TEST(PiiUsers, PartsOfANameBesideAPersonsIdGo) {
    expect_goes({R"({"email":"«a@b.io»","first":"«Ann»","last":"«Lee»"})",
                 R"({"nhsNumber":"«9162912240»","given":"«Nigel»","family":"«Thistlewood»"})"});
    expect_stays({R"({"first":"Nigel","last":"Thistlewood"})", R"({"first":"item-1","last":"item-99"})"});
    EXPECT_EQ(scrubbed(R"({"email":"a@b.io","first":1,"last":"2026-01-01","full":"Yes"})"),
              R"({"first":1,"last":"2026-01-01","full":"Yes"})");
}

TEST(PiiUsers, AMailAddressMayBeOneOfThePost) {
    expect_goes({R"({"MAIL_ADDR":{"ADDR1":"«Gedimino pr. 20-7»","POSTCODE":"«44280»","CITY":"«Kaunas»"}})"});
}

TEST(PiiUsers, OpaqueIdsAreNoLabels) {
    expect_stays({R"({"ResponseId":"R_8qMUc4a7Gn3UlBX","Q2_TEXT":"level ready box green signal"})"});
    expect_goes({R"({"id":"surname","text":"«Klintberg»"})",
                 R"({"short_name":"«Ann»","sortable_name":"«Lee, Ann»"})"});
}

}  // namespace
}  // namespace gpsync::core::pii

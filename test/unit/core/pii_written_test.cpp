// Values that systems write without blanks around them: filled up with zeros, followed by letters, preceded
// by a
// '%'; and verification data behind words of other languages.
#include <gtest/gtest.h>

#include <string>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string text_with(const std::string& text) {
    return "{\"x\": \"" + text + "\"}";
}

void expect_scrubbed(const std::string& text, const std::string& left) {
    EXPECT_EQ(scrubbed(text_with(text)), text_with(left)) << text;
    EXPECT_EQ(scrubbed(text_with(left)), text_with(left)) << left;
}

TEST(PiiWritten, CardNumbersFilledUpWithZeros) {
    expect_scrubbed("PAN field 0005555555555554444 of the file", "PAN field [removed] of the file");
    expect_scrubbed("record 00004012888888881881 read", "record [removed] read");
    expect_scrubbed("00000000378282246310005", "00000000378282246310005");  // of no usual width
    expect_scrubbed("record 00004012888888881882 read", "record 00004012888888881882 read");
    expect_scrubbed("order 0000000000000012345 read", "order 0000000000000012345 read");
}

TEST(PiiWritten, CardNumbersWithLettersBehind) {
    expect_scrubbed("charged 5555555555554444USD today", "charged [removed]USD today");
    expect_scrubbed("amex 378282246310005x", "amex [removed]x");
    expect_scrubbed("trace 5555555555554444abcdef01", "trace 5555555555554444abcdef01");
    expect_scrubbed("id 5555555555554444abc", "id 5555555555554444abc");
    expect_scrubbed("id 5555555555554444identifier", "id 5555555555554444identifier");
    expect_scrubbed("5555 5555 5555 4444exp 12/27", "[removed]exp [removed]");
    expect_scrubbed("paid 5555-5555-5555-4444USD", "paid [removed]USD");
    expect_scrubbed("3782 822463 10005Expires0127 x", "[removed]Expires0127 x");
    expect_scrubbed("é5555 5555 5555 4444é", "é[removed]é");
    expect_scrubbed("é3782 822463 10005 x", "é[removed] x");
    expect_scrubbed("5555555555554444exp1227", "[removed]exp1227");
    expect_scrubbed("5555555555554444CVV123", "[removed]CVV[removed]");
    expect_scrubbed("id 5555-5555-5555-4444abcd", "id 5555-5555-5555-4444abcd");
    expect_scrubbed("id 5555-5555-5555-4445USD", "id 5555-5555-5555-4445USD");
    expect_scrubbed("id 5555555555554444X0001", "id 5555555555554444X0001");
}

// The text has backslashes: text_with() writes JSON.
TEST(PiiWritten, ValuesBehindEscapedLineBreaks) {
    expect_scrubbed(R"(first\\n5555555555554444\\nlast)", R"(first\\n[removed]\\nlast)");
    expect_scrubbed(R"(a\\r\\n5555 5555 5555 4444\\tb)", R"(a\\r\\n[removed]\\tb)");
    expect_scrubbed(R"(5555\\n5555\\n5555\\n4444 x)", "[removed] x");
    expect_scrubbed(R"(a\\\\n378282246310005 b)", R"(a\\\\n[removed] b)");
    expect_scrubbed(R"(ssn:\\n219-09-9999, ok)", R"(ssn:\\n[removed], ok)");
    expect_scrubbed(R"(to\\nDE89 3704 0044 0532 0130 00)", R"(to\\n[removed])");
    expect_scrubbed(R"(order 7\\tlastName=Lee\\tms=3)", R"(order 7\\tlastName=[removed]\\tms=3)");
    expect_scrubbed(R"(C:\\temp\\new\\report 2026.txt)", R"(C:\\temp\\new\\report 2026.txt)");
    expect_scrubbed(R"(DOMAIN\\nina@example.com)", R"(DOMAIN\\[removed])");
}

TEST(PiiWritten, PinBlocksAndCryptogramsBehindWords) {
    expect_scrubbed("PIN block 0412AC89ABCDEF67 sent", "PIN block [removed] sent");
    expect_scrubbed("level=info pin_block=0412AC89ABCDEF67 ms=3", "level=info pin_block=[removed] ms=3");
    expect_scrubbed("pinBlock: 0412345678901234", "pinBlock: [removed]");
    expect_scrubbed("got ARQC: 0123456789ABCDEF from the chip", "got ARQC: [removed] from the chip");
    expect_scrubbed("cavv=AAABBEg0VhI0VniQEjRWAAAAAAA= eci=05", "cavv=[removed] eci=05");
    expect_scrubbed("ok, CAVV: BwABBylVaQAAAAFwllVpAAAAAAA=", "ok, CAVV: [removed]");
    expect_scrubbed("tavv +wABBylV/QAAAAFwllVpAA/AAAA= done", "tavv [removed] done");
    expect_scrubbed("PIN block 1F0C7A25D98E4B360A5D7788C3E1F902 sent", "PIN block [removed] sent");
    expect_scrubbed("sha 1f0c7a25d98e4b360a5d7788c3e1f902 of cavv=none",
                    "sha 1f0c7a25d98e4b360a5d7788c3e1f902 of cavv=none");
    expect_scrubbed("trace=0123456789abcdef xid=0123456789abcdef",
                    "trace=0123456789abcdef xid=0123456789abcdef");
    expect_scrubbed("commit 0123456789abcdef, cryptogram=valid", "commit 0123456789abcdef, cryptogram=valid");
}

TEST(PiiWritten, CodesGluedToTheirName) {
    expect_scrubbed("typed CVV481 and left", "typed CVV[removed] and left");
    expect_scrubbed("(cvc7215)", "(cvc[removed])");
    expect_scrubbed("PIN90417 was wrong", "PIN[removed] was wrong");
    expect_scrubbed("cvv2 and PIN12, part ABC481", "cvv2 and PIN12, part ABC481");
    expect_scrubbed("CVV481x, SPIN4817", "CVV481x, SPIN4817");
}

TEST(PiiWritten, CardNumbersGluedToTheirNameInOtherLanguages) {
    expect_scrubbed("CC5555555555554444", "CC[removed]");
    expect_scrubbed("MC5555555555554444 ok", "MC[removed] ok");
    expect_scrubbed("Kreditkarte5555555555554444", "Kreditkarte[removed]");
    expect_scrubbed("CarteBancaire5555 5555 5555 4444", "CarteBancaire[removed]");
    expect_scrubbed("Kreditkarte: 6759649826438453", "Kreditkarte: [removed]");
    expect_scrubbed("CCX5555555555554444", "CCX5555555555554444");
}

TEST(PiiWritten, CardNumbersInGroupsThatNoIssuerPrints) {
    for (const char* value :
         {"5555 55555 555 4444", "55-55-55-55-55-55-44-44", "4222 2222 22225", "501.800.000.009"}) {
        const std::string document = std::string(R"({"cardNumber": ")") + value + R"("})";
        EXPECT_EQ(scrubbed(document), "{}");
    }
    expect_scrubbed("card 5555 55555 555 4444 declined", "card [removed] declined");
    expect_scrubbed("card 5555 55555 555 4445 declined", "card 5555 55555 555 4445 declined");
    expect_scrubbed("row 5555 55555 555 4444 of it", "row 5555 55555 555 4444 of it");
}

TEST(PiiWritten, CardNumbersOfNationalSchemes) {
    for (const char* pan :
         {"2204310020003003", "9792030394440796", "8600492993215629", "5018000000000009", "6362970000457013"})
        expect_scrubbed(std::string("paid with ") + pan + " today", "paid with [removed] today");
    expect_scrubbed("paid with 2206310020003001 today", "paid with 2206310020003001 today");
}

TEST(PiiWritten, NamesInFrontOfMailAddresses) {
    expect_scrubbed("To: Ana Prado <ap@example.com>, cc", "To: [removed] <[removed]>, cc");
    expect_scrubbed("Prado, Ana <ap@example.com>", "[removed] <[removed]>");
    expect_scrubbed("billing <ap@example.com>", "billing <[removed]>");
    expect_scrubbed("Acme Ltd <ap@example.com>", "Acme Ltd <[removed]>");
}

TEST(PiiWritten, Cards) {
    expect_scrubbed(
        R"(BEGIN:VCARD\nFN:Ana Prado\nN;CHARSET=UTF-8:Prado;Ana;;;\nORG:Acme\nREV:20270301T101500Z\nEND:VCARD)",
        R"(BEGIN:VCARD\nFN:[removed]\nN;CHARSET=UTF-8:[removed]\nORG:Acme\nREV:20270301T101500Z\nEND:VCARD)");
    expect_scrubbed(
        R"(BEGIN:VCARD\r\nitem1.ADR;TYPE=home:;;Rua Nova 7;Porto;;4000;\r\nBDAY:1981-12-24\r\nEND:VCARD)",
        R"(BEGIN:VCARD\r\nitem1.ADR;TYPE=home:[removed]\r\nBDAY:[removed]\r\nEND:VCARD)");
    expect_scrubbed(R"(FN:Ana Prado\nN:Prado;Ana)", R"(FN:Ana Prado\nN:Prado;Ana)");
}

TEST(PiiWritten, CustomersInSwiftMessages) {
    expect_scrubbed(
        R"({4:\n:20:77\n:50K:/4471209\nAna Prado\nRua Nova 7\n4000 Porto\n:57A:BANKPTPL\n:70:INV 12\n-})",
        R"({4:\n:20:77\n:50K:/[removed]\n[removed]\n[removed]\n[removed]\n:57A:BANKPTPL\n:70:INV 12\n-})");
    expect_scrubbed(R"(:59:/4471209\nAna Prado\nRua Nova 7)", R"(:59:/[removed]\n[removed]\n[removed])");
    expect_scrubbed(R"(:20:77\n:59F:/4471209\n1/Ana Prado\n2/Rua Nova 7\n3/PT/Porto\n:71A:SHA)",
                    R"(:20:77\n:59F:/[removed]\n1/[removed]\n2/[removed]\n3/[removed]\n:71A:SHA)");
    expect_scrubbed(R"(up since\n:5050 connections\nAna Prado)", R"(up since\n:5050 connections\nAna Prado)");
}

TEST(PiiWritten, NumbersOfCallsAndParts) {
    expect_scrubbed("CALL-40772156", "CALL-40772156");
    expect_scrubbed("please call 40772156", "please call [removed]");
    expect_scrubbed("part KK-1832-88B fits", "part KK-1832-88B fits");
    expect_scrubbed("nino KK 18 32 88 B", "nino [removed]");
    expect_scrubbed("is KK-18-32-88-B or KK183288B", "is [removed] or [removed]");
}

TEST(PiiWritten, CardNumbersBehindAPercentSign) {
    expect_scrubbed("range %4012888888881881% matched", "range %[removed]% matched");
    expect_scrubbed("q=%5555555555554444", "q=%[removed]");
    expect_scrubbed("about %4012888888881882 of it", "about %4012888888881882 of it");
    expect_scrubbed("q=joe%40example", "q=joe%40example");
}

TEST(PiiWritten, SecurityCodesInOtherLanguages) {
    expect_scrubbed("Kartensicherheitscode: 482", "Kartensicherheitscode: [removed]");
    expect_scrubbed("code de sécurité 915", "code de sécurité [removed]");
    expect_scrubbed("código de seguridad: 4821", "código de seguridad: [removed]");
    expect_scrubbed("beveiligingscode 482, postcode volgt", "beveiligingscode [removed], postcode volgt");
    expect_scrubbed("Kod bezpieczeństwa = 731", "Kod bezpieczeństwa = [removed]");
    expect_scrubbed("code de livraison 915", "code de livraison 915");
    expect_scrubbed("Sicherheitshinweis 482", "Sicherheitshinweis 482");
}

TEST(PiiWritten, ANameBehindANumberIsNoUnit) {
    expect_scrubbed("level=info cvc=512 ms=3", "level=info cvc=[removed] ms=3");
    expect_scrubbed("cvc: 512 requests: 4", "cvc: [removed] requests: 4");
    expect_scrubbed("phone=5552345678 users=1", "phone=[removed] users=1");
    expect_scrubbed("ssn=219098888 seconds", "ssn=[removed] seconds");
    expect_scrubbed("pin: 4826 retries", "pin: [removed] retries");
    for (const char* text : {"call 3000000 times", "pin 4826 users", "call: 5552345 ms"})
        expect_scrubbed(text, text);
}

TEST(PiiWritten, RemarksBehindNames) {
    expect_scrubbed("PIN [optional]: 4826", "PIN [optional]: [removed]");
    expect_scrubbed("Cardholder (as on card): ANN OKAFOR", "Cardholder (as on card): [removed]");
    expect_scrubbed("Last name (required): Okafor\\nTier: gold",
                    "Last name (required): [removed]\\nTier: gold");
    expect_scrubbed("the call [retry]: 5552345", "the call [retry]: 5552345");
    expect_scrubbed("[pin] 4826 users and (again): Okafor", "[pin] 4826 users and (again): Okafor");
    for (const char* member : {R"j("CVC (required)": "512")j", R"j("Last name (mandatory)": "Okafor")j",
                               R"j("Surname [optional]": "Okafor")j", R"j("Password (again)": "k3Jx81")j",
                               R"j("Name (as on card)": "Ann Okafor")j"})
        EXPECT_EQ(scrubbed('{' + std::string(member) + '}'), "{}") << member;
    EXPECT_EQ(scrubbed(R"j({"fields": [{"label": "Surname (required)", "value": "Okafor"}]})j"),
              R"j({"fields": [{"label": "Surname (required)"}]})j");
    expect_kept(R"j({"cvc_required": true, "surname (company)": 1, "Name (required)": "web-1"})j");
}

TEST(PiiWritten, LinesOfSourceFiles) {
    for (const char* text :
         {"at cvc.js:512", "src/pin.rs:4826:12", "in /app/pin.py, line 4826", "(pin.kt:4826)"})
        expect_scrubbed(text, text);
    expect_scrubbed("cvc.js=512 and card.cvc: 512", "cvc.js=[removed] and card.cvc: [removed]");
    expect_scrubbed("pin.py says pin 4826", "pin.py says pin [removed]");
}

TEST(PiiWritten, AddressesInLogs) {
    expect_scrubbed("street=7 Mill Lane id=7", "street=[removed] id=7");
    expect_scrubbed("street=Mill Lane 7", "street=[removed]");
    expect_scrubbed("street=Rue de la Paix 7 was moved", "street=[removed] was moved");
    expect_scrubbed("(address=12-14 Mill Lane, tier=gold)", "(address=[removed], tier=gold)");
    for (const char* text : {"address=7 Read failed", "addr=4 Bus=2 street=7 id=8"})
        expect_scrubbed(text, text);
    expect_scrubbed("postal_code=10115 Request failed", "postal_code=[removed] Request failed");
}

TEST(PiiWritten, ValuesWithNamesInLogs) {
    expect_scrubbed("level=info first_name=Ann lastName=O'Neil status=ok",
                    "level=info first_name=[removed] lastName=[removed] status=ok");
    expect_scrubbed("req user.lastName='van Dyk' ms=12", "req user.lastName='[removed]' ms=12");
    expect_scrubbed("saved (birthDate=1980-02-03, tier=gold)", "saved (birthDate=[removed], tier=gold)");
    expect_scrubbed("postal_code=10115 country=DE", "postal_code=[removed] country=DE");
    for (const char* text :
         {"level=info msg=started addr=:8080 name=token-service", "GET /x?page=2&sort=asc", "a=b=c",
          "retries=3 timeout=30s address=unknown expires=never", "street_view=on nameServer=ns1"})
        expect_scrubbed(text, text);
}

TEST(PiiWritten, DatesInWords) {
    expect_scrubbed("born on 4 November 1974, tier gold", "born on [removed], tier gold");
    expect_scrubbed("DOB: November 4th, 1974", "DOB: [removed]");
    expect_scrubbed("geboren am 4. März 1974", "geboren am [removed]");
    expect_scrubbed("fecha de nacimiento: 4 de noviembre de 1974", "fecha de nacimiento: [removed]");
    for (const char* text :
         {"paid on 4 November 2024", "born to 4 sisters in May 1974", "born in May, flight 4 to 1974"})
        expect_scrubbed(text, text);
}

TEST(PiiWritten, ExpiryWithTheYearFirst) {
    expect_scrubbed("card expiry 2031-04", "card expiry [removed]");
    expect_scrubbed("card_exp,2031/04", "card_exp,[removed]");
    expect_scrubbed("card expiry 2031-04-05 is a day", "card expiry 2031-04-05 is a day");
}

TEST(PiiWritten, ValuesInElementsOfXml) {
    expect_scrubbed("<p><firstName>Ann</firstName><id>12</id></p>",
                    "<p><firstName>[removed]</firstName><id>12</id></p>");
    expect_scrubbed("<ns2:LastName lang='en'> Lee </ns2:LastName>",
                    "<ns2:LastName lang='en'> [removed] </ns2:LastName>");
    expect_scrubbed("<person givenName='Ann' kind='x'/>", "<person givenName='[removed]' kind='x'/>");
    expect_scrubbed("<StrtNm>Main Road</StrtNm><Ctry>DE</Ctry>", "<StrtNm>[removed]</StrtNm><Ctry>DE</Ctry>");
    for (const char* text :
         {"<b>bold</b> and <i>so on</i>", "<version>1.2</version><state>open</state>",
          "<firstName></firstName><firstName/>", "a < b and c </ d", "<productName>Lamp</productName>"})
        expect_scrubbed(text, text);
}

TEST(PiiWritten, ElementsOfXmlHoldTheirValuesWhateverStandsInTheTag) {
    expect_scrubbed("<cvc2 attempt='2'>\\n  881\\n</cvc2>", "<cvc2 attempt='2'>\\n  [removed]\\n</cvc2>");
    expect_scrubbed("<pinBlock format='1'>0412AC89BC1F0E3D</pinBlock>",
                    "<pinBlock format='1'>[removed]</pinBlock>");
    expect_scrubbed("<mobile n='1'>415 555 0132</mobile>", "<mobile n='1'>[removed]</mobile>");
    expect_scrubbed("<surname><![CDATA[Lee & Co]]></surname>", "<surname><![CDATA[[removed]]]></surname>");
    expect_scrubbed("<pwd><![CDATA[k3Jx81<mN0]]></pwd>", "<pwd><![CDATA[[removed]]]></pwd>");
    expect_scrubbed("<card><scheme>visa</scheme><code>881</code></card>",
                    "<card><scheme>visa</scheme><code>[removed]</code></card>");
    expect_scrubbed("<payer><id>7</id><name>Ann Lee</name></payer>",
                    "<payer><id>7</id><name>[removed]</name></payer>");
    for (const char* text :
         {"<country><code>881</code></country>", "<file><id>7</id><name>Ann Lee</name></file>",
          "<cvvResult n='1'>M</cvvResult><pinLength>4</pinLength>", "<cvv n='1'></cvv>"})
        expect_scrubbed(text, text);
}

TEST(PiiWritten, EscapesOfLanguagesShellsAndLogs) {
    expect_scrubbed(R"(x {\\x22surname\\x22:\\x22Lee\\x22} y)", "x {} y");
    expect_scrubbed(R"({\\x22surname\\x22:\\x22Lee\\x22,\\x22n\\x22:1})", R"({\\x22n\\x22:1})");
    expect_scrubbed(R"(card\\x3a\\x205555555555554444)", R"(card\\x3a\\x20[removed])");
    expect_scrubbed(R"(to ann\\100b.io)", "to [removed]");
    expect_scrubbed(R"(to ann\\u{40}b.io and joe\\U00000040b.io)", "to [removed] and [removed]");
    for (const char* text : {R"(C:\\temp\\2024\\x86\\notes)", R"(\\x4f7a6e)", R"(J\\xC3\\xB6rg)", R"(a\\qb)"})
        expect_scrubbed(text, text);
    expect_scrubbed(R"(D:\\555\\219-09-9999)", R"(D:\\555\\[removed])");
}

TEST(PiiWritten, SequencesOfTerminals) {
    expect_scrubbed("\\u001b[36mcvv=\\u001b[0m881 \\u001b[1;36msurname=\\u001b[0mLee",
                    "\\u001b[36mcvv=\\u001b[0m[removed] \\u001b[1;36msurname=\\u001b[0m[removed]");
    expect_scrubbed("\\u001b[32mINFO\\u001b[0m5555555555554444", "\\u001b[32mINFO\\u001b[0m[removed]");
    expect_scrubbed("5555\\u001b[31m5555\\u001b[0m55554444 ok", "[removed] ok");
    expect_scrubbed("^[[33m+49 30 901820^[[0m up", "^[[33m[removed] up");
    for (const char* text : {"\\u001b[32m200\\u001b[0m GET /orders/77 in 12 ms", "a[0] = [[x]]; b^[2]"})
        expect_scrubbed(text, text);
}

TEST(PiiWritten, LabelsInOtherScripts) {
    expect_scrubbed("код безопасности: 881", "код безопасности: [removed]");
    expect_scrubbed("a=1; пароль=k3Jx81LmN0; b=2", "a=1; пароль=[removed]; b=2");
    expect_scrubbed("手机：13812345678，请联系", "手机：[removed]，请联系");
    expect_scrubbed("ФИО: Петров Пётр Ильич", "ФИО: [removed]");
    expect_scrubbed("验证码：730164", "验证码：[removed]");
    expect_scrubbed("lähiosoite: Koivukuja 1; tila: 4", "lähiosoite: [removed]; tila: 4");
    expect_scrubbed("fødselsnummer: 01010750160 godkjent", "fødselsnummer: [removed] godkjent");
    for (const char* text : {"статус: 200, время: 12:30", "Ошибка: файл не найден", "注文：12345678"})
        expect_scrubbed(text, text);
}

TEST(PiiWritten, TheNifOfPortugalIsNotThatOfSpain) {
    expect_scrubbed("NIF: 101180918", "NIF: [removed]");
    expect_scrubbed("NIF: 101180917", "NIF: 101180917");
}

TEST(PiiWritten, NumbersBehindAnOrdinal) {
    expect_scrubbed("CPF nº12345678909", "CPF nº[removed]");
    expect_scrubbed("apto 2º B", "apto 2º B");
}

TEST(PiiWritten, ValuesOnLinesWithTheirNames) {
    expect_scrubbed("firstName: Ann\\nlast_name: Lee\\nid: 4",
                    "firstName: [removed]\\nlast_name: [removed]\\nid: 4");
    expect_scrubbed("Order: 4\\nFirst name: Ann\\n- Date of birth: 3 May 1980",
                    "Order: 4\\nFirst name: [removed]\\n- Date of birth: [removed]");
    for (const char* text : {"Order: 4\\nState: open\\nWarehouse: 7",
                             "First steps: read this\\nLast steps: go home", "one line: only"})
        expect_scrubbed(text, text);
}

}  // namespace
}  // namespace gpsync::core::pii

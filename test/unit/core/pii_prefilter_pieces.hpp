// Texts made of what matters to some scanner: words that name a value, short values, every separator.
#pragma once

#include <random>
#include <string>
#include <string_view>

namespace gpsync::core::pii {

inline std::string prefilter_text(std::mt19937& random) {
    static constexpr std::string_view kWords[] = {"cvv",
                                                  "cvc",
                                                  "onetimecode",
                                                  "curl -u ann",
                                                  "11th",
                                                  "March",
                                                  "m\303\244rz",
                                                  "pruefziffer",
                                                  "pin",
                                                  "exp",
                                                  "ssn",
                                                  "SSN",
                                                  "card",
                                                  "call",
                                                  "tel",
                                                  "passport",
                                                  "born",
                                                  "dob",
                                                  "routing",
                                                  "account",
                                                  "iban",
                                                  "password",
                                                  "Password",
                                                  "pwd",
                                                  "token",
                                                  "secret",
                                                  "Bearer",
                                                  "Basic",
                                                  "order",
                                                  "the",
                                                  "no",
                                                  "number",
                                                  "national",
                                                  "insurance",
                                                  "id",
                                                  "x",
                                                  "ab",
                                                  "aabb",
                                                  "ccdd",
                                                  "eeff",
                                                  "fe80",
                                                  "v",
                                                  "version",
                                                  "key",
                                                  "tax",
                                                  "licence",
                                                  "mrn",
                                                  "track1",
                                                  "code",
                                                  "description",
                                                  "is",
                                                  "AccountKey",
                                                  "sessionid",
                                                  "Cookie",
                                                  "otp",
                                                  "name",
                                                  "cavv",
                                                  "BEGIN:VCARD\nFN:Ann Lee\n",
                                                  "\n:59:Ann Lee\n",
                                                  "Ann Lee <a@b.io>",
                                                  "cryptogram",
                                                  "pin block",
                                                  "CVV",
                                                  "CC",
                                                  "Kreditkarte",
                                                  "first_name=Ann ",
                                                  "name: Ann Lee",
                                                  "name=Ann Lee ",
                                                  "file name: Ann Lee",
                                                  "<lastName>",
                                                  "</",
                                                  "street='5 Main St'",
                                                  "Birth date: 1980\n",
                                                  "('surname', 'Lee')",
                                                  "(\"surname\", \"Lee\")",
                                                  "Key (surname, cvc)=(Lee, 512)",
                                                  "COPY t (surname, cvc) FROM stdin;\nLee\t512\n",
                                                  "(surname) VALUES ('Lee')",
                                                  "(street) VALUES ('7 Mill Lane')",
                                                  "[surname] => Lee",
                                                  "[cvc] => ",
                                                  "user[surname]=Lee ",
                                                  "\na: b\nsurname: |\n Lee\n",
                                                  "Key (lower(surname::text))=(Lee)",
                                                  "\n**Surname:** Lee\n*a*: b\n",
                                                  "**cvc:** ",
                                                  "cvc: |\n",
                                                  "PASSWORD 'a1bc'",
                                                  "IDENTIFIED BY 'a1bc'",
                                                  "Password (again):",
                                                  "Name (as on card): ",
                                                  " is your login code",
                                                  " as your one-time password",
                                                  "(required)",
                                                  "[optional]",
                                                  "cvc.js:",
                                                  "street=7 Mill Lane ",
                                                  "birthDate="};
    static constexpr std::string_view kValues[] = {"4111,1111,1111,1111",
                                                   "5555][5555][5555][4444",
                                                   "3782:822463:10005",
                                                   "4111 -- 1111 -- 1111 -- 1111",
                                                   "123",
                                                   "4821",
                                                   "1/28",
                                                   "2031-04",
                                                   "1974",
                                                   "Joe",
                                                   "hooks.slack.com/T0AB1CD2E/B0FG3HI4J/kLmNoPqRsTuVw",
                                                   "12/28",
                                                   "12-28",
                                                   "1228",
                                                   "BwABBylVaQAAAAFwllVpAAAAAAA=",
                                                   "BwABBylV+QAA/AFwllVpAAAAAAA=",
                                                   "BwABBylVaQAAAAFwllVpA3B2",
                                                   "1F0C7A25D98E4B36",
                                                   "1F0C7A25D98E4B360A5D7788C3E1F902",
                                                   "7",
                                                   "42",
                                                   "000",
                                                   "219-09-9999",
                                                   "AB123456C",
                                                   "X1234567",
                                                   "AB123C",
                                                   "ABCDE1234F",
                                                   "10.2.3.4",
                                                   "1.2.3.4",
                                                   "::",
                                                   "a:b",
                                                   "1:2",
                                                   "aabb.ccdd.eeff",
                                                   "dXNlcjpwYXNz",
                                                   "QWxhZGRpbjpvcGVu",
                                                   "YWJAY2RlLmlv",
                                                   "cGluPTEyMzQ",
                                                   "MjE5LTA5LTk5OTk",
                                                   "eyJhIjoiYiJ9",
                                                   "am9lQGEuaW8",
                                                   "joe@a.io",
                                                   "a@b",
                                                   "glpat-abcdefghijklmnopqrst",
                                                   "bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawx",
                                                   "5555555555554444",
                                                   ",12,29,512",
                                                   "sk-",
                                                   "-----",
                                                   "k=v",
                                                   "a&b",
                                                   "021000021",
                                                   "061223",
                                                   "1999",
                                                   "01.02.1980",
                                                   "3-4-80",
                                                   "ACTIVE",
                                                   "prov_12345",
                                                   "a-b_c",
                                                   "/usr/local/bin/x",
                                                   "YWI_Pj5jZEBlZi5pbw"};
    static constexpr std::string_view kMarks = " \t\n,.:;-_/\\()[]{}<>\"'`|=#&+*!?^~$%@";
    const auto below = [&random](size_t n) { return random() % n; };
    std::string text;
    for (size_t n = 1 + below(5); n > 0; --n) {
        switch (below(5)) {
            case 0:
            case 1:
                text += kWords[below(std::size(kWords))];
                break;
            case 2:
                text += kValues[below(std::size(kValues))];
                break;
            case 3:
                for (size_t digits = 1 + below(5); digits > 0; --digits)
                    text.push_back(static_cast<char>('0' + below(10)));
                break;
            default:
                for (size_t bytes = 1 + below(6); bytes > 0; --bytes)
                    text.push_back("abcdefABCDEFxyzXYZ0123456789"[below(28)]);
                break;
        }
        for (size_t marks = below(3); marks > 0; --marks) text.push_back(kMarks[below(kMarks.size())]);
    }
    return text;
}

// A value that some scanner finds, or nearly so, written in other groups, fastened to words, inside of a
// sentence, a URL or a line of a log.
inline std::string prefilter_code(std::mt19937& random) {
    static constexpr std::string_view kValues[] = {
        "4111111111111111", "A123456(3)",        "YWJAY2RlLmlv",  "378282246310005", "AT611904300234573201",
        "NO9386011117947",  "BE68539007547034",  "219099999",     "900701234",       "4155550123",
        "14155550123",      "0171123456",        "0142685300",    "12345678Z",       "X1234567L",
        "AB123456C",        "GHA1234567890",     "XEXX010101000", "12ABC34501DE35",  "52998224725",
        "198511210017",     "7907300862",        "1237010180",    "490154203237518", "198518",
        "021000021",        "1234567",           "9434765919",    "123456782",       "86095742719",
        "44051401359",      "131052308T",        "8001015009087", "4917012345678",   "85010123456",
        "RSSMRA85T10A562S", "79927398713",       "0011223344ff",  "19851121001",     "1121985",
        "00491701234567",   "110101199003070003"};
    static constexpr std::string_view kBefore[] = {"",
                                                   "ORD-",
                                                   "ORD_",
                                                   "AB-",
                                                   "GHA-",
                                                   "cvv2 is ",
                                                   "at ",
                                                   "in ",
                                                   "status ",
                                                   "orders/",
                                                   "wa.me/",
                                                   "case (",
                                                   "id=",
                                                   "v3-",
                                                   "no. ",
                                                   "2026-11-11 07:22:17 ",
                                                   "[exec-7] ",
                                                   "x5 of ",
                                                   "DE ",
                                                   "ssn of ",
                                                   "track2 as ",
                                                   "x_/",
                                                   "page=2&x=",
                                                   "a=1&city=",
                                                   "ab=Joe&pin=",
                                                   "?sort=asc&name=Joe ",
                                                   "cvv=",
                                                   "YWJAYy5kZQ==",
                                                   "a=YWJAYy5kZQ=",
                                                   "http://a.io/v2/",
                                                   "REF-2026-",
                                                   "AB12-7 ",
                                                   "urn:uuid:21360669-561f-4fb3-98c1-ed45a5c60214 "};
    static constexpr std::string_view kBehind[] = {"",
                                                   "",
                                                   " %",
                                                   ")",
                                                   ", uptime 48 h",
                                                   "-7",
                                                   "-A",
                                                   " X",
                                                   "/list",
                                                   "&lastName=Doe",
                                                   "&dob=1980-01-02",
                                                   "?page=2&sort=asc",
                                                   ":80",
                                                   ".00",
                                                   " and more"};
    const auto below = [&random](size_t n) { return random() % n; };
    const std::string_view value = kValues[below(std::size(kValues))];
    std::string text(kBefore[below(std::size(kBefore))]);
    const std::string_view marks = below(2) == 0 ? "-" : below(2) == 0 ? " " : "-_./ ,:";
    const size_t pieces = below(2) == 0 ? 4 : 12;
    for (size_t i = 0; i < value.size(); ++i) {
        if (i > 0 && below(pieces) == 0) text.push_back(marks[below(marks.size())]);
        text.push_back(value[i]);
        if (below(400) == 0) text += "page";
    }
    return text + std::string(kBehind[below(std::size(kBehind))]);
}

}  // namespace gpsync::core::pii

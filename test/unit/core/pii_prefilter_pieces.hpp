// Texts made of what matters to some scanner: words that name a value, short values, every separator.
#pragma once

#include <random>
#include <string>
#include <string_view>

namespace gpsync::core::pii {

inline std::string prefilter_text(std::mt19937& random) {
    static constexpr std::string_view kWords[] = {
        "cvv",   "cvc",         "pin",      "exp",        "ssn",       "SSN",      "card",
        "call",  "tel",         "passport", "born",       "dob",       "routing",  "account",
        "iban",  "password",    "Password", "pwd",        "token",     "secret",   "Bearer",
        "Basic", "order",       "the",      "no",         "number",    "national", "insurance",
        "id",    "x",           "ab",       "aabb",       "ccdd",      "eeff",     "fe80",
        "v",     "version",     "key",      "tax",        "licence",   "mrn",      "track1",
        "code",  "description", "is",       "AccountKey", "sessionid", "Cookie",   "otp"};
    static constexpr std::string_view kValues[] = {"123",
                                                   "4821",
                                                   "1/28",
                                                   "12/28",
                                                   "12-28",
                                                   "1228",
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

}  // namespace gpsync::core::pii

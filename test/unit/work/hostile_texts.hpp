// Texts that keep the scanners of PII busy: they repeat what any scanner begins at.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

// What scanners begin at, and what they read up to. Keys of services are taken from their own table.
inline std::vector<std::string> hostile_pieces() {
    std::vector<std::string> all = {
        // secrets, mail, URLs
        "eyJ",
        "eyJ-.a.\n",
        "eyJhbGciOiJub25lIn0",
        "Bearer ",
        "Basic ",
        "Dear Ann Lee,\n",
        "your cvv?\n",
        "?\n",
        "thanks\n",
        "\n \n",
        "Mr. ",
        "my name is ",
        "Kind regards,\n",
        "I live at ",
        "Ann ",
        "--password ",
        "--token 'a",
        "mysql -pa ",
        "-p",
        "machine a login b password c ",
        "\nENV DB_PASSWORD ",
        "a:5432:b:c:d\n",
        "jdbc:oracle:a:",
        "sqlplus a/b",
        "&amp;",
        "amp;",
        "&quot;cvv&quot;:",
        "&#64;",
        "&#123;&quot;",
        "SURNAME  CVV\n",
        "Lee      512\n",
        "----  ---\n",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----END ",
        "-----",
        "PRIVATE KEY",
        "a@",
        "@a.",
        "joe@example.com",
        "\"@",
        "\"a b",
        "://",
        "https://",
        "u:p@",
        "user:",
        "password=",
        "?a=",
        "&",
        "a=b",
        "next=lastName=",
        "pin=",
        "pass=1&",
        "PASSWORD 'a1",
        "IDENTIFIED BY '",
        "('surname', 'a",
        "Key (surname)=(",
        "(surname) FROM stdin\n",
        "[surname] => ",
        "(required):",
        "street=7 Mill ",
        "4821 is your login ",
        "<tr><td>surname</td>",
        "<td>cvv</td><td>512",
        "<input name=surname value=",
        "<b>pin:</b>",
        "<dt>a</dt><dd>",
        "(surname) SELECT 'a",
        "surname IN ('a', ",
        "lower(surname) <> 'a",
        "surname[text]:'a",
        "surname = $1, $1 = 'a",
        "[password:a ",
        "\npassword: a",
        "-[ RECORD 1 ]\nsurname | a\n",
        "| surname | a |\n",
        "\351\252\214\350\257\201\347\240\201 4821 ",
        "customer: Ann ",
        "110201543:AAHdqTcvCH1vGWJxfSeof",
        "#",
        // numbers
        "1",
        "12 ",
        "41-",
        "4111 1111 1111 1111",
        "4111111111111111",
        "4111111111111111|Ann ",
        "4111111111111111 ^A^",
        "код безопасности 512 ",
        "安全码512",
        "ж1",
        "我的安全码是",
        "9F26 08 ",
        "ARQC 11 ",
        "052: ",
        "<field id=\"52\" value=\"",
        "C10101",
        "E01FE11D",
        "(1",
        "+1",
        "+49 ",
        "0049",
        "00",
        "123 456 ",
        "123-45-6789",
        "0171/",
        "1.",
        "10.1.2.3",
        "1,234",
        "2026-11-22 ",
        "12/",
        "%B4111111111111111^",
        "4111111111111111=",
        "4111111111111111D",
        "^",
        "?",
        "4111111111111111F",
        "9F26",
        "5A08",
        "E4",
        "5a",
        "5A 08 ",
        "9f:26:08:",
        // hex, addresses of machines and wallets
        "1:",
        "::",
        "fe80:",
        "ab:",
        "ab-",
        "0x",
        "bc1q",
        "1A1zP1",
        "DE",
        "DE89 ",
        "IBAN",
        "GB82WEST",
        "AB12",
        // words in front of a number
        "card ",
        "call ",
        "cvv ",
        "exp ",
        "passport ",
        "order ",
        "v",
        "born ",
        "ssn:",
        "track1=",
        // layers
        "%",
        "%4",
        "%41",
        "%25",
        "%7B%22",
        "%C3%A9",
        "\\",
        "\\\"",
        "\\u0041",
        "\\\\",
        "\\n",
        "{",
        "[",
        "}",
        "]",
        "{\"",
        "\":",
        "\"",
        "{\"a\":",
        "[1,",
        "[\"a\",",
        "{\"pan\":\"",
        "YWJj",
        "YWJjZGVmZ2hp",
        "eyJhIjoi",
        "IiI=",
        "=",
        "==",
        "\n",
        "\r\n",
        "/",
        "gpsync:",
        "gpsync:e1:a:",
        "[removed]",
        "***",
        // marks and other scripts
        ".",
        "-",
        "_",
        ",",
        ";",
        ":",
        "'",
        "<",
        ">",
        "(",
        ")",
        "|",
        "~",
        "!",
        "+",
        "*",
        " ",
        "  ",
        "\t",
        "a",
        "Z",
        "\xc3\xa9",
        "\xef\xbc\x94",
        "\xe2\x80\x8b",
        "\xe5\xbc\xa0",
        "\xff",
        "<a>",
        "</a>",
        "<cvv>",
    };
    for (std::string_view prefix : secret_prefixes()) all.emplace_back(prefix);
    return all;
}

// A part of a text: a unit that is repeated.
inline std::string repeated(const std::string& unit, size_t size) {
    std::string text;
    while (text.size() < size) text += unit;
    return text;
}

struct Hostile {
    std::vector<std::string> units;  // each is repeated for an equal part of the text

    std::string text(size_t size) const {
        std::string all;
        for (const std::string& unit : units) all += repeated(unit, size / units.size());
        return all;
    }
    std::string shown() const {
        std::string all;
        for (const std::string& unit : units) all += '<' + unit + "> ";
        return all;
    }
};

// One to three units of one to four pieces.
inline Hostile mixture(std::mt19937& random, const std::vector<std::string>& all) {
    const auto below = [&random](size_t n) { return random() % n; };
    Hostile hostile;
    for (size_t units = 1 + below(3); units > 0; --units) {
        std::string unit;
        for (size_t n = 1 + below(4); n > 0; --n) unit += all[below(all.size())];
        hostile.units.push_back(unit);
    }
    return hostile;
}

}  // namespace gpsync::core::pii

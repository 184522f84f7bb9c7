#include "relay/base/text_coding.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/hex.hpp"
#include "core/utf8.hpp"

namespace gpsync::relay {

namespace {

// RFC 4648, both alphabets at once: they differ in the last two characters only.
int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

// The number that exactly count hexadecimal digits at this index are.
std::optional<uint32_t> hex_number(std::string_view text, size_t at, size_t count) {
    if (at + count > text.size()) return std::nullopt;
    uint32_t number = 0;
    for (size_t i = at; i < at + count; ++i) {
        if (core::hex::value(text[i]) < 0) return std::nullopt;
        number = number << 4 | static_cast<uint32_t>(core::hex::value(text[i]));
    }
    return number;
}

// One escape: the bytes it stands for, and its length; 0 where there is none.
struct Escape {
    std::string bytes;
    size_t length = 0;
};

std::string utf8(uint32_t code) {
    std::string character;
    core::utf8::append(character, code);
    return character;
}

Escape unicode_escape(std::string_view text, size_t at) {
    auto code = hex_number(text, at + 2, 4);
    if (!code) return {"u", 2};
    auto low = text.substr(at + 6, 2) == "\\u" ? hex_number(text, at + 8, 4) : std::nullopt;
    if (const char32_t pair = low ? core::utf8::from_surrogates(*code, *low) : 0) return {utf8(pair), 12};
    return {utf8(*code), 6};
}

Escape backslash_escape(std::string_view text, size_t at) {
    if (at + 1 >= text.size()) return {};
    char c = text[at + 1];
    if (c == 'u') return unicode_escape(text, at);
    if (c == 'x')
        if (auto code = hex_number(text, at + 2, 2)) return {{static_cast<char>(*code)}, 4};
    constexpr std::string_view kLetters = "nrtbfv0", kBytes = {"\n\r\t\b\f\v\0", 7};
    size_t letter = kLetters.find(c);
    return {{letter == std::string_view::npos ? c : kBytes[letter]}, 2};
}

Escape html_escape(std::string_view text, size_t at) {
    constexpr std::array<std::pair<std::string_view, char>, 5> kNames = {
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    for (auto [name, c] : kNames)
        if (text.substr(at, name.size()) == name) return {{c}, name.size()};
    if (text.substr(at, 2) != "&#") return {};
    // At most seven digits: 1,114,111 is the last character.
    size_t end = text.substr(0, std::min(text.size(), at + 11)).find(';', at);
    if (end == std::string_view::npos) return {};
    bool hex = end > at + 2 && (text[at + 2] == 'x' || text[at + 2] == 'X');
    std::string_view digits = text.substr(at + 2 + hex, end - at - 2 - hex);
    uint32_t code = 0;
    for (char c : digits) {
        int digit = core::hex::value(c);
        if (digit < 0 || (!hex && digit > 9)) return {};
        code = code * (hex ? 16 : 10) + static_cast<uint32_t>(digit);
    }
    return digits.empty() ? Escape{} : Escape{utf8(code), end + 1 - at};
}

Escape escape_at(std::string_view text, size_t at, bool plus_is_blank) {
    switch (text[at]) {
        case '%': {
            auto code = hex_number(text, at + 1, 2);
            return code ? Escape{{static_cast<char>(*code)}, 3} : Escape{};
        }
        case '\\':
            return backslash_escape(text, at);
        case '&':
            return html_escape(text, at);
        case '+':
            return plus_is_blank ? Escape{" ", 1} : Escape{};
        default:
            return {};
    }
}

// Calls decode(indexes) with the indexes of each run's digits.
template <typename Digit, typename Decode>
void for_each_run(const DecodedText& coded, size_t min_run, Digit digit, Decode decode) {
    std::vector<size_t> run;
    auto finish = [&] {
        if (run.size() >= min_run) decode(run);
        run.clear();
    };
    for (size_t i = 0; i < coded.text.size(); ++i) {
        char c = coded.text[i];
        if (digit(c) >= 0)
            run.push_back(i);
        else if (c != '\n' && c != '\r')
            finish();
    }
    finish();
}

}  // namespace

DecodedText DecodedText::of(std::string_view original) {
    DecodedText decoded;
    for (uint32_t i = 0; i < original.size(); ++i) decoded.append(original[i], i, i + 1);
    return decoded;
}

void DecodedText::append(char byte, uint32_t from, uint32_t to) {
    text.push_back(byte);
    begin.push_back(from);
    end.push_back(to);
}

DecodedText unescape(const DecodedText& coded, bool plus_is_blank) {
    DecodedText decoded;
    for (size_t i = 0; i < coded.text.size();) {
        Escape escape = escape_at(coded.text, i, plus_is_blank);
        if (escape.length == 0) escape = {{coded.text[i]}, 1};
        size_t last = std::min(i + escape.length, coded.text.size()) - 1;
        for (char byte : escape.bytes) decoded.append(byte, coded.begin[i], coded.end[last]);
        i = last + 1;
    }
    return decoded;
}

DecodedText decode_base64(const DecodedText& coded, size_t skip, size_t min_run) {
    DecodedText decoded;
    for_each_run(coded, min_run, base64_digit, [&](const std::vector<size_t>& run) {
        // Byte n of four digits begins in digit n and ends in the one after it.
        for (size_t i = skip; i + 1 < run.size(); ++i) {
            size_t digit = (i - skip) % 4;
            if (digit == 3) continue;
            int pair = base64_digit(coded.text[run[i]]) << 6 | base64_digit(coded.text[run[i + 1]]);
            decoded.append(static_cast<char>(pair >> (4 - 2 * digit)), coded.begin[run[i]],
                           coded.end[run[i + 1]]);
        }
        decoded.append('\0', coded.begin[run.back()], coded.begin[run.back()]);
    });
    return decoded;
}

DecodedText decode_hex(const DecodedText& coded, size_t skip, size_t min_run) {
    DecodedText decoded;
    for_each_run(coded, min_run, core::hex::value, [&](const std::vector<size_t>& run) {
        for (size_t i = skip; i + 1 < run.size(); i += 2) {
            int byte = core::hex::value(coded.text[run[i]]) << 4 | core::hex::value(coded.text[run[i + 1]]);
            decoded.append(static_cast<char>(byte), coded.begin[run[i]], coded.end[run[i + 1]]);
        }
        decoded.append('\0', coded.begin[run.back()], coded.begin[run.back()]);
    });
    return decoded;
}

}  // namespace gpsync::relay

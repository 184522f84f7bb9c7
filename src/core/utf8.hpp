// UTF-8 (RFC 3629), decoded and written by utfcpp. What has no database at hand uses this; pg/utf8.h converts
// from the encoding of the database.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gpsync::core::utf8 {

// Stands for a byte that is no part of a character, and for a code point that is none.
inline constexpr char32_t kReplacement = 0xFFFD;

// How many bytes the character has that begins with this byte; 0 when none does.
constexpr size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// Of a character that is not ASCII; see decode().
size_t decode_multibyte(std::string_view text, size_t at, char32_t& code);

// Decodes the character at text[at]. Returns its length, or 1 with code = kReplacement for a byte that is no
// part of a character. REQUIRES: at < text.size().
inline size_t decode(std::string_view text, size_t at, char32_t& code) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead >= 0x80) return decode_multibyte(text, at, code);
    code = lead;
    return 1;
}

// The length of the character at text[at]; 0 for a byte that is no part of a character.
inline size_t length_at(std::string_view text, size_t at) {
    char32_t code;
    const size_t length = decode(text, at, code);
    return length == 1 && code == kReplacement ? 0 : length;
}

// Appends a character; kReplacement for a surrogate and for what is beyond U+10FFFF.
void append(std::string& out, char32_t code);

bool is_valid(std::string_view text);

// The code point of a surrogate pair; 0 when the two are none.
constexpr char32_t from_surrogates(char32_t high, char32_t low) {
    if (high < 0xD800 || high >= 0xDC00 || low < 0xDC00 || low >= 0xE000) return 0;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

}  // namespace gpsync::core::utf8

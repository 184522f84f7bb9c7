// Hexadecimal digits, written and read: the one table of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gpsync::core::hex {

// The two digits of each byte, one pair behind the other.
struct Digits {
    char pairs[512];
};

constexpr Digits make_digits(const char* sixteen) {
    Digits digits{};
    for (size_t byte = 0; byte < 256; ++byte) {
        digits.pairs[2 * byte] = sixteen[byte >> 4];
        digits.pairs[2 * byte + 1] = sixteen[byte & 0xF];
    }
    return digits;
}

inline constexpr Digits kLower = make_digits("0123456789abcdef");
inline constexpr Digits kUpper = make_digits("0123456789ABCDEF");

// Writes the two digits of a byte, and returns the end. REQUIRES: room for two.
constexpr char* put_byte(char* to, unsigned char byte, const Digits& digits) {
    const char* pair = digits.pairs + 2 * size_t{byte};
    to[0] = pair[0];
    to[1] = pair[1];
    return to + 2;
}

// Writes the lowest `count` digits of value, and returns the end. REQUIRES: count is even; room for them.
constexpr char* put_number(char* to, uint64_t value, int count, const Digits& digits) {
    for (int shift = 4 * count - 8; shift >= 0; shift -= 8)
        to = put_byte(to, static_cast<unsigned char>(value >> shift), digits);
    return to;
}

// Appends the digits of all bytes to a string.
inline void append(std::string& out, std::string_view bytes, const Digits& digits) {
    const size_t start = out.size();
    out.resize(start + 2 * bytes.size());
    char* to = out.data() + start;
    for (char c : bytes) to = put_byte(to, static_cast<unsigned char>(c), digits);
}

constexpr std::array<int8_t, 256> make_values() {
    std::array<int8_t, 256> values{};
    values.fill(-1);
    for (int value = 0; value < 16; ++value) {
        values[static_cast<unsigned char>("0123456789abcdef"[value])] = static_cast<int8_t>(value);
        values[static_cast<unsigned char>("0123456789ABCDEF"[value])] = static_cast<int8_t>(value);
    }
    return values;
}

// By a table: in a digest, digits and letters follow each other by chance, which no branch foresees.
inline constexpr std::array<int8_t, 256> kValues = make_values();

// The value of a digit, upper or lower case; -1 for any other character.
constexpr int value(char c) {
    return kValues[static_cast<unsigned char>(c)];
}

constexpr bool is_digit(char c) {
    return value(c) >= 0;
}

// The byte that the two digits at text[at] stand for; -1 when there are no two digits.
constexpr int byte_at(std::string_view text, size_t at) {
    if (at + 2 > text.size()) return -1;
    const int high = value(text[at]), low = value(text[at + 1]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

// The number that the four digits at text[at] stand for, as in \u0040; -1 when there are no four digits.
constexpr int32_t four_digits_at(std::string_view text, size_t at) {
    const int high = byte_at(text, at), low = byte_at(text, at + 2);
    return high < 0 || low < 0 ? -1 : high << 8 | low;
}

}  // namespace gpsync::core::hex

#include "core/letters.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "core/utf8.hpp"

namespace gpsync::core::letters {

namespace {

constexpr size_t kLongest = 32;  // no character is decomposed into more
using Characters = std::array<utf8proc_int32_t, kLongest>;

// What the character is made of; none when utf8proc refuses it.
std::span<const utf8proc_int32_t> decompose(char32_t c, unsigned options, Characters& characters) {
    int boundary = 0;
    const auto all = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | options);
    const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), characters.data(),
                                               utf8proc_ssize_t{kLongest}, all, &boundary);
    if (count <= 0 || static_cast<size_t>(count) > kLongest) return {};
    return {characters.data(), static_cast<size_t>(count)};
}

// Latin letters that Unicode does not make of others.
std::string_view written_otherwise(char32_t c) {
    struct Letter {
        char32_t letter;
        std::string_view ascii;
    };
    static constexpr Letter kLetters[] = {
        {0xC6, "AE"}, {0xD0, "D"},   {0xD8, "O"},   {0xDE, "TH"}, {0xDF, "ss"}, {0xE6, "ae"},
        {0xF0, "d"},  {0xF8, "o"},   {0xFE, "th"},  {0x110, "D"}, {0x111, "d"}, {0x126, "H"},
        {0x127, "h"}, {0x131, "i"},  {0x138, "k"},  {0x141, "L"}, {0x142, "l"}, {0x14A, "N"},
        {0x14B, "n"}, {0x152, "OE"}, {0x153, "oe"}, {0x166, "T"}, {0x167, "t"}, {0x18F, "E"},
        {0x197, "I"}, {0x1B5, "Z"},  {0x1B6, "z"},  {0x259, "e"}, {0x268, "i"}, {0x1E9E, "ss"}};
    const auto* const found = std::find_if(std::begin(kLetters), std::end(kLetters),
                                           [c](const Letter& l) { return l.letter == c; });
    return found == std::end(kLetters) ? std::string_view() : found->ascii;
}

}  // namespace

char32_t to_small(char32_t c) {
    return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

void append_without_case(std::string& out, char32_t c) {
    Characters characters;
    const auto parts = decompose(c, UTF8PROC_CASEFOLD, characters);
    for (const utf8proc_int32_t part : parts) utf8::append(out, static_cast<char32_t>(part));
    if (parts.empty()) utf8::append(out, c);
}

bool is_mark(char32_t c) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_MN;
}

char32_t without_marks(char32_t c) {
    Characters characters;
    const auto parts = decompose(c, UTF8PROC_STRIPMARK, characters);
    return parts.size() == 1 ? static_cast<char32_t>(parts[0]) : c;
}

std::string in_ascii(char32_t c) {
    constexpr char32_t kAscii = 0x80;
    if (c < kAscii) return {};
    if (const std::string_view otherwise = written_otherwise(c); !otherwise.empty())
        return std::string(otherwise);
    Characters characters;
    std::string result;
    for (const utf8proc_int32_t part : decompose(c, UTF8PROC_STRIPMARK, characters)) {
        const auto letter = static_cast<char32_t>(part);
        const bool latin = (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
        if (!latin) return {};
        result.push_back(static_cast<char>(letter));
    }
    return result;
}

}  // namespace gpsync::core::letters

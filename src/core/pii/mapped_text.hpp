// A string and where each of its bytes came from, so that what is found in a decoded or folded form can be
// cut out of the original bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpsync::core::pii {

// text[i] stands for the original bytes from starts[i] to starts[i + 1]; starts has one entry more than
// text. An empty starts means that text is the original itself.
struct MappedText {
    std::string text;
    std::vector<uint32_t> starts;

    void clear() {
        text.clear();
        starts.clear();
    }
    void add(char c, uint32_t start) {
        text.push_back(c);
        starts.push_back(start);
    }
};

// The original position of position `at` of a text with these starts.
inline uint32_t original(const std::vector<uint32_t>& starts, uint32_t at) {
    return starts.empty() ? at : starts[at];
}

// Stands for a letter of a script that is written without blanks (Han, kana, Hangul, Thai, …). No word byte:
// a number beside such letters stands alone. Under a name that says what the value is, it counts as a letter.
inline constexpr char kUnspacedLetter = '\x1A';

// Each takes a text with its starts (empty: the original) and writes the next layer, whose starts again count
// in the original. False, with out unspecified, when there is nothing to decode.

// Whether a '%' has two hex digits behind it.
bool has_percent_escape(std::string_view text);
// %XX; a '+' between two word characters or escapes is a blank, as forms write it (only where a %XX was
// seen), but for one behind an escape and in front of a number, which may be a telephone number's.
bool decode_percent(std::string_view text, const std::vector<uint32_t>& starts, MappedText& out);
// Whether there is an escape that decode_backslash() decodes, also behind several backslashes, other than \\,
// \n, \r and \t alone, which may as well be a path's.
bool has_backslash_escape(std::string_view text);
// Backslash escapes in a text that is not itself a JSON document: JSON's (\" \/ \n \u0040 …), and those of
// languages, shells and logs (\x40 \100 \u{40} \U00000040).
bool decode_backslash(std::string_view text, const std::vector<uint32_t>& starts, MappedText& out);
// Whether there is an escape sequence of a terminal, as programs colour their output with: ESC [ … m
// (ECMA-48, control sequences), also written ^[[ … m.
bool has_terminal_sequence(std::string_view text);
// These vanish; a blank stands for one between two words, but for two numbers, which are one.
bool drop_terminal_sequences(std::string_view text, const std::vector<uint32_t>& starts, MappedText& out);
// Unicode look-alikes to ASCII: full-width forms, the digits of every script, mathematical letters and
// digits, dashes, blanks, dots; zero-width characters and combining marks vanish. Any other character (and
// any byte that is not UTF-8) becomes one byte: of class kOtherLetter; kUnspacedLetter; or, for punctuation
// and symbols, a blank's neighbour '|'.
bool fold_unicode(std::string_view text, const std::vector<uint32_t>& starts, MappedText& out);
// What one character becomes; '\0' for one that vanishes.
char fold_character(char32_t c);

}  // namespace gpsync::core::pii

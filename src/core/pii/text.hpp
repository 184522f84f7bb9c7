// What the scanners read: a string cut into words, and the prefilter that decides in one pass whether
// the string can hold anything at all.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace gpsync::core::pii {

enum ByteClass : uint8_t {
    kDigit = 1,
    kUpper = 2,
    kLower = 4,
    kHexLetter = 8,     // a-f, A-F; comes with kUpper or kLower
    kOtherLetter = 16,  // anything beyond ASCII: a letter of some script, after folding
    kWord = kDigit | kUpper | kLower | kOtherLetter,
    kLetter = kUpper | kLower | kOtherLetter,
};

namespace detail {
constexpr std::array<uint8_t, 256> make_byte_classes() {
    std::array<uint8_t, 256> classes{};
    for (int c = '0'; c <= '9'; ++c) classes[static_cast<size_t>(c)] = kDigit;
    for (int c = 'a'; c <= 'z'; ++c)
        classes[static_cast<size_t>(c)] = c <= 'f' ? kLower | kHexLetter : kLower;
    for (int c = 'A'; c <= 'Z'; ++c)
        classes[static_cast<size_t>(c)] = c <= 'F' ? kUpper | kHexLetter : kUpper;
    for (size_t c = 128; c < 256; ++c) classes[c] = kOtherLetter;
    return classes;
}
}  // namespace detail
inline constexpr std::array<uint8_t, 256> kByteClasses = detail::make_byte_classes();

constexpr uint8_t class_of(char c) {
    return kByteClasses[static_cast<unsigned char>(c)];
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_word(char c) {
    return (class_of(c) & kWord) != 0;
}
// Of a member's, a column's or a setting's name in a text.
constexpr bool in_name(char c) {
    return is_word(c) || c == '_' || c == '-' || c == '.';
}
constexpr bool is_letter(char c) {
    return (class_of(c) & kLetter) != 0;
}
constexpr bool is_hex(char c) {
    return (class_of(c) & (kDigit | kHexLetter)) != 0;
}
constexpr bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
constexpr char to_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
}

// Bytes to look for, all at once.
class ByteSet {
  public:
    explicit constexpr ByteSet(std::string_view bytes) {
        for (char c : bytes) has_[static_cast<unsigned char>(c)] = true;
    }
    constexpr bool has(char c) const { return has_[static_cast<unsigned char>(c)]; }
    // The first of them from a position on; npos when there is none.
    constexpr size_t find_in(std::string_view text, size_t from = 0) const {
        for (; from < text.size(); ++from)
            if (has(text[from])) return from;
        return std::string_view::npos;
    }

  private:
    std::array<bool, 256> has_{};
};

bool equals_ignoring_case(std::string_view text, std::string_view lower);
// Whether a text is one of some words in lower case; its own case does not matter.
bool is_one_of(std::string_view text, std::span<const std::string_view> lower);
inline bool is_one_of(std::string_view text, std::initializer_list<std::string_view> lower) {
    return is_one_of(text, std::span(lower.begin(), lower.size()));
}
// Without the blanks at both ends.
std::string_view trim(std::string_view text);
// REQUIRES: at most nine digits.
constexpr int number_of(std::string_view digits) {
    int value = 0;
    for (char c : digits) value = value * 10 + (c - '0');
    return value;
}
// Whether there is one digit only, however often. REQUIRES: digits is not empty.
constexpr bool all_same(std::string_view digits) {
    return digits.find_first_not_of(digits[0]) == std::string_view::npos;
}

// A run of letters, digits and the marks of base64 of this length may be PII by its form, or base64 of a
// text.
inline constexpr size_t kLongRun = 12;
// Shorter texts are read in one step.
inline constexpr size_t kShortText = 16;

// A maximal run of word bytes.
struct Token {
    uint32_t begin, end;
    uint32_t digits;  // how many of its bytes are digits
    uint8_t classes;  // all classes that occur
    bool all_hex;

    uint32_t size() const { return end - begin; }
    bool all_digits() const { return classes == kDigit; }
};

// Cuts text into its words from a position on, which is inside of no word, and appends them, but not many
// more than most. Returns where it stopped, also at no word's inside; text.size() when there is no more.
size_t tokenize(std::string_view text, size_t from, size_t most, std::vector<Token>& tokens);

// Whether the first word of the text is a UUID (RFC 9562).
inline constexpr size_t kUuidSize = 36;
bool begins_with_uuid(std::string_view text);

// The prefilter. False when no detector could find anything in a string with this text under a neutral name,
// and nothing in it has to be decoded: the answer for most strings of most documents, in a few nanoseconds.
// True only means that is_plain_value(), is_plain_text() and then the scanners have to decide.
//
// What must hold: whatever the scanners find in a text under a neutral name passes the prefilter, and is
// plain for neither of the others (test/unit/core/pii_prefilter_test.cpp compares them). So every value that
// is found has
// - a byte that is decoded first, an '@', '&' or '=', a line's end (of a table), or a byte beyond ASCII;
// - or six digits;
// - or three digits, and a word that names the value, which some mark parts from it ("cvv(123)", "pin,4821");
// - or the name of a secret, or a word for names, before a ':', or the prefix of a service's keys before a
// '-';
// - or a ':' with a quote behind it ("'name': 'Joe'"), "</", ") VALUES" of SQL, a '(' with a quote behind it,
//   or a quote behind an operator of SQL;
// - or "dot", "(at)" or "[at]", of a mail address that is spelled;
// - or a form of its own: four digits and three dots, two ':', five '-', three groups of hex with dots, or
//   a run of twelve letters, digits and marks of base64.
bool may_hold_pii(std::string_view text);
// The same, a byte at a time: where there is no SSE2, and for tests.
bool may_hold_pii_bytewise(std::string_view text);

// Whether it has ") VALUES", ") SELECT" or ") OVERRIDING", as SQL has them between names and values.
bool has_rows(std::string_view text);
// Whether it has a bracket with a quote in it, "('name', 'Joe')", or a list of numbers, "IN (123".
bool has_tuples(std::string_view text);
bool opens_tuple(std::string_view text, size_t bracket);
// Whether a quote opens a value behind an operator that may be SQL's, "<> 'Lee'", "LIKE 'Lee%'", "PASSWORD
// 'x'". At the quote.
bool is_behind_sql_operator(std::string_view text, size_t quote);
bool has_sql_literals(std::string_view text);

// What occurs in a text, in one pass.
enum TextTrait : uint8_t {
    kHasPercent = 1,
    kHasBackslash = 2,
    kHasBrace = 4,  // { or [
    kHasAt = 8,
    kHasHigh = 16,  // beyond ASCII
    kHasColon = 32,
    kHasDash = 64,
    kHasAmpersand = 128,
};
uint8_t traits_of(std::string_view text);
bool is_ascii(std::string_view text);

// Of each of up to 64 bytes, by its bit.
struct WordBits {
    static constexpr size_t kMost = 64;
    uint64_t words = 0, digits = 0;  // letters and digits of ASCII; digits
    uint64_t others = 0;             // beyond ASCII, and '@', '\\', '+'
};
// REQUIRES: at most WordBits::kMost bytes.
WordBits word_bits(std::string_view text);

// The first byte from a position on that ends a string of JSON or needs a closer check: a quote, a backslash,
// a control character. text.size() when there is none.
size_t end_of_plain_string(std::string_view text, size_t at);
// The first byte from a position on that is no printable character of ASCII; text.size() when there is none.
size_t end_of_printable(std::string_view text, size_t at);
// Where the first run of so many bytes of base64's alphabets begins from a position on, which is not inside
// of one; npos when there is none.
inline constexpr size_t kShortestBase64 = 10;  // twelve with its padding
size_t find_base64_run(std::string_view text, size_t from);
// The first of two bytes from a position on; npos when there is none.
size_t find_either(std::string_view text, char one, char other, size_t at);

}  // namespace gpsync::core::pii

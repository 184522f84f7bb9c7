#include "core/pii/mapped_text.hpp"

#include <algorithm>
#include <array>

#include "core/hex.hpp"
#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

namespace {

void copy_byte(std::string_view text, const std::vector<uint32_t>& starts, size_t i, MappedText& out) {
    out.add(text[i], original(starts, static_cast<uint32_t>(i)));
}

void finish(std::string_view text, const std::vector<uint32_t>& starts, MappedText& out) {
    out.starts.push_back(original(starts, static_cast<uint32_t>(text.size())));
}

// Bytes that are written one by one, each as an escape (byte_of answers its value and moves `at` behind it,
// or -1): the length of the run at text[at] that makes one character of UTF-8, which goes to bytes; 0 for
// none.
template <class ByteOf>
size_t escaped_character(std::string_view text, size_t at, std::string& bytes, ByteOf byte_of) {
    bytes.clear();
    const size_t begin = at;
    while (bytes.size() < 4) {
        const int byte = byte_of(text, at);
        if (byte <= 0) return 0;
        bytes.push_back(static_cast<char>(byte));
        char32_t code;
        if (utf8::decode(bytes, 0, code) == bytes.size() && code != utf8::kReplacement) return at - begin;
        if (byte < 0x80) return 0;
    }
    return 0;
}

// %XX. Track 1 starts with "%B4", so a lone byte beyond ASCII is left as it is.
int percent_byte(std::string_view text, size_t& at) {
    if (at >= text.size() || text[at] != '%') return -1;
    const int byte = hex::byte_at(text, at + 1);
    at += 3;
    return byte;
}

}  // namespace

bool has_percent_escape(std::string_view text) {
    for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
        if (hex::byte_at(text, at + 1) >= 0) return true;
    return false;
}

namespace {

// Where a form holds JSON ("%3A+12"), no number behind one has a '+' in front.
bool is_json_mark(char c) {
    return c == '{' || c == '[' || c == ':' || c == ',';
}

}  // namespace

bool decode_percent(std::string_view text, const std::vector<uint32_t>& starts, MappedText& out) {
    out.clear();
    bool decoded = false, json = false, behind_escape = false;
    std::string bytes;
    for (size_t i = 0; i < text.size();) {
        const size_t length = text[i] == '%' ? escaped_character(text, i, bytes, percent_byte) : 0;
        if (length > 0) {
            for (char c : bytes) out.add(c, original(starts, static_cast<uint32_t>(i)));
            decoded = behind_escape = true;
            json |= bytes[0] == '{' || bytes[0] == '[';
            i += length;
            continue;
        }
        size_t end = i + 1;
        if (text[i] == '+')
            while (end < text.size() && text[end] == '+') ++end;
        bool blank = false;
        if (text[i] == '+' && i > 0 && end < text.size()) {
            const bool mark = json && is_json_mark(out.text.back());
            const bool begins = is_word(text[end]) || text[end] == '%' ||
                                (json && std::string_view("{[\"").find(text[end]) != std::string_view::npos);
            blank = begins && (is_word(text[i - 1]) || mark || (behind_escape && !is_digit(text[end])));
        }
        for (; i < end; ++i) {
            copy_byte(text, starts, i, out);
            if (blank) out.text.back() = ' ';
        }
        behind_escape = false;
    }
    finish(text, starts, out);
    return decoded;
}

namespace {

// The character of "uXXXX" at text[at] (a surrogate pair is two of them); its length, or 0.
size_t unicode_escape(std::string_view text, size_t at, char32_t& code) {
    if (at >= text.size() || text[at] != 'u') return 0;
    const int32_t first = hex::four_digits_at(text, at + 1);
    if (first <= 0) return 0;
    code = static_cast<char32_t>(first);
    if (text.substr(at + 5, 2) != "\\u") return 5;
    const int32_t second = hex::four_digits_at(text, at + 7);
    const char32_t pair = second < 0 ? 0 : utf8::from_surrogates(code, static_cast<char32_t>(second));
    if (pair == 0) return 5;
    code = pair;
    return 11;
}

char simple_escape(char c) {
    switch (c) {
        case '"':
        case '\\':
        case '/':
            return c;
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return 0;
    }
}

// \xHH and \NNN (octal), as servers, shells and languages write what is not printed or has a meaning of its
// own. Octal digits that stand for a letter are rather a number behind a path's backslash.
int backslash_byte(std::string_view text, size_t& at) {
    constexpr size_t kHex = 4, kOctal = 4;
    if (at + kHex > text.size() || text[at] != '\\') return -1;
    if (text[at + 1] == 'x') {
        const int byte = hex::byte_at(text, at + 2);
        at += kHex;
        return byte;
    }
    int byte = 0;
    for (size_t i = at + 1; i < at + kOctal; ++i) {
        if (text[i] < '0' || text[i] > '7') return -1;
        byte = 8 * byte + (text[i] - '0');
    }
    at += kOctal;
    return byte <= '@' || (byte >= 0x80 && byte < 256) ? byte : -1;
}

// "u{1F600}" at text[at], as JavaScript and Rust write it, or "U0001F600"; its length, or 0.
size_t long_unicode_escape(std::string_view text, size_t at, std::string& bytes) {
    constexpr size_t kMostDigits = 8;
    const bool braces = text.substr(at, 2) == "u{";
    if (!braces && (at >= text.size() || text[at] != 'U')) return 0;
    size_t end = at + (braces ? 2 : 1);
    char32_t code = 0;
    size_t digits = 0;
    for (; digits < kMostDigits && end < text.size() && hex::is_digit(text[end]); ++digits, ++end)
        code = code << 4 | static_cast<char32_t>(hex::value(text[end]));
    if (braces ? digits == 0 || end >= text.size() || text[end] != '}' : digits != kMostDigits) return 0;
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return 0;
    bytes.clear();
    utf8::append(bytes, code);
    return end - at + (braces ? 1 : 0);
}

// The characters of the escape at text[at], a backslash, go to bytes; its length, or 0.
size_t backslash_escape(std::string_view text, size_t at, std::string& bytes) {
    if (at + 1 >= text.size()) return 0;
    if (const char simple = simple_escape(text[at + 1]); simple != 0) {
        bytes.assign(1, simple);
        return 2;
    }
    char32_t code;
    if (const size_t length = unicode_escape(text, at + 1, code); length != 0) {
        bytes.clear();
        utf8::append(bytes, code);
        return 1 + length;
    }
    if (const size_t length = long_unicode_escape(text, at + 1, bytes); length != 0) return 1 + length;
    return escaped_character(text, at, bytes, backslash_byte);
}

}  // namespace

bool has_backslash_escape(std::string_view text) {
    std::string bytes;
    for (size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
        size_t end = at + 1;
        while (end < text.size() && text[end] == '\\') ++end;
        if (end == text.size()) return false;
        const char next = text[end];
        const bool odd = (end - at) % 2 != 0;
        if (odd && (next == '"' || next == '/' || next == 'u')) return true;
        // Of a text that was escaped more than once, "\\\\u0040", too.
        if (simple_escape(next) == 0 && backslash_escape(text, end - 1, bytes) != 0) return true;
        at = end;
    }
    return false;
}

bool decode_backslash(std::string_view text, const std::vector<uint32_t>& starts, MappedText& out) {
    out.clear();
    bool decoded = false;
    std::string bytes;
    for (size_t i = 0; i < text.size();) {
        const size_t escape = text[i] == '\\' ? backslash_escape(text, i, bytes) : 0;
        if (escape == 0) {
            copy_byte(text, starts, i++, out);
            continue;
        }
        for (char c : bytes) out.add(c, original(starts, static_cast<uint32_t>(i)));
        i += escape;
        decoded = true;
    }
    finish(text, starts, out);
    return decoded;
}

namespace {

// The length of the control sequence at text[at]; 0 for none.
size_t terminal_sequence(std::string_view text, size_t at) {
    constexpr size_t kMostParameters = 32;
    const size_t begin = at;
    if (text[at] == '\x1B')
        ++at;
    else if (text.substr(at, 2) == "^[")
        at += 2;
    if (at == begin || at >= text.size() || text[at] != '[') return 0;
    const size_t parameters = ++at;
    // Parameters and intermediate bytes, then a final byte.
    while (at < text.size() && at - parameters < kMostParameters && text[at] >= 0x20 && text[at] <= 0x3F)
        ++at;
    return at < text.size() && text[at] >= 0x40 && text[at] <= 0x7E ? at + 1 - begin : 0;
}

size_t find_terminal_sequence(std::string_view text, size_t at) {
    for (at = text.find('[', at + 1); at != std::string_view::npos; at = text.find('[', at + 1)) {
        if (text[at - 1] == '\x1B' && terminal_sequence(text, at - 1) != 0) return at - 1;
        if (text[at - 1] == '[' && at > 1 && text[at - 2] == '^' && terminal_sequence(text, at - 2) != 0)
            return at - 2;
    }
    return std::string_view::npos;
}

bool are_parted(char before, char behind) {
    return is_word(before) && is_word(behind) && !(is_digit(before) && is_digit(behind));
}

}  // namespace

bool has_terminal_sequence(std::string_view text) {
    return find_terminal_sequence(text, 0) != std::string_view::npos;
}

bool drop_terminal_sequences(std::string_view text, const std::vector<uint32_t>& starts, MappedText& out) {
    out.clear();
    bool dropped = false;
    for (size_t i = 0; i < text.size();) {
        const size_t length = text[i] == '\x1B' || text[i] == '^' ? terminal_sequence(text, i) : 0;
        if (length == 0) {
            copy_byte(text, starts, i++, out);
            continue;
        }
        const size_t end = i + length;
        if (!out.text.empty() && end < text.size() && are_parted(out.text.back(), text[end]))
            out.add(' ', original(starts, static_cast<uint32_t>(i)));
        i = end;
        dropped = true;
    }
    finish(text, starts, out);
    return dropped;
}

namespace {

// The zeros of the decimal digits of every script (Unicode general category Nd, each followed by 1 to 9).
constexpr std::array<char32_t, 68> kZeros = {
    0x660,   0x6F0,   0x7C0,   0x966,   0x9E6,   0xA66,   0xAE6,   0xB66,   0xBE6,   0xC66,
    0xCE6,   0xD66,   0xDE6,   0xE50,   0xED0,   0xF20,   0x1040,  0x1090,  0x17E0,  0x1810,
    0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,  0x1C50,  0xA620,  0xA8D0,
    0xA900,  0xA9D0,  0xA9F0,  0xAA50,  0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066, 0x110F0,
    0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950,
    0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8,
    0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950, 0x1FBF0};

constexpr char kDropped = '\0';
constexpr char kSomeLetter = static_cast<char>(0x80);
constexpr char kSomeMark = '|';

bool within(char32_t c, char32_t first, char32_t last) {
    return c >= first && c <= last;
}

char fold_digit(char32_t c) {
    const auto zero = std::upper_bound(kZeros.begin(), kZeros.end(), c);
    if (zero != kZeros.begin() && c - *(zero - 1) < 10) return static_cast<char>('0' + (c - *(zero - 1)));
    if (within(c, 0x2080, 0x2089)) return static_cast<char>('0' + (c - 0x2080));
    if (c == 0x2070 || within(c, 0x2074, 0x2079)) return static_cast<char>('0' + (c - 0x2070));
    if (c == 0xB9) return '1';
    if (c == 0xB2 || c == 0xB3) return static_cast<char>('0' + (c - 0xB0));
    for (char32_t one : {0x2460u, 0x2474u, 0x2488u, 0x24F5u, 0x2776u, 0x2780u, 0x278Au})
        if (within(c, one, one + 8)) return static_cast<char>('1' + (c - one));
    return c == 0x24EA || c == 0x24FF ? '0' : '\0';
}

bool vanishes(char32_t c) {
    return c == 0xAD || c == 0x61C || c == 0x6DD || c == 0x70F || c == 0x115F || c == 0x1160 || c == 0x3164 ||
           c == 0xFEFF || c == 0xFFA0 || within(c, 0x300, 0x36F) || within(c, 0x600, 0x605) ||
           within(c, 0x17B4, 0x17B5) || within(c, 0x180B, 0x180F) || within(c, 0x1AB0, 0x1AFF) ||
           within(c, 0x1DC0, 0x1DFF) || within(c, 0x200B, 0x200F) || within(c, 0x202A, 0x202E) ||
           within(c, 0x2060, 0x206F) || within(c, 0x20D0, 0x20FF) || within(c, 0xFE00, 0xFE0F) ||
           within(c, 0xFE20, 0xFE2F) || within(c, 0xFFF9, 0xFFFB) || within(c, 0x1BCA0, 0x1BCA3) ||
           within(c, 0x1D173, 0x1D17A) || within(c, 0xE0000, 0xE0FFF);
}

char fold_separator(char32_t c) {
    switch (c) {
        case 0xA0:
        case 0x1680:
        case 0x2028:
        case 0x2029:
        case 0x202F:
        case 0x205F:
        case 0x3000:
        case 0xB7:
        case 0x2219:
        case 0x22C5:
        case 0x30FB:
            return ' ';
        case 0x58A:
        case 0x5BE:
        case 0x1806:
        case 0x2043:
        case 0x2212:
        case 0x301C:
        case 0x3030:
        case 0x30FC:
        case 0x2E3A:
        case 0x2E3B:
        case 0xFE31:
        case 0xFE32:
        case 0xFE58:
        case 0xFE63:
            return '-';
        case 0x2024:
        case 0x3002:
        case 0xFE52:
        case 0xFF61:
            return '.';
        case 0x2D0:
        case 0x2236:
        case 0xA789:
        case 0xFE55:
            return ':';
        case 0xFE6B:
            return '@';
        case 0x2044:
        case 0x2215:
            return '/';
        case 0x207A:
        case 0xFE62:
        case 0x2795:
            return '+';
        case 0x2022:
        case 0x25CF:
        case 0x2217:
        case 0x2731:
        case 0x26AB:
        case 0xD7:
            return '*';
        default:
            break;
    }
    if (within(c, 0x2000, 0x200A)) return ' ';
    return within(c, 0x2010, 0x2015) ? '-' : '\0';
}

struct Range {
    char32_t first, last;
};

// Letters of scripts that are written without blanks between words, so that a number may stand directly
// beside them (Unicode 15, Blocks.txt); and Hangul, beside which numbers stand in the same way.
constexpr Range kUnspaced[] = {
    {0xE01, 0xE3A},     {0xE40, 0xE4E},     {0xE81, 0xEDF},     {0xF00, 0xFFF},    // Thai, Lao, Tibetan
    {0x1000, 0x109F},                                                              // Myanmar
    {0x1100, 0x11FF},                                                              // Hangul jamo
    {0x1780, 0x17D3},   {0x17D7, 0x17D7},   {0x17DC, 0x17DD},                      // Khmer
    {0x1950, 0x19DF},   {0x1A20, 0x1AAF},   {0x1B00, 0x1B7F},                      // Tai, Tai Tham, Balinese
    {0x2E80, 0x2FDF},   {0x3005, 0x3007},   {0x3021, 0x3029},   {0x3031, 0x3035},  // ideographs
    {0x3038, 0x303C},   {0x3041, 0x30FA},   {0x30FD, 0x318F},   {0x31A0, 0x31BF},  // kana, bopomofo, jamo
    {0x31F0, 0x31FF},   {0x3400, 0x4DBF},   {0x4E00, 0xA48F},                      // ideographs, Yi
    {0xA960, 0xA97F},   {0xA980, 0xA9DF},   {0xA9E0, 0xA9FF},                      // jamo, Javanese, Myanmar
    {0xAA60, 0xAADF},   {0xAC00, 0xD7FF},                        // Myanmar, Tai Viet, Hangul
    {0xF900, 0xFAFF},   {0xFF66, 0xFFDC},                        // ideographs, half-width
    {0x16FE0, 0x18CFF}, {0x1AFF0, 0x1B2FF}, {0x20000, 0x3FFFF},  // Tangut, kana, ideographs
};

bool is_unspaced_letter(char32_t c) {
    if (c < kUnspaced[0].first) return false;
    const auto* above =
        std::upper_bound(std::begin(kUnspaced), std::end(kUnspaced), c,
                         [](char32_t code, const Range& range) { return code < range.first; });
    return c <= (above - 1)->last;
}

bool is_mark(char32_t c) {
    if (c < 0xC0) return c != 0xAA && c != 0xB5 && c != 0xBA;
    return c == 0xF7 || within(c, 0xE00, 0xEFF) || within(c, 0x2000, 0x2BFF) || within(c, 0x2E00, 0xA4CF) ||
           within(c, 0xE000, 0xF8FF) || within(c, 0xFE10, 0xFE6F) || within(c, 0xFF00, 0xFFFF) ||
           within(c, 0x1F000, 0x1FAFF) || c >= 0xF0000;
}

}  // namespace

char fold_character(char32_t c) {
    if (c < 0x80) return static_cast<char>(c);
    if (within(c, 0xFF01, 0xFF5E)) return static_cast<char>(c - 0xFEE0);
    if (vanishes(c)) return kDropped;
    if (char digit = fold_digit(c)) return digit;
    if (char separator = fold_separator(c)) return separator;
    if (within(c, 0x1D400, 0x1D6A3)) {  // 13 alphabets of 26 capitals and 26 small letters
        const char32_t at = (c - 0x1D400) % 52;
        return static_cast<char>(at < 26 ? 'A' + at : 'a' + (at - 26));
    }
    if (within(c, 0x24B6, 0x24CF)) return static_cast<char>('A' + (c - 0x24B6));
    if (within(c, 0x24D0, 0x24E9)) return static_cast<char>('a' + (c - 0x24D0));
    if (is_unspaced_letter(c)) return kUnspacedLetter;
    return is_mark(c) ? kSomeMark : kSomeLetter;
}

namespace {

// "nº123": a letter to all that is in front of it, and no part of a number behind it.
bool parts_from_number(char32_t c) {
    return c == 0xAA || c == 0xBA;
}

// "O’Brien", "ko‘cha": between letters; elsewhere it is a quotation mark.
bool is_apostrophe(char32_t c, std::string_view before, std::string_view behind) {
    constexpr char32_t kLeftSingleQuote = 0x2018, kRightSingleQuote = 0x2019;
    return (c == kLeftSingleQuote || c == kRightSingleQuote) && !before.empty() && is_letter(before.back()) &&
           !behind.empty() && is_letter(behind[0]);
}

}  // namespace

bool fold_unicode(std::string_view text, const std::vector<uint32_t>& starts, MappedText& out) {
    out.clear();
    if (is_ascii(text)) return false;
    bool folded = false;
    for (size_t i = 0; i < text.size();) {
        if (static_cast<unsigned char>(text[i]) < 0x80) {
            copy_byte(text, starts, i++, out);
            continue;
        }
        char32_t code;
        const size_t length = utf8::decode(text, i, code);
        char c = code == utf8::kReplacement ? kSomeLetter : fold_character(code);
        if (parts_from_number(code) && i + length < text.size() && is_digit(text[i + length])) c = kSomeMark;
        if (c == kSomeMark && is_apostrophe(code, out.text, text.substr(i + length))) c = '\'';
        if (c != kDropped) out.add(c, original(starts, static_cast<uint32_t>(i)));
        folded = true;
        i += length;
    }
    finish(text, starts, out);
    return folded;
}

}  // namespace gpsync::core::pii

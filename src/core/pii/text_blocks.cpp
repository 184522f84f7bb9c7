// What a text is made of, found in blocks of bytes: its words, its classes of bytes, where something ends.
#include <algorithm>

#include "core/pii/base64.hpp"
#include "core/pii/byte_blocks.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr std::array<uint8_t, 256> make_traits() {
    std::array<uint8_t, 256> traits{};
    traits['%'] = kHasPercent;
    traits['\\'] = kHasBackslash;
    traits['{'] = traits['['] = kHasBrace;
    traits['@'] = kHasAt;
    traits[':'] = kHasColon;
    traits['-'] = kHasDash;
    traits['&'] = kHasAmpersand;
    for (size_t c = 128; c < 256; ++c) traits[c] = kHasHigh;
    return traits;
}
constexpr std::array<uint8_t, 256> kTraits = make_traits();

bool ends_plain_string(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

uint8_t traits_of_bytes(std::string_view text) {
    uint8_t traits = 0;
    for (char c : text) traits |= kTraits[static_cast<unsigned char>(c)];
    return traits;
}

// Of each of up to 64 bytes, by its bit, what class_of() says.
struct ClassBits {
    static constexpr size_t kMost = 64;
    uint64_t digits = 0, uppers = 0, lowers = 0, hexes = 0, high = 0;
};

// What is known of a word that has these bits of a block. Most words are letters alone.
void add_classes(Token& token, const ClassBits& bits, uint64_t word) {
    const auto has = [word](uint64_t of, ByteClass c) { return (word & of) != 0 ? c : 0; };
    if ((word & bits.digits) != 0) {
        token.classes |= kDigit;
        for (uint64_t left = word & bits.digits; left != 0; left &= left - 1) ++token.digits;
    }
    token.classes |=
        static_cast<uint8_t>(has(bits.uppers, kUpper) | has(bits.lowers, kLower) |
                             has(bits.high, kOtherLetter) | has(bits.hexes & ~bits.digits, kHexLetter));
    token.all_hex &= (word & ~bits.hexes) == 0;
}

}  // namespace

#if defined(__SSE2__)

uint8_t traits_of(std::string_view text) {
    __m128i percent = _mm_setzero_si128(), backslash = percent, brace = percent, at_sign = percent,
            colon = percent, dash = percent, ampersand = percent, high = percent;
    size_t at = 0;
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        percent = _mm_or_si128(percent, equal(bytes, '%'));
        backslash = _mm_or_si128(backslash, equal(bytes, '\\'));
        brace = _mm_or_si128(brace, equal(bytes, '{', '['));
        at_sign = _mm_or_si128(at_sign, equal(bytes, '@'));
        colon = _mm_or_si128(colon, equal(bytes, ':'));
        dash = _mm_or_si128(dash, equal(bytes, '-'));
        ampersand = _mm_or_si128(ampersand, equal(bytes, '&'));
        high = _mm_or_si128(high, bytes);
    }
    uint8_t traits = traits_of_bytes(text.substr(at));
    const auto add = [&traits](__m128i seen, TextTrait trait) { traits |= mask(seen) != 0 ? trait : 0; };
    add(percent, kHasPercent);
    add(backslash, kHasBackslash);
    add(brace, kHasBrace);
    add(at_sign, kHasAt);
    add(colon, kHasColon);
    add(dash, kHasDash);
    add(ampersand, kHasAmpersand);
    add(high, kHasHigh);
    return traits;
}

WordBits word_bits(std::string_view text) {
    WordBits bits;
    for (size_t at = 0; at < text.size(); at += 16) {
        const std::string_view rest = text.substr(at);
        const __m128i bytes = rest.size() >= 16
                                  ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(rest.data()))
                                  : load_short(rest);
        const __m128i digit = in_range(bytes, '0', 9);
        const __m128i others = _mm_or_si128(equal(bytes, '@', '\\'), _mm_or_si128(equal(bytes, '+'), bytes));
        bits.words |= uint64_t{letters_of(bytes) | mask(digit)} << at;
        bits.digits |= uint64_t{mask(digit)} << at;
        bits.others |= uint64_t{mask(others)} << at;
    }
    return bits;
}

namespace {

ClassBits class_bits(std::string_view text) {
    ClassBits bits;
    for (size_t at = 0; at < text.size(); at += 16) {
        const std::string_view rest = text.substr(at);
        const __m128i bytes = rest.size() >= 16
                                  ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(rest.data()))
                                  : load_short(rest);
        const __m128i hex_letters = in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 5);
        const uint32_t digits = mask(in_range(bytes, '0', 9));
        bits.digits |= uint64_t{digits} << at;
        bits.uppers |= uint64_t{mask(in_range(bytes, 'A', 25))} << at;
        bits.lowers |= uint64_t{mask(in_range(bytes, 'a', 25))} << at;
        bits.hexes |= uint64_t{digits | mask(hex_letters)} << at;
        bits.high |= uint64_t{mask(bytes)} << at;
    }
    return bits;
}

}  // namespace

size_t find_base64_run(std::string_view text, size_t from) {
    // Of each window the runs that begin in its first bytes are whole enough in it; the next begins there.
    constexpr size_t kWindow = 64, kStep = kWindow - kShortestBase64 + 1;
    for (; from + kShortestBase64 <= text.size(); from += kStep) {
        uint64_t found = 0;
        const std::string_view window = text.substr(from, kWindow);
        for (size_t at = 0; at < window.size(); at += 16) {
            const std::string_view rest = window.substr(at);
            const __m128i bytes = rest.size() >= 16
                                      ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(rest.data()))
                                      : load_short(rest);
            const uint32_t bits = letters_of(bytes) | mask(in_range(bytes, '0', 9)) | base64_marks_of(bytes);
            found |= uint64_t{bits} << at;
        }
        static_assert(kShortestBase64 == 10);
        found &= found >> 1;
        found &= found >> 2;
        found &= found >> 4;
        found &= found >> 2;
        if (found != 0) return from + static_cast<size_t>(__builtin_ctzll(found));
    }
    return std::string_view::npos;
}

bool is_ascii(std::string_view text) {
    __m128i all = _mm_setzero_si128();
    size_t at = 0;
    for (; at + 16 <= text.size(); at += 16)
        all = _mm_or_si128(all, _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at)));
    return mask(all) == 0 && (traits_of_bytes(text.substr(at)) & kHasHigh) == 0;
}

size_t end_of_plain_string(std::string_view text, size_t at) {
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const uint32_t ends = mask(_mm_or_si128(equal(bytes, '"', '\\'), in_range(bytes, 0, 0x1F)));
        if (ends != 0) return at + static_cast<size_t>(__builtin_ctz(ends));
    }
    while (at < text.size() && !ends_plain_string(text[at])) ++at;
    return at;
}

size_t end_of_printable(std::string_view text, size_t at) {
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const uint32_t others = mask(in_range(bytes, ' ', 0x7E - ' ')) ^ 0xFFFF;
        if (others != 0) return at + static_cast<size_t>(__builtin_ctz(others));
    }
    while (at < text.size() && text[at] >= ' ' && text[at] < 0x7F) ++at;
    return at;
}

size_t find_either(std::string_view text, char one, char other, size_t at) {
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const uint32_t found = mask(equal(bytes, one, other));
        if (found != 0) return at + static_cast<size_t>(__builtin_ctz(found));
    }
    while (at < text.size() && text[at] != one && text[at] != other) ++at;
    return at < text.size() ? at : std::string_view::npos;
}

#else

namespace {

ClassBits class_bits(std::string_view text) {
    ClassBits bits;
    for (size_t at = 0; at < text.size(); ++at) {
        const uint8_t c = class_of(text[at]);
        const auto add = [c, at](uint64_t& of, uint8_t classes) { of |= uint64_t{(c & classes) != 0} << at; };
        add(bits.digits, kDigit);
        add(bits.uppers, kUpper);
        add(bits.lowers, kLower);
        add(bits.hexes, kDigit | kHexLetter);
        add(bits.high, kOtherLetter);
    }
    return bits;
}

}  // namespace

size_t find_base64_run(std::string_view text, size_t from) {
    for (size_t run = 0; from < text.size(); ++from) {
        run = is_base64_byte(text[from]) ? run + 1 : 0;
        if (run == kShortestBase64) return from + 1 - run;
    }
    return std::string_view::npos;
}

WordBits word_bits(std::string_view text) {
    WordBits bits;
    for (size_t at = 0; at < text.size(); ++at) {
        const uint8_t c_class = class_of(text[at]);
        const uint64_t bit = uint64_t{1} << at;
        if ((c_class & (kDigit | kUpper | kLower)) != 0) bits.words |= bit;
        if ((c_class & kDigit) != 0) bits.digits |= bit;
        if (c_class == kOtherLetter || text[at] == '@' || text[at] == '\\' || text[at] == '+')
            bits.others |= bit;
    }
    return bits;
}

size_t end_of_printable(std::string_view text, size_t at) {
    while (at < text.size() && text[at] >= ' ' && text[at] < 0x7F) ++at;
    return at;
}

size_t find_either(std::string_view text, char one, char other, size_t at) {
    while (at < text.size() && text[at] != one && text[at] != other) ++at;
    return at < text.size() ? at : std::string_view::npos;
}

size_t end_of_plain_string(std::string_view text, size_t at) {
    while (at < text.size() && !ends_plain_string(text[at])) ++at;
    return at;
}

uint8_t traits_of(std::string_view text) {
    return traits_of_bytes(text);
}

bool is_ascii(std::string_view text) {
    return (traits_of_bytes(text) & kHasHigh) == 0;
}

#endif

size_t tokenize(std::string_view text, size_t from, size_t most, std::vector<Token>& tokens) {
    constexpr size_t kBlock = ClassBits::kMost;
    const size_t enough = tokens.size() + most;
    bool goes_on = false;  // the last word, over the block's end
    for (; from < text.size() && (goes_on || tokens.size() < enough); from += kBlock) {
        const ClassBits bits = class_bits(text.substr(from, kBlock));
        uint64_t words = bits.digits | bits.uppers | bits.lowers | bits.high;
        const bool open = (words >> (kBlock - 1)) != 0;
        goes_on &= (words & 1) != 0;
        while (words != 0) {
            const auto begin = static_cast<uint32_t>(__builtin_ctzll(words));
            const uint64_t behind = words + (uint64_t{1} << begin);  // the first of them is behind the word
            const auto end = static_cast<uint32_t>(behind == 0 ? kBlock : __builtin_ctzll(behind & ~words));
            const uint64_t word = words & ~behind;
            words &= behind;
            if (!goes_on) tokens.push_back({static_cast<uint32_t>(from + begin), 0, 0, 0, true});
            goes_on = false;
            tokens.back().end = static_cast<uint32_t>(from + end);
            add_classes(tokens.back(), bits, word);
        }
        goes_on = open;
    }
    return std::min(from, text.size());
}

}  // namespace gpsync::core::pii

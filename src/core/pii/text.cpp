#include "core/pii/text.hpp"

#include <algorithm>
#include <cstring>

#include "core/pii/base64.hpp"
#include "core/pii/byte_blocks.hpp"
#include "core/pii/phrase_beginnings.hpp"
#include "core/pii/secret_names.hpp"
#include "core/pii/setting_beginnings.hpp"

namespace gpsync::core::pii {

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return to_lower(a) == b; });
}

bool is_one_of(std::string_view text, std::span<const std::string_view> lower) {
    return std::any_of(lower.begin(), lower.end(),
                       [text](std::string_view word) { return equals_ignoring_case(text, word); });
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

bool has_rows(std::string_view text) {
    for (size_t at = text.find(')'); at != std::string_view::npos; at = text.find(')', at + 1)) {
        size_t word = at + 1;
        while (word < text.size() && is_space(text[word])) ++word;
        for (const std::string_view behind : {"values", "select", "overriding"})
            if (equals_ignoring_case(text.substr(word, behind.size()), behind)) return true;
    }
    return false;
}

bool opens_tuple(std::string_view text, size_t bracket) {
    if (bracket + 1 >= text.size()) return false;
    const char next = text[bracket + 1];
    if (next == '\'' || next == '"') return true;
    return is_digit(next) && bracket > 2 && text[bracket - 1] == ' ' && to_lower(text[bracket - 2]) == 'n' &&
           to_lower(text[bracket - 3]) == 'i';
}

bool has_tuples(std::string_view text) {
    for (size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1))
        if (opens_tuple(text, at)) return true;
    return false;
}

bool is_behind_sql_operator(std::string_view text, size_t quote) {
    constexpr std::string_view kOperators = "<>~*";
    if (quote < 3) return false;
    if (text[quote - 1] != ' ') return kOperators.find(text[quote - 1]) != std::string_view::npos;
    const char last = to_lower(text[quote - 2]), second = to_lower(text[quote - 3]);
    if (kOperators.find(last) != std::string_view::npos) return true;
    // LIKE, BETWEEN, PASSWORD, BY
    return (last == 'e' && second == 'k') || (last == 'n' && second == 'e') ||
           (last == 'd' && second == 'r') || (last == 'y' && second == 'b');
}

bool has_sql_literals(std::string_view text) {
    for (size_t at = text.find('\''); at != std::string_view::npos; at = text.find('\'', at + 1))
        if (is_behind_sql_operator(text, at)) return true;
    return false;
}

namespace {

// "dot" in any case: what a spelled mail address has between the parts of its domain.
bool has_dot_word(std::string_view text) {
    for (size_t i = 0; i + 3 <= text.size(); ++i)
        if (to_lower(text[i + 1]) == 'o' && to_lower(text[i]) == 'd' && to_lower(text[i + 2]) == 't')
            return true;
    return false;
}

// "(at)", "( AT )"
bool has_bracketed_at(std::string_view text) {
    for (size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
        size_t word = at + 1;
        while (word < text.size() && word <= at + 2 && text[word] == ' ') ++word;
        if (word + 1 < text.size() && to_lower(text[word]) == 'a' && to_lower(text[word + 1]) == 't')
            return true;
    }
    return false;
}

// What a text has to have for an element of XML with a value in it, and for values of code.
bool has_markup(std::string_view text) {
    return text.find("</") != std::string_view::npos || has_rows(text) || has_tuples(text) ||
           has_sql_literals(text);
}

bool spells_mail(std::string_view text) {
    return has_bracketed_at(text) || has_dot_word(text);
}

// A CNPJ is made of letters and digits, of which two have to be digits.
constexpr size_t kCnpj = 14;

// What the prefilter counts. Every count may be clamped, never short.
struct Counts {
    uint32_t digits = 0, colons = 0, dots = 0, dashes = 0, letters = 0, marks = 0;
    bool special = false;   // something to decode, '&' and '=' of a form, or '@'
    bool long_run = false;  // what may be base64 of a text, or the form of a key
};

// "aabb.ccdd.eeff", a MAC address without a single digit.
bool has_dotted_hex(std::string_view text) {
    constexpr size_t kGroup = 4;
    const auto hex_group = [text](size_t begin) {
        return begin + kGroup <= text.size() &&
               std::all_of(text.begin() + static_cast<std::ptrdiff_t>(begin),
                           text.begin() + static_cast<std::ptrdiff_t>(begin + kGroup), is_hex);
    };
    for (size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1)) {
        const size_t next = dot + kGroup + 1;
        if (dot >= kGroup && next < text.size() && text[next] == '.' && hex_group(dot - kGroup) &&
            hex_group(dot + 1) && hex_group(next + 1))
            return true;
    }
    return false;
}

bool verdict(const Counts& c, std::string_view text) {
    if (c.special | c.long_run) return true;
    if (c.digits >= 6) return true;
    if (c.digits >= 3 && c.letters > 0 && c.marks > 0) return true;
    if ((c.digits >= 4 && c.dots >= 3) || c.colons >= 2 || c.dashes >= 5) return true;
    return c.dots >= 2 && has_dotted_hex(text);
}

// Seven counters of a byte each in one word: digits, colons, dots, dashes, letters, marks, special.
constexpr std::array<uint64_t, 256> make_weights() {
    std::array<uint64_t, 256> weights{};
    for (size_t c = 0; c < 128; ++c) weights[c] = uint64_t{1} << (is_word(static_cast<char>(c)) ? 32 : 40);
    for (size_t c = '0'; c <= '9'; ++c) weights[c] = 1;
    weights[':'] += uint64_t{1} << 8;
    weights['.'] += uint64_t{1} << 16;
    weights['-'] += uint64_t{1} << 24;
    for (unsigned char c : {'@', '%', '&', '=', '{', '[', '\\', '\n'}) weights[c] += uint64_t{1} << 48;
    for (size_t c = 128; c < 256; ++c) weights[c] = uint64_t{1} << 48;
    return weights;
}
constexpr std::array<uint64_t, 256> kWeights = make_weights();

// REQUIRES: at most 255 bytes.
Counts count_short(std::string_view text) {
    uint64_t sum = 0;
    for (char c : text) sum += kWeights[static_cast<unsigned char>(c)];
    auto field = [sum](int i) { return static_cast<uint32_t>(sum >> (8 * i) & 0xFF); };
    return {field(0), field(1), field(2), field(3), field(4), field(5), field(6) != 0, false};
}

Counts count_bytes(std::string_view text) {
    Counts counts;
    size_t run = 0;
    for (; !text.empty(); text.remove_prefix(std::min<size_t>(text.size(), 255))) {
        const std::string_view block = text.substr(0, 255);
        const Counts c = count_short(block);
        counts.digits += c.digits;
        counts.colons += c.colons;
        counts.dots += c.dots;
        counts.dashes += c.dashes;
        counts.letters += c.letters;
        counts.marks += c.marks;
        counts.special |= c.special;
        for (char byte : block) {
            run = is_base64_byte(byte) ? run + 1 : 0;
            counts.long_run |= run >= kLongRun;
        }
    }
    return counts;
}

#if defined(__SSE2__)

uint32_t sum_of_bytes(__m128i v) {
    const __m128i sums = _mm_sad_epu8(v, _mm_setzero_si128());
    return static_cast<uint32_t>(_mm_cvtsi128_si32(sums) + _mm_cvtsi128_si32(_mm_srli_si128(sums, 8)));
}

// Where "do" is in any case, from the first byte on and from the second: "dot" may be there.
__m128i begins_dot(__m128i lower, __m128i lower_behind) {
    const __m128i letters = _mm_set1_epi16('d' | 'o' << 8);
    return _mm_or_si128(_mm_cmpeq_epi16(lower, letters), _mm_cmpeq_epi16(lower_behind, letters));
}

// The bits with eleven more behind them.
uint32_t runs_of_twelve(uint32_t bits) {
    static_assert(kLongRun == 12);
    uint32_t runs = bits & bits >> 1;
    runs &= runs >> 2;
    runs &= runs >> 4;
    return runs & bits >> 8 & bits >> 9 & bits >> 10 & bits >> 11;
}

// So many bits, of which few are set: not every processor counts them.
bool has_at_least(uint32_t bits, int count) {
    while (bits != 0 && --count > 0) bits &= bits - 1;
    return bits != 0;
}

// verdict(count_short(text)), all bytes at once, and what a run of base64 that is not long begins with.
// Behind a
// '/' another may begin.
// REQUIRES: fewer than 16 bytes.
bool short_may_hold_pii(std::string_view text) {
    const __m128i bytes = load_short(text);
    const __m128i decoded = _mm_or_si128(equal(bytes, '%', '\\'), equal(bytes, '{', '['));
    const __m128i special =
        _mm_or_si128(_mm_or_si128(decoded, equal(bytes, '@', '&')), equal(bytes, '=', '\n'));
    if (mask(_mm_or_si128(special, bytes)) != 0) return true;
    const __m128i digit = in_range(bytes, '0', 9);
    const uint32_t digits = sum_of_bytes(_mm_and_si128(digit, _mm_set1_epi8(1)));
    const uint32_t colons = mask(equal(bytes, ':')), dashes = mask(equal(bytes, '-'));
    if (digits >= 6 || (colons & (colons - 1)) != 0) return true;
    if (has_at_least(dashes, 5)) return true;
    if (text.size() >= kLongRun) {
        const uint32_t runs = runs_of_twelve(letters_of(bytes) | mask(digit) | base64_marks_of(bytes));
        if (runs != 0 && ((mask(equal(bytes, '/')) & 7) != 0 || (digits >= 2 && text.size() >= kCnpj) ||
                          begins_like_text(text.substr(static_cast<size_t>(__builtin_ctz(runs))))))
            return true;
    }
    const uint32_t dots = mask(equal(bytes, '.'));
    if (has_at_least(dots, 2) && ((has_at_least(dots, 3) && digits >= 4) || has_dotted_hex(text)))
        return true;
    if (digits >= 3) {
        const uint32_t letters = letters_of(bytes), words = letters | mask(digit);
        if (letters != 0 && words != (1u << text.size()) - 1) return true;
    }
    const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const __m128i rare = _mm_or_si128(_mm_or_si128(equal(bytes, '(', '<'), equal(bytes, '\'')),
                                      begins_dot(lower, _mm_srli_si128(lower, 1)));
    if (digits > 0 && has_secret_before_verb(text)) return true;
    if ((dashes != 0 && has_option(text)) || begins_with_setting(text) || begins_with_phrase(text))
        return true;
    return (mask(rare) | colons) != 0 && (has_label(text) || spells_mail(text) || has_markup(text));
}

// Sixteen bytes a step: what most strings end with is no digit that counts, nothing special, no long run.
// Only otherwise the exact counts are taken.
class BlockCounter {
  public:
    // behind: the same from the second byte on.
    void add(__m128i bytes, __m128i behind, uint32_t valid) {
        const __m128i blank = _mm_set1_epi8(0x20);
        const __m128i lower = _mm_or_si128(bytes, blank);
        dots_ = _mm_or_si128(dots_, begins_dot(lower, _mm_or_si128(behind, blank)));
        const __m128i digit = in_range(bytes, '0', 9);
        digits_ = _mm_sub_epi8(digits_, digit);
        separators_ = _mm_or_si128(
            separators_, _mm_or_si128(equal(bytes, ':', '-'),
                                      _mm_or_si128(equal(bytes, '.', '('), equal(bytes, '<', '\''))));
        // '@' | 0x20 is '`', '[' and '{' become '{', '\\' and '|' become '|': '`' and '|' are rare enough.
        const __m128i special = _mm_or_si128(_mm_or_si128(equal(lower, '`', '{'), equal(bytes, '=', '\n')),
                                             _mm_or_si128(equal(lower, '|'), in_range(bytes, '%', 1)));
        special_ = _mm_or_si128(special_, _mm_or_si128(special, bytes));
        // A run may straddle two blocks.
        const uint32_t run =
            (mask(_mm_or_si128(digit, in_range(lower, 'a', 25))) | base64_marks_of(bytes)) & valid;
        last_ = last_ >> 16 | run << 16;
        runs_ |= runs_of_twelve(last_);
    }
    // REQUIRES: fewer than 4,000 bytes added, so that no byte of digits_ overflows.
    uint32_t digits() const { return sum_of_bytes(digits_); }
    bool special() const { return mask(special_) != 0 || runs_ != 0; }
    bool separators() const { return mask(separators_) != 0; }
    bool dots() const { return mask(dots_) != 0; }

  private:
    __m128i digits_ = _mm_setzero_si128(), separators_ = _mm_setzero_si128(), special_ = _mm_setzero_si128();
    __m128i dots_ = _mm_setzero_si128();
    uint32_t last_ = 0, runs_ = 0;  // what of the last two blocks may be base64
};

bool blocks_may_hold_pii(std::string_view text) {
    constexpr size_t kMostBytes = 2048;
    for (; text.size() > kMostBytes; text.remove_prefix(kMostBytes / 2))
        if (blocks_may_hold_pii(text.substr(0, kMostBytes))) return true;
    BlockCounter counter;
    const char* at = text.data();
    const char* end = at + text.size();
    const auto load = [](const char* from) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    };
    // Asked now and then, since a line of a log says so where it begins.
    constexpr size_t kBetween = 64;
    for (size_t next = kBetween; end - at >= 17; at += 16) {
        counter.add(load(at), load(at + 1), 0xFFFF);
        if (at - text.data() + 16 < static_cast<std::ptrdiff_t>(next)) continue;
        if (counter.special() || counter.digits() >= 6) return true;
        next += kBetween;
    }
    if (const auto rest = static_cast<size_t>(end - at); rest > 0) {
        const __m128i bytes = load_short({at, rest});
        counter.add(bytes, _mm_srli_si128(bytes, 1), (1u << rest) - 1);
    }
    if (counter.special() || counter.digits() >= 6) return true;
    if (counter.digits() > 0 && counter.digits() < 3 && has_secret_before_verb(text)) return true;
    if (begins_with_setting(text) || begins_with_phrase(text)) return true;
    if (counter.digits() < 3 && !counter.separators()) return counter.dots() && has_dot_word(text);
    return verdict(count_bytes(text), text) || has_label(text) || has_key_prefix(text) || has_option(text) ||
           has_bracketed_at(text) || has_markup(text) || (counter.dots() && has_dot_word(text));
}

#endif

}  // namespace

bool may_hold_pii_bytewise(std::string_view text) {
    Counts counts = count_bytes(text);
    // Of a short text the run itself says whether it can be base64 of a text.
    if (counts.long_run && text.size() < kShortText) {
        const auto in_run = [](char c) { return is_base64_byte(c); };
        auto begin = text.begin();
        while (std::find_if_not(begin, text.end(), in_run) - begin < static_cast<std::ptrdiff_t>(kLongRun))
            ++begin;
        counts.long_run = (counts.digits >= 2 && text.size() >= kCnpj) ||
                          text.substr(0, kShortText - 1 - kLongRun).find('/') != std::string_view::npos ||
                          begins_like_text(text.substr(static_cast<size_t>(begin - text.begin())));
    }
    return verdict(counts, text) || has_label(text) || spells_mail(text) || has_markup(text) ||
           (counts.digits > 0 && has_secret_before_verb(text)) ||
           (text.size() >= kShortText && has_key_prefix(text)) || has_option(text) ||
           begins_with_setting(text) || begins_with_phrase(text);
}

bool may_hold_pii(std::string_view text) {
#if defined(__SSE2__)
    return text.size() < kShortText ? short_may_hold_pii(text) : blocks_may_hold_pii(text);
#else
    return may_hold_pii_bytewise(text);
#endif
}

bool begins_with_uuid(std::string_view text) {
    if (text.size() < kUuidSize || (text.size() > kUuidSize && is_word(text[kUuidSize]))) return false;
    for (size_t i = 0; i < kUuidSize; ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
    }
    return true;
}

}  // namespace gpsync::core::pii

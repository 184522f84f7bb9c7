#include "core/pii/text.hpp"

#include <algorithm>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace gpsync::core::pii {

void tokenize(std::string_view text, std::vector<Token>& tokens) {
    tokens.clear();
    const size_t n = text.size();
    size_t i = 0;
    while (i < n) {
        uint8_t c = class_of(text[i]);
        if (c == 0) {
            ++i;
            continue;
        }
        Token token{static_cast<uint32_t>(i), 0, 0, 0, true};
        uint8_t common = 0xFF;
        do {
            token.classes |= c;
            common &= (c & (kDigit | kHexLetter)) != 0 ? 0xFF : 0;
            token.digits += c & kDigit;
        } while (++i < n && (c = class_of(text[i])) != 0);
        token.end = static_cast<uint32_t>(i);
        token.all_hex = common != 0;
        tokens.push_back(token);
    }
}

namespace {

// What the prefilter counts. Every count may be clamped, never short.
struct Counts {
    uint32_t digits = 0, colons = 0, dots = 0, dashes = 0, gaps = 0;
    bool special = false;  // something to decode, or '@'
    bool long_word = false;
};

bool verdict(const Counts& c) {
    if (c.special | c.long_word) return true;
    if (c.digits >= 6) return true;
    if (c.digits >= 3 && c.gaps + c.colons > 0) return true;
    return (c.digits >= 4 && c.dots >= 3) || c.colons >= 2 || c.dashes >= 5;
}

// Six counters of a byte each in one word: digits, colons, dots, dashes, gaps, special.
constexpr std::array<uint64_t, 256> make_weights() {
    std::array<uint64_t, 256> weights{};
    for (size_t c = '0'; c <= '9'; ++c) weights[c] = 1;
    weights[':'] = uint64_t{1} << 8;
    weights['.'] = uint64_t{1} << 16;
    weights['-'] = uint64_t{1} << 24;
    for (char c : {' ', '=', '#', '\t', '\n', '\r'}) weights[static_cast<size_t>(c)] = uint64_t{1} << 32;
    for (char c : {'@', '%', '{', '[', '\\'}) weights[static_cast<size_t>(c)] = uint64_t{1} << 40;
    for (size_t c = 128; c < 256; ++c) weights[c] = uint64_t{1} << 40;
    return weights;
}
constexpr std::array<uint64_t, 256> kWeights = make_weights();

constexpr size_t kLongWord = 16;

Counts count_short(std::string_view text) {
    uint64_t sum = 0;
    for (char c : text) sum += kWeights[static_cast<unsigned char>(c)];
    auto field = [sum](int i) { return static_cast<uint32_t>(sum >> (8 * i) & 0xFF); };
    return {field(0), field(1), field(2), field(3), field(4), field(5) != 0, false};
}

[[maybe_unused]] Counts count_bytes(std::string_view text) {
    Counts counts;
    size_t run = 0;
    for (; !text.empty(); text.remove_prefix(std::min<size_t>(text.size(), 255))) {
        const std::string_view block = text.substr(0, 255);
        const Counts c = count_short(block);
        counts.digits += c.digits;
        counts.colons += c.colons;
        counts.dots += c.dots;
        counts.dashes += c.dashes;
        counts.gaps += c.gaps;
        counts.special |= c.special;
        for (char byte : block) {
            run = is_word(byte) ? run + 1 : 0;
            counts.long_word |= run >= kLongWord;
        }
    }
    return counts;
}

#if defined(__SSE2__)

// Sixteen bytes a step. All comparisons are on bytes, 0xFF where they hold.
class BlockCounter {
  public:
    void add(__m128i bytes, uint32_t valid) {
        const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        const __m128i digit = in_range(bytes, '0', 9);
        const __m128i letter = in_range(lower, 'a', 25);
        digits_ += popcount(mask(digit) & valid);
        colons_or_gaps_ |=
            mask(equal(bytes, ' ', '=') | equal(bytes, '#', '\n') | equal(bytes, '\t', '\r')) & valid;
        colons_ += popcount(mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':'))) & valid);
        dots_ += popcount(mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'))) & valid);
        dashes_ += popcount(mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'))) & valid);
        // '@' | 0x20 is '`', '[' and '{' become '{', '\\' and '|' become '|': '`' and '|' are rare enough.
        const __m128i special = equal(lower, '`', '{') | equal(lower, '|', '|') |
                                _mm_cmpeq_epi8(bytes, _mm_set1_epi8('%')) | bytes;
        special_ |= mask(special) & valid;
        track_words(mask(digit | letter) & valid);
    }
    Counts counts() const {
        return {digits_, colons_, dots_, dashes_, colons_or_gaps_ != 0, special_ != 0, long_word_};
    }
    bool special() const { return special_ != 0 || long_word_; }

  private:
    static uint32_t mask(__m128i v) { return static_cast<uint32_t>(_mm_movemask_epi8(v)); }
    static uint32_t popcount(uint32_t v) {
        v -= v >> 1 & 0x5555;
        v = (v & 0x3333) + (v >> 2 & 0x3333);
        v = (v + (v >> 4)) & 0x0F0F;
        return (v + (v >> 8)) & 0x1F;
    }
    static __m128i in_range(__m128i v, char first, char width) {
        const __m128i offset = _mm_sub_epi8(v, _mm_set1_epi8(first));
        return _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8(width)), offset);
    }
    static __m128i equal(__m128i v, char a, char b) {
        return _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(a)), _mm_cmpeq_epi8(v, _mm_set1_epi8(b)));
    }
    // A run of kLongWord may straddle two blocks: keeps the length of the run at the end of the last block.
    void track_words(uint32_t words) {
        const uint32_t leading = static_cast<uint32_t>(__builtin_ctz(~words | 0x10000));
        if (run_ + leading >= kLongWord) long_word_ = true;
        run_ = leading == 16 ? run_ + 16 : static_cast<uint32_t>(__builtin_clz(~(words << 16) | 1));
    }

    uint32_t digits_ = 0, colons_ = 0, dots_ = 0, dashes_ = 0, colons_or_gaps_ = 0, special_ = 0, run_ = 0;
    bool long_word_ = false;
};

Counts count_blocks(std::string_view text) {
    BlockCounter counter;
    const char* at = text.data();
    const char* end = at + text.size();
    for (; end - at >= 16; at += 16) {
        counter.add(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), 0xFFFF);
        if (counter.special()) return counter.counts();
    }
    const auto rest = static_cast<unsigned>(end - at);
    if (rest > 0) {
        // The last sixteen bytes again, moved down so that the new ones come first.
        alignas(16) char tail[32] = {};
        _mm_store_si128(reinterpret_cast<__m128i*>(tail),
                        _mm_loadu_si128(reinterpret_cast<const __m128i*>(end - 16)));
        counter.add(_mm_loadu_si128(reinterpret_cast<const __m128i*>(tail + 16 - rest)), (1u << rest) - 1);
    }
    return counter.counts();
}

#endif

}  // namespace

bool may_hold_pii(std::string_view text) {
    if (text.size() < kLongWord) return verdict(count_short(text));
#if defined(__SSE2__)
    return verdict(count_blocks(text));
#else
    return verdict(count_bytes(text));
#endif
}

}  // namespace gpsync::core::pii

// Sixteen bytes at a time (SSE2), for what reads texts in blocks.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>

namespace gpsync::core::pii {

// The highest bit of each byte.
inline uint32_t mask(__m128i v) {
    return static_cast<uint32_t>(_mm_movemask_epi8(v));
}
// All bits of the bytes that are one of the width + 1 from first on; of those that are equal to one of them.
inline __m128i in_range(__m128i v, char first, char width) {
    const __m128i offset = _mm_sub_epi8(v, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(offset, _mm_set1_epi8(width)), offset);
}
inline __m128i equal(__m128i v, char c) {
    return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}
inline __m128i equal(__m128i v, char a, char b) {
    return _mm_or_si128(equal(v, a), equal(v, b));
}
// Up to sixteen bytes, zeros behind them, without reading beyond their end.
inline __m128i load_short(std::string_view text) {
    const char* at = text.data();
    const size_t n = text.size();
    uint64_t low = 0, high = 0;
    uint32_t first, last;
    if (n >= 8) {
        std::memcpy(&low, at, 8);
        std::memcpy(&high, at + n - 8, 8);
        high = n > 8 ? high >> (8 * (16 - n)) : 0;
    } else if (n >= 4) {
        std::memcpy(&first, at, 4);
        std::memcpy(&last, at + n - 4, 4);
        low = first | uint64_t{last} >> (8 * (8 - n)) << 32;
    } else {
        for (size_t i = 0; i < n; ++i) low |= uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
    }
    return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}

// Of each byte, by its bit: letters of ASCII and digits; with '+', '-', '/' and '_' the alphabets of base64.
inline uint32_t letters_of(__m128i bytes) {
    return mask(in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 25));
}
inline uint32_t base64_marks_of(__m128i bytes) {
    return mask(_mm_or_si128(equal(bytes, '-', '_'), equal(bytes, '+', '/')));
}

}  // namespace gpsync::core::pii

#endif

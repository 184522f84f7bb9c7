#include "core/pii/document/value_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "core/hex.hpp"
#include "core/json_writer.hpp"
#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

void append_text_of_bytes(ByteBuffer& out, std::string_view bytes) {
    constexpr size_t kInHex = 256;
    constexpr char kZero = '\2', kNoText = '\1';  // neither is in a word
    const std::string_view first = bytes.substr(0, kInHex);
    char* to = out.reserve(2 * first.size() + 2 * bytes.size() + 4);
    *to++ = '\\';
    *to++ = 'x';
    for (char c : first) to = hex::put_byte(to, static_cast<unsigned char>(c), hex::kLower);
    *to++ = '\n';
    char* const start = to;
    bool zeros = false;
    for (size_t at = 0; at < bytes.size();) {
        const size_t length = bytes[at] == '\0' ? 0 : utf8::length_at(bytes, at);
        zeros |= bytes[at] == '\0';
        if (length > 0)
            to = std::copy_n(bytes.data() + at, length, to);
        else
            *to++ = bytes[at] == '\0' ? kZero : kNoText;
        at += std::max<size_t>(length, 1);
    }
    if (zeros) {
        char* const end = to;
        *to++ = '\n';
        to = std::copy_if(start, end, to, [](char c) { return c != kZero; });
    }
    out.advance_to(to);
}

void append_text_of_range(ByteBuffer& out, std::string_view range) {
    constexpr size_t kLongest = 19, kShortest = 8;  // digits of a number that may be PII
    out.append(range);
    for (size_t at = range.find(')'); at != std::string_view::npos; at = range.find(')', at + 1)) {
        size_t begin = at;
        while (begin > 0 && at - begin < kLongest && is_digit(range[begin - 1])) --begin;
        if (at - begin < kShortest) continue;
        int64_t bound = INT64_MAX;  // of too many digits
        std::from_chars(range.data() + begin, range.data() + at, bound);
        out.append(' ');
        append_integer(out, bound - 1);
    }
}

}  // namespace gpsync::core::pii

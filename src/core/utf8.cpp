#include "core/utf8.hpp"

#include <utf8.h>

#include <iterator>

namespace gpsync::core::utf8 {

namespace {

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

bool is_code_point(char32_t code) {
    return code <= 0x10FFFF && (code < 0xD800 || code >= 0xE000);
}

}  // namespace

// utfcpp's own checks would decode each character twice, or throw; the test compares with them.
size_t decode_multibyte(std::string_view text, size_t at, char32_t& code) {
    static constexpr char32_t kSmallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    const size_t length = sequence_length(static_cast<unsigned char>(text[at]));
    const char* const begin = text.data() + at;
    if (length != 0 && length <= text.size() - at && is_continuation(begin[1]) &&
        (length < 3 || is_continuation(begin[2])) && (length < 4 || is_continuation(begin[3]))) {
        code = static_cast<char32_t>(::utf8::unchecked::peek_next(begin));
        if (code >= kSmallest[length] && is_code_point(code)) return length;
    }
    code = kReplacement;
    return 1;
}

void append(std::string& out, char32_t code) {
    ::utf8::unchecked::append(is_code_point(code) ? code : kReplacement, std::back_inserter(out));
}

bool is_valid(std::string_view text) {
    return ::utf8::is_valid(text.begin(), text.end());
}

}  // namespace gpsync::core::utf8

#include "core/utf8.hpp"

#include <utf8.h>

#include <iterator>

namespace gpsync::core::utf8 {

size_t decode_multibyte(std::string_view text, size_t at, char32_t& code) {
    const size_t length = sequence_length(static_cast<unsigned char>(text[at]));
    const char* const begin = text.data() + at;
    if (length == 0 || length > text.size() - at || !::utf8::is_valid(begin, begin + length)) {
        code = kReplacement;
        return 1;
    }
    code = static_cast<char32_t>(::utf8::unchecked::peek_next(begin));
    return length;
}

void append(std::string& out, char32_t code) {
    const bool valid = code <= 0x10FFFF && (code < 0xD800 || code >= 0xE000);
    ::utf8::unchecked::append(valid ? code : kReplacement, std::back_inserter(out));
}

bool is_valid(std::string_view text) {
    return ::utf8::is_valid(text.begin(), text.end());
}

}  // namespace gpsync::core::utf8

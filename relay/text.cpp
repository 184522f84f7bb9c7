#include "relay/text.hpp"

#include <charconv>

namespace gpsync::relay {

namespace {

// The length of the UTF-8 sequence at the front of text (RFC 3629), 0 where there is none.
size_t sequence_length(std::string_view text) {
    auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    auto first = byte(0);
    size_t length = first < 0x80   ? 1
                    : first < 0xC2 ? 0
                    : first < 0xE0 ? 2
                    : first < 0xF0 ? 3
                    : first < 0xF5 ? 4
                                   : 0;
    if (length == 0 || length > text.size()) return 0;
    for (size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    bool surrogate = first == 0xED && byte(1) >= 0xA0;
    bool too_large = first == 0xF4 && byte(1) >= 0x90;
    return overlong || surrogate || too_large ? 0 : length;
}

}  // namespace

std::string clean_text(std::string_view text, size_t max_bytes) {
    std::string clean;
    while (!text.empty()) {
        size_t length = sequence_length(text);
        if (length > 0 && text.front() != '\0') {
            if (clean.size() + length > max_bytes) break;
            clean.append(text.substr(0, length));
        }
        text.remove_prefix(length > 0 ? length : 1);
    }
    return clean;
}

std::optional<int64_t> parse_number(std::string_view text) {
    int64_t number = 0;
    const char* end = text.data() + text.size();
    auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end) return std::nullopt;
    return number;
}

}  // namespace gpsync::relay

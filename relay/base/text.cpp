#include "relay/base/text.hpp"

#include <charconv>

#include "core/utf8.hpp"

namespace gpsync::relay {

std::string clean_text(std::string_view text, size_t max_bytes) {
    std::string clean;
    while (!text.empty()) {
        size_t length = core::utf8::length_at(text, 0);
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

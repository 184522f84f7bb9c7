#include "relay/base/lsn.hpp"

#include <charconv>
#include <cstdio>

namespace gpsync::relay {

namespace {

std::optional<uint32_t> parse_half(std::string_view digits) {
    uint32_t value = 0;
    const char* end = digits.data() + digits.size();
    auto [rest, error] = std::from_chars(digits.data(), end, value, 16);
    if (error != std::errc{} || rest != end) return std::nullopt;
    return value;
}

}  // namespace

std::optional<uint64_t> parse_lsn(std::string_view text) {
    const size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto high = parse_half(text.substr(0, slash)), low = parse_half(text.substr(slash + 1));
    if (!high || !low) return std::nullopt;
    return uint64_t{*high} << 32 | *low;
}

std::string format_lsn(uint64_t lsn) {
    char text[24];
    std::snprintf(text, sizeof text, "%X/%X", static_cast<unsigned>(lsn >> 32), static_cast<unsigned>(lsn));
    return text;
}

}  // namespace gpsync::relay

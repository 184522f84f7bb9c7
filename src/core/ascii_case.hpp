// Letters of ASCII without regard to case, as protocols compare names (RFC 9110, RFC 3986); every other
// character is itself. Letters of all scripts: letters.hpp.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace gpsync::core {

constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = to_lower(c);
    return lower;
}

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

}  // namespace gpsync::core

// Base64 (RFC 4648, sections 4 and 5), with or without padding.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpsync::core::pii {

enum class Base64Alphabet : unsigned char { kStandard, kUrl };

std::string base64_encode(std::string_view bytes, Base64Alphabet alphabet, bool padding);

// Nothing when text is not base64 (either alphabet, not both at once), has stray bits, or bytes behind its
// padding.
std::optional<std::string> base64_decode(std::string_view text);

namespace detail {
inline constexpr std::array<bool, 256> kBase64Bytes = [] {
    std::array<bool, 256> bytes{};
    for (size_t c = '0'; c <= '9'; ++c) bytes[c] = true;
    for (size_t c = 'A'; c <= 'Z'; ++c) bytes[c] = bytes[c - 'A' + 'a'] = true;
    for (unsigned char c : {'+', '/', '-', '_'}) bytes[c] = true;
    return bytes;
}();
}  // namespace detail

// Of either alphabet.
constexpr bool is_base64_byte(char c) {
    return detail::kBase64Bytes[static_cast<unsigned char>(c)];
}

// REQUIRES: is_base64_byte(c).
uint32_t base64_value(char c);

// Whether the first bytes of decoded base64 are UTF-8 text: most of what looks like base64 and is none fails
// here. REQUIRES: eight characters of the alphabet.
bool begins_like_text(std::string_view run);

}  // namespace gpsync::core::pii

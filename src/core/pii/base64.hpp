// Base64 (RFC 4648, sections 4 and 5), with or without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gpsync::core::pii {

enum class Base64Alphabet : unsigned char { kStandard, kUrl };

std::string base64_encode(std::string_view bytes, Base64Alphabet alphabet, bool padding);

// Nothing when text is not base64 (either alphabet, not both at once), has stray bits, or bytes behind its
// padding.
std::optional<std::string> base64_decode(std::string_view text);

constexpr bool is_base64_byte(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' ||
           c == '/' || c == '-' || c == '_';
}

// Whether the first bytes of decoded base64 are UTF-8 text: most of what looks like base64 and is none fails
// here. REQUIRES: eight characters of the alphabet.
bool begins_like_text(std::string_view run);

}  // namespace gpsync::core::pii

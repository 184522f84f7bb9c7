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

// Base64 of so many characters, without its padding, may be of text that is no UTF-8 or has control
// characters in it. A shorter one is of UTF-8 or of no text.
inline constexpr size_t kShortestLooseText = 16;

// How much a byte counts against text in a character set of one byte each: 2 for control characters,
// dashes and quotes, 4 for other bytes that are marks there, 1 for letters beyond ASCII.
unsigned oddity(char c);

// Whether the first bytes of decoded base64 are text: UTF-8, or in a run that is long enough another
// character set. Most of what seems to be base64 and is none fails here. REQUIRES: eight characters of the
// alphabet.
bool begins_like_text(std::string_view run);

}  // namespace gpsync::core::pii

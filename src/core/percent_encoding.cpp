#include "core/percent_encoding.hpp"

#include <array>

#include "core/hex.hpp"

namespace gpsync::core {

namespace {

constexpr std::array<bool, 256> kUnreserved = [] {
    std::array<bool, 256> unreserved{};
    for (size_t c = 'A'; c <= 'Z'; ++c) unreserved[c] = true;
    for (size_t c = 'a'; c <= 'z'; ++c) unreserved[c] = true;
    for (size_t c = '0'; c <= '9'; ++c) unreserved[c] = true;
    for (unsigned char c : {'-', '.', '_', '~'}) unreserved[c] = true;
    return unreserved;
}();

}  // namespace

void append_percent_encoded(ByteBuffer& out, std::string_view text, bool escape_dot) {
    char* to = out.reserve(3 * text.size());
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (kUnreserved[byte] && !(escape_dot && c == '.')) {
            *to++ = c;
        } else {
            *to++ = '%';
            to = hex::put_byte(to, byte, hex::kUpper);
        }
    }
    out.advance_to(to);
}

}  // namespace gpsync::core

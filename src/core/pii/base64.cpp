#include "core/pii/base64.hpp"

#include <array>
#include <cstdint>

#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

constexpr std::array<int8_t, 256> make_values() {
    std::array<int8_t, 256> values{};
    values.fill(-1);
    for (size_t i = 0; i < kLetters.size(); ++i)
        values[static_cast<unsigned char>(kLetters[i])] = static_cast<int8_t>(i);
    values['+'] = values['-'] = 62;
    values['/'] = values['_'] = 63;
    return values;
}
constexpr std::array<int8_t, 256> kValues = make_values();

}  // namespace

std::string base64_encode(std::string_view bytes, Base64Alphabet alphabet, bool padding) {
    const bool url = alphabet == Base64Alphabet::kUrl;
    const auto letter = [url](uint32_t value) {
        return value < 62 ? kLetters[value] : value == 62 ? (url ? '-' : '+') : (url ? '_' : '/');
    };
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (size_t i = 0; i < bytes.size(); i += 3) {
        const size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
        uint32_t group = 0;
        for (size_t k = 0; k < 3; ++k)
            group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0);
        for (size_t k = 0; k <= count; ++k) out.push_back(letter(group >> (18 - 6 * k) & 63));
        if (padding) out.append(3 - count, '=');
    }
    return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
    const size_t all = text.size();
    while (!text.empty() && text.back() == '=' && all - text.size() < 2) text.remove_suffix(1);
    const size_t tail = text.size() % 4;
    if (tail == 1 || (text.size() != all && all % 4 != 0)) return std::nullopt;
    if (text.find_first_of("+/") != std::string_view::npos &&
        text.find_first_of("-_") != std::string_view::npos)
        return std::nullopt;
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    uint32_t bits = 0, count = 0;
    for (char c : text) {
        const int8_t value = kValues[static_cast<unsigned char>(c)];
        if (value < 0) return std::nullopt;
        bits = bits << 6 | static_cast<uint32_t>(value);
        if ((count += 6) >= 8) {
            count -= 8;
            out.push_back(static_cast<char>(bits >> count));
        }
    }
    if ((bits & ((1u << count) - 1)) != 0) return std::nullopt;
    return out;
}

bool begins_like_text(std::string_view run) {
    size_t more = 0;  // bytes that a character still needs
    for (size_t at = 0; at < 8; at += 4) {
        uint32_t bits = 0;
        for (size_t i = at; i < at + 4; ++i)
            bits = bits << 6 | static_cast<uint32_t>(kValues[static_cast<unsigned char>(run[i])]);
        for (int shift = 16; shift >= 0; shift -= 8) {
            const uint32_t byte = bits >> shift & 0xFF;
            if (more > 0) {
                if ((byte & 0xC0) != 0x80) return false;
                --more;
            } else if (byte >= 0x80) {
                more = utf8::sequence_length(static_cast<unsigned char>(byte));
                if (more-- == 0) return false;
            } else if (byte < 0x20 ? !is_space(static_cast<char>(byte)) : byte == 0x7F) {
                return false;
            }
        }
    }
    return true;
}

}  // namespace gpsync::core::pii

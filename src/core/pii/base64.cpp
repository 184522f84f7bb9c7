#include "core/pii/base64.hpp"

#include <array>
#include <cstdint>

#include "core/pii/text.hpp"
#include "core/utf8.hpp"

namespace gpsync::core::pii {

namespace {

constexpr std::string_view kStandardAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<int8_t, 256> make_values() {
    std::array<int8_t, 256> values{};
    values.fill(-1);
    for (std::string_view alphabet : {kStandardAlphabet, kUrlAlphabet})
        for (size_t i = 0; i < alphabet.size(); ++i)
            values[static_cast<unsigned char>(alphabet[i])] = static_cast<int8_t>(i);
    return values;
}
constexpr std::array<int8_t, 256> kValues = make_values();

// The values where the four letters of a group have them; kNoLetter for what is no letter of the alphabet.
constexpr uint32_t kNoLetter = 1u << 31;
using Places = std::array<std::array<uint32_t, 256>, 4>;
constexpr Places kPlaces = [] {
    Places places{};
    for (size_t place = 0; place < 4; ++place)
        for (size_t c = 0; c < 256; ++c)
            places[place][c] =
                kValues[c] < 0 ? kNoLetter : static_cast<uint32_t>(kValues[c]) << (18 - 6 * place);
    return places;
}();

uint32_t byte_at(std::string_view bytes, size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

// Six bits; negative for what is no letter of the alphabet.
int32_t value_at(std::string_view text, size_t at) {
    return kValues[static_cast<unsigned char>(text[at])];
}

bool mixes_alphabets(std::string_view text) {
    const auto has = [text](char c) { return text.find(c) != std::string_view::npos; };
    return (has('-') || has('_')) && (has('+') || has('/'));
}

}  // namespace

std::string base64_encode(std::string_view bytes, Base64Alphabet alphabet, bool padding) {
    const bool url = alphabet == Base64Alphabet::kUrl;
    const std::string_view letters = url ? kUrlAlphabet : kStandardAlphabet;
    const auto letter = [letters](uint32_t value) { return letters[value]; };
    std::string out(bytes.size() / 3 * 4, '\0');
    char* to = out.data();
    size_t at = 0;
    for (; at + 3 <= bytes.size(); at += 3) {
        const uint32_t group =
            byte_at(bytes, at) << 16 | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2);
        to[0] = letter(group >> 18);
        to[1] = letter(group >> 12 & 63);
        to[2] = letter(group >> 6 & 63);
        to[3] = letter(group & 63);
        to += 4;
    }
    if (const size_t rest = bytes.size() - at; rest > 0) {
        const uint32_t group = byte_at(bytes, at) << 16 | (rest == 2 ? byte_at(bytes, at + 1) << 8 : 0);
        for (size_t k = 0; k <= rest; ++k) out.push_back(letter(group >> (18 - 6 * k) & 63));
        if (padding) out.append(3 - rest, '=');
    }
    return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
    const size_t all = text.size();
    while (!text.empty() && text.back() == '=' && all - text.size() < 2) text.remove_suffix(1);
    const size_t tail = text.size() % 4;
    if (tail == 1 || (text.size() != all && all % 4 != 0)) return std::nullopt;
    if (mixes_alphabets(text)) return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    char* to = out.data();
    size_t at = 0;
    for (; at + 4 <= text.size(); at += 4) {
        const uint32_t group = kPlaces[0][byte_at(text, at)] | kPlaces[1][byte_at(text, at + 1)] |
                               kPlaces[2][byte_at(text, at + 2)] | kPlaces[3][byte_at(text, at + 3)];
        if ((group & kNoLetter) != 0) return std::nullopt;
        for (int shift = 16; shift >= 0; shift -= 8) *to++ = static_cast<char>(group >> shift);
    }
    int32_t bits = 0;
    for (size_t i = at; i < text.size(); ++i) {
        if (value_at(text, i) < 0) return std::nullopt;
        bits = bits << 6 | value_at(text, i);
    }
    const int32_t stray = tail == 2 ? 4 : tail == 3 ? 2 : 0;
    if ((bits & ((1 << stray) - 1)) != 0) return std::nullopt;
    if (tail == 3) out.push_back(static_cast<char>(bits >> 10));
    if (tail > 1) out.push_back(static_cast<char>(bits >> stray));
    return out;
}

uint32_t base64_value(char c) {
    return static_cast<uint32_t>(kValues[static_cast<unsigned char>(c)]);
}

namespace {

bool begins_like_utf8(std::string_view run) {
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

}  // namespace

bool begins_like_text(std::string_view run) {
    if (begins_like_utf8(run)) return true;
    if (run.size() < kShortestLooseText) return false;
    constexpr unsigned kMost = 5;
    unsigned odd = 0;
    for (size_t at = 0; at < kShortestLooseText && odd <= kMost; at += 4) {
        uint32_t bits = 0;
        for (size_t i = at; i < at + 4; ++i) bits = bits << 6 | base64_value(run[i]);
        for (int shift = 16; shift >= 0; shift -= 8) odd += oddity(static_cast<char>(bits >> shift & 0xFF));
    }
    return odd <= kMost;
}

unsigned oddity(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) return (byte < 0x20 && !is_space(c)) || byte == 0x7F ? 2 : 0;
    const bool dash_or_quote = (byte >= 0x91 && byte <= 0x97) || byte == 0xA0;  // of Windows; a blank
    return dash_or_quote ? 2 : byte < 0xC0 ? 4 : 1;
}

}  // namespace gpsync::core::pii

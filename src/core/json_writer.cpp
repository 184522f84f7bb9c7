#include "core/json_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/hex.hpp"

namespace gpsync::core {

namespace {

constexpr size_t kLongestEscape = 6;  // \u001f
constexpr size_t kWord = sizeof(uint64_t);

// What follows the backslash; 'u' for \u00xx; 0 for a byte that stands for itself.
constexpr std::array<char, 256> kEscapes = [] {
    std::array<char, 256> escapes{};
    for (size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
    escapes['\b'] = 'b';
    escapes['\f'] = 'f';
    escapes['\n'] = 'n';
    escapes['\r'] = 'r';
    escapes['\t'] = 't';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    return escapes;
}();

constexpr uint64_t every_byte(uint64_t byte) {
    return byte * 0x0101010101010101;
}

// Whether one of eight bytes needs an escape: below 0x20, '"' or '\\'. The subtractions set a byte's top bit
// when the byte was smaller than what is taken away; ~word clears those of bytes from 0x80 on.
bool needs_escape(uint64_t word) {
    const uint64_t control = word - every_byte(0x20);
    const uint64_t quote = (word ^ every_byte('"')) - every_byte(1);
    const uint64_t backslash = (word ^ every_byte('\\')) - every_byte(1);
    return ((control | quote | backslash) & ~word & every_byte(0x80)) != 0;
}

char* write_byte(char* to, unsigned char c) {
    const char escape = kEscapes[c];
    if (escape == 0) [[likely]] {
        *to++ = static_cast<char>(c);
        return to;
    }
    *to++ = '\\';
    *to++ = escape;
    if (escape != 'u') return to;
    *to++ = '0';
    *to++ = '0';
    return hex::put_byte(to, c, hex::kLower);
}

char* write_bytes(char* to, const char* from, const char* end) {
    while (from < end) to = write_byte(to, static_cast<unsigned char>(*from++));
    return to;
}

// Fewer bytes than a word; four and more are two halves of one, which overlap.
char* write_short(char* to, const char* from, size_t length) {
    constexpr size_t kHalf = sizeof(uint32_t);
    if (length < kHalf) return write_bytes(to, from, from + length);
    uint32_t first, last;
    std::memcpy(&first, from, kHalf);
    std::memcpy(&last, from + length - kHalf, kHalf);
    if (needs_escape(uint64_t{last} << 32 | first)) [[unlikely]]
        return write_bytes(to, from, from + length);
    std::memcpy(to, &first, kHalf);
    std::memcpy(to + length - kHalf, &last, kHalf);
    return to + length;
}

// REQUIRES: room for kLongestEscape times the text's length at to.
char* write_escaped(char* to, std::string_view text) {
    const char* from = text.data();
    const char* end = from + text.size();
    if (text.size() < kWord) return write_short(to, from, text.size());
    uint64_t word;
    while (static_cast<size_t>(end - from) >= kWord) {
        std::memcpy(&word, from, kWord);
        if (needs_escape(word)) [[unlikely]] {
            to = write_bytes(to, from, from + kWord);
        } else {
            std::memcpy(to, &word, kWord);
            to += kWord;
        }
        from += kWord;
    }
    // The last bytes with those before them: where none of these needs an escape, they are as they were
    // written.
    std::memcpy(&word, end - kWord, kWord);
    if (needs_escape(word)) [[unlikely]]
        return write_bytes(to, from, end);
    to += end - from;
    std::memcpy(to - kWord, &word, kWord);
    return to;
}

char unescaped(char escape) {
    switch (escape) {
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return escape;
    }
}

bool is_json_whitespace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// The end of the string that begins (with its quote) at `at`.
size_t end_of_string(std::string_view json, size_t at) {
    for (++at; at < json.size() && json[at] != '"'; ++at)
        if (json[at] == '\\') ++at;
    return std::min(at + 1, json.size());
}

}  // namespace

namespace {

// Texts are written in pieces, so that a long one does not reserve six times its length.
constexpr size_t kPiece = 4096;

}  // namespace

void append_json_escaped(ByteBuffer& out, std::string_view text) {
    while (!text.empty()) {
        const std::string_view piece = text.substr(0, kPiece);
        out.advance_to(write_escaped(out.reserve(kLongestEscape * piece.size()), piece));
        text.remove_prefix(piece.size());
    }
}

void append_json_string(ByteBuffer& out, std::string_view text) {
    if (text.size() > kPiece) [[unlikely]] {
        out.append('"');
        append_json_escaped(out, text);
        return out.append('"');
    }
    char* to = out.reserve(kLongestEscape * text.size() + 2);
    *to++ = '"';
    to = write_escaped(to, text);
    *to++ = '"';
    out.advance_to(to);
}

JsonScalarText::JsonScalarText(std::string_view json) : rest_(json) {
    if (json.size() < 2 || json.front() != '"') return;
    rest_ = json.substr(1, json.size() - 2);
    escaped_ = true;
}

bool JsonScalarText::next(std::string_view& piece) {
    if (rest_.empty()) return false;
    const size_t backslash = escaped_ ? rest_.find('\\') : rest_.npos;
    if (backslash == rest_.npos || backslash + 1 == rest_.size()) {
        piece = std::exchange(rest_, {});
    } else if (backslash > 0) {
        piece = rest_.substr(0, backslash);
        rest_.remove_prefix(backslash);
    } else {
        const char escape = rest_[1];
        rest_.remove_prefix(2);
        character_ = unescaped(escape);
        if (escape == 'u' && rest_.size() >= 4) {
            character_ = static_cast<char>(hex::byte_at(rest_, 2));
            rest_.remove_prefix(4);
        }
        piece = {&character_, 1};
    }
    return true;
}

void append_json_scalar_text(ByteBuffer& out, std::string_view json) {
    JsonScalarText text(json);
    for (std::string_view piece; text.next(piece);) out.append(piece);
}

void append_json_compacted(ByteBuffer& out, std::string_view json) {
    for (size_t at = 0; at < json.size();) {
        if (is_json_whitespace(json[at])) {
            ++at;
            continue;
        }
        const size_t start = at;
        while (at < json.size() && !is_json_whitespace(json[at]))
            at = json[at] == '"' ? end_of_string(json, at) : at + 1;
        out.append(json.substr(start, at - start));
    }
}

}  // namespace gpsync::core

#include "core/report/html.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "core/utf8.hpp"

namespace gpsync::core::report {

namespace {

// Of Unicode: what reorders the text around it (UAX #9), is not to be seen, or ends a line.
bool is_deceptive(char32_t c) {
    return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

std::string_view entity(char32_t c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return {};
    }
}

void append_number(std::string& out, char32_t c) {
    std::array<char, 16> text{};
    const int length =
        std::snprintf(text.data(), text.size(), c > 0xFFFF ? "\\U%08X" : "\\u%04X", static_cast<unsigned>(c));
    out.append(text.data(), static_cast<size_t>(length));
}

}  // namespace

Html& Html::text(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
        char32_t c;
        const size_t length = utf8::decode(text, at, c);
        if (const std::string_view escaped = entity(c); !escaped.empty())
            out_.append(escaped);
        else if (is_deceptive(c))
            append_number(out_, c);
        else
            utf8::append(out_, c);
        at += length;
    }
    return *this;
}

Html& Html::name(std::string_view text) {
    return raw("<bdi>").text(text).raw("</bdi>");
}

Html& Html::coordinate(double number) {
    if (!std::isfinite(number)) number = 0;
    std::array<char, 40> text{};
    int length = std::snprintf(text.data(), text.size(), "%.2f", std::fabs(number) < 1e9 ? number : 0.0);
    while (text[static_cast<size_t>(length) - 1] == '0') --length;
    if (text[static_cast<size_t>(length) - 1] == '.') --length;
    out_.append(text.data(), static_cast<size_t>(length));
    return *this;
}

}  // namespace gpsync::core::report

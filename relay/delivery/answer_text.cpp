#include "relay/delivery/answer_text.hpp"

#include <rapidjson/encodedstream.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/stringbuffer.h>

#include <charconv>

namespace gpsync::relay {

namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

// UTF-16 and UTF-32: they begin with a mark, or a character of ASCII in them with a NUL beside it.
bool is_wide(std::string_view body) {
    return body.starts_with("\xFF\xFE") || body.starts_with("\xFE\xFF") ||
           body.substr(0, 4).find('\0') != std::string_view::npos;
}

// REQUIRES: body is not empty.
std::string utf8_from_wide(std::string_view body) {
    rapidjson::MemoryStream bytes(&body.front(), body.size());
    rapidjson::AutoUTFInputStream<unsigned, rapidjson::MemoryStream> in(bytes);
    rapidjson::StringBuffer out;
    while (in.Peek() != 0) {
        unsigned codepoint = 0;
        if (!rapidjson::AutoUTF<unsigned>::Decode(in, &codepoint)) codepoint = 0xFFFD;
        rapidjson::UTF8<>::Encode(out, codepoint);
    }
    return {out.GetString(), out.GetSize()};
}

// The code unit of the escape "\uXXXX" at this index, 0 where there is none.
unsigned escaped_unit(std::string_view text, size_t at) {
    unsigned unit = 0;
    std::string_view escape = text.substr(std::min(at, text.size()), 6);
    if (escape.size() < 6 || !escape.starts_with("\\u")) return 0;
    auto [rest, error] = std::from_chars(escape.data() + 2, escape.data() + 6, unit, 16);
    return error == std::errc{} && rest == escape.data() + 6 ? unit : 0;
}

void mend_half_pairs(std::string& text) {
    for (size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at)) {
        unsigned unit = escaped_unit(text, at), next = escaped_unit(text, at + 6);
        bool is_pair = (unit & 0xFC00) == 0xD800 && (next & 0xFC00) == 0xDC00;
        if ((unit & 0xF800) == 0xD800 && !is_pair) text.replace(at + 2, 4, "FFFD");
        at += is_pair ? 12 : 2;
    }
}

}  // namespace

std::string answer_text(std::string_view body) {
    if (body.starts_with(kUtf8Mark)) body.remove_prefix(kUtf8Mark.size());
    std::string text = is_wide(body) ? utf8_from_wide(body) : std::string(body);
    mend_half_pairs(text);
    return text;
}

bool is_compressed(std::string_view body) {
    // gzip (RFC 1952), zlib (RFC 1950, two levels of it that are no text), zstd (RFC 8878)
    return body.starts_with("\x1F\x8B") || body.starts_with("\x78\x9C") || body.starts_with("\x78\xDA") ||
           body.starts_with("\x28\xB5\x2F\xFD");
}

}  // namespace gpsync::relay

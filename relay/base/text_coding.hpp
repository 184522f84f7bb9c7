// Text decoded by the codings that text within text comes in, each byte with where it came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpsync::relay {

struct DecodedText {
    std::string text;
    // Of each byte: from where to where it stands in the text that was decoded first.
    std::vector<uint32_t> begin, end;

    static DecodedText of(std::string_view original);
    void append(char byte, uint32_t from, uint32_t to);
};

// Percent-coding, the backslash escapes of JSON and its like, character references of HTML; with
// plus_is_blank also the '+' of forms. What is no escape stays as it is.
DecodedText unescape(const DecodedText& coded, bool plus_is_blank);

// Every run of at least min_run characters of base64's or base64url's alphabet, line ends left out, decoded
// from its skip-th character on: a text that is known to be in there is in one of the four for skip 0 to 3. A
// NUL follows each run; everything else is left out.
DecodedText decode_base64(const DecodedText& coded, size_t skip, size_t min_run);

// The same for hexadecimal digits, with skip 0 and 1.
DecodedText decode_hex(const DecodedText& coded, size_t skip, size_t min_run);

}  // namespace gpsync::relay

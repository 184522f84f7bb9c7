// Appends JSON to a buffer. Strings are escaped exactly as PostgreSQL's escape_json does it: \b \f \n \r \t
// \" \\, other control characters as \u00xx, everything else (UTF-8 included) as it is.
#pragma once

#include <charconv>
#include <concepts>
#include <string_view>

#include "core/byte_buffer.hpp"

namespace gpsync::core {

// text as a JSON string, quotes included.
void append_json_string(ByteBuffer& out, std::string_view text);
// The same without the quotes.
void append_json_escaped(ByteBuffer& out, std::string_view text);

template <std::integral Integer>
void append_integer(ByteBuffer& out, Integer value) {
    constexpr size_t kLongest = 20;  // -9223372036854775808
    char* at = out.reserve(kLongest);
    out.advance_to(std::to_chars(at, at + kLongest, value).ptr);
}

// The text a JSON scalar stands for, in pieces: a string without quotes and escapes, anything else as it is
// written. Understands what append_json_string writes; REQUIRES: json is one well-formed value.
class JsonScalarText {
  public:
    explicit JsonScalarText(std::string_view json);
    // False: there is no more. The piece is valid until the next call.
    bool next(std::string_view& piece);

  private:
    std::string_view rest_;
    bool escaped_ = false;  // the value is a string: it may have escapes
    char character_ = 0;
};
void append_json_scalar_text(ByteBuffer& out, std::string_view json);

// A JSON document without the whitespace outside its strings, so that it has no line break.
// REQUIRES: json is well-formed.
void append_json_compacted(ByteBuffer& out, std::string_view json);

}  // namespace gpsync::core

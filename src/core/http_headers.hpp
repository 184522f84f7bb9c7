// Headers that a DBA adds to the requests of an endpoint: lines of "Name: value".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpsync::core {

struct HttpHeader {
    std::string_view name, value;
    bool operator==(const HttpHeader&) const = default;
};

inline constexpr size_t kMaxHttpHeaders = 64;
inline constexpr size_t kMaxHttpHeaderBytes = 8192;  // of all of them: servers refuse more

// Splits the lines, which end with a line feed or both line end characters; empty ones are left out. Answers
// what is wrong with them, as a sentence, or an empty text: a name that is no token (RFC 9110), a value that
// is empty or has other characters than visible ASCII, blanks and tabs, a name that comes twice. No value is
// quoted in it. The headers are views into the text.
std::string parse_http_headers(std::string_view text, std::vector<HttpHeader>& headers);

// Whether gpsync, HTTP itself or one of the protocols decides about a header of that name.
bool is_reserved_header(std::string_view name);
// Whether the name says that the value is a secret.
bool is_credential_header(std::string_view name);

}  // namespace gpsync::core

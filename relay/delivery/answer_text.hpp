// What an endpoint answered, as text that a JSON parser reads.
#pragma once

#include <string>
#include <string_view>

namespace gpsync::relay {

// The body in UTF-8: without a byte order mark, and from UTF-16 or UTF-32 where it is in one of them. Escapes
// of half a surrogate pair, which some services leave where they cut a text, become U+FFFD.
std::string answer_text(std::string_view body);

// Whether the body is compressed although its answer did not say so.
bool is_compressed(std::string_view body);

}  // namespace gpsync::relay

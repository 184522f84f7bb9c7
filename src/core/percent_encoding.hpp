// Percent-encoding (RFC 3986, 2.1) of what goes into an event's subject and source.
#pragma once

#include <string_view>

#include "core/byte_buffer.hpp"

namespace gpsync::core {

// Everything but the unreserved characters of RFC 3986 (letters, digits, - . _ ~) as %XX. With escape_dot
// a dot is encoded too, for names that a dot separates.
void append_percent_encoded(ByteBuffer& out, std::string_view text, bool escape_dot = false);

}  // namespace gpsync::core

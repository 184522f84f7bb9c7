// Text from elsewhere, made fit for JSON and for the server.
#pragma once

#include <string>
#include <string_view>

namespace gpsync::relay {

// Drops what is not UTF-8 or no text (NUL), and all beyond max_bytes.
std::string clean_text(std::string_view text, size_t max_bytes);

}  // namespace gpsync::relay

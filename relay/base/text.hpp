// Text from elsewhere, made fit for JSON and for the server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpsync::relay {

// Drops what is not UTF-8 or no text (NUL), and all beyond max_bytes.
std::string clean_text(std::string_view text, size_t max_bytes);

// A whole number, decimal, that fits; nothing for any other text.
std::optional<int64_t> parse_number(std::string_view text);

}  // namespace gpsync::relay

// Positions in the WAL as text: "16/B374D848".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpsync::relay {

// Nothing for any other text.
std::optional<uint64_t> parse_lsn(std::string_view text);
std::string format_lsn(uint64_t lsn);

}  // namespace gpsync::relay

// Times as logs and JSON write them (ISO 8601, RFC 3339).
#pragma once

#include <cstddef>
#include <string_view>

namespace gpsync::core::pii {

// Whether the form stands at a position; in it '0' is any digit, everything else itself.
bool has_form(std::string_view text, size_t at, std::string_view form);
// 2026-11-22
bool is_date(std::string_view text);
// 2026-11-22T06:11:37.917466Z, 2026-11-22 06:11:37,123+01:00: where it ends; 0 when none begins there.
size_t end_of_timestamp(std::string_view text, size_t begin);
// 12:00, 12:00:00.5+02, 23:59:60Z: a time of day, also as the server writes one with its zone.
bool is_time_of_day(std::string_view text);

// 20261122061137, of this century, and nothing else.
bool is_compact_time(std::string_view text);

}  // namespace gpsync::core::pii

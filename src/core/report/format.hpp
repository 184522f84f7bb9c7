// Figures as a reader wants them: counts, sizes, times and how long ago they were.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpsync::core::report {

// 1,234,567; a fraction is cut off.
std::string format_count(double number);
// 812 B, 12.4 kB, 3.1 GB; powers of 1024, as the server's pg_size_pretty().
std::string format_bytes(double bytes);
// 12 ms, 1.2 s, 40 s, 3 min, 2 h 5 min, 4 d.
std::string format_duration(double seconds);
// Up to four significant digits: 0.0123, 12.5, 1234.
std::string format_number(double number);
std::string format_percent(double share);

// "2026-11-27T06:00:00.123+00:00" or with Z, as PostgreSQL writes a timestamptz in JSON with TimeZone UTC: µs
// since 1970. Nothing for another zone or form.
std::optional<int64_t> parse_utc_time(std::string_view text);
// "2026-11-27 06:00:00"
std::string format_utc_time(int64_t micros);

}  // namespace gpsync::core::report

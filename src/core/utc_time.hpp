// Dates and times in ISO 8601, in UTC.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gpsync::core {

// "2026-11-22T06:11:37.917466Z"
inline constexpr size_t kUtcTimeLength = 27;
// The years that the functions below write: four digits, no era.
inline constexpr int64_t kFirstDay = -719162;  // 0001-01-01, in days since 1970-01-01
inline constexpr int64_t kLastDay = 2932896;   // 9999-12-31
inline constexpr int64_t kMicrosPerSecond = 1000000;
inline constexpr int64_t kMicrosPerDay = 86400 * kMicrosPerSecond;

// Writes kUtcTimeLength bytes; a time outside of the years above is clamped to them. Returns the end.
char* write_utc_time(char* out, int64_t micros_since_1970);

// "2026-11-22": 10 bytes. REQUIRES: kFirstDay <= days <= kLastDay.
char* write_iso_date(char* out, int64_t days_since_1970);

// "2026-11-22T06:11:37.9174": date, time, and as much of the fraction as is not zero; at most 26 bytes.
// REQUIRES: a time within the days above.
char* write_iso_timestamp(char* out, int64_t micros_since_1970);

}  // namespace gpsync::core

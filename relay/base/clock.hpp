// The time of day, and time that passes also while the machine is suspended.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace gpsync::relay {

// µs since 1970.
int64_t now_us();
// Since the machine started.
std::chrono::nanoseconds boot_time();
// µs since 1970 as "2026-11-22T06:11:37.917466Z".
std::string format_time(int64_t time_us);

}  // namespace gpsync::relay

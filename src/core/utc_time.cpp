#include "core/utc_time.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace gpsync::core {

namespace {

constexpr char kPairs[] =
    "00010203040506070809101112131415161718192021222324"
    "25262728293031323334353637383940414243444546474849"
    "50515253545556575859606162636465666768697071727374"
    "75767778798081828384858687888990919293949596979899";

// REQUIRES: value < 100.
char* write_pair(char* out, unsigned value) {
    std::memcpy(out, kPairs + size_t{2} * value, 2);
    return out + 2;
}

char* write_time_of_day(char* out, int64_t micros) {
    const auto seconds = static_cast<unsigned>(micros / kMicrosPerSecond);
    out = write_pair(out, seconds / 3600);
    *out++ = ':';
    out = write_pair(out, seconds / 60 % 60);
    *out++ = ':';
    return write_pair(out, seconds % 60);
}

char* write_fraction(char* out, unsigned micros) {
    *out++ = '.';
    out = write_pair(out, micros / 10000);
    out = write_pair(out, micros / 100 % 100);
    return write_pair(out, micros % 100);
}

struct DayAndTime {
    int64_t days;
    int64_t micros;
};

DayAndTime split(int64_t micros) {
    int64_t days = micros / kMicrosPerDay;
    int64_t rest = micros % kMicrosPerDay;
    if (rest < 0) {
        rest += kMicrosPerDay;
        --days;
    }
    return {days, rest};
}

}  // namespace

char* write_iso_date(char* out, int64_t days_since_1970) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days_since_1970}}};
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    out = write_pair(out, year / 100);
    out = write_pair(out, year % 100);
    *out++ = '-';
    out = write_pair(out, static_cast<unsigned>(date.month()));
    *out++ = '-';
    return write_pair(out, static_cast<unsigned>(date.day()));
}

char* write_iso_timestamp(char* out, int64_t micros_since_1970) {
    const auto [days, micros] = split(micros_since_1970);
    out = write_iso_date(out, days);
    *out++ = 'T';
    out = write_time_of_day(out, micros);
    const auto fraction = static_cast<unsigned>(micros % kMicrosPerSecond);
    if (fraction == 0) return out;
    out = write_fraction(out, fraction);
    while (out[-1] == '0') --out;
    return out;
}

char* write_utc_time(char* out, int64_t micros_since_1970) {
    const auto [days, micros] =
        split(std::clamp(micros_since_1970, kFirstDay * kMicrosPerDay, (kLastDay + 1) * kMicrosPerDay - 1));
    out = write_iso_date(out, days);
    *out++ = 'T';
    out = write_time_of_day(out, micros);
    out = write_fraction(out, static_cast<unsigned>(micros % kMicrosPerSecond));
    *out++ = 'Z';
    return out;
}

}  // namespace gpsync::core

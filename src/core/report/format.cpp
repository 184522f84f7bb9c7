#include "core/report/format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "core/utc_time.hpp"

namespace gpsync::core::report {

namespace {

std::string printed(const char* format, double number) {
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), format, number);
    return {text.data(), std::min(static_cast<size_t>(std::max(length, 0)), text.size() - 1)};
}

// 2 h 5 min: the smaller part is left out where it is 0.
std::string two_parts(double whole, const char* unit, double rest, const char* smaller) {
    std::string text = printed("%.0f", whole) + unit;
    if (rest >= 1) text += printed(" %.0f", std::floor(rest)) + smaller;
    return text;
}

// The digits at a place; -1 where one is none.
int digits(std::string_view text, size_t at, size_t count) {
    int number = 0;
    for (char c : text.substr(at, count)) {
        if (c < '0' || c > '9') return -1;
        number = number * 10 + (c - '0');
    }
    return number;
}

// ".123", up to µs; what is behind it is left in text.
int64_t take_fraction(std::string_view& text) {
    if (text.empty() || text.front() != '.') return 0;
    text.remove_prefix(1);
    int64_t micros = 0, place = 100000;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        micros += place * (text.front() - '0');
        place /= 10;
        text.remove_prefix(1);
    }
    return micros;
}

}  // namespace

std::string format_count(double number) {
    std::string digits = printed("%.0f", std::trunc(std::clamp(number, -1e18, 1e18)));
    const size_t first = digits.starts_with('-') ? 1 : 0;
    for (size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, 1, ',');
    return digits;
}

std::string format_bytes(double bytes) {
    static constexpr std::array<const char*, 5> kUnits{" B", " kB", " MB", " GB", " TB"};
    size_t unit = 0;
    for (; std::fabs(bytes) >= 1000 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
    return printed(unit == 0 || std::fabs(bytes) >= 100 ? "%.0f" : "%.1f", bytes) + kUnits[unit];
}

std::string format_duration(double seconds) {
    seconds = std::clamp(seconds, 0.0, 1e11);
    if (seconds < 0.9995) return printed("%.0f ms", seconds * 1000);
    if (seconds < 9.95) return printed("%.1f s", seconds);
    if (seconds < 119.5) return printed("%.0f s", seconds);
    const double minutes = std::floor(seconds / 60), hours = std::floor(seconds / 3600),
                 days = std::floor(seconds / 86400);
    if (minutes < 60) return printed("%.0f min", minutes);
    if (hours < 48) return two_parts(hours, " h", minutes - hours * 60, " min");
    return two_parts(days, " d", days < 14 ? hours - days * 24 : 0, " h");
}

std::string format_number(double number) {
    return printed("%.4g", number);
}

std::string format_percent(double share) {
    const double percent = share * 100;
    return printed(percent == std::floor(percent) ? "%.0f %%" : percent < 1 ? "%.2g %%" : "%.4g %%", percent);
}

std::optional<int64_t> parse_utc_time(std::string_view text) {
    static constexpr std::string_view kForm = "0000-00-00T00:00:00";
    if (text.size() < kForm.size()) return std::nullopt;
    for (size_t i = 0; i < kForm.size(); ++i)
        if (kForm[i] != '0' && text[i] != kForm[i]) return std::nullopt;
    const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2),
              hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (std::min({year, month, day, hour, minute, second}) < 0) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    text.remove_prefix(kForm.size());
    const int64_t fraction = take_fraction(text);
    if (text != "Z" && text != "+00:00") return std::nullopt;
    const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
    return days * kMicrosPerDay + ((hour * 60 + minute) * 60 + second) * kMicrosPerSecond + fraction;
}

std::string format_utc_time(int64_t micros) {
    std::array<char, kUtcTimeLength> text{};
    write_utc_time(text.data(), micros);
    text[10] = ' ';
    return {text.data(), 19};
}

}  // namespace gpsync::core::report

// What the checks of national ids have in common: sums with weights, and dates of birth of people who live.
#pragma once

#include <initializer_list>
#include <string_view>

#include "core/pii/text.hpp"

namespace gpsync::core::pii::ids {

constexpr int digit(char c) {
    return c - '0';
}

// REQUIRES: at least as many digits as weights.
constexpr int weighted(std::string_view digits, std::initializer_list<int> weights) {
    int sum = 0;
    size_t at = 0;
    for (int weight : weights) sum += weight * digit(digits[at++]);
    return sum;
}

constexpr bool valid_day(int day, int month) {
    constexpr int kDays[13] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month >= 1 && month <= 12 && day >= 1 && day <= kDays[month];
}

// Numbers are given to people born in this year at the latest: a document has no clock.
inline constexpr int kLatestYear = 2039;

constexpr bool valid_birth(int year, int month, int day) {
    return year >= 1900 && year <= kLatestYear && valid_day(day, month);
}

// YYMMDD and DDMMYY of some century.
constexpr bool valid_yymmdd(std::string_view d) {
    return valid_day(number_of(d.substr(4, 2)), number_of(d.substr(2, 2)));
}
constexpr bool valid_ddmmyy(std::string_view d) {
    return valid_day(number_of(d.substr(0, 2)), number_of(d.substr(2, 2)));
}

}  // namespace gpsync::core::pii::ids

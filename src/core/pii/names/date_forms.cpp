// Dates in values: when a card expires, and any other.
#include <algorithm>
#include <array>

#include "core/pii/names/value_forms.hpp"
#include "core/pii/text.hpp"
#include "core/pii/timestamp.hpp"

namespace gpsync::core::pii {

namespace {

bool is_month(std::string_view digits) {
    const int month = number_of(digits);
    return month >= 1 && month <= 12;
}

// Of a card that is in use.
bool is_short_year(std::string_view digits) {
    const int year = number_of(digits);
    return year >= 15 && year <= 49;
}

// "2031", or "31".
bool is_year(std::string_view digits) {
    return digits.size() == 4 ? digits.starts_with("20") : digits.size() == 2 && is_short_year(digits);
}

}  // namespace

bool is_card_expiry(const TextShape& shape, std::string_view text) {
    if (shape.letters > 9 || shape.digits == 0 || shape.digits > 6 || text.size() > 16) return false;
    const auto separators =
        std::count_if(text.begin(), text.end(), [](char c) { return c == '/' || c == '-' || c == '.'; });
    return separators <= 1;
}

namespace {

// "Sep 2032", "May '28", "december/2030": in English, in full or its first three letters.
bool is_named_month_and_year(std::string_view text) {
    static constexpr std::array<std::string_view, 12> kMonths = {
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};
    constexpr size_t kShort = 3;
    const auto letters =
        static_cast<size_t>(std::find_if_not(text.begin(), text.end(), is_letter) - text.begin());
    const std::string_view word = text.substr(0, letters), rest = text.substr(letters);
    const size_t year = rest.find_first_not_of(" .-/'");
    const auto names_it = [word](std::string_view month) {
        return equals_ignoring_case(word, month) || equals_ignoring_case(word, month.substr(0, kShort));
    };
    return year != std::string_view::npos && year > 0 && is_year(rest.substr(year)) &&
           std::any_of(kMonths.begin(), kMonths.end(), names_it);
}

}  // namespace

bool is_date_of_document(std::string_view text) {
    const TextShape shape = shape_of(text);
    return shape.digits < text.size() && is_whole_date(shape, text);
}

bool is_whole_date(const TextShape& shape, std::string_view text) {
    constexpr size_t kLongest = 24, kFewestLetters = 3, kMostLetters = 12;
    if (text.size() > kLongest) return false;
    if (shape.letters == 0 && shape.digits == text.size()) return is_date_number(text);
    size_t numbers = 0, years = 0;
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
        const std::string_view number = text.substr(at, end - at);
        years += number.size() == 4 && number.starts_with("20");
        numbers += !number.empty();
        if (number.size() > 2 && number.size() != 4) return false;
        at = std::max(end, at + 1);
    }
    const bool month = shape.letters >= kFewestLetters && shape.letters <= kMostLetters;
    return years == 1 && numbers == (month ? 2 : 3) && (month || shape.letters == 0);
}

bool is_date_number(std::string_view text) {
    constexpr size_t kDate = 8, kSeconds = 10, kMilliseconds = 13;
    if (!std::all_of(text.begin(), text.end(), is_digit)) return false;
    if (text.size() == kDate) {
        const int day = number_of(text.substr(6));
        return text.starts_with("20") && is_month(text.substr(4, 2)) && day >= 1 && day <= 31;
    }
    if (text.size() != kSeconds && text.size() != kMilliseconds) return false;
    const std::string_view seconds = text.substr(0, kSeconds);
    return seconds >= "1262304000" && seconds < "2840140800";
}

bool is_month_and_year(std::string_view text) {
    if (!text.empty() && is_letter(text[0])) return is_named_month_and_year(text);
    const size_t separator = text.find_first_not_of("0123456789");
    if (separator == std::string_view::npos && text.size() == 6)
        return (is_month(text.substr(0, 2)) && is_year(text.substr(2))) ||
               (is_year(text.substr(0, 4)) && is_month(text.substr(4)));
    if (separator == std::string_view::npos)
        return text.size() == 4 && ((is_month(text.substr(0, 2)) && is_short_year(text.substr(2))) ||
                                    (is_short_year(text.substr(0, 2)) && is_month(text.substr(2))));
    const std::string_view front = text.substr(0, separator);
    const size_t next = text.find_first_of("0123456789", separator);
    if (front.empty() || next == std::string_view::npos) return false;
    const std::string_view gap = text.substr(separator, next - separator), back = text.substr(next);
    if (gap.find_first_not_of(" /-.|") != std::string_view::npos || gap.size() > 3 || back.size() > 4 ||
        front.size() > 4 || back.find_first_not_of("0123456789") != std::string_view::npos)
        return false;
    return (front.size() <= 2 && is_month(front) && is_year(back)) ||
           (back.size() == 2 && is_month(back) && is_year(front));
}

bool is_date_or_time(std::string_view text) {
    constexpr size_t kDate = 10, kLongestTime = 25;
    if (is_date(text)) return true;
    if (!is_date(text.substr(0, kDate))) return false;
    // Also without seconds, and with whatever stands for the zone.
    const std::string_view time = text.substr(kDate);
    return (time[0] == 'T' || time[0] == ' ') && time.size() <= kLongestTime &&
           time.find_first_not_of("0123456789:.+-TZ ") == std::string_view::npos &&
           time.find(':') != std::string_view::npos;
}

}  // namespace gpsync::core::pii

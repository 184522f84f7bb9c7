// What stands behind a card number in the same text: its expiry and its security code, without a name.
#include <algorithm>
#include <string>

#include "core/pii/detect/scan.hpp"
#include "core/pii/names/value_forms.hpp"

namespace gpsync::core::pii {

namespace {

struct Run {
    uint32_t begin, end;
    uint32_t size() const { return end - begin; }
};

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

// Digits from there on, of which no letter is a part; empty when there are none, or more than four.
Run digits_from(const Scan& scan, uint32_t at) {
    constexpr uint32_t kMost = 4;
    Run run{at, at};
    while (run.size() <= kMost && is_digit(scan.at(run.end))) ++run.end;
    return run.size() > kMost || is_word(scan.at(run.end)) ? Run{at, at} : run;
}

// The mark between two fields, with the blanks around it: blanks alone are ' ', and nothing is '\0'.
char mark_from(const Scan& scan, uint32_t& at) {
    constexpr std::string_view kMarks = "|;,:/\n";
    const uint32_t begin = at;
    while (is_blank(scan.at(at))) ++at;
    if (scan.at(at) == '\r' && scan.at(at + 1) == '\n') ++at;
    const char mark = scan.at(at);
    if (mark == '\0' || kMarks.find(mark) == std::string_view::npos) return at > begin ? ' ' : '\0';
    ++at;
    while (is_blank(scan.at(at))) ++at;
    return mark;
}

// "12/29", "12/2029", "12|29" where fields are separated so, "1229". Empty when it is none.
Run expiry_from(const Scan& scan, uint32_t at, char mark) {
    const Run first = digits_from(scan, at), none{at, at};
    const auto text = [&](Run run) { return scan.text.substr(run.begin, run.size()); };
    const bool fields = mark == '|' || mark == ';' || mark == ':' || mark == '\n';
    if (first.size() == 4) return fields && is_month_and_year(text(first)) ? first : none;
    if (first.size() == 0 || first.size() > 2) return none;
    uint32_t next = first.end;
    if (scan.at(next) == '/' || scan.at(next) == '-')
        ++next;
    else if (!fields || mark_from(scan, next) != mark)
        return none;
    const Run year = digits_from(scan, next);
    if (year.size() != 2 && year.size() != 4) return none;
    const char behind = scan.at(year.end);
    const bool goes_on = (behind == '/' || behind == '-' || behind == '.') && is_digit(scan.at(year.end + 1));
    const std::string whole = std::string(text(first)) + '/' + std::string(text(year));
    return !goes_on && is_month_and_year(whole) ? Run{first.begin, year.end} : none;
}

}  // namespace

// "4111111111111111|12|29|123", "4111111111111111 12/29 123".
void scan_behind_card(Scan& scan, uint32_t at) {
    char mark = mark_from(scan, at);
    if (mark == '\0') return;
    const Run expiry = expiry_from(scan, at, mark);
    if (expiry.size() == 0) return;
    scan.report(expiry.begin, expiry.end, Detector::kExpiry);
    at = expiry.end;
    if (mark_from(scan, at) == '\0') return;
    const Run code = digits_from(scan, at);
    const bool fraction =
        (scan.at(code.end) == '.' || scan.at(code.end) == '/') && is_digit(scan.at(code.end + 1));
    if ((code.size() == 3 || code.size() == 4) && !fraction)
        scan.report(code.begin, code.end, Detector::kCvv);
}

}  // namespace gpsync::core::pii

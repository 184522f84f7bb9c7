// Telephone numbers (ITU-T E.164 and E.123, and as they are written within a country).
#include <algorithm>

#include "core/pii/detect/ids/id_digits.hpp"
#include "core/pii/detect/phone_codes.hpp"
#include "core/pii/detect/scan.hpp"
#include "core/pii/names/name_values.hpp"

namespace gpsync::core::pii {

namespace {

// Whether another number follows, fastened with the separator that is used inside this one.
bool goes_on(const DigitGroups& g, size_t groups, char separator) {
    return groups < g.count && g.separators[groups] == separator && separator != ' ';
}

// Whether the digit group before is another part of one longer number: fastened with the separator used
// inside this one. The end of a date or a time ("2026-11-22 020 …") is none.
bool continues_number(const Scan& scan, size_t token, const DigitGroups& g) {
    if (token == 0 || !scan.tokens[token - 1].all_digits() || scan.tokens[token - 1].end <= scan.done)
        return false;
    const Token& last = scan.tokens[token - 1];
    const char separator = soft_separator(scan.text.substr(last.end, g.begins[0] - last.end));
    if (separator == 0 || scan.before(g.begins[0]) == '(') return false;
    const bool dated =
        last.begin > 0 && std::string_view("-:/.").find(scan.text[last.begin - 1]) != std::string_view::npos;
    return g.count == 1 || (separator == g.separators[1] && !(dated && separator == ' '));
}

uint32_t phone_begin(const Scan& scan, uint32_t begin) {
    while (begin > scan.done && (scan.text[begin - 1] == '+' || scan.text[begin - 1] == '(')) --begin;
    return begin;
}

// The value of a word of one or two digits; -1 for any other.
int small_number(const Scan& scan, size_t token) {
    if (token >= scan.tokens.size()) return -1;
    const Token& t = scan.tokens[token];
    if (!t.all_digits() || t.size() > 2) return -1;
    int value = 0;
    for (char c : scan.word(token)) value = value * 10 + (c - '0');
    return value;
}

// A word that is a year, of this century or the last.
bool is_year(const Scan& scan, size_t token) {
    const std::string_view word = scan.word(token);
    return word.size() == 4 && scan.tokens[token].all_digits() &&
           (word.starts_with("19") || word.starts_with("20"));
}

// What joins two words; 0 when it is more than one byte.
char joint(const Scan& scan, size_t token) {
    if (token + 1 >= scan.tokens.size()) return 0;
    const uint32_t end = scan.tokens[token].end;
    return scan.tokens[token + 1].begin - end == 1 ? scan.text[end] : '\0';
}

// The day at tokens[token], which the hour may follow without a blank: "02T03".
bool is_day(const Scan& scan, size_t token) {
    const std::string_view word = scan.word(token);
    if (word.size() > 2 && to_upper(word[2]) == 'T') return is_digit(word[0]) && is_digit(word[1]);
    const int day = small_number(scan, token);
    return day >= 1 && day <= 31;
}

// The end of the date that begins at the token, or 0: 2026-01-02, 02.01.2026, 1/2/2026, 20260102.
uint32_t date_end(const Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (!t.all_digits()) return 0;
    if (t.size() == 8 || t.size() == 14) {  // 20260102030405
        const std::string_view word = scan.word(token);
        const int month = (word[4] - '0') * 10 + (word[5] - '0'),
                  day = (word[6] - '0') * 10 + (word[7] - '0');
        const bool year = word.starts_with("19") || word.starts_with("20");
        return year && month >= 1 && month <= 12 && day >= 1 && day <= 31 ? t.end : 0;
    }
    const char separator = joint(scan, token);
    if ((separator != '-' && separator != '/' && separator != '.') || joint(scan, token + 1) != separator)
        return 0;
    const int second = small_number(scan, token + 1);
    if (second < 1 || second > 31) return 0;
    if (is_year(scan, token)) return second <= 12 && is_day(scan, token + 2) ? scan.tokens[token + 2].end : 0;
    const int first = small_number(scan, token);
    const bool both = first >= 1 && first <= 31 && (first <= 12 || second <= 12);
    return both && is_year(scan, token + 2) ? scan.tokens[token + 2].end : 0;
}

// The end of the time of day that begins at the token, or 0: 9:10, 09:10:11.
uint32_t time_end(const Scan& scan, size_t token) {
    const int hour = small_number(scan, token);
    if (hour < 0 || hour > 24 || joint(scan, token) != ':') return 0;
    const int minute = small_number(scan, token + 1);
    if (minute < 0 || minute > 59) return 0;
    const bool seconds = joint(scan, token + 1) == ':' && small_number(scan, token + 2) >= 0;
    return scan.tokens[token + (seconds ? 2 : 1)].end;
}

// Whether one of the first groups belongs to a date or a time.
bool has_date_or_time(const Scan& scan, size_t token, const DigitGroups& g, size_t groups) {
    for (size_t i = token - std::min<size_t>(token, 2); i < token + groups; ++i)
        if (std::max(date_end(scan, i), time_end(scan, i)) > g.begins[0]) return true;
    return false;
}

// Whether the position is inside of a URL or a path.
bool in_url(Scan& scan, uint32_t at) {
    ScanMemory::Run& run = scan.memory.run;
    for (; run.read < at; ++run.read) {
        const char c = scan.text[run.read];
        if (is_space(c) || c == '"' || c == '\'' || c == '<' || c == '>') {
            run.begin = run.read + 1;
            run.url = false;
        } else if (c == '/' && scan.at(run.read + 1) != '/') {
            const bool scheme = run.read >= 2 && scan.text.substr(run.read - 2, 2) == ":/";
            run.url |= scheme || (run.read == run.begin && is_letter(scan.at(run.read + 1)));
        }
    }
    return run.url;
}

// Whether the first groups, which look like a telephone number, are of another kind by what is around them.
bool other_kind(Scan& scan, size_t token, const DigitGroups& g, size_t groups) {
    const uint32_t begin = g.begins[0], end = g.ends[groups - 1];
    if (has_date_or_time(scan, token, g, groups)) return true;
    if (in_url(scan, begin)) return true;
    // A step of a path; but "020 7946 0958/020 7946 0959".
    if (scan.before(begin) == '/' && scan.done + 1 != begin) return true;
    // "010-019 020-029": the first group belongs to another number.
    if (scan.before(begin) == '-' && begin >= 2 && is_digit(scan.text[begin - 2]) && scan.done + 1 != begin)
        return true;
    // "12.03.04.05.06": a version.
    if (g.separators[1] == '.') {
        const Word* noun = scan.noun_before(token);
        if ((noun != nullptr && (noun->flags & kVersion) != 0) || (scan.context.flags & kVersion) != 0)
            return true;
    }
    // "07/2024 00123": a number of a year.
    if (groups > 1 && g.separators[1] == '/' && is_year(scan, token + 1)) return true;
    // "012 345 678,90": an amount.
    const bool blanks = groups > 1 && g.separators[1] == ' ' && g.same_separators(groups);
    return blanks && scan.at(end) == ',' && is_digit(scan.at(end + 1)) && !is_digit(scan.at(end + 3));
}

// Where the '+' of a dialling prefix stands in front of its digits: "+49", "+(49)", "+ 49"; the beginning of
// the digits where there is none.
uint32_t plus_before(const Scan& scan, uint32_t begin) {
    const char before = scan.before(begin);
    if (before == '+') return begin - 1;
    const bool apart = (before == '(' || before == ' ') && begin >= 2 && scan.text[begin - 2] == '+';
    return apart && begin - 2 >= scan.done ? begin - 2 : begin;
}

// Whether a '+' joins what is in front of it to what is behind: "1.0.0+2013…", "2+2", "2 + 49 30".
bool is_sum(const Scan& scan, uint32_t plus, bool spaced) {
    const char earlier = scan.before(plus);
    if (!spaced || earlier != ' ') return is_word(earlier) || earlier == '+';
    const char last = plus >= 2 ? scan.text[plus - 2] : '\0';
    return is_digit(last) || last == ')';
}

// Whether the digits of one group are a country's code and no more.
bool is_calling_code(std::string_view digits) {
    const CallingCode* code = digits.size() > 3 ? nullptr : find_calling_code(digits);
    return code != nullptr && code->code == number_of(digits);
}

// "011 44 20 7946 0958": as it is dialled from North America.
bool has_american_exit_code(const DigitGroups& g) {
    return g.count >= 3 && g.sizes[0] == 3 && g.first(1) == "011" && is_calling_code(g.first(2).substr(3));
}

// Whether one byte is between all groups, or a bracket.
bool is_tight(const DigitGroups& g, size_t groups) {
    for (size_t k = 1; k < groups; ++k)
        if (g.begins[k] - g.ends[k - 1] != 1 && g.separators[k] != ')') return false;
    return true;
}

// "+49 30 901820 (2877 ms)": a bracket behind the country's and the area's code is a number's if it ends
// behind the group.
bool begins_remark(const Scan& scan, const DigitGroups& g, size_t group) {
    return group > 1 && group < g.count && scan.before(g.begins[group]) == '(' &&
           scan.at(g.ends[group]) != ')';
}

// +CC …, 00CC …: the longest run of groups that makes a number of that country.
bool scan_international(Scan& scan, size_t token, const DigitGroups& g) {
    const uint32_t begin = g.begins[0], at_plus = plus_before(scan, begin);
    const bool plus = at_plus != begin, spaced = plus && scan.before(begin) == ' ';
    if (plus && is_sum(scan, at_plus, spaced)) return false;
    if (spaced && !is_calling_code(g.first(1))) return false;  // "+ 4013 8367 x"
    const bool exit_code = !plus && has_american_exit_code(g);
    const bool zeros = !plus &&
                       (exit_code || (g.digits[0] == '0' && g.digits[1] == '0' && g.sizes[0] >= 2)) &&
                       !scan.fastened(token) && !continues_number(scan, token, g);
    if (!plus && (!zeros || (g.count == 1 && !scan.named(Detector::kPhone, token)))) return false;
    // The digits that are dialled, and how many of them there are up to each group.
    constexpr size_t kLongest = 15;        // E.164
    constexpr size_t kShortestApart = 10;  // behind "+ ", 011
    char digits[kLongest];
    uint8_t sizes[DigitGroups::kMostGroups + 1] = {0};
    size_t groups = 0;
    for (size_t at = 0; groups < g.count; ++groups) {
        // "+44 (0)20": the trunk zero in brackets is not dialled.
        const bool trunk =
            groups > 0 && g.sizes[groups] == 1 && g.separators[groups] == ')' && g.digits[at] == '0';
        const size_t prefix = exit_code ? 3 : zeros ? 2 : 0;
        const size_t skipped = trunk ? 1 : groups == 0 ? prefix : 0, size = g.sizes[groups] - skipped;
        if (sizes[groups] + size > kLongest || (plus && groups > 0 && scan.before(g.begins[groups]) == '+') ||
            begins_remark(scan, g, groups))
            break;
        std::copy_n(g.digits + at + skipped, size, digits + sizes[groups]);
        sizes[groups + 1] = static_cast<uint8_t>(sizes[groups] + size);
        at += g.sizes[groups];
    }
    for (; groups > 0; --groups) {
        const bool thousands =
            std::all_of(g.sizes + 1, g.sizes + groups, [](uint8_t size) { return size == 3; });
        if (!international_number({digits, sizes[groups]}, plus, groups > 1 && !thousands) ||
            (spaced && !is_tight(g, groups)) ||
            ((spaced || exit_code) && (thousands || sizes[groups] < kShortestApart)) ||
            // "00378-0018-01", of a drug
            (!plus && (other_kind(scan, token, g, groups) || scan.article(token, begin, g.ends[groups - 1]))))
            continue;
        if (scan.at(g.ends[groups - 1]) == '.' && is_digit(scan.at(g.ends[groups - 1] + 1)) &&
            groups == g.count)
            return false;
        scan.report(spaced ? at_plus : phone_begin(scan, begin), g.ends[groups - 1], Detector::kPhone);
        return true;
    }
    return false;
}

// Whether the groups from one on begin with an area code and an exchange of North America.
bool is_american(const DigitGroups& g, size_t first) {
    const char* area = g.digits + g.total(first);
    // 200, 300 and 400 are none, but states of HTTP.
    if (area[0] <= '4' && area[1] == '0' && area[2] == '0') return false;
    const auto is_code = [](const char* three) {
        return three[0] >= '2' && !(three[1] == '1' && three[2] == '1');
    };
    return g.sizes[first] == 3 && is_code(area) && is_code(area + 3);
}

// North America: (415) 555-0123, 415-555-0123, 1-415-555-0123.
bool scan_north_american(Scan& scan, size_t token, const DigitGroups& g) {
    const size_t lead = g.sizes[0] == 1 && g.digits[0] == '1' ? 1 : 0;
    if (g.count < lead + 3 || g.sizes[lead] != 3 || g.sizes[lead + 1] != 3 || g.sizes[lead + 2] != 4)
        return false;
    const char* area = g.digits + lead;
    const char inner = g.separators[lead + 2];
    const bool bracketed = scan.before(g.begins[lead]) == '(';
    const bool plausible = area[0] >= '2' && !(area[1] == '1' && area[2] == '1');
    if (!plausible && !bracketed) return false;
    if (inner == '/' || inner == '_' ||
        (!bracketed && g.separators[lead + 1] != inner && g.separators[lead + 1] != '/'))
        return false;
    if (goes_on(g, lead + 3, inner) || other_kind(scan, token, g, lead + 3)) return false;
    scan.report(phone_begin(scan, g.begins[0]), g.ends[lead + 2], Detector::kPhone);
    return true;
}

// How numbers with a trunk zero are written with dashes alone; postal codes (01234-5678), employers' numbers
// (01-2345678) and order numbers are cut at other positions.
bool dashed_layout(const DigitGroups& g, size_t groups) {
    struct Layout {
        uint8_t sizes[5];
    };
    static constexpr Layout kLayouts[] = {
        {{2, 8}},    {{3, 6}},    {{3, 7}},    {{3, 8}},       {{3, 9}},       {{4, 5}},         {{4, 6}},
        {{4, 7}},    {{4, 8}},    {{5, 6}},    {{5, 7}},       {{2, 3, 4}},    {{2, 4, 4}},      {{3, 3, 4}},
        {{3, 4, 4}}, {{4, 2, 4}}, {{4, 3, 3}}, {{4, 3, 4}},    {{5, 3, 3}},    {{4, 4, 4}},      {{4, 4, 3}},
        {{3, 3, 5}}, {{5, 2, 4}}, {{4, 4, 2}}, {{3, 3, 2, 2}}, {{4, 3, 2, 2}}, {{2, 2, 2, 2, 2}}};
    if (groups > 5) return false;
    return std::any_of(std::begin(kLayouts), std::end(kLayouts), [&](const Layout& layout) {
        const bool same = std::equal(g.sizes, g.sizes + groups, layout.sizes);
        return same && (groups == 5 || layout.sizes[groups] == 0);
    });
}

// "01 02 03 04 05 06 07 …": numbers in a row, not a French one of five pairs.
bool goes_on_in_pairs(const DigitGroups& g, size_t groups) {
    return g.alike_sizes >= groups + 2 && g.sizes[0] == 2 && g.same_separators(groups + 2);
}

// 0812-3456-7890, 0812 3456 7890 (Indonesia), 0138-1234-5678 (China): no row of numbers, nor of times ("0800
// 0815 0830").
bool is_mobile_in_fours(const DigitGroups& g, char separator) {
    if (separator == '-') return g.digits[1] == '8' || (g.digits[1] == '1' && g.digits[2] >= '3');
    const auto is_time = [&g](size_t at) {
        const std::string_view four(g.digits + at, 4);
        return number_of(four.substr(0, 2)) < 24 && number_of(four.substr(2)) < 60;
    };
    return g.digits[1] == '8' && g.digits[2] != '0' && g.count == 3 && separator == ' ' &&
           g.same_separators(3) && !(is_time(4) && is_time(8));
}

// A national number with its trunk zero: 020 7946 0958, 0171/1234567, 01 42 68 53 00.
bool scan_with_trunk_zero(Scan& scan, size_t token, const DigitGroups& g) {
    if (g.digits[0] != '0' || g.sizes[0] < 2 || g.digits[1] == '0' || g.sizes[0] > 6) return false;
    for (size_t groups = std::min<size_t>(g.count, 6); groups >= 2; --groups) {
        const size_t digits = g.total(groups);
        const char separator = g.separators[1];
        if (digits < 9 || digits > 12 || separator == '_' || separator == '.') {
            const bool korean = g.sizes_are({3, 4, 4}) && g.digits[1] == '1' && groups == 3;
            if (separator != '.' || !(korean || (digits == 10 && groups == 5))) continue;  // 01.42.68.53.00
        }
        bool even = true;
        for (size_t k = 1; k < groups; ++k)
            even &=
                g.sizes[k] >= 2 && (k < 2 || g.separators[k] == ' ' || g.separators[k] == g.separators[2]);
        even &= groups == 2 || separator != '/' || g.separators[2] != '/';
        const bool indian = g.sizes_are({6, 5}) && g.digits[1] >= '6';  // 098765-43210
        if (separator == '-' && g.same_separators(groups)) even &= dashed_layout(g, groups) || indian;
        if (!even || goes_on(g, groups, separator) ||
            (g.sizes_are({4, 4, 4}) && !is_mobile_in_fours(g, separator)) || goes_on_in_pairs(g, groups) ||
            scan.document(token, g, groups) || other_kind(scan, token, g, groups))
            continue;
        scan.report(phone_begin(scan, g.begins[0]), g.ends[groups - 1], Detector::kPhone);
        return true;
    }
    return false;
}

// Numbers without a trunk zero that their form gives away: 11 91234-5678 and 11 9 1234-5678 (Brazil), 8 (916)
// 123-45-67 (Russia), 0 532 123 45 67 (Turkey), 138 0013 8000 and 138-0013-8000 (China), 1-415-5550123.
size_t groups_without_zero(const Scan& scan, size_t token, const DigitGroups& g) {
    const bool blank = g.separators[1] == ' ';
    const bool brazil = (g.sizes_are({2, 5, 4}) && g.separators[2] == '-') ||
                        (g.sizes_are({2, 1, 4, 4}) && g.separators[2] == ' ' && g.separators[3] == '-');
    if (brazil && blank && g.digits[0] != '0' && g.digits[2] == '9') return g.sizes[1] == 5 ? 3 : 4;
    if (g.sizes_are({1, 3, 3, 2, 2}) && g.separators[3] == g.separators[4]) {
        const bool russian =
            g.digits[0] == '8' && g.digits[1] >= '3' && g.separators[2] != '/' && g.separators[3] != '/';
        const bool turkish =
            g.digits[0] == '0' && g.digits[1] == '5' && g.count == 5 && blank && g.same_separators(5);
        if (russian || turkish) return 5;
    }
    if (g.sizes_are({3, 4, 4}) && g.digits[0] == '1' && g.digits[1] >= '3' && g.same_separators(3)) {
        if (blank && (g.count == 3 || g.separators[3] != ' ')) return 3;
        // "139-2024-0001" is a number of a year.
        if (g.separators[1] == '-' && g.ends[2] - g.begins[0] == 13 && !is_year(scan, token + 1) &&
            !scan.document(token, g, 3))
            return 3;
    }
    const bool american = g.sizes_are({1, 3, 7}) && g.digits[0] == '1' && g.separators[1] == '-' &&
                          g.separators[2] == '-' && is_american(g, 1);
    return american ? 3 : 0;
}

bool scan_without_zero(Scan& scan, size_t token, const DigitGroups& g) {
    const size_t groups = g.count < 3 ? 0 : groups_without_zero(scan, token, g);
    if (groups == 0 || goes_on(g, groups, g.separators[groups - 1]) || other_kind(scan, token, g, groups))
        return false;
    scan.report(phone_begin(scan, g.begins[0]), g.ends[groups - 1], Detector::kPhone);
    return true;
}

// The sizes of the groups of a subscriber's number, from one on, as a number: {3, 2, 2} is 322.
int layout_behind(const DigitGroups& g, size_t first, size_t groups) {
    int layout = 0;
    for (size_t k = first; k < groups; ++k) layout = layout * 10 + std::min<int>(g.sizes[k], 9);
    return layout;
}

// Whether a number is one by its layout behind an area code in brackets, of which g.sizes[area] is the size.
// What is in front of the brackets is a trunk prefix, or nothing.
bool fits_brackets(const Scan& scan, size_t token, const DigitGroups& g, size_t area, size_t groups) {
    const char prefix = area == 0 ? '\0' : g.digits[0];
    const char* code = g.digits + area;
    const char* number = code + g.sizes[area];
    const int layout = layout_behind(g, area + 1, groups);
    const size_t size = g.total(groups) - g.total(area + 1);
    if (prefix == '0')  // 0 (532) 123 45 67
        return g.sizes[area] >= 2 && g.sizes[area] <= 4 && code[0] != '0' && size >= 5 && size <= 8 &&
               size + g.sizes[area] >= 8;
    if (prefix == '8') return g.sizes[area] == 3 && code[0] >= '3' && (layout == 7 || layout == 34);
    if (prefix != '\0' && prefix != '1') return false;
    if (g.sizes[area] == 3 && layout == 7) return is_american(g, area);
    if (prefix == '1') return false;
    if (g.sizes[area] == 3) return layout == 322 || (layout == 44 && code[0] == '1' && code[1] >= '3');
    if (g.sizes[area] == 4) return layout == 222;
    if (g.sizes[area] != 2 || code[0] == '0') return false;
    // Brazil, Mexico
    if (layout == 9 || layout == 54 || layout == 144) return number[0] == '9' && size == 9;
    const std::string_view two(code, 2);
    const bool mexican = two == "55" || two == "56" || two == "33" || two == "81";
    if (layout == 8) return mexican || (number[0] >= '2' && number[0] <= '5');
    return layout == 44 &&
           (g.separators[2] == '-' || !(is_year(scan, token + 1) && is_year(scan, token + 2)));
}

// The group that is all there is between two brackets, the first or the second one; g.count where there is
// none.
size_t bracketed_group(const Scan& scan, const DigitGroups& g) {
    const size_t area = scan.before(g.begins[0]) == '(' ? 0 : 1;
    if (area >= g.count || scan.before(g.begins[area]) != '(' || scan.at(g.ends[area]) != ')') return g.count;
    if (area == 1 && g.sizes[0] != 1) return g.count;
    // "f(415)…", "…)(415)…"
    const char before = area == 0 ? scan.before(g.begins[0] - 1) : scan.before(g.begins[0]);
    return is_word(before) || before == ')' || before == ']' || before == '-' || before == '.' ? g.count
                                                                                               : area;
}

// Numbers whose area code stands in brackets: (415)5550123, (55) 1234-5678, 0 (532) 123 45 67.
bool scan_bracketed(Scan& scan, size_t token, const DigitGroups& g) {
    const size_t area = bracketed_group(scan, g);
    if (area == g.count) return false;
    constexpr size_t kMostBehind = 4;
    for (size_t groups = std::min(g.count, area + 1 + kMostBehind); groups > area + 1; --groups) {
        const char separator = groups > area + 2 ? g.separators[groups - 1] : '-';
        const auto is_inner = [](char c) { return c == ' ' || c == '-' || c == '.'; };
        if (!std::all_of(g.separators + area + 2, g.separators + groups, is_inner)) continue;
        if (groups < g.count && (g.separators[groups] == separator || g.separators[groups] == ')')) continue;
        if (!fits_brackets(scan, token, g, area, groups) || other_kind(scan, token, g, groups)) continue;
        scan.report(phone_begin(scan, g.begins[0]), g.ends[groups - 1], Detector::kPhone);
        return true;
    }
    return false;
}

// "(0)20 7946 0958", "(0 30) 90 18 20": the trunk zero stands in brackets, alone or with the area code.
bool scan_bracketed_zero(Scan& scan, size_t token, const DigitGroups& g) {
    if (g.sizes[0] != 1 || g.digits[0] != '0' || g.digits[1] == '0' || g.count < 3 || g.count > 6 ||
        scan.before(g.begins[0]) != '(' || is_word(scan.before(g.begins[0] - 1)))
        return false;
    const bool alone = scan.at(g.ends[0]) == ')' && g.begins[1] == g.ends[0] + 1;
    const bool with_area = g.separators[1] == ' ' && scan.at(g.ends[1]) == ')' && g.sizes[1] <= 4;
    const size_t digits = g.total(g.count) - 1;
    if (!(alone && digits >= 9 && digits <= 11) && !(with_area && digits >= 7 && digits <= 11)) return false;
    for (size_t k = 2; k < g.count; ++k)
        if (g.sizes[k] < 2 || (g.separators[k] != ' ' && g.separators[k] != '-' && !(with_area && k == 2)))
            return false;
    if (other_kind(scan, token, g, g.count)) return false;
    scan.report(phone_begin(scan, g.begins[0]), g.ends[g.count - 1], Detector::kPhone);
    return true;
}

// wa.me/4917012345678: the number of who is written to.
bool in_chat_link(const Scan& scan, size_t token) {
    if (token < 2 || scan.before(scan.tokens[token].begin) != '/') return false;
    const uint32_t end = scan.tokens[token - 1].end, begin = scan.tokens[token - 2].begin;
    return end + 1 == scan.tokens[token].begin && scan.text.substr(begin, end - begin) == "wa.me";
}

// Under a name that may mean something else, "cells" or the "text" beside {"type": "mobile"}: not a sentence,
// nor more digits than a number has without its '+', as the identifier of a mobile network's cell.
bool may_be_phone(const Scan& scan, size_t token, const DigitGroups& g) {
    constexpr size_t kMostLetters = 8;
    if (g.same_separators(g.count) && g.total(g.count) > kMostPhoneDigitsWithoutPlus &&
        scan.before(g.begins[0]) != '+')
        return false;
    size_t letters = 0;
    for (const Token& t : scan.tokens) {
        letters += t.size() - t.digits;
        if (letters > kMostLetters) return false;
    }
    return !continues_number(scan, token, g);
}

constexpr size_t kLongestPhone = 15;  // E.164

// "30 662 9675 / 30 662 9676": of what is too long for one number, the groups up to the slash.
size_t groups_of_one(const DigitGroups& g) {
    if (g.total(g.count) <= kLongestPhone) return g.count;
    return static_cast<size_t>(std::find(g.separators + 1, g.separators + g.count, '/') - g.separators);
}

// "CALL-20745765", and nothing else.
bool is_numbered_thing(const Scan& scan, size_t token, const DigitGroups& g) {
    return token == 1 && scan.tokens[0].begin == 0 && g.count == 1 && g.ends[0] == scan.text.size() &&
           scan.fastened(token);
}

// "030 - 901 82 0", "0171 / 51 22 07": the first group is parted from the others by more than these are from
// each other.
bool has_area_apart(const DigitGroups& g, size_t groups) {
    const char first = g.separators[1];
    for (size_t k = 3; k < groups; ++k)
        if (g.separators[k] != g.separators[2]) return false;
    return groups > 2 && (first == ')' || ((first == '/' || first == '-') && g.begins[1] - g.ends[0] > 1));
}

// Under a phone key or after a word like "call": any number that is long enough.
bool scan_named_phone(Scan& scan, size_t token, const DigitGroups& g) {
    const bool key =
        scan.context.named.has(Detector::kPhone) && (!scan.context.doubtful || may_be_phone(scan, token, g));
    if (!key && !scan.named_by_words(Detector::kPhone, token) && !in_chat_link(scan, token)) return false;
    if (!key && is_numbered_thing(scan, token, g)) return false;
    if (key && g.count > 1 && g.total(g.count) > kLongestPhone) {  // several numbers
        scan.report(phone_begin(scan, g.begins[0]), g.ends[g.count - 1], Detector::kPhone);
        return true;
    }
    for (size_t groups = groups_of_one(g); groups > 0; --groups) {
        const size_t digits = g.total(groups);
        if (digits > kLongestPhone || digits < 7 || (groups > 1 && g.separators[1] == '_')) continue;
        if (!key && groups > 1 && !g.same_separators(groups) && !has_area_apart(g, groups)) continue;
        if (!key && has_date_or_time(scan, token, g, groups)) continue;
        scan.report(phone_begin(scan, g.begins[0]), g.ends[groups - 1], Detector::kPhone);
        return true;
    }
    return false;
}

// {"from": "447700900775"}, the whole value: a country code and a number as long as that country's are. Not a
// time (202601311200).
bool scan_party_phone(Scan& scan, const DigitGroups& g) {
    constexpr size_t kShortest = 11, kLongest = 13;
    const size_t size = g.total(g.count);
    if (!scan.context.party || scan.context.number || g.count != 1 || size != scan.text.size() ||
        size < kShortest || size > kLongest)
        return false;
    const std::string_view digits = g.first(1);
    const bool time = digits.starts_with("20") && ids::valid_yymmdd(digits.substr(2)) &&
                      number_of(digits.substr(8, 2)) < 24;
    const bool american = digits[0] != '1' || digits[1] >= '2';
    if (time || !american || !international_number(digits, true, false)) return false;
    scan.report(g.begins[0], g.ends[0], Detector::kPhone);
    return true;
}

}  // namespace

bool scan_plus_phone(Scan& scan, size_t token, const DigitGroups& g) {
    if (scan.context.number) return false;
    return scan_international(scan, token, g);
}

namespace {

bool scan_national(Scan& scan, size_t token, const DigitGroups& g) {
    if (scan.context.number || g.count < 2 || scan.fastened(token) || continues_number(scan, token, g))
        return false;
    const bool decimal = scan.at(g.ends[g.count - 1]) == '.' && is_digit(scan.at(g.ends[g.count - 1] + 1));
    if (decimal || scan.article(token, g.begins[0], g.ends[g.count - 1])) return false;
    return scan_north_american(scan, token, g) || scan_with_trunk_zero(scan, token, g) ||
           scan_without_zero(scan, token, g) || scan_bracketed(scan, token, g) ||
           scan_bracketed_zero(scan, token, g);
}

}  // namespace

bool scan_phone(Scan& scan, size_t token, const DigitGroups& g) {
    if (scan_party_phone(scan, g)) return true;
    // Behind a word the form may know of more groups than the word makes sure of; both are reported.
    const bool key = scan.context.named.has(Detector::kPhone);
    const bool by_word = !key && scan.named_by_words(Detector::kPhone, token);
    const bool by_form = by_word && scan_national(scan, token, g);
    if (scan_named_phone(scan, token, g) || by_form) return true;
    return !by_word && scan_national(scan, token, g);
}

}  // namespace gpsync::core::pii

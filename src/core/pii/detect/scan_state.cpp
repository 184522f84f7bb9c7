// Numbers that states give to people.
#include <algorithm>
#include <array>

#include "core/ascii_case.hpp"
#include "core/pii/checksums.hpp"
#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

namespace {

constexpr uint32_t kSomethingElse = kOrder | kReference | kHash | kVersion | kTime | kIdentifier;

// The first groups stand alone: no further number is fastened to them on either side.
bool stands_alone(const Scan& scan, size_t token, const DigitGroups& g, size_t groups) {
    const char separator = groups > 1 ? g.separators[1] : '-';
    if (groups < g.count && g.separators[groups] == separator && (separator != ' ' || groups == 1))
        return false;
    if (groups == 1 ? scan.fastened(token) : scan.part_of_word(token, separator)) return false;
    const uint32_t end = g.ends[groups - 1];
    if (scan.at(end) == '.' && is_digit(scan.at(end + 1))) return false;
    if (groups == 1 && scan.has_cents(g.begins[0], end)) return false;
    if (token == 0 || !scan.tokens[token - 1].all_digits() || scan.tokens[token - 1].end <= scan.done)
        return true;
    const uint32_t from = scan.tokens[token - 1].end;
    return soft_separator(scan.text.substr(from, g.begins[0] - from)) != separator;
}

bool blank_or_dash(char c) {
    return c == ' ' || c == '-';
}

// SSA: area not 000, 666 or 9xx, group not 00, serial not 0000. An ITIN has 9 in front and 50-65, 70-88,
// 90-92 or 94-99 in the middle (IRS).
Detector ssn_kind(std::string_view nine) {
    const int area = number_of(nine.substr(0, 3)), group = number_of(nine.substr(3, 2)),
              serial = number_of(nine.substr(5));
    if (area >= 900) {
        const bool itin =
            (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group != 93);
        return itin ? Detector::kItin : Detector::kNone;
    }
    return area == 0 || area == 666 || group == 0 || serial == 0 ? Detector::kNone : Detector::kSsn;
}

bool report_if(Scan& scan, bool valid, const DigitGroups& g, size_t groups, Detector detector) {
    if (valid) scan.report(g.begins[0], g.ends[groups - 1], detector);
    return valid;
}

bool scan_ssn(Scan& scan, size_t token, const DigitGroups& g) {
    if (!g.sizes_are({3, 2, 4}) || !g.same_separators(3) || !blank_or_dash(g.separators[1])) return false;
    const Detector kind = ssn_kind(g.first(3));
    if (kind == Detector::kNone || !stands_alone(scan, token, g, 3) ||
        scan.article(token, g.begins[0], g.ends[2]))
        return false;
    return report_if(scan, true, g, 3, kind);
}

// Three groups of four inside a longer number written in fours: a card, an account.
bool among_fours(const Scan& scan, size_t token, const DigitGroups& g) {
    const bool date = g.count > 4 && g.separators[4] != ' ';
    if (g.count > 3 && g.separators[3] == ' ' && !date && (g.sizes[3] == 4 || g.count == 4)) return true;
    if (token == 0) return false;
    const Token& last = scan.tokens[token - 1];
    return last.size() == 4 && last.digits > 0 && scan.tokens[token].begin - last.end == 1;
}

bool scan_grouped(Scan& scan, size_t token, const DigitGroups& g) {
    if (g.count < 3 || !blank_or_dash(g.separators[1]) || scan.article(token, g.begins[0], g.ends[2]))
        return false;
    const bool three = g.same_separators(3) && stands_alone(scan, token, g, 3);
    if (three && g.sizes_are({4, 4, 4}))
        return report_if(scan,
                         g.digits[0] >= '2' && verhoeff_valid(g.first(3)) && !among_fours(scan, token, g), g,
                         3, Detector::kAadhaar);
    if (three && g.sizes_are({3, 3, 4}) && g.separators[1] == ' ')
        return report_if(scan, nhs_check_valid(g.first(3)) && !all_same(g.first(3)), g, 3, Detector::kNhs);
    if (three && (g.count == 3 || g.separators[3] == '_') && g.sizes_are({3, 3, 3}))
        return report_if(scan, g.digits[0] != '8' && luhn_valid(g.first(3)) && !all_same(g.first(3)), g, 3,
                         Detector::kSin);
    if (g.count >= 4 && g.sizes_are({2, 3, 3, 3}) && g.same_separators(4) && stands_alone(scan, token, g, 4))
        return report_if(scan, german_tax_id_valid(g.first(4)), g, 4, Detector::kGermanTaxId);
    return false;
}

bool scan_eleven(Scan& scan, size_t token, const DigitGroups& g) {
    if (g.sizes[0] != 11 || !stands_alone(scan, token, g, 1) ||
        scan.spared(kSomethingElse, token, g.begins[0], g.ends[0]))
        return false;
    const std::string_view digits = g.first(1);
    if (report_if(scan, german_tax_id_valid(digits), g, 1, Detector::kGermanTaxId)) return true;
    return report_if(scan, pesel_valid(digits) && !all_same(digits), g, 1, Detector::kPesel);
}

}  // namespace

bool scan_state_number(Scan& scan, size_t token, const DigitGroups& g) {
    if (scan.context.number) return false;
    if (scan_ssn(scan, token, g)) return true;
    if (g.sizes[0] != 11 && g.count < 3) return false;
    if (scan.named(Detector::kPhone, token)) return false;
    return scan_grouped(scan, token, g) || scan_eleven(scan, token, g);
}

namespace {

// What a number may be once its key or the word in front of it says so, by its length alone. With only a word
// in front the check digit must fit as well, where there is one.
struct NamedNumber {
    Detector detector;
    uint8_t shortest, longest, most_groups;
    bool (*check)(std::string_view digits);
};

constexpr std::array<NamedNumber, 18> kNamedNumbers = {{
    {Detector::kCvv, 3, 4, 1, nullptr},
    {Detector::kPin, 4, 8, 1, nullptr},
    {Detector::kPassword, 4, 8, 1, nullptr},
    {Detector::kSsn, 9, 9, 3, nullptr},
    {Detector::kItin, 9, 9, 3, nullptr},
    {Detector::kSin, 9, 9, 3, luhn_valid},
    {Detector::kNhs, 10, 10, 3, nhs_check_valid},
    {Detector::kAba, 9, 9, 3, aba_check_valid},
    {Detector::kAadhaar, 12, 12, 3, verhoeff_valid},
    {Detector::kGermanTaxId, 11, 11, 4, german_tax_id_valid},
    {Detector::kPesel, 11, 11, 1, pesel_valid},
    {Detector::kImei, 14, 16, 4, nullptr},
    {Detector::kNif, 7, 8, 3, nullptr},  // the DNI of Argentina and Peru has no letter
    {Detector::kAccount, 6, 20, 6, nullptr},
    {Detector::kNationalId, 7, 20, 5, nullptr},
    {Detector::kPassport, 6, 10, 2, nullptr},
    {Detector::kDrivingLicence, 6, 18, 4, nullptr},
    {Detector::kMedicalRecord, 5, 15, 3, nullptr},
}};

// "account closed 2026-03-04"
bool is_iso_date(const DigitGroups& g, size_t groups) {
    const auto year_first = [&] { return g.digits[0] == '1' || g.digits[0] == '2'; };
    return groups == 3 && g.sizes_are({4, 2, 2}) && g.same_separators(3) && year_first() &&
           number_of(g.first(3).substr(4, 2)) <= 12 && number_of(g.first(3).substr(6, 2)) <= 31;
}

}  // namespace

bool scan_named_number(Scan& scan, size_t token, const DigitGroups& g) {
    if (!scan.named_at_all(token)) return false;
    for (const NamedNumber& kind : kNamedNumbers) {
        if (!scan.named(kind.detector, token)) continue;
        const bool key = scan.context.named.has(kind.detector);
        for (size_t groups = std::min<size_t>(g.count, kind.most_groups); groups > 0; --groups) {
            const std::string_view digits = g.first(groups);
            if (digits.size() < kind.shortest || digits.size() > kind.longest) continue;
            if (all_same(digits) && digits.size() > 4) continue;
            if (!key && kind.check != nullptr && !kind.check(digits)) continue;
            if (!key && groups < g.count && g.separators[groups] == '-') continue;
            if (!key && is_iso_date(g, groups)) continue;
            scan.report(g.begins[0], g.ends[groups - 1], kind.detector);
            return true;
        }
    }
    return false;
}

namespace {

constexpr bool in_base64(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' || c == '/';
}

// "CAVV: AJkBBkhgQQAAAE4gSDEJdQAAAAA=": what 3-D Secure and wallets write in base64. Letters alone have its
// padding.
bool scan_named_base64(Scan& scan, size_t token) {
    constexpr uint32_t kShortest = 24, kLongest = 64;
    uint32_t begin = scan.tokens[token].begin, end = begin;
    while (begin > scan.done && end - begin < kLongest && in_base64(scan.text[begin - 1])) --begin;
    while (end - begin <= kLongest && in_base64(scan.at(end))) ++end;
    const std::string_view run = scan.text.substr(begin, end - begin);
    while (scan.at(end) == '=') ++end;
    const uint32_t size = end - begin, padding = size - static_cast<uint32_t>(run.size());
    const auto has = [run](uint8_t wanted) {
        return std::any_of(run.begin(), run.end(), [wanted](char c) { return (class_of(c) & wanted) != 0; });
    };
    if (size < kShortest || size > kLongest || size % 4 != 0 || padding > 2 || is_word(scan.at(end)) ||
        !has(kUpper) || !has(kLower) || (padding == 0 && !has(kDigit)))
        return false;
    return scan.report(begin, end, Detector::kCryptogram), true;
}

}  // namespace

// "PIN block 0412AC89ABCDEF67", "ARQC: 0123456789ABCDEF": eight bytes in hex, or sixteen (ISO 9564-1, format
// 4), after a word that says so; a cryptogram also in base64. A name above the whole value decides by itself
// (fits_name()).
bool scan_named_block(Scan& scan, size_t token) {
    constexpr uint32_t kBlock = 16, kLongBlock = 32;
    const Token& t = scan.tokens[token];
    const bool block = (t.size() == kBlock || t.size() == kLongBlock) && t.all_hex && t.digits >= 3;
    if (block && !scan.context.named.has(Detector::kPin) && scan.named(Detector::kPin, token))
        return scan.report(t.begin, t.end, Detector::kPin), true;
    if (scan.context.named.has(Detector::kCryptogram) || !scan.named(Detector::kCryptogram, token))
        return false;
    if (block) return scan.report(t.begin, t.end, Detector::kCryptogram), true;
    return scan_named_base64(scan, token);
}

// "CVV123", "PIN4821": the name is glued to the number. Alone, a word with so few digits is an identifier.
bool scan_glued_code(Scan& scan, size_t token) {
    constexpr uint32_t kShortestCode = 3, kLongestCode = 8;
    const Token& t = scan.tokens[token];
    if (t.digits < kShortestCode || t.digits > kLongestCode || t.digits + 2 > t.size() ||
        t.size() == scan.text.size())
        return false;
    const uint32_t letters = t.size() - t.digits;
    const std::string_view word = scan.word(token), name = word.substr(0, letters);
    if (!is_letter(name[0]) || !may_end_naming(name) ||
        !std::all_of(word.begin() + letters, word.end(), is_digit))
        return false;
    const Word* found = find_word(core::to_lower(name));
    if (found == nullptr || (found->flags & kNameOnly) != 0 || !info(found->detector).only_remove)
        return false;
    for (const NamedNumber& kind : kNamedNumbers)
        if (kind.detector == found->detector && t.digits >= kind.shortest && t.digits <= kind.longest)
            return scan.report(t.begin + letters, t.end, kind.detector), true;
    return false;
}

namespace {

// How months begin in English, German, the languages of the Romance family, Dutch, Polish and those of
// Scandinavia, folded: any letter with an accent is \200.
constexpr std::string_view kMonths[] = {
    "jan",    "feb", "mar", "apr", "may", "jun",    "jul", "aug", "sep",    "oct",    "nov", "dec",
    "m\200r", "mrz", "mai", "okt", "dez", "f\200v", "avr", "jui", "ao\200", "d\200c", "ene", "abr",
    "ago",    "dic", "gen", "mag", "giu", "lug",    "set", "ott", "fev",    "out",    "maj", "mei",
    "maa",    "des", "sty", "lut", "kwi", "cze",    "lip", "sie", "wrz",    "pa\200", "lis", "gru"};

bool is_month_name(std::string_view word) {
    const std::string lower = core::to_lower(word.substr(0, 4));
    return std::any_of(std::begin(kMonths), std::end(kMonths),
                       [&lower](std::string_view month) { return lower.starts_with(month); });
}

// What stands between a day and its month, or behind the day.
bool is_of(std::string_view word) {
    for (std::string_view known : {"of", "de", "del", "di", "do", "den", "th", "st", "nd", "rd"})
        if (equals_ignoring_case(word, known)) return true;
    return false;
}

bool is_month_number(std::string_view two) {
    return number_of(two) >= 1 && number_of(two) <= 12;
}

bool is_year_of_birth(const Token& token, std::string_view word) {
    return token.all_digits() && token.size() == 4 && (word.starts_with("19") || word.starts_with("20"));
}

// "9th"
bool is_ordinal(std::string_view day) {
    const std::string_view letters = day.substr(std::min(day.find_first_not_of("0123456789"), day.size()));
    return letters.size() == 2 && is_of(letters);
}

// "9 April 1981", "9. de abril de 1981", "April 9th, 1981", at the day. Where the year ends, or 0; begin is
// where the date begins.
uint32_t end_of_worded_date(const Scan& scan, size_t token, uint32_t& begin) {
    constexpr size_t kMostBetween = 4;  // "de abril de", and the "th" of a day in groups
    constexpr uint32_t kLongestGap = 3;
    const Token& day = scan.tokens[token];
    if (day.digits > 2 || !(day.all_digits() || is_ordinal(scan.word(token)))) return 0;
    begin = day.begin;
    const bool before = token > 0 && day.begin - scan.tokens[token - 1].end == 1 &&
                        scan.tokens[token - 1].end > scan.done && is_month_name(scan.word(token - 1));
    bool month = before;
    if (before) begin = scan.tokens[token - 1].begin;
    for (size_t i = token + 1; i < scan.tokens.size() && i - token <= kMostBetween; ++i) {
        const Token& t = scan.tokens[i];
        if (t.begin - scan.tokens[i - 1].end > kLongestGap) return 0;
        if (month && is_year_of_birth(t, scan.word(i))) return t.end;
        const bool name = is_month_name(scan.word(i));
        if (t.digits > 0 || !(name || is_of(scan.word(i)))) return 0;
        month |= name;
    }
    return 0;
}

}  // namespace

bool scan_worded_date(Scan& scan, size_t token) {
    if (!scan.named(Detector::kBirthDate, token)) return false;
    uint32_t begin = 0;
    const uint32_t end = end_of_worded_date(scan, token, begin);
    if (end != 0) scan.report(begin, end, Detector::kBirthDate);
    return end != 0;
}

// "15/11/2027": the month and the year of a whole date.
bool is_behind_day(const Scan& scan, size_t token, const DigitGroups& g) {
    if (token == 0 || g.count < 2) return false;
    const Token& day = scan.tokens[token - 1];
    return day.all_digits() && day.size() <= 2 && g.begins[0] - day.end == 1 &&
           soft_separator(scan.text.substr(day.end, 1)) == g.separators[1];
}

bool scan_date(Scan& scan, size_t token, const DigitGroups& g) {
    if (scan.context.number ||
        !(scan.named(Detector::kBirthDate, token) || scan.named(Detector::kExpiry, token)))
        return false;
    const bool birth = scan.named(Detector::kBirthDate, token);
    // "DOB check 2026-03-04": of the check
    if (birth && !scan.context.named.has(Detector::kBirthDate) && token > 0 &&
        equals_ignoring_case(scan.word(token - 1), "check"))
        return false;
    if (birth && g.count >= 3 && g.same_separators(3)) {
        const size_t digits = g.total(3);
        if ((digits < 5 || digits > 8) || g.sizes[1] > 2) return false;
        return report_if(scan, true, g, 3, Detector::kBirthDate);
    }
    if (birth && g.count == 1 && (g.sizes[0] == 8 || g.sizes[0] == 6))
        return report_if(scan, true, g, 1, Detector::kBirthDate);
    if (birth) return scan_worded_date(scan, token);
    if (is_behind_day(scan, token, g)) return false;
    const bool year_first =
        g.count == 2 && g.sizes_are({4, 2}) && (g.separators[1] == '-' || g.separators[1] == '/');
    if (year_first && g.first(1).starts_with("20") && is_month_number(g.first(2).substr(4)))
        return report_if(scan, true, g, 2, Detector::kExpiry);
    const int month = number_of(g.first(1).substr(0, 2));
    if (month < 1 || month > 12) return false;
    if (g.count >= 2 && g.sizes[0] <= 2 && (g.sizes[1] == 2 || g.sizes[1] == 4) &&
        (g.separators[1] == '/' || g.separators[1] == '-')) {
        if (g.count > 2 && g.separators[2] == g.separators[1])
            return false;  // a whole date is no card's expiry
        return report_if(scan, true, g, 2, Detector::kExpiry);
    }
    if (g.sizes[0] != 4) return false;
    constexpr int kFirstYear = 15, kLastYear = 49;
    const int year = number_of(g.first(1).substr(2));
    return report_if(scan, year >= kFirstYear && year <= kLastYear, g, 1, Detector::kExpiry);
}

namespace {

// The letters and digits from a token on, over single blanks, dashes and dots, upper-case, until there are
// exactly `wanted` of them at a word's end. Returns the end in the text, or 0.
uint32_t compact(const Scan& scan, size_t token, size_t wanted, char* out, bool upper_only) {
    size_t size = 0;
    for (size_t i = token; i < scan.tokens.size() && size < wanted; ++i) {
        const Token& t = scan.tokens[i];
        if ((t.classes & (kOtherLetter | (upper_only ? kLower : 0))) != 0 || size + t.size() > wanted)
            return 0;
        if (i > token) {
            const char gap = scan.text[t.begin - 1];
            if (t.begin - scan.tokens[i - 1].end != 1 || (gap != ' ' && gap != '-' && gap != '.')) return 0;
            if (gap == '.' && t.digits != 3) return 0;  // "12.345.678-Z", not the seconds "08.195420Z"
        }
        for (char c : scan.word(i)) out[size++] = to_upper(c);
        if (size == wanted) return t.end;
    }
    return 0;
}

bool digits_at(std::string_view text, size_t from, size_t count) {
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from),
                       text.begin() + static_cast<std::ptrdiff_t>(from + count), is_digit);
}

// HMRC: two letters out of a set, six digits, A to D.
bool nino_valid(std::string_view n) {
    if (!digits_at(n, 2, 6) || n[8] < 'A' || n[8] > 'D' || is_digit(n[0]) || is_digit(n[1])) return false;
    constexpr std::string_view kNeverFirst = "DFIQUV", kNeverSecond = "DFIOQUV";
    if (kNeverFirst.find(n[0]) != std::string_view::npos || kNeverSecond.find(n[1]) != std::string_view::npos)
        return false;
    for (std::string_view unused : {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"})
        if (n.substr(0, 2) == unused) return false;
    return true;
}

// "QQ 12 34 56 C", "QQ123456C": not "KK-1832-88B", a part's number.
bool in_pairs(const Scan& scan, size_t token, uint32_t end) {
    for (; token < scan.tokens.size() && scan.tokens[token].end <= end; ++token)
        if (const size_t digits = scan.tokens[token].digits; digits != 0 && digits != 2 && digits != 6)
            return false;
    return true;
}

Detector spanish_kind(std::string_view n) {
    if (!digits_at(n, 1, 7) || is_digit(n[8])) return Detector::kNone;
    char digits[8];
    std::copy_n(n.data(), 8, digits);
    const bool foreigner = n[0] >= 'X' && n[0] <= 'Z';
    if (foreigner) digits[0] = static_cast<char>('0' + (n[0] - 'X'));
    if (!is_digit(digits[0]) || nif_letter({digits, 8}) != n[8]) return Detector::kNone;
    return foreigner ? Detector::kNie : Detector::kNif;
}

}  // namespace

bool scan_state_code(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    char code[16];
    const bool lower_too = !scan.context.named.empty();
    if (t.size() == 16 && t.digits >= 1 && (t.classes & kLetter) != 0) {
        const uint32_t end = compact(scan, token, 16, code, false);
        if (end != 0 && codice_fiscale_valid({code, 16}))
            return scan.report(t.begin, end, Detector::kCodiceFiscale), true;
    }
    if (t.size() > 9 || (t.size() > 2 && t.digits == 0)) return false;
    const uint32_t end = compact(scan, token, 9, code, !lower_too);
    if (end == 0 || (scan.at(end) == '-' && is_word(scan.at(end + 1)))) return false;
    const bool part = end == t.end ? scan.fastened(token) : scan.part_of_word(token, scan.at(t.end));
    if (part && !scan.named_at_all(token)) return false;
    if (scan.spared(kSomethingElse, token, t.begin, end)) return false;
    const bool nino = nino_valid({code, 9}) && (lower_too || in_pairs(scan, token, end));
    const Detector kind = nino ? Detector::kNino : spanish_kind({code, 9});
    if (kind == Detector::kNone) return false;
    scan.report(t.begin, end, kind);
    return true;
}

namespace {

// "xxxxxxxxx7549": all but the last digits are masked.
bool is_masked(std::string_view word) {
    constexpr size_t kMostDigits = 4, kFewestLetters = 4;
    const size_t letters = std::min(word.find_first_not_of("xX"), word.size());
    return letters >= kFewestLetters && word.size() - letters <= kMostDigits &&
           std::all_of(word.begin() + static_cast<std::ptrdiff_t>(letters), word.end(), is_digit);
}

}  // namespace

bool scan_named_code(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (t.size() < 6 || t.size() > 20 || t.digits < 3 || (t.classes & kOtherLetter) != 0) return false;
    if (is_masked(scan.word(token)) || !scan.named_at_all(token)) return false;
    for (Detector d :
         {Detector::kPassport, Detector::kDrivingLicence, Detector::kMedicalRecord, Detector::kNationalId})
        if (scan.named(d, token)) return scan.report(t.begin, t.end, d), true;
    return false;
}

}  // namespace gpsync::core::pii

// Card numbers (ISO/IEC 7812).
#include <algorithm>
#include <string>

#include "core/ascii_case.hpp"
#include "core/pii/checksums.hpp"
#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kShortestPan = 12, kLongestPan = 19;
constexpr size_t kLongestGlued = 24;  // letters of a word for cards that is glued to a number

unsigned prefix(std::string_view digits, size_t length) {
    unsigned value = 0;
    for (char c : digits.substr(0, length)) value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
}

constexpr bool within(unsigned value, unsigned first, unsigned last) {
    return value >= first && value <= last;
}

// Issuer prefix and length of the networks whose numbers count without a key beside them. The standard allows
// some of them 17 and 18 digits; nobody issues such cards, and identifiers have them. The long lists are
// Maestro's, Dankort's, Elo's, Verve's, RuPay's and UkrCard's ranges.
bool known_issuer(std::string_view pan) {
    const size_t n = pan.size();
    const unsigned six = prefix(pan, 6), four = six / 100, three = six / 1000, two = six / 10000;
    switch (pan[0]) {
        case '4':
            return n == 13 || n == 16 || n == 19;  // Visa
        case '5':
            if (within(two, 51, 55)) return n == 16;  // Mastercard
            return n == 16 && (four == 5018 || four == 5019 || four == 5020 || four == 5038 || four == 5893 ||
                               within(six, 504175, 504176) || within(six, 506099, 506198) ||
                               within(six, 506699, 506778) || within(six, 507865, 507964) ||
                               within(six, 508500, 508999) || within(six, 509000, 509999));
        case '1':
            return n == 15 && four == 1800;  // JCB's old ones
        case '2':
            return (n == 16 && (within(four, 2221, 2720) || within(four, 2200, 2205))) ||  // Mastercard, Mir
                   (n == 15 && four == 2131);                                              // JCB's old ones
        case '3':
            if (two == 34 || two == 37) return n == 15;  // American Express
            if (two == 35) return n == 16 || n == 19;    // JCB
            return (two == 36 || within(three, 300, 305) || four == 3095 || two == 38 || two == 39) &&
                   (n == 14 || n == 16 || n == 19);  // Diners Club
        case '6':
            if (four == 6011 || within(three, 644, 649) || two == 65) return n == 16 || n == 19;  // Discover
            if (two == 62) return n >= 16;                                                        // UnionPay
            return n == 16 && (four == 6304 || four == 6759 || within(four, 6761, 6763) || six == 636297 ||
                               six == 636368 || within(six, 606985, 607984) || within(six, 608001, 608500) ||
                               within(four, 6040, 6041));
        case '8':
            return n == 16 && (within(four, 8100, 8171) || four == 8600);  // UnionPay, Uzcard
        case '9':
            return n == 16 && (four == 9112 || four == 9792 || four == 9860);  // Belkart, Troy, Humo
        default:
            return false;
    }
}

// How people write a card number: 4-4-4-4(-3), Amex 4-6-5, Diners 4-6-4, six and the rest, or groups of
// one, three, five or eight.
bool card_layout(const DigitGroups& g, size_t groups) {
    if (groups == 1) return true;
    if (g.separators[1] == ')') return false;
    const uint8_t first = g.sizes[0];
    const bool even = g.alike_sizes >= groups - 1 && g.sizes[groups - 1] <= first;
    if (even && first == 4) return true;
    if (groups == 3 && first == 4 && g.sizes[1] == 6) return true;
    if (groups == 3 && first == 6 && g.sizes_are({6, 6, 4}) && g.same_separators(3))
        return true;  // what masks part
    if (!g.same_separators(groups) || g.separators[1] == '/') return false;
    const bool ends_here = groups == g.count || g.separators[groups] != g.separators[1];
    if (!ends_here) return false;
    if (groups == 2) return first == 6 || (first == 8 && g.sizes[1] == 8) || (first == 4 && g.sizes[1] == 12);
    return even && (first == 1 || first == 3 || first == 5);
}

// "4111111111111111.00": a spreadsheet adds decimals that are all zero.
bool zero_decimals(const Scan& scan, uint32_t point) {
    constexpr uint32_t kMost = 4;
    if (scan.context.number) return false;
    uint32_t end = point + 1;
    while (scan.at(end) == '0' && end - point <= kMost) ++end;
    return end > point + 1 && !is_word(scan.at(end)) && !(scan.at(end) == '.' && is_word(scan.at(end + 1)));
}

// "4111111111111111.25", "0.4111111111111111" and "0,4111111111111111" are fractions; "7,4111111111111111" is
// a row of a table.
bool part_of_fraction(const Scan& scan, uint32_t begin, uint32_t end) {
    if (scan.at(end) == '.' && is_digit(scan.at(end + 1)) && !zero_decimals(scan, end)) return true;
    if (begin < 2 || !is_digit(scan.text[begin - 2])) return false;
    const bool zero = scan.text[begin - 2] == '0' && !is_digit(scan.before(begin - 2));
    return scan.text[begin - 1] == '.' || (scan.text[begin - 1] == ',' && zero && scan.at(end) != ',');
}

void report_pan(Scan& scan, uint32_t begin, uint32_t end, std::string_view pan) {
    const unsigned bin = prefix(pan, 6);
    const bool in_table = std::any_of(scan.context.token_bins.begin(), scan.context.token_bins.end(),
                                      [bin](const BinRange& r) { return within(bin, r.first, r.last); });
    const bool device = !scan.context.funding && (scan.context.device || in_table);
    scan.report(begin, end, device ? Detector::kDevicePan : Detector::kPan);
    if (!device && !scan.context.number) scan_beside_card(scan, begin, end);
}

// GS1's EAN-13, whose German and other numbers begin with a 4 as Visa's old ones of thirteen digits do.
bool ean13_valid(std::string_view digits) {
    int sum = 0;
    for (size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
    return sum % 10 == 0;
}

// By value: issuer, length and Luhn. Thirteen digits alone may be an article's; in groups of four they are
// none.
bool strong_pan(const Scan& scan, std::string_view digits, bool alone) {
    if (digits.size() == 13 && alone && (ean13_valid(digits) || (scan.context.flags & kOrder) != 0))
        return false;
    return digits.size() >= 13 && digits.size() <= kLongestPan && !all_same(digits) && known_issuer(digits) &&
           luhn_valid(digits);
}

// With a word in front Luhn alone is enough (Maestro); with a key, any number that long.
bool named_pan(Scan& scan, size_t token, std::string_view digits) {
    if (digits.size() < kShortestPan || digits.size() > kLongestPan || all_same(digits)) return false;
    const DetectorSet cards(Detector::kPan, Detector::kDevicePan);
    if (scan.context.named.intersects(cards)) return true;
    return !scan.context.number && luhn_valid(digits) && scan.named(Detector::kPan, token);
}

// "0004111111111111111": filled up with zeros to the width of a field, as ISO 8583 and COBOL write numbers.
bool scan_filled_pan(Scan& scan, const DigitGroups& g) {
    constexpr uint8_t kWidths[] = {18, 19, 20, 24};
    constexpr size_t kShortestFilled = 15;  // a number of thirteen digits behind zeros may be an article's
    if (scan.context.number ||
        std::find(std::begin(kWidths), std::end(kWidths), g.sizes[0]) == std::end(kWidths))
        return false;
    const std::string_view digits = g.first(1);
    const size_t zeros = digits.find_first_not_of('0');
    if (zeros == std::string_view::npos || zeros < 2 || digits.size() - zeros < kShortestFilled) return false;
    const std::string_view pan = digits.substr(zeros);
    if (!strong_pan(scan, pan, true) || part_of_fraction(scan, g.begins[0], g.ends[0])) return false;
    report_pan(scan, g.begins[0], g.ends[0], pan);
    return true;
}

constexpr std::string_view kDigits = "0123456789";

// "4111 1111 1111 1111exp 12/27": a word is glued to the last of the groups. Codes over dashes may go on in
// hex.
bool scan_pan_before_letters(Scan& scan, size_t token, const DigitGroups& g) {
    constexpr size_t kFewest = 2, kMost = 4;
    const size_t next = token + g.count;
    if (g.count < kFewest || g.count > kMost || next >= scan.tokens.size()) return false;
    const std::string_view word = scan.word(next);
    const size_t size = word.find_first_not_of(kDigits);
    if (size == 0 || size == std::string_view::npos || g.total(g.count) + size > kLongestPan) return false;
    const uint32_t from = scan.tokens[next - 1].end, begin = scan.tokens[next].begin;
    const char separator = soft_separator(scan.text.substr(from, begin - from));
    const std::string_view letters = word.substr(size, word.find_first_of(kDigits, size) - size);
    if (separator == 0 || separator != g.separators[1] ||
        (separator != ' ' && std::all_of(letters.begin(), letters.end(), is_hex)))
        return false;
    DigitGroups all = g;
    word.copy(all.digits + g.total(g.count), size);
    all.sizes[g.count] = static_cast<uint8_t>(size);
    all.separators[g.count] = separator;
    all.sums[++all.count] = static_cast<uint8_t>(g.total(g.count) + size);
    const std::string_view pan = all.first(all.count);
    if (!card_layout(all, all.count) || !strong_pan(scan, pan, false)) return false;
    report_pan(scan, all.begins[0], begin + static_cast<uint32_t>(size), pan);
    return true;
}

}  // namespace

namespace {

// The mark between two groups of a card number that other numbers do not have: any few of ASCII's.
std::string_view gap_of(const Scan& scan, size_t token) {
    constexpr uint32_t kLongest = 4;
    if (token + 1 >= scan.tokens.size()) return {};
    const uint32_t begin = scan.tokens[token].end, end = scan.tokens[token + 1].begin;
    if (end - begin > kLongest) return {};
    const std::string_view gap = scan.text.substr(begin, end - begin);
    const bool marks =
        std::all_of(gap.begin(), gap.end(), [](char c) { return static_cast<unsigned char>(c) < 0x7F; });
    return marks ? gap : std::string_view();
}

// Another group of four over the same mark: then it is a list of numbers, and the card number none.
bool is_group_of_list(const Scan& scan, size_t token) {
    return token < scan.tokens.size() && scan.tokens[token].all_digits() && scan.tokens[token].size() == 4;
}

}  // namespace

// "4111,1111,1111,1111", "[4111][1111][1111][1111]": groups as cards have them, with the same few marks
// between all.
bool scan_spread_pan(Scan& scan, size_t token) {
    constexpr size_t kMostGroups = 5, kGroup = 4;
    if (scan.context.number || !is_group_of_list(scan, token)) return false;
    const std::string_view gap = gap_of(scan, token);
    if (gap.empty()) return false;
    char digits[kLongestPan];
    size_t size = 0, groups = 0;
    uint32_t sizes[kMostGroups] = {};
    for (size_t i = token; i < scan.tokens.size() && groups < kMostGroups; ++i) {
        const Token& t = scan.tokens[i];
        if (!t.all_digits() || size + t.size() > kLongestPan || (groups > 0 && gap_of(scan, i - 1) != gap))
            break;
        scan.word(i).copy(digits + size, t.size());
        size += t.size();
        sizes[groups++] = t.size();
    }
    const bool fours = groups >= 4 && sizes[1] == kGroup && sizes[2] == kGroup && sizes[3] == kGroup;
    const bool american = groups >= 3 && sizes[1] == 6 && (sizes[2] == 5 || sizes[2] == 4);
    if (!fours && !american) return false;
    size_t count = american ? 3 : groups;
    if (fours && count == kMostGroups && sizes[4] != 3) count = 4;
    size = 0;
    for (size_t i = 0; i < count; ++i) size += sizes[i];
    const uint32_t begin = scan.tokens[token].begin, end = scan.tokens[token + count - 1].end;
    const bool goes_on = is_group_of_list(scan, token + count) && gap_of(scan, token + count - 1) == gap;
    const bool began_before =
        token > 0 && is_group_of_list(scan, token - 1) && gap_of(scan, token - 1) == gap;
    const std::string_view pan(digits, size);
    if (goes_on || began_before || !strong_pan(scan, pan, false) || part_of_fraction(scan, begin, end))
        return false;
    report_pan(scan, begin, end, pan);
    return true;
}

namespace {

// "4081 4931 42356", "40814-931-42356-8": all groups there are, in a layout that no issuer prints, are one
// where the key says so; behind a word, if the number is a card's by its form.
bool named_in_other_groups(Scan& scan, size_t token, const DigitGroups& g, size_t groups) {
    if (groups != g.count || g.separators[1] == ')' || scan.context.number) return false;
    const DetectorSet cards(Detector::kPan, Detector::kDevicePan);
    if (scan.context.named.intersects(cards) && !scan.context.doubtful) return true;
    return g.same_separators(groups) && strong_pan(scan, g.first(groups), true) &&
           scan.named(Detector::kPan, token);
}

}  // namespace

bool scan_pan(Scan& scan, size_t token, const DigitGroups& g) {
    // First what is a card number by itself, then the longest that its name makes one.
    for (const bool strong : {true, false}) {
        for (size_t groups = g.count; groups > 0; --groups) {
            const size_t size = g.total(groups);
            if (size > kLongestPan || size < kShortestPan) continue;
            const std::string_view digits = g.first(groups);
            if (!card_layout(g, groups) && (strong || !named_in_other_groups(scan, token, g, groups)))
                continue;
            const uint32_t begin = g.begins[0], end = g.ends[groups - 1];
            if (!(strong ? strong_pan(scan, digits, groups == 1) : named_pan(scan, token, digits)) ||
                part_of_fraction(scan, begin, end))
                continue;
            report_pan(scan, begin, end, digits);
            return true;
        }
    }
    return scan_filled_pan(scan, g) || scan_pan_before_letters(scan, token, g);
}

namespace {

// "4111111111111111EUR": a few letters behind, of which one is no hex digit: a digest goes on with those.
bool ends_in_letters(std::string_view letters) {
    constexpr size_t kMost = 5;
    constexpr uint8_t kAscii = kUpper | kLower;
    const auto is_ascii_letter = [](char c) { return (class_of(c) & kAscii) != 0; };
    return !letters.empty() && letters.size() <= kMost &&
           std::all_of(letters.begin(), letters.end(), is_ascii_letter) &&
           !std::all_of(letters.begin(), letters.end(), is_hex);
}

bool has_other_letter(std::string_view word) {
    return std::any_of(word.begin(), word.end(), [](char c) { return (class_of(c) & kOtherLetter) != 0; });
}

bool mentions_cards(std::string_view word) {
    if (equals_ignoring_case(word, "cc")) return true;  // as a name by itself it is something else
    const Word* name = find_word(core::to_lower(word));
    return name != nullptr && (name->detector == Detector::kPan || name->detector == Detector::kDevicePan ||
                               (name->flags & kSuffix) != 0);
}

// "PAN4111 1111 1111 1111": the word is glued to the first of the groups.
bool scan_glued_groups(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    const std::string_view word = scan.word(token);
    const size_t letters = word.size() - t.digits;
    const bool track = letters == 1 && to_upper(word[0]) == 'B' && scan.before(t.begin) == '%';
    if (letters > kLongestGlued || t.digits < 4 || t.digits > 6 || !is_letter(word[letters - 1]) ||
        !std::all_of(word.end() - t.digits, word.end(), is_digit) ||
        !(track || has_other_letter(word) || mentions_cards(word.substr(0, letters))))
        return false;
    const auto begin = static_cast<uint32_t>(t.begin + letters);
    const DigitGroups g = collect_groups(scan, token, static_cast<uint32_t>(letters));
    for (size_t groups = g.count; groups > 1; --groups) {
        const std::string_view digits = g.first(groups);
        if (!card_layout(g, groups) || !strong_pan(scan, digits, false)) continue;
        report_pan(scan, begin, g.ends[groups - 1], digits);
        return true;
    }
    return scan_pan_before_letters(scan, token, g);
}

// "4.111111111111111E+15", as spreadsheets write a long number: at the word behind the point.
bool scan_pan_with_exponent(Scan& scan, size_t token) {
    constexpr size_t kLongestExponent = 2;
    const Token& t = scan.tokens[token];
    if (token == 0 || t.digits < kShortestPan - 1 || scan.before(t.begin) != '.') return false;
    const Token& first = scan.tokens[token - 1];
    const std::string_view word = scan.word(token);
    const size_t size = word.find_first_not_of(kDigits);
    if (first.size() != 1 || !first.all_digits() || first.end + 1 != t.begin || first.end <= scan.done ||
        size == std::string_view::npos || to_upper(word[size]) != 'E')
        return false;
    std::string_view exponent = word.substr(size + 1);
    uint32_t end = t.end;
    if (exponent.empty() && scan.at(t.end) == '+' && token + 1 < scan.tokens.size()) {
        exponent = scan.word(token + 1);
        end = scan.tokens[token + 1].end;
    }
    if (exponent.empty() || exponent.size() > kLongestExponent ||
        exponent.find_first_not_of(kDigits) != std::string_view::npos)
        return false;
    const auto power = static_cast<size_t>(number_of(exponent));
    std::string pan = std::string(scan.word(token - 1)) + std::string(word.substr(0, size));
    if (power < size || power >= kLongestPan) return false;
    pan.append(power - size, '0');
    if (!strong_pan(scan, pan, false)) return false;
    report_pan(scan, first.begin, end, pan);
    return true;
}

// "4111111111111111exp1227", "4111111111111111CVV123"
bool scan_pan_before_code(Scan& scan, size_t token) {
    constexpr size_t kLongestCode = 12;
    const std::string_view word = scan.word(token);
    const size_t size = word.find_first_not_of(kDigits);
    if (size > kLongestPan) return false;  // also where all are digits
    const std::string_view digits = word.substr(0, size);
    const size_t end = word.find_first_of(kDigits, size);
    if (end == std::string_view::npos || end - size > kLongestCode || size < kShortestPan) return false;
    const Word* name = find_word(core::to_lower(word.substr(size, end - size)));
    if (name == nullptr || (name->detector != Detector::kCvv && name->detector != Detector::kExpiry) ||
        !strong_pan(scan, digits, false))
        return false;
    report_pan(scan, scan.tokens[token].begin, scan.tokens[token].begin + static_cast<uint32_t>(size),
               digits);
    return true;
}

}  // namespace

bool scan_glued_pan(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (t.digits > kShortestPan && scan_pan_before_code(scan, token)) return true;
    if (scan_pan_with_exponent(scan, token)) return true;
    if (t.digits < 13) return scan_glued_groups(scan, token);
    if (t.digits > kLongestPan) return false;
    const std::string_view word = scan.word(token);
    const size_t first = word.find_first_of("0123456789");
    const size_t last = word.find_last_of("0123456789");
    if (last - first + 1 != t.digits || word.size() - t.digits > kLongestGlued)
        return false;  // the digits stand together
    const std::string_view digits = word.substr(first, t.digits);
    // What is glued to it has to be a word for cards: otherwise this is an identifier.
    const bool foreign = has_other_letter(word);
    // As packed decimal writes an odd number of digits.
    const bool padded = first == 0 && last + 1 < word.size() &&
                        word.find_first_not_of("Ff", last + 1) == std::string_view::npos;
    const bool behind = first == 0 && t.digits >= 15 && ends_in_letters(word.substr(last + 1));
    if ((!mentions_cards(word.substr(0, first)) && !foreign && !padded && !behind &&
         !scan.context.named.has(Detector::kPan)) ||
        !luhn_valid(digits) || !known_issuer(digits))
        return false;
    const auto begin = static_cast<uint32_t>(t.begin + first);
    report_pan(scan, begin, padded ? t.end : begin + t.digits, digits);
    return true;
}

}  // namespace gpsync::core::pii

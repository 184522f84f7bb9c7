// Email addresses (RFC 5321, as people write them) and telephone numbers (ITU-T E.164 and E.123).
#include <algorithm>
#include <array>

#include "core/pii/detect/phone_codes.hpp"
#include "core/pii/detect/scan.hpp"
#include "core/pii/stop.hpp"

namespace gpsync::core::pii {

namespace {

constexpr uint32_t kLongestLocal = 64, kLongestDomain = 255;

enum : uint8_t { kLocal = 1, kQuoted = 2 };

// What a local part may hold, and what one in quotes.
constexpr std::array<uint8_t, 256> make_local_bytes() {
    std::array<uint8_t, 256> bytes{};
    for (size_t c = 0; c < 256; ++c)
        if (is_word(static_cast<char>(c))) bytes[c] = kLocal | kQuoted;
    for (unsigned char c : std::string_view("!#$%&'*+/=?^_`{|}~.-")) bytes[c] = kLocal | kQuoted;
    for (unsigned char c : std::string_view(" ,@")) bytes[c] = kQuoted;
    return bytes;
}
constexpr std::array<uint8_t, 256> kLocalBytes = make_local_bytes();

bool local_byte(char c) {
    return (kLocalBytes[static_cast<unsigned char>(c)] & kLocal) != 0;
}
bool quoted_byte(char c) {
    return (kLocalBytes[static_cast<unsigned char>(c)] & kQuoted) != 0;
}
// Of what is no letter or digit, what may stand before the '@'.
bool ends_local(char c) {
    return c == '_' || c == '-' || c == '+';
}
bool domain_byte(char c) {
    return is_word(c) || c == '.' || c == '-';
}

// Endings that look like a top-level domain and name a file: "icon@2x.png".
bool file_ending(std::string_view lower) {
    for (std::string_view ending :
         {"png", "jpg",  "jpeg", "gif", "svg", "webp", "css", "js", "json", "xml", "pdf", "html",
          "txt", "yaml", "yml",  "jar", "tgz", "gz",   "whl", "so", "dll",  "exe", "ico"})
        if (lower == ending) return true;
    return false;
}

// The end of the domain that starts at begin, or begin when there is none.
uint32_t domain_end(const Scan& scan, uint32_t begin) {
    uint32_t end = begin;
    while (end < scan.text.size() && end - begin < kLongestDomain && domain_byte(scan.text[end])) ++end;
    while (end > begin && !is_word(scan.text[end - 1])) --end;  // the full stop of a sentence
    const std::string_view domain = scan.text.substr(begin, end - begin);
    const size_t dot = domain.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || !is_word(domain[0]) ||
        domain.find("..") != std::string_view::npos)
        return begin;
    std::string_view top = domain.substr(dot + 1);
    if (top.size() < 2 || top.size() > 24) return begin;
    char lower[24];
    std::transform(top.begin(), top.end(), lower, to_lower);
    top = {lower, top.size()};
    const bool letters = std::all_of(top.begin(), top.end(), is_letter);
    return (letters && !file_ending(top)) || top.starts_with("xn--") ? end : begin;
}

// "joe doe"@example.com: where the quotes open; at itself when they do not.
uint32_t quoted_begin(const Scan& scan, uint32_t at) {
    for (uint32_t begin = at - 1; begin > scan.done && at - begin < kLongestLocal; --begin) {
        const char c = scan.text[begin - 1];
        if (c == '"') return at - begin > 1 ? begin - 1 : at;
        if (!quoted_byte(c)) break;
    }
    return at;
}

// Where the local part that ends at `at` begins; at itself when there is none.
uint32_t local_begin(const Scan& scan, uint32_t at) {
    uint32_t begin = at;
    while (begin > scan.done && at - begin < kLongestLocal && local_byte(scan.text[begin - 1])) --begin;
    if (begin == at && at > 0 && scan.text[at - 1] == '"') return quoted_begin(scan, at);
    // What cannot start an address, or more likely parts it from a word before: "user=", "'joe@…'", "a/b@…".
    const std::string_view local = scan.text.substr(begin, at - begin);
    const size_t cut = local.find_last_of("=/'`{|?&#!$^%");
    if (cut != std::string_view::npos) begin += static_cast<uint32_t>(cut + 1);
    while (begin < at && !is_word(scan.text[begin]) && scan.text[begin] != '_') ++begin;
    return begin;
}

// ssh://git@host and https://key@host: a user of a URL, without a password, is no mail address.
bool url_user(const Scan& scan, uint32_t begin) {
    return begin >= 3 && scan.text.substr(begin - 3, 3) == "://";
}

// https://user:password@host: the user and the password. Reads on from one '@' to the next.
class UrlCredentials {
  public:
    bool scan(Scan& scan, uint32_t at) {
        constexpr uint32_t kLongest = 256;
        for (; read_ < at; ++read_) {
            const char c = scan.text[read_];
            if (c == '/' || is_space(c))
                begin_ = read_ + 1;
            else if (c == ':')
                behind_colon_ = read_ + 1;
        }
        if (behind_colon_ <= begin_ || at - begin_ > kLongest || begin_ < scan.done ||
            !url_user(scan, begin_) || scan.text[begin_] == ':')
            return false;
        scan.report(begin_, at, Detector::kPassword);
        return true;
    }

  private:
    uint32_t read_ = 0;
    uint32_t begin_ = 0;         // behind the last '/' or blank
    uint32_t behind_colon_ = 0;  // behind the last colon
};

}  // namespace

void scan_emails(Scan& scan) {
    size_t turn = 0;
    UrlCredentials credentials;
    for (size_t at = scan.text.find('@'); at != std::string_view::npos; at = scan.text.find('@', at + 1)) {
        check_stop(++turn);
        const auto position = static_cast<uint32_t>(at);
        if (credentials.scan(scan, position)) continue;
        const uint32_t begin = local_begin(scan, position);
        if (begin == position || begin < scan.done || url_user(scan, begin) ||
            !(is_word(scan.text[at - 1]) || ends_local(scan.text[at - 1]) || scan.text[begin] == '"'))
            continue;
        if (std::none_of(scan.text.begin() + begin, scan.text.begin() + position, is_word)) continue;
        const uint32_t end = domain_end(scan, position + 1);
        if (end == position + 1) continue;
        // git@github.com:user/repository
        if (scan.text.substr(begin, at - begin) == "git" && scan.at(end) == ':') continue;
        scan.report(begin, end, Detector::kEmail);
    }
}

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

// +CC …, 00CC …: the longest run of groups that makes a number of that country.
bool scan_international(Scan& scan, size_t token, const DigitGroups& g) {
    const uint32_t begin = g.begins[0];
    const char before = scan.before(begin);
    const bool bracketed = before == '(' && begin >= 2 && scan.text[begin - 2] == '+';
    const bool plus = before == '+' || bracketed;
    const char earlier = scan.before(begin - (plus ? 1 : 0));
    if (plus && (is_word(earlier) || earlier == '+')) return false;  // "1.0.0+2013…", "2+2"
    const bool zeros = !plus && g.digits[0] == '0' && g.digits[1] == '0' && g.sizes[0] >= 2 &&
                       !scan.fastened(token) && !continues_number(scan, token, g);
    if (!plus && (!zeros || (g.count == 1 && !scan.named(Detector::kPhone, token)))) return false;
    // The digits that are dialled, and how many of them there are up to each group.
    constexpr size_t kLongest = 15;  // E.164
    char digits[kLongest];
    uint8_t sizes[DigitGroups::kMostGroups + 1] = {0};
    size_t groups = 0;
    for (size_t at = 0; groups < g.count; ++groups) {
        // "+44 (0)20": the trunk zero in brackets is not dialled.
        const bool trunk =
            groups > 0 && g.sizes[groups] == 1 && g.separators[groups] == ')' && g.digits[at] == '0';
        const size_t skipped = trunk ? 1 : zeros && groups == 0 ? 2 : 0, size = g.sizes[groups] - skipped;
        if (sizes[groups] + size > kLongest || (plus && groups > 0 && scan.before(g.begins[groups]) == '+'))
            break;
        std::copy_n(g.digits + at + skipped, size, digits + sizes[groups]);
        sizes[groups + 1] = static_cast<uint8_t>(sizes[groups] + size);
        at += g.sizes[groups];
    }
    for (; groups > 0; --groups) {
        if (!international_number({digits, sizes[groups]})) continue;
        if (scan.at(g.ends[groups - 1]) == '.' && is_digit(scan.at(g.ends[groups - 1] + 1)) &&
            groups == g.count)
            return false;
        scan.report(phone_begin(scan, begin), g.ends[groups - 1], Detector::kPhone);
        return true;
    }
    return false;
}

// North America: (415) 555-0123, 415-555-0123, 1-415-555-0123.
bool scan_north_american(Scan& scan, const DigitGroups& g) {
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
    if (goes_on(g, lead + 3, inner)) return false;
    scan.report(phone_begin(scan, g.begins[0]), g.ends[lead + 2], Detector::kPhone);
    return true;
}

// 22/11/2026, 11-22-2026.
bool is_date(const DigitGroups& g) {
    if (!g.sizes_are({2, 2, 4})) return false;
    const auto two = [&g](size_t at) { return (g.digits[at] - '0') * 10 + (g.digits[at + 1] - '0'); };
    const int first = two(0), second = two(2), century = two(4);
    return first >= 1 && second >= 1 && std::min(first, second) <= 12 && std::max(first, second) <= 31 &&
           (century == 19 || century == 20);
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

// A national number with its trunk zero: 020 7946 0958, 0171/1234567, 01 42 68 53 00.
bool scan_with_trunk_zero(Scan& scan, const DigitGroups& g) {
    if (g.digits[0] != '0' || g.sizes[0] < 2 || g.digits[1] == '0' || g.sizes[0] > 6 || is_date(g))
        return false;
    for (size_t groups = std::min<size_t>(g.count, 6); groups >= 2; --groups) {
        const size_t digits = g.total(groups);
        const char separator = g.separators[1];
        if (digits < 9 || digits > 12 || separator == '_' || separator == '.') {
            if (separator != '.' || digits != 10 || groups != 5) continue;  // 01.42.68.53.00
        }
        bool even = true;
        for (size_t k = 1; k < groups; ++k)
            even &=
                g.sizes[k] >= 2 && (k < 2 || g.separators[k] == ' ' || g.separators[k] == g.separators[2]);
        even &= groups == 2 || separator != '/' || g.separators[2] != '/';
        if (separator == '-' && g.same_separators(groups)) even &= dashed_layout(g, groups);
        const bool mobile = g.digits[1] == '8' && separator == '-';  // Indonesia
        if (!even || goes_on(g, groups, separator) || (g.sizes_are({4, 4, 4}) && !mobile)) continue;
        scan.report(phone_begin(scan, g.begins[0]), g.ends[groups - 1], Detector::kPhone);
        return true;
    }
    return false;
}

// Numbers without a trunk zero that their form gives away: (11) 91234-5678 and 11 91234-5678 (Brazil),
// (55) 1234-5678 (Mexico), 8 (916) 123-45-67 (Russia), 138 0013 8000 (China).
bool scan_without_zero(Scan& scan, const DigitGroups& g) {
    if (g.count < 3) return false;
    size_t groups = 0;
    const bool bracketed = scan.before(g.begins[0]) == '(' && g.separators[1] == ')';
    const bool brazil = (g.sizes_are({2, 5, 4}) && g.digits[2] == '9') || g.sizes_are({2, 4, 4});
    if (brazil && g.separators[2] == '-' &&
        (bracketed || (g.sizes[1] == 5 && g.separators[1] == ' ' && g.digits[0] != '0')))
        groups = 3;
    if (g.sizes_are({1, 3, 3, 2, 2}) && g.digits[0] == '8' && g.digits[1] >= '3' &&
        g.separators[3] == g.separators[4] && g.separators[2] != '/' && g.separators[3] != '/')
        groups = 5;
    if (g.sizes_are({3, 4, 4}) && g.digits[0] == '1' && g.digits[1] >= '3' && g.separators[1] == ' ' &&
        g.separators[2] == ' ' && (g.count == 3 || g.separators[3] != ' '))
        groups = 3;
    if (groups == 0 || goes_on(g, groups, g.separators[groups - 1])) return false;
    scan.report(phone_begin(scan, g.begins[0]), g.ends[groups - 1], Detector::kPhone);
    return true;
}

// Under a phone key or after a word like "call": any number that is long enough.
bool scan_named_phone(Scan& scan, size_t token, const DigitGroups& g) {
    const bool key = scan.context.named.has(Detector::kPhone);
    if (!key && !scan.named(Detector::kPhone, token)) return false;
    for (size_t groups = g.count; groups > 0; --groups) {
        const size_t digits = g.total(groups);
        if (digits > 15 || digits < 7 || (groups > 1 && g.separators[1] == '_')) continue;
        if (!key && groups > 1 && !g.same_separators(groups)) continue;
        scan.report(phone_begin(scan, g.begins[0]), g.ends[groups - 1], Detector::kPhone);
        return true;
    }
    return false;
}

}  // namespace

bool scan_plus_phone(Scan& scan, size_t token, const DigitGroups& g) {
    if (scan.context.number) return false;
    return scan_international(scan, token, g);
}

bool scan_phone(Scan& scan, size_t token, const DigitGroups& g) {
    if (scan_named_phone(scan, token, g)) return true;
    if (scan.context.number || g.count < 2 || scan.fastened(token) || continues_number(scan, token, g))
        return false;
    const bool decimal = scan.at(g.ends[g.count - 1]) == '.' && is_digit(scan.at(g.ends[g.count - 1] + 1));
    if (decimal || scan.article(token, g.begins[0], g.ends[g.count - 1])) return false;
    return scan_north_american(scan, g) || scan_with_trunk_zero(scan, g) || scan_without_zero(scan, g);
}

}  // namespace gpsync::core::pii

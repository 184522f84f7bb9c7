#include <algorithm>

#include "core/pii/detect/scan.hpp"
#include "core/pii/quick_checks.hpp"
#include "core/pii/stop.hpp"
#include "core/pii/timestamp.hpp"

namespace gpsync::core::pii {

namespace {

// xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx (RFC 9562), all hex.
bool is_uuid(const Scan& scan, size_t token) {
    static constexpr uint32_t kSizes[5] = {8, 4, 4, 4, 12};
    if (token + 5 > scan.tokens.size()) return false;
    for (size_t k = 0; k < 5; ++k) {
        const Token& t = scan.tokens[token + k];
        if (!t.all_hex || t.size() != kSizes[k]) return false;
        if (k > 0 && (t.begin - scan.tokens[token + k - 1].end != 1 || scan.text[t.begin - 1] != '-'))
            return false;
    }
    return true;
}

// The digits behind the point of a decimal number, and the later parts of "1,234,567".
bool inside_number(const Scan& scan, size_t token) {
    const uint32_t begin = scan.tokens[token].begin;
    if (begin < 2 || !is_digit(scan.text[begin - 2]) || scan.tokens[token - 1].end <= scan.done) return false;
    if (scan.text[begin - 1] == '.') return true;
    if (!scan.tokens[token - 1].all_digits()) return false;  // "CVV2,456"
    // "1,123-45-6789" and "1,111.444.777-35" are rows of a table.
    const uint32_t end = scan.tokens[token].end;
    const uint32_t second = scan.at(end + 4) == '.' ? end + 4 : end + 5;  // "756.9217.0769.85"
    const bool dots = scan.at(end) == '.' && scan.at(second) == '.' && is_digit(scan.at(second + 1));
    const bool goes_on = (scan.at(end) == '-' || scan.at(end) == ' ' || dots) && is_digit(scan.at(end + 1));
    return scan.text[begin - 1] == ',' && scan.tokens[token].size() == 3 && !goes_on;
}

// A number of one group that is too short for any detector but those that a word names, and no dialling
// prefix: what most numbers in a text are.
bool is_small_number(Scan& scan, size_t token, const DigitGroups& g) {
    constexpr uint8_t kShortestAlone = 8;  // a Spanish NIF without its letter
    // "131052-308T", "12.ABC.345/01DE-35"
    const bool goes_on = (g.sizes[0] == 6 || g.sizes[0] == 2) && is_word(scan.at(g.ends[0] + 1));
    return g.count == 1 && g.sizes[0] < kShortestAlone && !goes_on && scan.before(g.begins[0]) != '+' &&
           scan.before(g.begins[0]) != '(' && !scan.named_at_all(token) &&
           !(g.digits[0] == '0' && g.digits[1] == '0');
}

bool scan_digits(Scan& scan, size_t token) {
    if (inside_number(scan, token)) return scan_ip(scan, token);
    if (scan.at(scan.tokens[token].end) == ':' && scan_bot_token(scan, token)) return true;
    const DigitGroups& g = scan.groups_at(token);
    if (scan_ip(scan, token) || scan_mac(scan, token) || scan_track(scan, token)) return true;
    if (g.count == 0) return false;
    if ((g.count == 1 || g.separators[1] == ')') && scan_spread_pan(scan, token)) return true;
    if (may_be_in_front_of_name(scan.text, g.ends[g.count - 1]) && scan_code_in_front(scan, g)) return true;
    if (is_small_number(scan, token, g)) return false;
    // "+4915123483344", which may be a card's number of thirteen digits, too.
    constexpr size_t kLongestWithPlus = 13;
    const bool first_phone = scan.before(g.begins[0]) == '+' && g.total(g.count) <= kLongestWithPlus;
    if (first_phone && scan_plus_phone(scan, token, g)) return true;
    // What a number is said to be comes before what it may be by its form.
    const bool phone = scan.context.party || scan.named(Detector::kPhone, token);
    return scan_pan(scan, token, g) || (!first_phone && scan_plus_phone(scan, token, g)) ||
           scan_device(scan, token, g) || scan_date(scan, token, g) || scan_state_number(scan, token, g) ||
           scan_named_number(scan, token, g) || scan_named_block(scan, token) ||
           scan_numbered_block(scan, token) || (phone && scan_phone(scan, token, g)) ||
           scan_national_id(scan, token) || scan_phone(scan, token, g) || scan_state_code(scan, token);
}

bool scan_mixed(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (t.size() == 2 && scan_spelled_email(scan, token)) return true;
    if (t.digits == 0 && may_be_verb(scan.word(token)) && scan_secret_behind_verb(scan, token)) return true;
    if (t.all_hex && t.size() <= 12 && (scan_ip(scan, token) || scan_mac(scan, token))) return true;
    if (scan_secret(scan, token)) return true;
    if (scan.at(t.end) == ':' && scan_bot_token(scan, token)) return true;
    // "AB 12 34 56 C", "DE 89 3704 …", "GHA-123456789-0"
    const bool country =
        t.size() == 2 || (t.size() == 6 && to_lower(scan.text[t.begin]) == 'i');  // "IBANDE 89"
    if (t.digits == 0 && country && scan_iban(scan, token)) return true;
    if (t.digits == 0 && scan.at(t.end) == '=' && scan_named_block(scan, token)) return true;
    if (t.digits == 0)
        return t.size() <= 4 && ((t.size() <= 2 && scan_state_code(scan, token)) ||
                                 (is_word(scan.at(t.end + 1)) && scan_national_id(scan, token)));
    if (t.digits <= 2 && t.size() <= 4 && scan_worded_date(scan, token)) return true;  // "9th"
    return scan_iban(scan, token) || scan_track(scan, token) || scan_glued_pan(scan, token) ||
           scan_state_code(scan, token) || scan_national_id(scan, token) || scan_vin(scan, token) ||
           scan_wallet(scan, token) || scan_named_code(scan, token) || scan_named_block(scan, token) ||
           scan_numbered_block(scan, token) || scan_glued_code(scan, token);
}

// A time is no part of a number, unless something says that it is a date of birth or the like. i becomes its
// last word.
bool skip_timestamp(Scan& scan, size_t& i) {
    const size_t end = end_of_timestamp(scan.text, scan.tokens[i].begin);
    if (end == 0 || scan.named_at_all(i)) return false;
    while (i + 1 < scan.tokens.size() && scan.tokens[i + 1].begin < end) ++i;
    return true;
}

bool by_place(const Finding& a, const Finding& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
}

}  // namespace

void scan_private_keys(Scan& scan);  // scan_secret.cpp

// Text is cut into words a part at a time: all of those of a long text would need a multiple of its size. No
// detector reads further from its word than the margin.
void Scanner::scan_words(std::string_view text, const ScanContext& context) {
    constexpr size_t kPart = 1 << 16, kMargin = 64;
    tokens_.clear();
    uint32_t done = 0;
    for (size_t at = 0, i = 0;;) {
        at = tokenize(text, at, kPart, tokens_);
        const bool last = at == text.size();
        const size_t end = last ? tokens_.size() : tokens_.size() - kMargin;
        Scan scan(text, tokens_, context, raw_, memory_);
        scan.done = done;
        for (; i < end; ++i) {
            check_stop(i);
            const Token& t = tokens_[i];
            if (t.begin < scan.done) continue;
            if (t.size() == 8 && t.all_hex && is_uuid(scan, i))
                i += 4;
            else if (t.size() == 4 && t.all_digits() && skip_timestamp(scan, i))
                continue;
            else if (t.all_digits())
                scan_digits(scan, i);
            else
                scan_mixed(scan, i);
        }
        if (last) return;
        done = scan.done;
        tokens_.erase(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(i - kMargin));
        i = kMargin;
    }
}

void Scanner::scan(std::string_view text, const ScanContext& context, std::vector<Finding>& findings) {
    raw_.clear();
    memory_ = {};
    const uint8_t traits = context.number ? 0 : traits_of(text);
    if ((traits & kHasAt) != 0) {
        Scan emails(text, {}, context, raw_, memory_);
        scan_emails(emails);
    }
    if ((traits & kHasDash) != 0 && text.size() > 16 && text.find("-----BEGIN") != std::string_view::npos) {
        Scan keys(text, {}, context, raw_, memory_);
        scan_private_keys(keys);
    }
    const bool assigns =
        (traits & kHasColon) != 0 || (!context.number && text.find('=') != std::string_view::npos);
    if (assigns || context.header != SecretName::kNone) {
        Scan assignments(text, {}, context, raw_, memory_);
        scan_assignments(assignments);
    }
    constexpr size_t kShortestSetting = 6;
    if (!context.number && text.size() >= kShortestSetting) {
        Scan commands(text, {}, context, raw_, memory_);
        scan_commands(commands);
    }
    constexpr size_t kShortestZone = 30;
    if (text.size() >= kShortestZone && text.find('<') != std::string_view::npos) {
        Scan zones(text, {}, context, raw_, memory_);
        scan_machine_readable_zones(zones);
    }
    scan_words(text, context);
    if (raw_.empty()) return;
    // What two of them claim goes to the one that began first and is longer.
    std::sort(raw_.begin(), raw_.end(), by_place);
    const size_t first = findings.size();
    for (const Finding& f : raw_) {
        if (findings.size() > first && f.begin < findings.back().end) {
            findings.back().end = std::max(findings.back().end, f.end);
            continue;
        }
        findings.push_back(f);
    }
}

}  // namespace gpsync::core::pii

// Bearer tokens, keys of well-known services, private keys.
#include <algorithm>
#include <array>

#include "core/ascii_case.hpp"
#include "core/pii/base64.hpp"
#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

namespace {

// What a service puts in front of its keys, and how many characters of its alphabet follow at least.
struct SecretPrefix {
    std::string_view prefix;
    uint8_t shortest;
    bool dashes;         // '-' and '_' may follow, not only letters and digits; behind '/' that, too
    bool alone = false;  // nothing else begins so: there need be no digit (secret_names.cpp)
};

constexpr bool kAlone = true;

constexpr SecretPrefix kPrefixes[] = {
    // clouds
    {"AKIA", 16, false},
    {"ASIA", 16, false},
    {"AIza", 35, true},
    {"ya29.", 20, true},

    {"GOCSPX-", 20, true, kAlone},
    {"LTAI", 16, false},
    {"AKID", 32, false},
    {"amzn.mws.", 30, true, kAlone},
    {"dop_v1_", 64, false, kAlone},
    {"doo_v1_", 64, false, kAlone},
    {"dor_v1_", 64, false, kAlone},
    {"tskey-", 20, true},

    {"nvapi-", 40, true},

    {"tfp_", 40, false},
    {"hvs.", 24, true, kAlone},
    {"hvb.", 24, true, kAlone},
    {"dapi", 32, false},
    {"sbp_", 40, false},
    {"pscale_tkn_", 32, true, kAlone},
    {"pscale_pw_", 32, true, kAlone},
    {"dp.pt.", 40, false, kAlone},
    {"dp.st.", 40, true, kAlone},
    // source code, packages
    {"ghp_", 36, false, kAlone},
    {"gho_", 36, false, kAlone},
    {"ghu_", 36, false, kAlone},
    {"ghs_", 36, false, kAlone},
    {"ghr_", 36, false, kAlone},
    {"github_pat_", 22, true, kAlone},
    {"glpat-", 20, true, kAlone},
    {"gldt-", 20, true, kAlone},
    {"glrt-", 20, true, kAlone},
    {"glptt-", 20, true, kAlone},
    {"glcbt-", 20, true, kAlone},
    {"glsoat-", 20, true, kAlone},
    {"glimt-", 20, true, kAlone},
    {"glagent-", 20, true, kAlone},
    {"glft-", 20, true, kAlone},
    {"ATATT3", 20, true},
    {"ATCTT3", 20, true},
    {"ATBB", 32, false},
    {"BBDC-", 40, true},
    {"npm_", 36, false, kAlone},
    {"pypi-", 40, true},

    {"oy2", 43, false},
    {"dckr_pat_", 20, true, kAlone},
    {"CLOJARS_", 60, false},
    {"sgp_", 40, true},
    // messages
    {"xoxb-", 20, true, kAlone},
    {"xoxp-", 20, true, kAlone},
    {"xoxa-", 20, true, kAlone},
    {"xoxr-", 20, true, kAlone},
    {"xoxs-", 20, true, kAlone},
    {"xoxc-", 20, true, kAlone},
    {"xoxd-", 20, true, kAlone},
    {"xoxe-", 20, true, kAlone},
    {"xoxe.xox", 20, true, kAlone},
    {"xapp-", 20, true, kAlone},
    {"hooks.slack.com/", 30, false},
    {"discord.com/api/webhooks/", 60, true},
    {"discordapp.com/api/webhooks/", 60, true},
    {"SG.", 40, true},
    {"key-", 32, false},
    {"xkeysib-", 40, true, kAlone},
    {"xsmtpsib-", 40, true, kAlone},
    {"SK", 32, false},
    // payments and shops
    {"sk_live_", 16, false, kAlone},
    {"sk_test_", 16, false, kAlone},
    {"rk_live_", 16, false, kAlone},
    {"rk_test_", 16, false, kAlone},
    {"whsec_", 20, true, kAlone},
    {"shpat_", 32, false, kAlone},
    {"shpss_", 32, false, kAlone},
    {"shpca_", 32, false, kAlone},
    {"shppa_", 32, false, kAlone},
    {"shptka_", 32, false, kAlone},
    {"sq0csp-", 22, true, kAlone},
    {"sq0atp-", 22, true, kAlone},
    {"EAAA", 60, true},
    {"FLWSECK-", 30, true, kAlone},
    {"FLWSECK_TEST-", 12, true},
    {"APP_USR-", 30, true},
    {"EZAK", 54, false},
    {"EZTK", 54, false},
    // language models
    {"sk-ant-", 20, true, kAlone},
    {"sk-proj-", 20, true, kAlone},
    {"sk-svcacct-", 20, true, kAlone},
    {"sk-admin-", 20, true, kAlone},
    {"sk-or-v1-", 20, true, kAlone},
    {"sk-", 32, true},
    {"gsk_", 40, false},
    {"xai-", 60, true},
    {"hf_", 30, false},
    {"r8_", 36, false},
    {"pplx-", 40, false},
    // what runs and watches
    {"NRAK-", 27, false},
    {"lin_api_", 30, false, kAlone},
    {"lin_oauth_", 30, false, kAlone},
    {"PMAK-", 24, true},
    {"AGE-SECRET-KEY-1", 50, false, kAlone},
    {"sntrys_", 40, true, kAlone},
    {"sntryu_", 40, true, kAlone},
    {"glsa_", 32, true, kAlone},

    {"ntn_", 40, false},
    {"figd_", 40, true, kAlone},
    {"CFPAT-", 40, true},
};

// What a word that is none of them begins with is decided by its first two bytes.
// The prefixes whose first two bytes have the same hash, in the table's order: positions from 1, 0 ends.
struct PrefixIndex {
    static constexpr size_t kSize = 1024;
    static constexpr size_t index(char first, char second) {
        return (static_cast<unsigned char>(first) * 31u + static_cast<unsigned char>(second)) % kSize;
    }
    std::array<uint8_t, kSize> first{};
    std::array<uint8_t, std::size(kPrefixes) + 1> next{};
};
static_assert(std::size(kPrefixes) < 255);

constexpr PrefixIndex make_index() {
    PrefixIndex index;
    for (size_t i = std::size(kPrefixes); i > 0; --i) {
        const std::string_view prefix = kPrefixes[i - 1].prefix;
        uint8_t& first = index.first[PrefixIndex::index(prefix[0], prefix[1])];
        index.next[i] = first;
        first = static_cast<uint8_t>(i);
    }
    return index;
}
constexpr PrefixIndex kPrefixIndex = make_index();

constexpr SecretBeginnings make_beginnings() {
    SecretBeginnings beginnings;
    for (const SecretPrefix& p : kPrefixes) beginnings.add(p.prefix[0], p.prefix[1]);
    beginnings.add('e', 'y');                                     // eyJ
    for (char next : {'C', 'H', 'I'}) beginnings.add('M', next);  // a private key's DER
    for (char b : {'b', 'B'})
        for (char next : {'a', 'A', 'e', 'E'}) beginnings.add(b, next);  // Basic, Bearer
    return beginnings;
}

// Of a URL's path, which ends at a '.': no two of the words that begin one share it.
ScanMemory::SecretRun read_path_run(std::string_view text, uint32_t at, bool dashes) {
    ScanMemory::SecretRun run{{at, at}, at};
    for (; run.end < text.size(); ++run.end) {
        const char c = text[run.end];
        if (is_digit(c))
            run.behind_digits = run.end + 1;
        else if ((class_of(c) & (kUpper | kLower)) == 0 && c != '/' && !(dashes && (c == '-' || c == '_')))
            break;
    }
    return run;
}

// The run of letters and digits, and of '-', '_' and '.' if dashes, at `at`.
ScanMemory::SecretRun read_secret_run(std::string_view text, uint32_t at, bool dashes) {
    ScanMemory::SecretRun run{{at, at}, at};
    for (; run.end < text.size(); ++run.end) {
        const char c = text[run.end];
        if (is_digit(c))
            run.behind_digits = run.end + 1;
        else if ((class_of(c) & (kUpper | kLower)) == 0 && !(dashes && (c == '-' || c == '_' || c == '.')))
            break;
    }
    return run;
}

ScanMemory::SecretRun secret_run(Scan& scan, uint32_t at, bool dashes) {
    // Without dashes a run is within a word, and no two words share it.
    if (!dashes) return read_secret_run(scan.text, at, false);
    ScanMemory::SecretRun& run = scan.memory.secret;
    if (!run.covers(at)) run = read_secret_run(scan.text, at, true);
    return {{at, run.end}, run.behind_digits};
}

constexpr uint64_t kAlg = 0x22'61'6C'67'22;  // "alg", with its quotes

// The run of base64url at `at`. "alg" of a JSON text is looked for in its base64, once for all positions that
// the text may begin at: ten characters are seven bytes, in which it begins at the first, second or third.
ScanMemory::Base64Run read_base64_url_run(std::string_view text, uint32_t at) {
    constexpr uint32_t kWindow = 10;
    constexpr uint64_t kFiveBytes = (uint64_t{1} << 40) - 1, kSixtyBits = (uint64_t{1} << 60) - 1;
    ScanMemory::Base64Run run{{at, at}, {}};
    uint64_t bits = 0;
    const auto add = [&](uint32_t value, uint32_t end) {
        bits = (bits << 6 | value) & kSixtyBits;
        if (end - at < kWindow) return;
        if ((bits >> 20 & kFiveBytes) == kAlg || (bits >> 12 & kFiveBytes) == kAlg ||
            (bits >> 4 & kFiveBytes) == kAlg)
            run.behind_alg[(end - kWindow) % 4] = end - kWindow + 1;
    };
    for (; run.end < text.size() && is_base64_byte(text[run.end]); ++run.end) {
        if (text[run.end] == '+' || text[run.end] == '/') break;
        add(base64_value(text[run.end]), run.end + 1);
    }
    for (uint32_t i = 1; i <= 3 && run.end - at >= 7; ++i) add(0, run.end + i);
    return run;
}

// An empty one is not remembered: it covers nothing, and would put one out that is read again then.
ScanMemory::Base64Run base64_url_run(Scan& scan, uint32_t at) {
    ScanMemory& memory = scan.memory;
    for (const ScanMemory::Base64Run& run : memory.jwt)
        if (run.covers(at)) return run;
    const ScanMemory::Base64Run run = read_base64_url_run(scan.text, at);
    if (run.end > at) memory.jwt[memory.next_jwt++ % ScanMemory::kJwtRuns] = run;
    return run;
}

// Whether text[begin, run.end) is base64 of something that has "alg" in it.
bool is_jwt_header(const Scan& scan, uint32_t begin, const ScanMemory::Base64Run& run) {
    const uint32_t tail = (run.end - begin) % 4;
    if (tail == 1 || run.behind_alg[begin % 4] <= begin) return false;
    const uint32_t last = base64_value(scan.text[run.end - 1]);
    return tail == 0 || (last & (tail == 2 ? 15U : 3U)) == 0;  // no stray bits
}

// RFC 7519: header.payload.signature, the header a JSON object in base64url with an "alg". A JWE, of five
// parts, shows nothing and stays.
bool scan_jwt(Scan& scan, uint32_t begin) {
    uint32_t ends[5], parts = 0, at = begin;
    ScanMemory::Base64Run header;
    while (parts < 5) {
        const ScanMemory::Base64Run run = base64_url_run(scan, at);
        if (parts == 0) header = run;
        ends[parts++] = at = run.end;
        if (scan.at(at) != '.' || parts == 5) break;
        ++at;
    }
    if (parts < 3 || parts == 5) return false;
    if (!is_jwt_header(scan, begin, header) || ends[1] - ends[0] < 5) return false;
    scan.report(begin, ends[2], Detector::kJwt);
    return true;
}

// "Bearer …", "Basic …" of an Authorization header (RFC 6750, RFC 7617).
bool scan_authorization(Scan& scan, size_t token) {
    const std::string lower = core::to_lower(scan.word(token));
    if ((lower != "bearer" && lower != "basic") || scan.at(scan.tokens[token].end) != ' ') return false;
    const uint32_t begin = scan.tokens[token].end + 1;
    uint32_t end = begin;
    uint32_t digits = 0, upper = 0;
    for (; end < scan.text.size(); ++end) {
        const char c = scan.text[end];
        if (!is_base64_byte(c) && c != '.' && c != '~' && c != '=') break;
        digits += is_digit(c);
        upper += (class_of(c) & kUpper) != 0;
    }
    if (end - begin < 12 || digits + upper < 3) return false;
    // "class=basic pickup=2026-07-06": credentials have '=' at their end only.
    const std::string_view credentials = scan.text.substr(begin, end - begin);
    const size_t padding = credentials.find('=');
    if (padding != std::string_view::npos &&
        credentials.find_first_not_of('=', padding) != std::string_view::npos)
        return false;
    scan.report(begin, end, Detector::kApiSecret);
    return true;
}

}  // namespace

std::vector<std::string_view> secret_prefixes() {
    std::vector<std::string_view> prefixes;
    for (const SecretPrefix& p : kPrefixes) prefixes.push_back(p.prefix);
    return prefixes;
}

constinit const SecretBeginnings secret_beginnings = make_beginnings();

bool may_begin_secret(std::string_view text) {
    if (text.size() < 2 || !secret_beginnings.has(text[0], text[1])) return false;
    const auto begins = [text](std::string_view lower) {
        return equals_ignoring_case(text.substr(0, lower.size()), lower);
    };
    const char first = to_lower(text[0]);
    if (text[0] == 'M' || (first == 'e' && begins("eyj")) ||
        (first == 'b' && (begins("basic") || begins("bearer"))))
        return true;
    for (uint8_t i = kPrefixIndex.first[PrefixIndex::index(text[0], text[1])]; i != 0;
         i = kPrefixIndex.next[i])
        if (text.starts_with(kPrefixes[i - 1].prefix)) return true;
    return false;
}

namespace {

// The bytes that the first characters of base64 are.
struct Beginning {
    uint8_t bytes[21] = {};
    size_t size = 0;
};

Beginning decode_beginning(std::string_view text) {
    Beginning out;
    uint32_t bits = 0;
    for (size_t i = 0; i < 28 && i < text.size() && is_base64_byte(text[i]); ++i) {
        bits = bits << 6 | base64_value(text[i]);
        if (i % 4 != 3) continue;
        for (int shift : {16, 8, 0}) out.bytes[out.size++] = static_cast<uint8_t>(bits >> shift);
    }
    return out;
}

// The size of a private key in DER that begins so, or 0: PKCS #8 (RFC 5958; version, then an algorithm),
// encrypted (an algorithm of PKCS #5), PKCS #1 (RFC 8017; version, modulus), SEC 1 (RFC 5915; version,
// octets).
size_t der_key_size(const Beginning& key) {
    const uint8_t* b = key.bytes;
    if (key.size < 18 || b[0] != 0x30) return 0;
    const size_t header = b[1] < 0x80 ? 2 : b[1] == 0x81 ? 3 : b[1] == 0x82 ? 4 : 0;
    if (header == 0) return 0;
    const size_t length = header == 2 ? b[1] : header == 3 ? b[2] : static_cast<size_t>(b[2] << 8 | b[3]);
    b += header;
    constexpr uint8_t kVersion = 0x02, kSequence = 0x30, kObjectId = 0x06, kInteger = 0x02, kOctets = 0x04;
    const bool version = b[0] == kVersion && b[1] == 1 && b[2] <= 1;
    const bool plain =
        version && ((b[3] == kSequence && b[5] == kObjectId) ||
                    (b[3] == kInteger && (b[4] == 0x82 || b[4] == 0x81 || b[4] == 0x41)) ||
                    (b[3] == kOctets && b[2] == 1 && (b[4] == 0x20 || b[4] == 0x30 || b[4] == 0x42)));
    constexpr uint8_t kPkcs5[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05};
    const bool encrypted = b[0] == kSequence && b[2] == kObjectId && b[3] == 9 &&
                           std::equal(std::begin(kPkcs5), std::end(kPkcs5), b + 4);
    return plain || encrypted ? header + length : 0;
}

// A private key's base64 without the lines of PEM around it, itself in one line or in several.
bool scan_der_key(Scan& scan, uint32_t begin) {
    constexpr size_t kShortest = 48;
    const size_t size = der_key_size(decode_beginning(scan.text.substr(begin)));
    if (size < kShortest) return false;
    size_t left = (size + 2) / 3 * 4;
    uint32_t end = begin;
    for (uint32_t at = begin; left > 0 && at < scan.text.size();) {
        const char c = scan.text[at];
        if (c == '=' || (is_base64_byte(c) && (end == begin || scan.before(end) != '='))) {
            end = ++at;
            --left;
        } else if ((c == '\n' || c == '\r') && at - end < 2) {
            ++at;
        } else if (c == '\\' && (scan.at(at + 1) == 'n' || scan.at(at + 1) == 'r') && at - end < 4) {
            at += 2;
        } else {
            break;
        }
    }
    if (end - begin < kShortest) return false;
    scan.report(begin, end, Detector::kPrivateKey);
    return true;
}

}  // namespace

namespace {

// The prefilter passes a key without digits by its prefix and '-', or by a long word in it.
bool counts_without_digits(const Scan& scan, const SecretPrefix& prefix, uint32_t body) {
    uint32_t end = body;
    while (end - body < kLongRun && is_word(scan.at(end))) ++end;
    return prefix.prefix.back() == '-' || end - body == kLongRun;
}

}  // namespace

bool scan_secret(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (!secret_beginnings.has(scan.text[t.begin], scan.at(t.begin + 1))) return false;
    const std::string_view rest = scan.text.substr(t.begin);
    if (rest.starts_with("eyJ") && scan_jwt(scan, t.begin)) return true;
    if (rest[0] == 'M' && scan_der_key(scan, t.begin)) return true;
    if ((t.size() == 6 || t.size() == 5) && t.digits == 0 && scan_authorization(scan, token)) return true;
    const uint8_t same = kPrefixIndex.first[PrefixIndex::index(rest[0], scan.at(t.begin + 1))];
    for (uint8_t i = same; i != 0; i = kPrefixIndex.next[i]) {
        const SecretPrefix& p = kPrefixes[i - 1];
        if (!rest.starts_with(p.prefix)) continue;
        const auto body = static_cast<uint32_t>(t.begin + p.prefix.size());
        const ScanMemory::SecretRun run = p.prefix.back() == '/' ? read_path_run(scan.text, body, p.dashes)
                                                                 : secret_run(scan, body, p.dashes);
        if (run.end - body < p.shortest) continue;
        if (run.behind_digits <= body && !(p.alone && counts_without_digits(scan, p, body))) continue;
        scan.report(t.begin, run.end, Detector::kApiSecret);
        return true;
    }
    return false;
}

namespace {

// "EC PRIVATE KEY", also as forms write it: "EC+PRIVATE+KEY".
bool is_private_label(std::string_view label) {
    char letters[64];
    size_t size = 0;
    for (char c : label)
        if (is_letter(c)) letters[size++] = c;
    return std::string_view(letters, size).find("PRIVATEKEY") != std::string_view::npos;
}

}  // namespace

// "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", also behind "bot" in the path of a URL.
bool scan_bot_token(Scan& scan, size_t token) {
    constexpr uint32_t kFewestDigits = 8, kMostDigits = 10, kSecret = 35;
    const Token& t = scan.tokens[token];
    if (scan.at(t.end) != ':' || t.digits < kFewestDigits || t.digits > kMostDigits) return false;
    const uint32_t begin = t.end - t.digits, secret = t.end + 1;
    const std::string_view number = scan.text.substr(begin, t.digits);
    const bool alone =
        t.all_digits() || equals_ignoring_case(scan.text.substr(t.begin, begin - t.begin), "bot");
    if (!alone || !scan.text.substr(secret).starts_with("AA") ||
        !std::all_of(number.begin(), number.end(), is_digit))
        return false;
    uint32_t end = secret;
    const auto in_secret = [](char c) {
        return (class_of(c) & (kDigit | kUpper | kLower)) != 0 || c == '-' || c == '_';
    };
    while (end - secret <= kSecret && in_secret(scan.at(end))) ++end;
    if (end - secret != kSecret) return false;
    scan.report(begin, end, Detector::kApiSecret);
    return true;
}

// PEM (RFC 7468) of a private key, with its end or up to the end of the text.
void scan_private_keys(Scan& scan) {
    constexpr std::string_view kBegin = "-----BEGIN", kEnd = "-----END";
    for (size_t at = scan.text.find(kBegin); at != std::string_view::npos;
         at = scan.text.find(kBegin, at + 1)) {
        const size_t label = at + kBegin.size();
        const size_t close = scan.text.substr(label, 64 + 5).find("-----");
        if (close == std::string_view::npos || !is_private_label(scan.text.substr(label, close))) continue;
        size_t end = scan.text.find(kEnd, label + close);
        if (end != std::string_view::npos) end = scan.text.find("-----", end + kEnd.size());
        end = end == std::string_view::npos ? scan.text.size() : end + 5;
        scan.report(static_cast<uint32_t>(at), static_cast<uint32_t>(end), Detector::kPrivateKey);
        at = end - 1;
    }
}

}  // namespace gpsync::core::pii

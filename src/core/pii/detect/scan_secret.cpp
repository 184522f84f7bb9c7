// Bearer tokens, keys of well-known services, private keys.
#include <algorithm>
#include <array>

#include "core/pii/base64.hpp"
#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

namespace {

// What a service puts in front of its keys, and how many characters of its alphabet follow at least.
struct SecretPrefix {
    std::string_view prefix;
    uint8_t shortest;
    bool dashes;  // '-' and '_' may follow, not only letters and digits
};

constexpr std::array<SecretPrefix, 47> kPrefixes = {{
    {"AKIA", 16, false},       {"ASIA", 16, false},
    {"AIza", 35, true},        {"ya29.", 20, true},
    {"GOCSPX-", 20, true},     {"ghp_", 36, false},
    {"gho_", 36, false},       {"ghu_", 36, false},
    {"ghs_", 36, false},       {"ghr_", 36, false},
    {"github_pat_", 22, true}, {"glpat-", 20, true},
    {"xoxb-", 20, true},       {"xoxp-", 20, true},
    {"xoxa-", 20, true},       {"xoxr-", 20, true},
    {"xoxs-", 20, true},       {"xapp-", 20, true},
    {"sk_live_", 16, false},   {"sk_test_", 16, false},
    {"rk_live_", 16, false},   {"rk_test_", 16, false},
    {"whsec_", 20, true},      {"sk-ant-", 20, true},
    {"sk-proj-", 20, true},    {"sk-", 32, true},
    {"SG.", 40, true},         {"npm_", 36, false},
    {"pypi-", 40, true},       {"shpat_", 32, false},
    {"shpss_", 32, false},     {"shpca_", 32, false},
    {"sq0csp-", 22, true},     {"sq0atp-", 22, true},
    {"EAAA", 60, true},        {"dop_v1_", 64, false},
    {"hvs.", 24, true},        {"hvb.", 24, true},
    {"dapi", 32, false},       {"dckr_pat_", 20, true},
    {"ATATT3", 20, true},      {"NRAK-", 27, false},
    {"hf_", 30, false},        {"lin_api_", 30, false},
    {"PMAK-", 24, true},       {"AGE-SECRET-KEY-1", 50, false},
    {"key-", 32, false},
}};

// What a word that is none of them begins with is decided by its first two bytes.
constexpr uint32_t first_bits(char first, char second) {
    return (static_cast<unsigned char>(first) * 31u + static_cast<unsigned char>(second)) % 1024u;
}

constexpr std::array<bool, 1024> make_beginnings() {
    std::array<bool, 1024> beginnings{};
    for (const SecretPrefix& p : kPrefixes) beginnings[first_bits(p.prefix[0], p.prefix[1])] = true;
    beginnings[first_bits('e', 'y')] = true;  // eyJ
    for (char b : {'b', 'B'})
        for (char next : {'a', 'A', 'e', 'E'}) beginnings[first_bits(b, next)] = true;  // Basic, Bearer
    return beginnings;
}
constexpr std::array<bool, 1024> kBeginnings = make_beginnings();

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

const ScanMemory::Base64Run& base64_url_run(Scan& scan, uint32_t at) {
    ScanMemory& memory = scan.memory;
    for (const ScanMemory::Base64Run& run : memory.jwt)
        if (run.covers(at)) return run;
    ScanMemory::Base64Run& run = memory.jwt[memory.next_jwt++ % ScanMemory::kJwtRuns];
    return run = read_base64_url_run(scan.text, at);
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
        const ScanMemory::Base64Run& run = base64_url_run(scan, at);
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
    std::string lower;
    for (char c : scan.word(token)) lower.push_back(to_lower(c));
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
    scan.report(begin, end, Detector::kApiSecret);
    return true;
}

}  // namespace

std::vector<std::string_view> secret_prefixes() {
    std::vector<std::string_view> prefixes;
    for (const SecretPrefix& p : kPrefixes) prefixes.push_back(p.prefix);
    return prefixes;
}

bool may_begin_secret(char first, char second) {
    return kBeginnings[first_bits(first, second)];
}

bool scan_secret(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (!may_begin_secret(scan.text[t.begin], scan.at(t.begin + 1))) return false;
    const std::string_view rest = scan.text.substr(t.begin);
    if (rest.starts_with("eyJ") && scan_jwt(scan, t.begin)) return true;
    if ((t.size() == 6 || t.size() == 5) && t.digits == 0 && scan_authorization(scan, token)) return true;
    for (const SecretPrefix& p : kPrefixes) {
        if (p.prefix[0] != rest[0] || !rest.starts_with(p.prefix)) continue;
        const auto body = static_cast<uint32_t>(t.begin + p.prefix.size());
        const ScanMemory::SecretRun run = secret_run(scan, body, p.dashes);
        if (run.end - body < p.shortest || run.behind_digits <= body) continue;
        scan.report(t.begin, run.end, Detector::kApiSecret);
        return true;
    }
    return false;
}

// PEM (RFC 7468) of a private key, with its end or up to the end of the text.
void scan_private_keys(Scan& scan) {
    constexpr std::string_view kBegin = "-----BEGIN ", kPrivate = "PRIVATE KEY", kEnd = "-----END ";
    for (size_t at = scan.text.find(kBegin); at != std::string_view::npos;
         at = scan.text.find(kBegin, at + 1)) {
        const size_t label = at + kBegin.size();
        const size_t close = scan.text.find("-----", label);
        if (close == std::string_view::npos || close - label > 64) continue;
        if (scan.text.substr(label, close - label).find(kPrivate) == std::string_view::npos) continue;
        size_t end = scan.text.find(kEnd, close);
        if (end != std::string_view::npos) end = scan.text.find("-----", end + kEnd.size());
        end = end == std::string_view::npos ? scan.text.size() : end + 5;
        scan.report(static_cast<uint32_t>(at), static_cast<uint32_t>(end), Detector::kPrivateKey);
        at = end - 1;
    }
}

}  // namespace gpsync::core::pii

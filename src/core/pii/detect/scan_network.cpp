// IPv4 and IPv6 addresses (RFC 4291), MAC addresses (IEEE 802).
#include <algorithm>

#include "core/pii/detect/scan.hpp"
#include "core/pii/mapped_text.hpp"

namespace gpsync::core::pii {

namespace {

// RFC 1918, RFC 6598: as versions these are rare.
bool is_private(const int octets[4]) {
    return octets[0] == 10 || (octets[0] == 172 && octets[1] >= 16 && octets[1] < 32) ||
           (octets[0] == 192 && octets[1] == 168) || (octets[0] == 100 && octets[1] >= 64 && octets[1] < 128);
}

// What names a product or a part of one, and is joined to its version. A host's name is none.
bool is_product(std::string_view word) {
    constexpr size_t kShortestLibrary = 5;  // "libfoo"
    if (word.size() >= kShortestLibrary && word.starts_with("lib")) return true;
    return is_one_of(word,
                     {"lib",  "sdk",      "app",     "api",     "agent",   "package",   "pkg",   "plugin",
                      "mod",  "module",   "driver",  "setup",   "install", "installer", "jar",   "core",
                      "curl", "wget",     "okhttp",  "axios",   "apache",  "tomcat",    "jetty", "edg",
                      "opr",  "electron", "postman", "openssh", "node",    "jdk",       "jre",   "kernel"});
}

// "Chrome/1.2.3.4", "lib-1.2.3.4": the word in front is a product's or a version's. A word of an agent string
// ("MyBank/3.2.1.0") begins with a capital letter; an address there is followed by a port
// ("Client/10.2.3.4:80").
bool joined_to_product(const Scan& scan, size_t token, uint32_t end, const int octets[4]) {
    if (token == 0) return false;
    const Token& last = scan.tokens[token - 1];
    const char joint = scan.before(scan.tokens[token].begin);
    if (scan.tokens[token].begin - last.end != 1 ||
        std::string_view("-/_@:").find(joint) == std::string_view::npos || last.all_digits())
        return false;
    const Word* known = scan.word_before(token);
    if (known != nullptr && (known->flags & kVersion) != 0) return true;
    if (is_private(octets)) return false;  // "app-10.2.3.4" is a host
    // "agent:1.2.3.4" may be where that one is.
    const bool place = joint == ':' && is_one_of(scan.word(token - 1), {"api", "agent", "node", "core"});
    if (is_product(scan.word(token - 1)) && !place) return true;
    const bool capital = (class_of(scan.text[last.begin]) & kUpper) != 0 && last.digits == 0;
    return joint == '/' && capital && scan.at(end) != ':' && scan.at(end) != '/';
}

// What stands behind a version in a name, over '-' or '_': "1.2.3.4-rc2", "10.2.3.4-alpine".
constexpr std::string_view kBehindVersions[] = {
    "alpha",    "beta",    "rc",    "pre",    "preview", "snapshot", "release", "final",
    "dev",      "nightly", "build", "hotfix", "patch",   "ga",       "sp",      "stable",
    "canary",   "debug",   "el",    "fc",     "ubuntu",  "debian",   "deb",     "amd",
    "arm",      "linux",   "win",   "darwin", "alpine",  "slim",     "buster",  "bullseye",
    "bookworm", "trixie",  "focal", "jammy",  "noble",   "ubi"};
constexpr std::string_view kImageFlavours[] = {"distroless", "nanoserver", "windowsservercore"};

// "1.2.3.4-beta", "1.2.3.4-rc2", "1.2.3.4+build", "lib1.2.3.4.jar"
bool ends_like_version(const Scan& scan, size_t token, uint32_t end) {
    const char joint = scan.at(end);
    if (!is_word(scan.at(end + 1)) || token + 4 >= scan.tokens.size()) return false;
    const std::string_view next = scan.word(token + 4);
    const std::string_view letters = next.substr(0, std::min(next.find_first_of("0123456789"), next.size()));
    if (joint == '.')
        return is_one_of(next, {"jar", "tar", "tgz", "zip", "gz", "whl", "deb", "rpm", "so", "dll", "exe",
                                "msi", "dmg", "pkg", "apk", "ipa", "nupkg", "gem", "war"});
    return joint == '+' || ((joint == '-' || joint == '_') &&
                            (is_one_of(letters, kBehindVersions) || is_one_of(letters, kImageFlavours)));
}

// "nginx: 198.51.100.7 - - [", "java: 198.51.100.7:443": a program's line about an address, no version of it.
bool logs_address(const Scan& scan, const Word& word, size_t token, uint32_t end) {
    const uint32_t colon = scan.tokens[token - 1].end;
    if ((word.flags & kTextOnly) == 0 || word.text() == "v" || scan.at(colon) != ':' ||
        scan.at(colon + 1) != ' ')
        return false;
    const std::string_view behind = scan.text.substr(end, 3);
    return behind == " - " ||
           ((behind.starts_with(':') || behind.starts_with('(')) && is_digit(scan.at(end + 1)));
}

// Whether a version's word or sign stands directly in front: "version 1.2.3.4", ">=1.2.3.4", {"version":
// "1.2.3.4"}.
bool version_before(const Scan& scan, size_t token, uint32_t begin, uint32_t end) {
    const char before = scan.before(begin);
    if (before == '~' || before == '^' ||
        (before == '=' && begin >= 2 &&
         std::string_view("=<>~!").find(scan.text[begin - 2]) != std::string_view::npos))
        return true;
    if (begin == 0 && end == scan.text.size() && (scan.context.flags & kVersion) != 0) return true;
    const Word* word = scan.noun_before(token);
    if (word != nullptr && word->text() == "v")
        return before == ' ' || before == '.';  // not the member of a form: "v=1.2.3.4"
    return word != nullptr && (word->flags & kVersion) != 0 && !logs_address(scan, *word, token, end);
}

// "C:\Program Files\App\1.2.3.4\app.exe": a folder of a program's version. Behind a path's beginning
// ("\\1.2.3.4\share") stands a host.
bool folder_of_version(const Scan& scan, uint32_t begin, uint32_t end, const int octets[4]) {
    constexpr uint32_t kMost = 2;  // escaped twice
    if (is_private(octets) || scan.at(end) != '\\') return false;
    uint32_t step = begin;
    while (begin - step < kMost && scan.before(step) == '\\') --step;
    const char before = scan.before(step);
    return step != begin && (is_word(before) || before == ')');
}

// "2:1.2.3.4-0ubuntu3", "1.2.3.4-2+deb12u1": the version of a package in Debian, with an epoch or a
// distribution's own revision.
bool version_of_package(const Scan& scan, uint32_t begin, uint32_t end) {
    if (scan.at(end) != '-' || !is_digit(scan.at(end + 1))) return false;
    const bool epoch = scan.before(begin) == ':' && begin > 1 && is_digit(scan.before(begin - 1)) &&
                       !is_word(scan.before(begin - 2));
    uint32_t revision = end + 1;
    while (is_digit(scan.at(revision))) ++revision;
    const std::string_view rest = scan.text.substr(std::min<size_t>(revision, scan.text.size()));
    if (rest.starts_with("ubuntu") || rest.starts_with("+deb") || rest.starts_with("~bpo")) return true;
    return epoch && !rest.empty() && (is_letter(rest[0]) || rest[0] == '+' || rest[0] == '~');
}

// The first number of the four that begin at the token, or -1: "1.2.3.4".
int first_of_four(const Scan& scan, size_t token) {
    if (token + 3 >= scan.tokens.size()) return -1;
    for (size_t k = 0; k < 4; ++k) {
        const Token& t = scan.tokens[token + k];
        if (!t.all_digits() || t.size() > 3 ||
            (k > 0 && (t.begin - scan.tokens[token + k - 1].end != 1 || scan.text[t.begin - 1] != '.')))
            return -1;
    }
    return number_of(scan.word(token));
}

// "to", "->" or "=>" between two versions, from the end of the one to the other; arrows of Unicode are folded
// to '|'.
bool is_arrow(std::string_view gap) {
    return is_one_of(trim(gap), {"to", "->", "=>", "-->", "auf", "|"}) && gap.size() <= 5;
}

// "upgrade 10.2.3.4 to 10.2.3.5", "Chrome 120.0.6099.109 -> 121.0.6167.85": one of two versions of one thing,
// of which a word in front says so. They begin with the same number, or the next one.
bool one_of_two_versions(const Scan& scan, size_t token) {
    const auto joined = [&scan](size_t last, size_t next) {
        const uint32_t end = scan.tokens[last].end;
        return is_arrow(scan.text.substr(end, scan.tokens[next].begin - end));
    };
    const auto is_words = [&scan](size_t i) { return scan.tokens[i].digits == 0; };  // "to"
    size_t first = token, second = token + 4;
    if (second < scan.tokens.size() && is_words(second)) ++second;
    if (second >= scan.tokens.size() || !joined(token + 3, second)) {
        if (token < 5) return false;
        const size_t last = is_words(token - 1) ? token - 2 : token - 1;
        if (!joined(last, token)) return false;
        first = last - 3;
        second = token;
    }
    const int from = first_of_four(scan, first), to = first_of_four(scan, second);
    if (from < 0 || to < 0 || to - from > 1 || from - to > 1) return false;
    const Word* word = scan.noun_before(first);
    if (word != nullptr && (word->flags & kVersion) != 0) return true;
    constexpr size_t kMostWords = 4;
    for (size_t i = first; i-- > 0 && first - i <= kMostWords && !scan.tokens[i].all_digits();)
        if (is_one_of(scan.word(i),
                      {"upgrade", "upgrades", "upgraded", "upgrading", "downgrade", "downgrades",
                       "downgraded", "downgrading", "bump", "bumps", "bumped", "bumping"}))
            return true;
    return false;
}

// Whether the dot in front of the address makes it a part of something longer: "5.1.2.3.4",
// "enterprises.9.9.48.1", ".1.3.6.1" (an object of SNMP). The full stop of a sentence without blanks
// ("已登录。198.51.100.7") and "..." do not.
bool joined_by_dot(const Scan& scan, uint32_t begin, const int octets[4]) {
    if (scan.before(begin) != '.') return false;
    const char earlier = scan.before(begin - 1);
    if (earlier == '\0' || earlier == ' ') return octets[0] == 1 && octets[1] == 3;
    const bool ellipsis = earlier == '.' && begin >= 3 && scan.text[begin - 3] == '.';
    return !ellipsis && earlier != kUnspacedLetter && (class_of(earlier) & kOtherLetter) == 0;
}

// Nobody's own: unspecified, loopback, net masks and broadcast.
bool nobodys(const int octets[4]) {
    return octets[0] == 0 || octets[0] == 127 || octets[0] == 255;
}

bool scan_ipv4(Scan& scan, size_t token) {
    if (token + 3 >= scan.tokens.size()) return false;
    int octets[4];
    for (size_t k = 0; k < 4; ++k) {
        const Token& t = scan.tokens[token + k];
        if (!t.all_digits() || t.size() > 3 ||
            (k > 0 && (t.begin - scan.tokens[token + k - 1].end != 1 || scan.text[t.begin - 1] != '.')))
            return false;
        if (t.size() > 1 && scan.text[t.begin] == '0') return false;
        octets[k] = 0;
        for (char c : scan.word(token + k)) octets[k] = octets[k] * 10 + (c - '0');
        if (octets[k] > 255) return false;
    }
    const uint32_t begin = scan.tokens[token].begin, end = scan.tokens[token + 3].end;
    const bool longer = scan.at(end) == '.' && is_digit(scan.at(end + 1));  // "1.2.3.4.5"
    if (scan.text.substr(end).starts_with(".in-addr.arpa")) std::reverse(octets, octets + 4);
    if (joined_by_dot(scan, begin, octets) || longer || nobodys(octets)) return false;
    if (!scan.named(Detector::kIp, token) &&
        (version_before(scan, token, begin, end) || joined_to_product(scan, token, end, octets) ||
         ends_like_version(scan, token, end) || folder_of_version(scan, begin, end, octets) ||
         one_of_two_versions(scan, token) || version_of_package(scan, begin, end)))
        return false;
    scan.report(begin, end, Detector::kIp);
    return true;
}

struct Ipv6 {
    int groups = 0;
    bool gap = false, digit = false, pairs = true;  // pairs: every group has two digits, as in an EUI-64
    bool nonzero = false, wide = false;             // wide: a group has more than two digits
    uint32_t end = 0;
};

// Whether a group of an IPv6 address begins there: up to four hex digits, and no word that begins with some.
bool begins_group(const Scan& scan, uint32_t at) {
    constexpr uint32_t kLongest = 4;
    const uint32_t begin = at;
    while (is_hex(scan.at(at)) && at - begin < kLongest) ++at;
    return at > begin && !is_word(scan.at(at));
}

// Reads groups and colons from `at` on, as far as they go; a dotted quad may end them.
Ipv6 read_ipv6(const Scan& scan, uint32_t at) {
    Ipv6 result;
    while (true) {
        uint32_t end = at;
        while (end < scan.text.size() && end - at < 5 && is_hex(scan.text[end])) {
            result.digit |= is_digit(scan.text[end]);
            result.nonzero |= scan.text[end] != '0';
            ++end;
        }
        const uint32_t size = end - at;
        if (size > 4) return {};
        if (size > 0) {
            if (scan.at(end) == '.' && is_digit(scan.at(end + 1))) {
                while (end < scan.text.size() &&
                       (is_digit(scan.text[end]) || (scan.text[end] == '.' && is_digit(scan.at(end + 1)))))
                    ++end;
                result.groups += 2;
                result.end = end;
                return result;
            }
            ++result.groups;
            result.pairs &= size == 2;
            result.wide |= size > 2;
            result.end = end;
        }
        if (scan.at(end) != ':') return result;
        if (scan.at(end + 1) == ':') {
            if (result.gap) return {};
            result.gap = true;
            result.end = end + 2;
            at = end + 2;
            if (!begins_group(scan, at)) return result;
        } else if (size > 0 && begins_group(scan, end + 1)) {
            at = end + 1;
        } else {
            return result;
        }
        if (result.groups > 8) return {};
    }
}

// Whether the colon in front of the token is that of a label, "ip:2001:db8::1", or nobody's: what stands in
// front of it is no group of the address.
bool behind_label(const Scan& scan, size_t token, uint32_t begin) {
    constexpr uint32_t kLongestGroup = 4;
    if (begin >= 2 && scan.text[begin - 2] == ':') return false;
    if (token == 0 || scan.tokens[token - 1].end + 1 != begin) return true;
    const Token& last = scan.tokens[token - 1];
    return !last.all_hex || last.size() > kLongestGroup;
}

bool scan_ipv6(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    uint32_t begin = t.begin;
    if (begin >= 2 && scan.text[begin - 1] == ':' && scan.text[begin - 2] == ':')
        begin -= 2;
    else if (scan.at(t.end) != ':')
        return false;
    const char before = scan.before(begin);
    if (is_word(before) || before == '.' || (before == ':' && !behind_label(scan, token, begin)))
        return false;
    const Ipv6 ip = read_ipv6(scan, begin);
    const bool whole = ip.gap ? ip.groups >= 1 && ip.groups <= 7 : ip.groups == 8;
    if (!whole || !ip.nonzero || is_word(scan.at(ip.end)) ||
        (scan.at(ip.end) == ':' && (begins_group(scan, ip.end + 1) || scan.at(ip.end + 1) == ':')))
        return false;
    // Loopback, and the unspecified address of IPv4 in IPv6: the prefix of all such addresses.
    if (is_one_of(scan.text.substr(begin, ip.end - begin), {"::1", "::ffff:0:0"})) return false;
    // "abc::def" is C++, "a::b" anything, "12::30" some time.
    if (ip.gap && ip.groups < 3 && (!ip.digit || !ip.wide)) return false;
    if (!ip.gap && ip.pairs) {
        scan.report(begin, ip.end, Detector::kMac);
        return true;
    }
    uint32_t end = ip.end;
    if (scan.at(end) == '%')
        while (end + 1 < scan.text.size() && is_word(scan.text[end + 1])) ++end;
    scan.report(begin, end == ip.end ? end : end + 1, Detector::kIp);
    return true;
}

}  // namespace

bool scan_ip(Scan& scan, size_t token) {
    if (scan.context.number) return false;
    const Token& t = scan.tokens[token];
    if (t.all_digits() && t.size() <= 3 && scan.at(t.end) == '.' && scan_ipv4(scan, token)) return true;
    return t.size() <= 4 && t.all_hex && scan_ipv6(scan, token);
}

namespace {

// Whether a word beside groups of hex digits may be another one: not in "mac:3c:07:…", "…:2b:3c:up". Over
// dots, where IBANs and versions have such groups too, any word with a digit.
bool may_be_group(const Token& t, char separator) {
    return separator == '.' ? t.digits > 0 || t.all_hex : t.all_hex && t.size() <= 2;
}

// count words of `size` hex digits with one separator between all of them, and no more behind.
uint32_t hex_groups(const Scan& scan, size_t token, size_t count, uint32_t size, char separator) {
    if (token + count > scan.tokens.size()) return 0;
    for (size_t k = 0; k < count; ++k) {
        const Token& t = scan.tokens[token + k];
        if (!t.all_hex || t.size() != size) return 0;
        if (k > 0 && (t.begin - scan.tokens[token + k - 1].end != 1 || scan.text[t.begin - 1] != separator))
            return 0;
    }
    const uint32_t begin = scan.tokens[token].begin, end = scan.tokens[token + count - 1].end;
    const bool began_before = scan.before(begin) == separator && token > 0 &&
                              scan.tokens[token - 1].end + 1 == begin &&
                              may_be_group(scan.tokens[token - 1], separator);
    const bool goes_on = scan.at(end) == separator && is_word(scan.at(end + 1)) &&
                         (may_be_group(scan.tokens[token + count], separator) ||
                          (separator == '.' && scan.at(scan.tokens[token + count].end) == '.'));
    return began_before || goes_on ? 0 : end;
}

}  // namespace

bool scan_mac(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (!t.all_hex || scan.context.number) return false;
    uint32_t end = 0;
    if (t.size() == 2 && (scan.at(t.end) == ':' || scan.at(t.end) == '-'))
        end = hex_groups(scan, token, 6, 2, scan.at(t.end));
    if (t.size() == 4 && scan.at(t.end) == '.') end = hex_groups(scan, token, 3, 4, '.');
    const bool named = scan.context.named.has(Detector::kMac);
    // "mac 3c07541a2b3c"
    const bool word =
        t.size() == 12 && t.digits >= 3 && t.digits < 12 && scan.named_by_words(Detector::kMac, token);
    if (end == 0 && t.size() == 12 && (named || word)) end = t.end;
    if (end == 0) return false;
    const std::string_view mac = scan.text.substr(t.begin, end - t.begin);
    const bool letters = std::any_of(mac.begin(), mac.end(), is_letter);
    if (!letters && !named && scan.at(t.end) != ':') return false;  // a date and a time with dashes
    // All zeros, all ones, and the 02:00:… that phones give instead of their own.
    const auto plain = [](char c) { return c == '0' || !is_word(c); };
    if (std::all_of(mac.begin(), mac.end(), plain) ||
        (mac.starts_with("02") && std::all_of(mac.begin() + 2, mac.end(), plain)))
        return false;
    if (std::all_of(mac.begin(), mac.end(), [](char c) { return to_lower(c) == 'f' || !is_word(c); }))
        return false;
    scan.report(t.begin, end, Detector::kMac);
    return true;
}

}  // namespace gpsync::core::pii

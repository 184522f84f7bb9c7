// Email addresses (RFC 5321, as people write them) and credentials in URLs.
#include <algorithm>
#include <array>

#include "core/pii/detect/scan.hpp"
#include "core/pii/mapped_text.hpp"
#include "core/pii/names/name_values.hpp"
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
        constexpr uint32_t kShortest = 3, kLongest = 256;  // "redis://:password@host" has no user
        for (; read_ < at; ++read_) {
            const char c = scan.text[read_];
            if (c == '/' || is_space(c))
                begin_ = read_ + 1;
            else if (c == ':')
                behind_colon_ = read_ + 1;
        }
        if (behind_colon_ <= begin_ || at - begin_ > kLongest || begin_ < scan.done ||
            !url_user(scan, begin_) || at - begin_ < kShortest)
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

namespace {

// "Joe Doe <joe@example.com>", "\"Doe, Joe\" <…>": the name in front of the address (RFC 5322, name-addr).
void scan_display_name(Scan& scan, uint32_t bracket) {
    constexpr uint32_t kLongest = 80;
    uint32_t end = bracket;
    while (end > scan.done && (scan.text[end - 1] == ' ' || scan.text[end - 1] == '"')) --end;
    uint32_t begin = end;
    const auto in_name = [](char c) {
        return is_letter(c) || c == kUnspacedLetter ||
               std::string_view(" .'-,").find(c) != std::string_view::npos;
    };
    while (begin > scan.done && end - begin < kLongest && in_name(scan.text[begin - 1])) --begin;
    while (begin < end && !is_letter(scan.text[begin])) ++begin;
    const std::string_view name = scan.text.substr(begin, end - begin);
    if (name.find(' ') == std::string_view::npos || !fits_name(Detector::kPersonName, name, Doubt::kMuch))
        return;
    scan.report(begin, end, Detector::kPersonName);
}

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
        if (scan.before(begin) == '<' && scan.at(end) == '>') scan_display_name(scan, begin - 1);
        scan.report(begin, end, Detector::kEmail);
    }
}

}  // namespace gpsync::core::pii

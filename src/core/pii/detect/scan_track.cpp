// Magnetic stripe tracks (ISO/IEC 7813), and what chip cards have of them.
#include <algorithm>
#include <string>

#include "core/hex.hpp"
#include "core/pii/checksums.hpp"
#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kShortestPan = 12, kLongestPan = 19;
constexpr uint32_t kLongestName = 26, kExpiry = 4, kExpiryAndService = 7;

bool track_pan(std::string_view digits) {
    return digits.size() >= kShortestPan && digits.size() <= kLongestPan && luhn_valid(digits) &&
           !all_same(digits);
}

uint32_t skip_digits(std::string_view text, uint32_t at) {
    while (at < text.size() && is_digit(text[at])) ++at;
    return at;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

// ;PAN=YYMM…? and, as chip cards write it, PAN D YYMM … F. The start sentinel and the end may be missing.
bool scan_track2(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    const std::string_view word = scan.word(token);
    const size_t pan = std::min(word.find_first_not_of("0123456789"), word.size());
    if (!track_pan(word.substr(0, pan))) return false;
    const auto separator = static_cast<uint32_t>(t.begin + pan);
    const char c = scan.at(separator);
    if (c != '=' && c != 'D' && c != 'd') return false;
    uint32_t end = skip_digits(scan.text, separator + 1);
    const uint32_t size = end - separator - 1;
    const int month = size >= kExpiry ? number_of(scan.text.substr(separator + 3, 2)) : 0;
    // Of "4111111111111111D2812" nothing is left out but the service code.
    const bool short_one = c != '=' && size >= kExpiry && month >= 1 && month <= 12 && end == t.end;
    if (size < kExpiryAndService && !short_one) return false;
    if (scan.at(end) == '?' || scan.at(end) == 'F') ++end;
    scan.report(t.begin - (scan.before(t.begin) == ';'), end, Detector::kTrack);
    return true;
}

// "^ NAME ^ YYMM…?": where it ends, from the first caret on; 0 for none. Keyboards of some countries give
// '&'.
uint32_t end_of_track1(const Scan& scan, uint32_t at) {
    const char mark = scan.at(at);
    if (mark != '^' && mark != '&') return 0;
    uint32_t caret = at + 1;
    while (caret < scan.text.size() && scan.text[caret] != mark && caret - at <= kLongestName + 2) ++caret;
    if (scan.at(caret) != mark) return 0;
    if (scan.at(caret + 1) == mark) ++caret;  // without an expiry
    uint32_t end = caret + 1;
    while (end < scan.text.size() &&
           (is_word(scan.text[end]) || scan.text[end] == ' ' || scan.text[end] == '='))
        ++end;
    const bool digits = is_digit(scan.at(caret + 1)) || (mark == '^' && !is_blank(scan.at(caret + 1)));
    if (end - caret < 5 || !(digits || is_digit(scan.at(caret + 2)))) return 0;
    return scan.at(end) == '?' ? end + 1 : end;
}

// %B PAN ^ NAME ^ YYMM … ?
bool scan_track1(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    const std::string_view word = scan.word(token);
    const bool format = to_upper(word[0]) == 'B';
    const char mark = scan.at(t.end);
    if ((mark != '^' && !(mark == '&' && format)) || !track_pan(word.substr(format))) return false;
    const uint32_t end = end_of_track1(scan, t.end);
    if (end == 0) return false;
    scan.report(t.begin - (scan.before(t.begin) == '%'), end, Detector::kTrack);
    return true;
}

constexpr size_t kShortestInHex = 2 * (kShortestPan + 1 + kExpiry);

}  // namespace

// Whether the bytes that the hex digits are may be a track's characters: digits where they must be, behind
// the sentinel and the format; false is sure.
bool may_be_hex_track(std::string_view hex) {
    return hex.size() >= kShortestInHex && hex[4] == '3' && hex[6] == '3' && hex[8] == '3' &&
           hex[10] == '3' && hex[12] == '3';
}

namespace {

// A track's characters in hex: "3B3431…3D3331…", "254234…5E…".
bool scan_hex_track(Scan& scan, size_t token) {
    constexpr size_t kLongest = 256;
    const Token& t = scan.tokens[token];
    const std::string_view word = scan.word(token);
    if (!t.all_hex || t.size() % 2 != 0 || t.size() > kLongest || !may_be_hex_track(word)) return false;
    size_t at = 0;
    const auto next_is = [&](std::string_view characters) {
        const int byte = hex::byte_at(word, at);
        if (byte <= 0 || characters.find(static_cast<char>(byte)) == std::string_view::npos) return false;
        at += 2;
        return true;
    };
    (void)next_is(";%");
    const bool first = next_is("Bb");
    std::string pan;
    while (pan.size() <= kLongestPan && next_is("0123456789"))
        pan.push_back(static_cast<char>(hex::byte_at(word, at - 2)));
    if (!next_is(first ? "^&" : "=Dd") || !track_pan(pan)) return false;
    scan.report(t.begin, t.end, Detector::kTrack);
    return true;
}

}  // namespace

bool scan_track(Scan& scan, size_t token) {
    if (scan.tokens[token].digits < kShortestPan) return false;
    return scan_track1(scan, token) || scan_track2(scan, token) || scan_hex_track(scan, token);
}

// "4111 1111 1111 1111=2812101…", "4111111111111111 ^ DOE/JOE ^ 2812101…": from the mark on.
bool scan_rest_of_track(Scan& scan, uint32_t pan_end) {
    uint32_t at = pan_end;
    while (is_blank(scan.at(at)) && at - pan_end < 2) ++at;
    if (scan.at(at) == '^') {
        const uint32_t end = end_of_track1(scan, at);
        if (end != 0) scan.report(at, end, Detector::kTrack);
        return end != 0;
    }
    const bool letter = to_upper(scan.at(at)) == 'D' && at > pan_end && is_blank(scan.at(at + 1));
    if (scan.at(at) != '=' && !letter) return false;
    const uint32_t mark = at++;
    while (is_blank(scan.at(at)) && at - mark < 3) ++at;
    uint32_t end = at, digits = 0, last = at;
    constexpr uint32_t kMost = 24;
    for (; end - at < kMost && (is_digit(scan.at(end)) || (letter && scan.at(end) == ' ')); ++end)
        if (is_digit(scan.at(end))) {
            ++digits;
            last = end + 1;
        }
    if (digits < kExpiryAndService || !is_digit(scan.at(at + 3))) return false;
    const int month = is_digit(scan.at(at + 2)) ? number_of(scan.text.substr(at + 2, 2)) : 0;
    if (month < 1 || month > 12) return false;
    if (scan.at(last) == '?' || to_upper(scan.at(last)) == 'F') ++last;
    scan.report(mark, last, Detector::kTrack);
    return true;
}

}  // namespace gpsync::core::pii

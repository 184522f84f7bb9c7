// Email addresses as people spell them for readers, not for programs: "joe (at) example dot com",
// "joe[at]example[dot]com".
#include <algorithm>
#include <array>

#include "core/pii/detect/scan.hpp"

namespace gpsync::core::pii {

namespace {

constexpr uint32_t kLongestPart = 64;

bool equals(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return to_lower(a) == b; });
}

bool opens(char c) {
    return c == '(' || c == '[' || c == '{';
}
bool closes(char c) {
    return c == ')' || c == ']' || c == '}';
}
bool part_byte(char c) {
    return (class_of(c) & (kDigit | kUpper | kLower)) != 0 || c == '-' || c == '_' || c == '+';
}

// "at" or "dot" between two parts: in brackets, or between blanks.
struct Marker {
    uint32_t begin = 0, end = 0;  // with brackets and blanks; begin == end: there is none
    bool bracketed = false, capitals = false;

    bool none() const { return begin == end; }
};

class SpelledEmail {
  public:
    explicit SpelledEmail(const Scan& scan) : scan_(scan), text_(scan.text) {}

    // Around text[begin, end), which is "at".
    bool parse(uint32_t begin, uint32_t end) {
        const Marker at = around(begin, end);
        if (at.none() || at.begin == 0 || !part_byte(text_[at.begin - 1])) return false;
        begin_ = local_begin(at.begin);
        if (begin_ < scan_.done || begin_ == at.begin) return false;
        return parse_domain(at);
    }
    uint32_t begin() const { return begin_; }
    uint32_t end() const { return end_; }

  private:
    // The marker whose word is text[begin, end).
    Marker around(uint32_t begin, uint32_t end) const {
        Marker marker{begin, end, false, (class_of(text_[begin]) & kUpper) != 0};
        skip_blanks(marker);
        const bool opened = marker.begin > 0 && opens(text_[marker.begin - 1]),
                   closed = closes(scan_.at(marker.end));
        if (opened != closed) return {};
        if (opened) {
            --marker.begin;
            ++marker.end;
            marker.bracketed = true;
            skip_blanks(marker);
        } else if (marker.begin == begin || marker.end == end) {
            return {};
        }
        return marker;
    }

    void skip_blanks(Marker& marker) const {
        for (int n = 0; n < 2 && marker.begin > 0 && text_[marker.begin - 1] == ' '; ++n) --marker.begin;
        for (int n = 0; n < 2 && scan_.at(marker.end) == ' '; ++n) ++marker.end;
    }

    // The marker "dot" at a position, with what is in front of its word.
    Marker dot_at(uint32_t at) const {
        uint32_t word = at;
        while (word < at + 5 && (scan_.at(word) == ' ' || opens(scan_.at(word)))) ++word;
        if (!equals(text_.substr(std::min<size_t>(word, text_.size()), 3), "dot") ||
            is_word(scan_.at(word + 3)))
            return {};
        const Marker marker = around(word, word + 3);
        return marker.begin == at ? marker : Marker{};
    }

    uint32_t part_end(uint32_t begin) const {
        uint32_t end = begin;
        while (end < text_.size() && end - begin < kLongestPart && part_byte(text_[end])) ++end;
        return end;
    }

    // Also over "joe dot doe".
    uint32_t local_begin(uint32_t at) const {
        uint32_t begin = at;
        while (begin > 0 && at - begin < kLongestPart &&
               (part_byte(text_[begin - 1]) || text_[begin - 1] == '.'))
            --begin;
        while (begin < at && !is_word(text_[begin])) ++begin;
        // "(dot) doe", " dot doe": the word in front, and its part.
        uint32_t word = begin;
        while (word > 0 && begin - word < 4 && (text_[word - 1] == ' ' || closes(text_[word - 1]))) --word;
        if (word < 3 || word == begin || !equals(text_.substr(word - 3, 3), "dot")) return begin;
        const Marker dot = around(word - 3, word);
        if (dot.none() || dot.end != begin || dot.begin == 0 || !part_byte(text_[dot.begin - 1]))
            return begin;
        uint32_t first = dot.begin;
        while (first > 0 && dot.begin - first < kLongestPart && part_byte(text_[first - 1])) --first;
        return first;
    }

    // Parts with "dot" or '.' between them; the last one is a top-level domain.
    bool parse_domain(const Marker& at) {
        bool spelled = at.bracketed, capitals = at.capitals;
        uint32_t begin = at.end, end = part_end(begin);
        size_t parts = 1;
        for (; end > begin && parts < 6; ++parts) {
            const Marker dot = dot_at(end);
            uint32_t next = dot.end;
            if (dot.none()) {
                if (scan_.at(end) != '.' || !part_byte(scan_.at(end + 1))) break;
                next = end + 1;
            } else {
                spelled = true;
                capitals &= dot.capitals;
            }
            const uint32_t stop = part_end(next);
            if (stop == next) break;
            begin = next;
            end = stop;
        }
        end_ = end;
        const std::string_view top = text_.substr(begin, end - begin);
        return parts > 1 && spelled && is_top(top, at.bracketed || capitals);
    }

    // Where nothing but the words says that it is an address, "at the dot in" must not be one.
    static bool is_top(std::string_view top, bool any) {
        if (top.size() < 2 || top.size() > 24 || !std::all_of(top.begin(), top.end(), is_letter))
            return false;
        static constexpr std::string_view kTops[] = {"com", "org", "net", "edu", "gov", "info", "biz", "io",
                                                     "dev", "app", "uk",  "de",  "fr",  "nl",   "eu",  "ch",
                                                     "pl",  "jp",  "cn",  "ru",  "br",  "ca",   "au",  "se",
                                                     "fi",  "dk",  "cz",  "kr",  "mx",  "tr"};
        return any || std::any_of(std::begin(kTops), std::end(kTops),
                                  [top](std::string_view t) { return equals(top, t); });
    }

    const Scan& scan_;
    const std::string_view text_;
    uint32_t begin_ = 0, end_ = 0;
};

}  // namespace

bool scan_spelled_email(Scan& scan, size_t token) {
    const Token& t = scan.tokens[token];
    if (token == 0 || !equals(scan.word(token), "at")) return false;
    SpelledEmail email(scan);
    if (!email.parse(t.begin, t.end)) return false;
    scan.report(email.begin(), email.end(), Detector::kEmail);
    return true;
}

}  // namespace gpsync::core::pii

#include "core/pii/document/value_kind.hpp"

#include <algorithm>
#include <vector>

#include "core/pii/mapped_text.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kLongestNumber = 64;

// What is written between the groups of a number.
bool in_number(char c) {
    return is_word(c) || is_space(c) || std::string_view("+-./()_:").find(c) != std::string_view::npos;
}

// 1980-02-03, 03.02.1980, 19800203, also with a time behind.
bool begins_like_date(std::string_view text) {
    std::string shape;
    for (char c : text.substr(0, 10)) shape.push_back(is_digit(c) ? '0' : c == '/' || c == '.' ? '-' : c);
    if (shape.starts_with("0000-00-00") || shape.starts_with("00-00-0000")) return true;
    if (!shape.starts_with("00000000") || (text.size() > 8 && is_digit(text[8]))) return false;
    const auto at = [text](size_t i) { return (text[i] - '0') * 10 + text[i + 1] - '0'; };
    const auto date = [](int century, int month, int day) {
        return (century == 19 || century == 20) && month >= 1 && month <= 12 && day >= 1 && day <= 31;
    };
    return date(at(0), at(4), at(6)) || date(at(4), at(2), at(0)) || date(at(4), at(0), at(2));
}

}  // namespace

bool may_show_tail(std::string_view text, Detector subject, const ScanContext& context) {
    if (subject != Detector::kNone && !info(subject).keeps_last_four) return false;
    MappedText folded;
    if (fold_unicode(text, {}, folded)) text = folded.text;
    if (text.size() > kLongestNumber || !std::all_of(text.begin(), text.end(), in_number)) return false;
    if (begins_like_date(text)) return false;
    std::vector<Finding> findings;
    Scanner().scan(text, context, findings);
    return std::all_of(findings.begin(), findings.end(),
                       [](const Finding& f) { return info(f.detector).keeps_last_four; });
}

Detector kind_of_value(std::string_view text, Detector subject) {
    constexpr size_t kLongest = 512;  // of a value of any kind with a form
    if (subject == Detector::kPassword || subject == Detector::kApiSecret) return subject;
    if (text.size() > kLongest) return Detector::kNone;
    MappedText folded;
    if (fold_unicode(text, {}, folded)) text = folded.text;
    text = trim(text);
    std::vector<Finding> findings;
    Scanner().scan(text, ScanContext(), findings);
    const bool whole = findings.size() == 1 && findings[0].begin == 0 && findings[0].end == text.size();
    return whole ? findings[0].detector : Detector::kNone;
}

}  // namespace gpsync::core::pii

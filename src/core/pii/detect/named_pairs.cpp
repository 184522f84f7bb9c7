#include "core/pii/detect/named_pairs.hpp"

#include <algorithm>

#include "core/pii/names/name_class.hpp"
#include "core/pii/names/name_split.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kShortestName = 2, kLongestName = 40, kLongestValue = 200, npos = std::string_view::npos;

// What only a name says; everything else is found by its own form, or by the word in front.
bool needs_its_name(Detector subject) {
    switch (subject) {
        case Detector::kPersonName:
        case Detector::kAddress:
        case Detector::kBirthDate:
        case Detector::kExpiry:
        case Detector::kAccount:
        case Detector::kNationalId:
        case Detector::kPassport:
        case Detector::kDrivingLicence:
        case Detector::kMedicalRecord:
            return true;
        default:
            return false;
    }
}

bool in_name(char c) {
    return is_word(c) || c == '_' || c == '-' || c == '.';
}

// A short word of which the vocabulary knows nothing: most names in a log.
bool says_nothing(std::string_view name) {
    constexpr size_t kLongest = 4;
    return name.size() <= kLongest &&
           std::all_of(name.begin(), name.end(), [](char c) { return (class_of(c) & kLower) != 0; }) &&
           find_name_word(name) == nullptr;
}

class PairFinder {
  public:
    PairFinder(std::string_view text, const std::function<bool(const NamedPair&)>& take)
        : text_(text), take_(take) {}

    void run() {
        if (text_.find('=') != npos) find_assignments();
        if (more_ && text_.find("</") != npos) find_elements();
        if (more_ && text_.find('\n') != npos && text_.find(": ") != npos) find_lines();
    }

  private:
    char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }

    // first_name=Joe, first_name="Joe Doe": behind a blank, a bracket or nothing.
    void find_assignments() {
        for (size_t at = text_.find('='); more_ && at != npos; at = text_.find('=', at + 1)) {
            size_t begin = at;
            while (begin > 0 && at - begin < kLongestName && in_name(text_[begin - 1])) --begin;
            const char before = begin == 0 ? ' ' : text_[begin - 1];
            if (!is_space(before) && std::string_view("([{,;|\"'").find(before) == npos) continue;
            const std::string_view name = text_.substr(begin, at - begin);
            if (!take_name(name)) continue;
            const char quote = this->at(at + 1);
            if (quote == '"' || quote == '\'')
                take_value(at + 2, [quote](char c) { return c == quote; });
            else
                take_value(at + 1, [](char c) {
                    return is_space(c) || std::string_view("=&;,|\"<>()[]{}").find(c) != npos;
                });
        }
    }

    // <firstName>Joe</firstName>, <ns:firstName lang="en">Joe</…
    void find_elements() {
        for (size_t at = text_.find('<'); more_ && at != npos; at = text_.find('<', at + 1)) {
            size_t begin = at + 1, end = begin;
            for (;
                 end < text_.size() && end - at <= kLongestName && (in_name(text_[end]) || text_[end] == ':');
                 ++end)
                if (text_[end] == ':') begin = end + 1;
            if (text_.substr(begin, 1).empty() || !is_letter(text_[begin])) continue;
            const std::string_view name = text_.substr(begin, end - begin);
            if (!take_name(name)) continue;
            while (end < text_.size() && text_[end] != '>' && text_[end] != '<') ++end;
            if (this->at(end) != '>' || text_[end - 1] == '/') continue;
            take_value(end + 1, [](char c) { return c == '<'; });
        }
    }

    // Two and more lines "name: value".
    void find_lines() {
        size_t lines = 0;
        for (const bool counting : {true, false}) {
            for (size_t at = 0; more_ && at < text_.size();) {
                const size_t end = std::min(text_.find('\n', at), text_.size());
                if (take_line(at, end, counting)) ++lines;
                at = end + 1;
            }
            if (lines < 2) return;
        }
    }
    bool take_line(size_t begin, size_t end, bool counting) {
        while (begin < end && (is_space(text_[begin]) || text_[begin] == '-' || text_[begin] == '*')) ++begin;
        size_t colon = begin;
        while (colon < end && colon - begin <= kLongestName && (in_name(text_[colon]) || text_[colon] == ' '))
            ++colon;
        if (colon == begin || at(colon) != ':' || !is_space(at(colon + 1)) || !is_letter(text_[begin]))
            return false;
        if (!counting && take_name(trim(text_.substr(begin, colon - begin))))
            take_value(colon + 1, [](char c) { return c == '\n'; });
        return true;
    }

    // Whether the name is that of PII; what it says is kept for its value.
    bool take_name(std::string_view name) {
        if (name.size() < kShortestName || name.size() > kLongestName || says_nothing(name)) return false;
        if (name != last_name_) {
            last_name_ = name;
            last_ = classify_name(name, {});
        }
        return needs_its_name(last_.subject);
    }

    template <class Ends>
    void take_value(size_t begin, const Ends& ends) {
        size_t end = begin;
        while (end < text_.size() && end - begin <= kLongestValue && !ends(text_[end])) ++end;
        if (end - begin > kLongestValue) return;
        while (begin < end && is_space(text_[begin])) ++begin;
        while (end > begin && is_space(text_[end - 1])) --end;
        if (end > begin && text_[end - 1] == '\'' && text_[begin] != '\'') --end;  // "'lastName=O'Neil'"
        if (end - begin > 2 && text_[begin] == text_[end - 1] &&
            (text_[begin] == '"' || text_[begin] == '\''))
            ++begin, --end;
        if (begin == end || text_[begin] == '{' || text_[begin] == '[') return;
        // "addr=:8080", "address: see below": in a text an address has to look like one.
        Doubt doubt = last_.doubt();
        if (last_.subject == Detector::kAddress && doubt == Doubt::kNone) doubt = Doubt::kSome;
        more_ = take_({begin, end, last_.subject, doubt});
    }

    const std::string_view text_;
    const std::function<bool(const NamedPair&)>& take_;
    std::string_view last_name_;
    NameClass last_;
    bool more_ = true;
};

}  // namespace

void find_named_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take) {
    PairFinder(text, take).run();
}

bool has_named_pair(std::string_view text) {
    bool found = false;
    find_named_pairs(text, [&found](const NamedPair&) {
        found = true;
        return false;
    });
    return found;
}

}  // namespace gpsync::core::pii

#include "core/pii/detect/named_pairs.hpp"

#include <algorithm>
#include <vector>

#include "core/pii/detect/code_pairs.hpp"
#include "core/pii/detect/iso_fields.hpp"
#include "core/pii/detect/markup_pairs.hpp"
#include "core/pii/detect/phrases.hpp"
#include "core/pii/detect/record_lines.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/names/given_names.hpp"
#include "core/pii/names/name_class.hpp"
#include "core/pii/names/name_split.hpp"
#include "core/pii/names/payment_fields.hpp"
#include "core/pii/names/value_forms.hpp"
#include "core/pii/remark.hpp"
#include "core/pii/secret_names.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kShortestName = 2, kLongestName = 40, kLongestValue = 200, kMostOpen = 64,
                 npos = std::string_view::npos;

constexpr std::string_view kWideColon = "\xEF\xBC\x9A";  // U+FF1A
constexpr std::string_view kWideEnds[] = {"\xEF\xBC\x8C", "\xE3\x80\x82", "\xEF\xBC\x9B",
                                          "\xE3\x80\x81"};  // ，。；、

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

// A short word of which the vocabulary knows nothing: most names in a log.
bool says_nothing(std::string_view name) {
    constexpr size_t kLongest = 4;
    return name.size() <= kLongest &&
           std::all_of(name.begin(), name.end(), [](char c) { return (class_of(c) & kLower) != 0; }) &&
           find_name_word(name) == nullptr;
}

class PairFinder {
  public:
    PairFinder(std::string_view text, const std::function<bool(const NamedPair&)>& take,
               const RuledNames& ruled)
        : text_(text), take_(take), ruled_(ruled) {}

    void run() {
        if (text_.find('=') != npos) find_assignments();
        if (more_ && text_.find("</") != npos) find_elements();
        const bool colon = text_.find(": ") != npos || text_.find(":*") != npos;
        if (more_ && colon && text_.find('\n') != npos) find_lines();
        if (more_) find_labels();
        take_places();
    }

  private:
    char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }

    // first_name=Joe, first_name="Joe Doe": behind a blank, a bracket or nothing.
    void find_assignments() {
        for (size_t at = text_.find('='); more_ && at != npos; at = text_.find('=', at + 1)) {
            size_t begin = at;
            const bool setting = begin > 0 && text_[begin - 1] == ' ' && this->at(at + 1) == ' ';
            const bool member = begin > 0 && text_[begin - 1] == ']';  // user[last_name]=Lee
            if (setting || member) --begin;
            const size_t end = begin;
            while (begin > 0 && end - begin < kLongestName && in_name(text_[begin - 1])) --begin;
            if (setting) {
                take_setting(begin, end, at + 1);
                continue;
            }
            const char before = begin == 0 ? ' ' : text_[begin - 1];
            if (member ? before != '['
                       : !is_space(before) && std::string_view("([{,;|\"'").find(before) == npos)
                continue;
            const std::string_view name = text_.substr(begin, end - begin);
            const char quote = this->at(at + 1);
            const bool quoted = quote == '"' || quote == '\'';
            const bool person = !is_ruled(name) && takes_persons_name(begin, end);
            if (person && (role_ || !quoted) && (take_persons_name(at + 1 + quoted) || role_)) continue;
            if (!person && !take_element(name) && !take_name(name)) continue;
            if (quoted)
                take_value(at + 2, [quote](char c) { return c == quote; });
            else if (last_.subject == Detector::kAddress || place_)
                take_range(at + 1, end_of_address(at + 1));
            else
                take_value(at + 1, ends_word);
        }
    }

    // "7 Mill Lane", "Mill Lane 7" up to the next name or a sentence that goes on. Else the end of the first
    // word.
    size_t end_of_address(size_t begin) const {
        constexpr size_t kMostWords = 7, kFewestWords = 2;
        const size_t first = end_of_word(begin);
        size_t end = first, words = 0;
        bool number = is_house_number(text_.substr(begin, first - begin));
        if (number)
            words = 0;
        else if (first > begin && (class_of(text_[begin]) & (kUpper | kOtherLetter)) != 0)
            words = 1;
        else
            return first;
        for (size_t next = first; words < kMostWords && at(next) == ' ';) {
            const size_t from = next + 1;
            next = end_of_word(from);
            const std::string_view word = text_.substr(from, next - from);
            if (word.empty() || at(next) == '=' || word.find(':') != npos) break;
            const bool name = (class_of(word[0]) & (kUpper | kOtherLetter)) != 0;
            const bool log_level = in_capitals(word) && !in_capitals(text_.substr(begin, 2)) && !number;
            if (is_house_number(word) && !number)
                number = true;
            else if (!name || log_level) {
                if (is_name_particle(word)) continue;
                break;
            }
            words += name;
            end = next;
        }
        const bool closed = end == text_.size() || at(end) != ' ' || is_before_name(end + 1);
        return closed ? (words > 0 ? end : first) : number && words >= kFewestWords ? end : first;
    }
    size_t end_of_word(size_t at) const {
        const size_t most = std::min(text_.size(), at + kLongestValue);
        while (at < most && !ends_word(text_[at])) ++at;
        return at;
    }
    bool is_before_name(size_t begin) const {
        size_t end = begin;
        while (end < text_.size() && end - begin <= kLongestName && in_name(text_[end])) ++end;
        return end > begin && at(end) == '=';
    }
    // "7", "7a", "12-14"
    static bool is_house_number(std::string_view word) {
        constexpr size_t kLongest = 6;
        return !word.empty() && word.size() <= kLongest && is_digit(word[0]) &&
               word.find_first_of(".:") == npos &&
               std::count_if(word.begin(), word.end(), is_digit) <= 4 + (word.find('-') != npos ? 2 : 0);
    }

    // "first_name = Joe", a line of its own, as INI files have it.
    void take_setting(size_t begin, size_t end, size_t value) {
        if ((begin > 0 && text_[begin - 1] != '\n') || !take_name(text_.substr(begin, end - begin))) return;
        take_value(value, [](char c) { return c == '\n'; });
    }

    // <firstName>Joe</firstName>, <ns:firstName lang="en">Joe</…, <cvv id="1"> 123 </…
    // Of an element right below one of a person's, as <Dbtr><Nm>Joe Doe</Nm>, the bare name is that person's;
    // in one of a card's, "number" and "code" are the card's.
    void find_elements() {
        open_.clear();
        for (size_t at = text_.find('<'); more_ && at != npos; at = text_.find('<', at + 1)) {
            if (this->at(at + 1) == '/') {
                if (!open_.empty()) open_.pop_back();
                continue;
            }
            size_t begin = at + 1, end = begin;
            for (;
                 end < text_.size() && end - at <= kLongestName && (in_name(text_[end]) || text_[end] == ':');
                 ++end)
                if (text_[end] == ':') begin = end + 1;
            if (text_.substr(begin, 1).empty() || !is_letter(text_[begin])) continue;
            const std::string_view name = text_.substr(begin, end - begin);
            const bool taken = take_name_of_element(name);
            while (end < text_.size() && text_[end] != '>' && text_[end] != '<') ++end;
            if (this->at(end) != '>' || text_[end - 1] == '/') continue;
            if (taken) take_content(end + 1);
            if (open_.size() < kMostOpen) open_.push_back(name);
        }
    }
    // What stands between the tags is a value by itself, as that of a member of JSON is.
    bool take_name_of_element(std::string_view name) {
        if (take_name(name)) return true;
        if (says_nothing(name) || name.size() < kShortestName) return false;
        if (last_.subject == Detector::kCryptogram) return false;
        if (last_.subject != Detector::kNone) return true;
        if (open_.empty() || name != last_name_) return false;
        const NameClass parent = classify_name(open_.back(), {});
        if (last_.has(kBareName) && parent.has(kPerson)) {
            last_name_ = {};
            last_.subject = Detector::kPersonName;
            last_.flags |= kAmbiguous;
            return true;
        }
        if (parent.compound == nullptr) return false;
        last_name_ = {};
        last_ = classify_name(name, parent);
        return last_.subject != Detector::kNone;
    }
    void take_content(size_t begin) {
        constexpr std::string_view kData = "<![CDATA[", kDataEnd = "]]>";
        size_t data = begin;
        while (is_space(at(data))) ++data;
        if (text_.substr(data, kData.size()) != kData)
            return take_value(begin, [](char c) { return c == '<'; });
        begin = data + kData.size();
        const size_t size = text_.substr(begin, kLongestValue + kDataEnd.size()).find(kDataEnd);
        if (size != npos) take_range(begin, begin + size);
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
        const size_t behind_name = colon;
        if (at(colon) == '(' || at(colon) == '[') colon = end_of_remark(begin, colon, end);
        // "**Last name:** Joe", "*Last name*: Joe"
        colon += emphasis_at(colon);
        size_t value = colon + 1;
        value += emphasis_at(value);
        if (colon == begin || at(colon) != ':' || !is_space(at(value)) || !is_letter(text_[begin]))
            return false;
        if (counting || !take_name(trim(text_.substr(begin, behind_name - begin)))) return true;
        // YAML's "name: |" has the value in the lines below.
        const bool block = is_one_of(trim(text_.substr(value, end - value)), {"|", "|-", ">", ">-"});
        take_value(block ? std::min(end + 1, text_.size()) : value, [](char c) { return c == '\n'; });
        return true;
    }

    size_t emphasis_at(size_t position) const {
        return at(position) != '*' ? 0 : at(position + 1) == '*' ? 2 : 1;
    }
    // "Last name (required): Joe"; open itself where it is no such remark.
    size_t end_of_remark(size_t begin, size_t open, size_t line_end) const {
        constexpr size_t kLongest = 24;
        size_t end = open;
        while (end < line_end && end - open < kLongest && text_[end] != ')' && text_[end] != ']') ++end;
        if (end >= line_end) return open;
        const std::string_view all = text_.substr(begin, end + 1 - begin);
        return without_remark(all).size() < all.size() ? end + 1 : open;
    }

    // "name: Joe Doe" within a line; "map[name:Joe]", as Go prints it; "пароль: k3Jx81", "手机：138…".
    void find_labels() {
        colon_ = text_.find(':');
        wide_colon_ = text_.find(kWideColon);
        for (size_t at = next_colon(0); more_ && at != npos; at = next_colon(at + 1)) {
            const size_t behind = at + (text_[at] == ':' ? 1 : kWideColon.size());
            size_t end = without_remark(text_.substr(0, at)).size();
            if (end > 1 && text_[end - 1] == ' ' && is_word(text_[end - 2])) --end;  // "Nom : …"
            size_t begin = end;
            while (begin > 0 && end - begin < kLongestName && in_name(text_[begin - 1])) --begin;
            if (behind == at + 1 && is_behind_label(text_, at)) {
                const bool blank = this->at(behind) == ' ';
                if (takes_persons_name(begin, end) && take_persons_name(behind + blank)) continue;
                if (blank && (begin == 0 || text_[begin - 1] == '\n' || text_[begin - 1] == ';'))
                    take_address(text_.substr(begin, end - begin), behind + 1);
            }
            if (has_other_letters(text_.substr(begin, end - begin))) take_label(begin, end, behind);
        }
    }
    // Each of the two kinds is searched for once, so that no byte is read for every colon of the other kind.
    size_t next_colon(size_t from) {
        if (colon_ < from) colon_ = text_.find(':', from);
        if (wide_colon_ < from) wide_colon_ = text_.find(kWideColon, from);
        return std::min(colon_, wide_colon_);
    }
    // Such names the scanners do not know as the words in front of a value.
    static bool has_other_letters(std::string_view name) {
        return std::any_of(name.begin(), name.end(), [](char c) { return class_of(c) == kOtherLetter; });
    }
    // Of the words before a colon the last few.
    void take_label(size_t begin, size_t end, size_t value) {
        constexpr int kMoreWords = 2;
        for (int more = 0; more < kMoreWords && begin > 1 && text_[begin - 1] == ' '; ++more) {
            size_t word = begin - 1;
            while (word > 0 && end - word < kLongestName && in_name(text_[word - 1])) --word;
            if (word == begin - 1) break;
            begin = word;
        }
        if (!take_name(text_.substr(begin, end - begin)) || place_) return;
        while (this->at(value) == ' ') ++value;
        if (last_.subject == Detector::kPersonName)
            (void)take_persons_name(value);
        else if (last_.subject == Detector::kPassword || last_.subject == Detector::kApiSecret)
            take_value(value, ends_word);
        else
            take_range(value, end_of_labelled(value, last_.subject == Detector::kAddress));
    }
    // Where what a label names ends in a sentence or a line; an address has commas in it.
    size_t end_of_labelled(size_t begin, bool address) const {
        const std::string_view rest = text_.substr(begin, kLongestValue + 1);
        size_t size = std::min(rest.find_first_of(address ? "\n;" : "\n;,|<"), rest.size());
        if (address) return begin + size;
        for (std::string_view end : kWideEnds) size = std::min(size, rest.find(end));
        // "fødselsnummer: 01010112345 verified"
        size_t digits = 0;
        for (size_t i = 0; i + 1 < size; ++i) {
            digits += is_digit(rest[i]);
            if (digits > 0 && rest[i] == ' ' && is_letter(rest[i + 1])) return begin + i;
        }
        return begin + size;
    }
    // "Address: 12 Elm Street, Springfield": to the end of the line.
    void take_address(std::string_view name, size_t begin) {
        if (!ends_in_label_word(name) || !take_name(name) || last_.subject != Detector::kAddress) return;
        take_value(begin, [](char c) { return c == '\n' || c == ';'; });
    }
    // Whether what ends there is a word for names, and the name it ends is a person's, or a bare one, which
    // may be anybody's. What it says is kept for its value.
    bool takes_persons_name(size_t begin, size_t end) {
        place_ = false;
        const std::string_view name = text_.substr(begin, end - begin);
        if (name.size() > kLongestName || !ends_in_label_word(name)) return false;
        last_name_ = {};
        last_ = classify_name(name, {});
        if (last_.subject == Detector::kNone && last_.has(kBareName | kPerson))
            judge_by_word_before(begin, end);
        const bool person = last_.has(kPerson) && !last_.has(kThing | kOrganisation);  // "holder"
        // "Customer: Ann Lee" is somebody, "Customer: Premium Plan" is nobody.
        role_ = last_.subject == Detector::kNone && !last_.has(kBareName) && !is_of_a_holder(name);
        if (last_.subject == Detector::kNone && (last_.has(kBareName) || person)) {
            last_.subject = Detector::kPersonName;
            last_.flags |= kAmbiguous;
        }
        return last_.subject == Detector::kPersonName;
    }
    static bool is_of_a_holder(std::string_view name) {
        constexpr std::string_view kHolders[] = {"holder", "inhaber", "titulaire", "titular"};
        return std::any_of(std::begin(kHolders), std::end(kHolders), [name](std::string_view holder) {
            return name.size() >= holder.size() &&
                   equals_ignoring_case(name.substr(name.size() - holder.size()), holder);
        });
    }
    // "customer name: …", "file name: …"
    void judge_by_word_before(size_t begin, size_t end) {
        if (begin < 2 || text_[begin - 1] != ' ') return;
        size_t word = begin - 1;
        while (word > 0 && begin - word < kLongestName && is_word(text_[word - 1])) --word;
        if (word == begin - 1 || (word > 0 && text_[word - 1] == '=')) return;
        constexpr uint32_t kOther =
            kThing | kOrganisation | kOrder | kVersion | kLabel | kHash | kReference | kIdentifier | kNegator;
        const NameClass both = classify_name(text_.substr(word, end - word), {});
        if (both.subject != Detector::kNone ||
            classify_name(text_.substr(word, begin - 1 - word), {}).has(kOther))
            last_ = both;
    }
    // Words that begin as persons' names do, from there on. False when there is none.
    bool take_persons_name(size_t begin) {
        constexpr size_t kMostWords = 5;
        size_t end = begin;
        for (size_t words = 0, at = begin; words < kMostWords && at < text_.size(); ++words) {
            size_t next = at;
            while (next < text_.size() && next - begin <= kLongestValue && !ends_word(text_[next]) &&
                   !ends_wide(next))
                ++next;
            const std::string_view word = text_.substr(at, next - at);
            if (word.empty() || this->at(next) == '=' || word.find(':') != npos ||
                text_.substr(next, kWideColon.size()) == kWideColon)
                break;
            const bool name = (class_of(word[0]) & (kUpper | kOtherLetter)) != 0;
            if (!name && !is_name_particle(word)) break;
            // "GET" is no part of "Ann"
            if (words > 0 && in_capitals(word) && !in_capitals(text_.substr(begin, 2))) break;
            if (name) end = next;
            if (this->at(next) != ' ') break;
            at = next + 1;
        }
        while (end > begin && text_[end - 1] == '.') --end;
        if (end == begin || end - begin > kLongestValue) return false;
        if (role_ && !has_given_name(text_.substr(begin, end - begin))) return false;
        somebodys_ = true;
        more_ = take_({begin, end, last_.subject, last_.has(kAmbiguous) ? Doubt::kMuch : Doubt::kSome});
        return true;
    }
    static bool in_capitals(std::string_view word) {
        return word.size() > 1 && (class_of(word[0]) & class_of(word[1]) & kUpper) != 0;
    }
    // Punctuation of texts without blanks.
    bool ends_wide(size_t at) const {
        const std::string_view mark = text_.substr(at, kWideColon.size());
        return class_of(text_[at]) == kOtherLetter &&
               (mark == kWideColon ||
                std::find(std::begin(kWideEnds), std::end(kWideEnds), mark) != std::end(kWideEnds));
    }
    static bool ends_word(char c) {
        return is_space(c) || std::string_view("=&;,|\"<>()[]{}").find(c) != npos;
    }

    // Whether the policy has rules of its own on the name.
    bool is_ruled(std::string_view name) {
        custom_ = ruled_ && !name.empty() && name.size() <= kLongestName ? ruled_(name) : -1;
        return custom_ >= 0;
    }

    // "DE14", "bit52": what only its number names, of a data element with a word in front that nothing else
    // has. "9F26": by its tag.
    bool take_element(std::string_view name) {
        place_ = false;
        constexpr size_t kTag = 4;  // digits; a shorter one is a number, too
        if (const EmvTag* tag = name.size() == kTag ? emv_tag_of_name(name) : nullptr; tag != nullptr) {
            last_name_ = {};
            last_ = {};
            last_.subject = tag->detector;
            return last_.subject != Detector::kNone;
        }
        if (name.empty() || !is_digit(name.back()) || std::string_view("dDbB").find(name[0]) == npos)
            return false;
        const PaymentField field = payment_field(name);
        if (!field.is(PaymentField::Kind::kNamedElement)) return false;
        last_name_ = {};
        last_ = {};
        last_.subject = detector_of_element(field.number);
        return last_.subject == Detector::kExpiry || last_.subject == Detector::kPin ||
               last_.subject == Detector::kAccount;
    }

    // Whether the name is that of PII, or there are rules on it; what it says is kept for its value.
    bool take_name(std::string_view name) {
        place_ = role_ = false;
        if (is_ruled(name)) {
            last_name_ = name;
            last_ = classify_name(name, {});
            return true;
        }
        if (name.size() < kShortestName || name.size() > kLongestName || says_nothing(name)) return false;
        if (name != last_name_) {
            last_name_ = name;
            last_ = classify_name(name, {});
        }
        // "city": only where another value in the text is part of an address, or somebody's name.
        place_ = last_.subject == Detector::kNone && last_.has(kPlace) && !last_.has(kOrder);
        if (place_) return true;
        // "tc", "xid": also other things than cryptograms; "de55": of chip data only parts are.
        if (last_.subject == Detector::kCryptogram) return !last_.has(kAmbiguous | kNameOnly);
        return needs_its_name(last_.subject) || (last_.subject != Detector::kNone && has_other_letters(name));
    }

    template <class Ends>
    void take_value(size_t begin, const Ends& ends) {
        size_t end = begin;
        while (end < text_.size() && end - begin <= kLongestValue && !ends(text_[end])) ++end;
        take_range(begin, end);
    }
    void take_range(size_t begin, size_t end) {
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
        if (last_.subject == Detector::kPersonName && last_.has(kBareName)) doubt = Doubt::kMuch;
        if (last_.subject == Detector::kAddress && doubt == Doubt::kNone) doubt = Doubt::kSome;
        if (place_) return places_.push_back({begin, end, Detector::kAddress, Doubt::kSome});
        somebodys_ |= last_.subject == Detector::kAddress || last_.subject == Detector::kPersonName ||
                      last_.subject == Detector::kBirthDate;
        more_ = take_({begin, end, last_.subject, doubt, last_name_, custom_});
    }
    void take_places() {
        for (size_t i = 0; more_ && somebodys_ && i < places_.size(); ++i) more_ = take_(places_[i]);
    }

    const std::string_view text_;
    const std::function<bool(const NamedPair&)>& take_;
    const RuledNames& ruled_;
    int custom_ = -1;  // of the last name
    std::string_view last_name_;
    NameClass last_;
    bool place_ = false;             // the last name is that of a place
    bool role_ = false;              // the last name says who somebody is: "customer"
    bool somebodys_ = false;         // a name, an address or a date of birth is in the text
    std::vector<NamedPair> places_;  // found up to now
    size_t colon_ = npos, wide_colon_ = npos;
    std::vector<std::string_view> open_;  // elements of XML
    bool more_ = true;
};

}  // namespace

void find_named_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                      const RuledNames& ruled) {
    PairFinder(text, take, ruled).run();
    find_markup_pairs(text, take, ruled);
    find_code_pairs(text, take, ruled);
    if (text.find("<field ") != npos) find_iso_fields(text, take);
    if (text.find('\n') != npos) find_record_lines(text, take);
    if (may_have_phrases(text)) find_phrases(text, take);
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

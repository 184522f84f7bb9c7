#include "core/pii/detect/markup_pairs.hpp"

#include <algorithm>
#include <vector>

#include "core/pii/detect/markup_table.hpp"
#include "core/pii/detect/pair_names.hpp"
#include "core/pii/names/name_class.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kLongestTagName = 24, kLongestValue = 200, npos = std::string_view::npos;

// "<input name='cvv' value=123 disabled/>"
struct Tag {
    std::string_view name;  // without a prefix as in "ns:td"
    size_t attributes = 0;  // where they begin
    size_t end = 0;         // of the '>', or of the '<' that cuts it
    bool closes = false;    // "</td>"
    bool whole = false;     // it has its '>'
    bool is(std::initializer_list<std::string_view> names) const { return is_one_of(name, names); }
};

struct Attribute {
    std::string_view name;
    MarkupRange value;
};

class MarkupPairs {
  public:
    MarkupPairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                const RuledNames& ruled)
        : text_(text), take_(take), ruled_(ruled), table_(text, ruled) {}

    void run() {
        size_t behind = 0;
        for (size_t at = text_.find('<'); at != npos && more_; at = text_.find('<', behind)) {
            take_text({behind, at});
            Tag tag;
            if (!read_tag(at, tag)) {  // "a < b"
                label_ = {};
                behind = at + 1;
                continue;
            }
            take_tag(tag);
            behind = tag.end + tag.whole;
        }
        if (more_) take_text({behind, text_.size()});
        table_.end();
        take_cells();
    }

  private:
    char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
    std::string_view of(MarkupRange range) const {
        return text_.substr(range.begin, range.end - range.begin);
    }
    MarkupRange trimmed(MarkupRange range) const {
        while (range.begin < range.end && is_space(text_[range.begin])) ++range.begin;
        while (range.end > range.begin && is_space(text_[range.end - 1])) --range.end;
        return range;
    }

    bool read_tag(size_t open, Tag& tag) const {
        size_t begin = open + 1;
        tag.closes = at(begin) == '/';
        begin += tag.closes;
        size_t end = begin;
        while (end < text_.size() && end - begin <= kLongestTagName &&
               (in_name(text_[end]) || text_[end] == ':'))
            begin = text_[end++] == ':' ? end : begin;
        if (begin == end || !is_letter(text_[begin])) return false;
        tag.name = text_.substr(begin, end - begin);
        tag.attributes = end;
        while (end < text_.size() && text_[end] != '>' && text_[end] != '<') ++end;
        tag.end = end;
        tag.whole = end < text_.size() && text_[end] == '>';
        return true;
    }
    // The next one from a position on, which moves behind it.
    bool next_attribute(size_t& from, size_t end, Attribute& attribute) const {
        while (from < end && !is_word(text_[from])) ++from;
        const size_t begin = from;
        while (from < end && (in_name(text_[from]) || text_[from] == ':')) ++from;
        if (begin == from) return false;
        attribute = {text_.substr(begin, from - begin), {from, from}};
        size_t value = from;
        while (value < end && is_space(text_[value])) ++value;
        if (value >= end || text_[value] != '=') return true;
        ++value;
        while (value < end && is_space(text_[value])) ++value;
        const char quote = value < end ? text_[value] : '\0';
        const bool quoted = quote == '"' || quote == '\'';
        value += quoted;
        from = value;
        while (from < end && (quoted ? text_[from] != quote : !is_space(text_[from]))) ++from;
        attribute.value = {value, from};
        from += from < end;
        return true;
    }

    // LDAP's short names, which are too short to mean a person elsewhere.
    static std::string_view name_of_attribute(std::string_view name) {
        if (equals_ignoring_case(name, "sn")) return "surname";
        return equals_ignoring_case(name, "cn") ? "full name" : name;
    }
    // What a tag's attributes say of its value, and of what it contains.
    void take_tag(const Tag& tag) {
        if (tag.is({"br", "wbr", "img"})) return;
        // SAML: <Attribute Name="givenName"><AttributeValue>Ann</AttributeValue></Attribute>
        const bool of_attribute = tag.is({"attributevalue"}) && !tag.closes && attribute_.counts();
        named_ = of_attribute ? attribute_ : PairName();
        if (of_attribute) named_is_sure_ = true;
        if (tag.is({"attribute"})) attribute_ = {};
        table_.tag(tag.name, tag.closes);
        take_cells();
        if (tag.closes) {
            if (tag.is({"dl", "table", "form"})) label_ = {};
            return;
        }
        if (label_.begin < label_.end && tag.is({"li", "a", "tr", "th", "td", "option", "button", "h1", "h2",
                                                 "h3", "h4", "h5", "h6", "script", "style", "nav", "table"}))
            label_ = {};
        take_date(tag, inside_);
        inside_ = tag.name;
        if (tag.attributes + 1 < tag.end && !of_attribute) take_attributes(tag);
    }
    // Worldpay: <expiryDate><date month="05" year="2032"/></expiryDate>
    void take_date(const Tag& tag, std::string_view outer) {
        if (!tag.is({"date"}) || outer.empty()) return;
        const PairName named = judge(outer);
        if (named.subject != Detector::kExpiry && named.subject != Detector::kBirthDate) return;
        Attribute attribute;
        for (size_t from = tag.attributes; next_attribute(from, tag.end, attribute);)
            if (is_one_of(attribute.name, {"day", "dayofmonth", "month", "year"}))
                take(named, trimmed(attribute.value));
    }
    void take_attributes(const Tag& tag) {
        std::string_view type;
        MarkupRange name{}, weak{}, value{};
        Attribute attribute;
        for (size_t from = tag.attributes; next_attribute(from, tag.end, attribute);) {
            if (is_one_of(attribute.name, {"name", "key", "property", "field", "data-label", "data-name",
                                           "data-field", "formcontrolname", "itemprop"}))
                name = attribute.value;
            else if (is_one_of(attribute.name, {"id", "class", "label", "aria-label", "placeholder", "title",
                                                "friendlyname"}))
                weak = judge(of(attribute.value)).counts() ? attribute.value : weak;
            else if (is_one_of(attribute.name, {"value", "content", "data-value", "val"}))
                value = trimmed(attribute.value);
            else if (equals_ignoring_case(attribute.name, "type"))
                type = of(attribute.value);
        }
        const bool controls = is_one_of(type, {"submit", "button", "checkbox", "radio", "reset", "image"});
        if (controls || tag.is({"option", "button", "li", "a", "label", "th", "dt", "legend", "form",
                                "select", "iframe", "map", "slot", "fieldset"}))
            return;
        PairName named = judge(of(name));
        named_is_sure_ = named.counts();
        if (!named.counts()) named = judge(of(weak));
        if (value.begin < value.end) {
            if (!named.counts() && label_.begin < label_.end) named = judge_label(of(label_), ruled_);
            label_ = {};
            return take(named, value);
        }
        if (tag.is({"attribute"})) attribute_ = named.counts() ? named : judge(name_of_attribute(of(name)));
        if (named.counts() && text_[tag.end - 1] != '/' && !tag.is({"input", "meta", "element", "attribute"}))
            named_ = named;
    }
    PairName judge(std::string_view name) const { return judge_pair_name(name, ruled_); }

    // What stands between two tags.
    void take_text(MarkupRange range) {
        range = trimmed(range);
        if (range.begin == range.end) return;
        table_.text(range);
        if (range.end - range.begin > kLongestValue) {
            label_ = {};
            return;
        }
        if (named_.counts()) named_is_sure_ ? take(named_, range) : take_weak(named_, range);
        named_ = {};
        if (table_.in_cell() || !more_) return;
        if (label_.begin < label_.end) take_behind_label(range);
        // A label in front of what is beside it in another element: "<b>CVV:</b> 123".
        label_ = range;
        label_inside_ = inside_;
    }
    void take_behind_label(MarkupRange range) {
        std::string_view label = of(label_);
        const bool colon = of(range)[0] == ':' || label.back() == ':' || label.ends_with("\xEF\xBC\x9A");
        while (range.begin < range.end && (text_[range.begin] == ':' || is_space(text_[range.begin])))
            ++range.begin;
        if (range.begin == range.end) return;
        const bool defined =
            equals_ignoring_case(label_inside_, "dt") || equals_ignoring_case(label_inside_, "label");
        const PairName named = judge_label(label, ruled_);
        if (!named.counts()) return;
        if (!colon && !defined) return take_weak(named, range);
        const size_t size = of(range).find_first_of(named.subject == Detector::kAddress ? "\n;" : "\n;,");
        if (size != npos) range.end = range.begin + size;
        take(named, trimmed(range));
    }
    // Where only what is beside a value, or a class, names it: what may be a caption is none.
    void take_weak(PairName named, MarkupRange range) {
        const std::string_view value = of(range);
        if (is_made_of_known_words(value)) return;
        const bool address = named.subject == Detector::kAddress;
        if (address && std::none_of(value.begin(), value.end(), is_digit))
            return;  // "Our shop opens at nine"
        if (named.doubt < Doubt::kSome && !info(named.subject).only_remove) named.doubt = Doubt::kSome;
        take(named, range);
    }
    void take(const PairName& named, MarkupRange value) {
        if (!named.counts() || value.begin >= value.end || value.end - value.begin > kLongestValue) return;
        const bool secret = named.subject == Detector::kPassword || named.subject == Detector::kApiSecret;
        if (secret && of(value).find(' ') != npos) return;
        if (more_)
            more_ = take_({value.begin, value.end, named.subject, named.doubt, named.name, named.custom});
    }
    void take_cells() {
        for (const MarkupTable::Value& cell : table_.values()) take(cell.name, cell.range);
        table_.forget_values();
    }

    const std::string_view text_;
    const std::function<bool(const NamedPair&)>& take_;
    const RuledNames& ruled_;
    MarkupTable table_;
    MarkupRange label_{};  // the last text, in element label_inside_
    std::string_view inside_, label_inside_;
    PairName named_;      // of the next text
    PairName attribute_;  // of the values in the open <Attribute>
    bool named_is_sure_ = false;
    bool more_ = true;
};

}  // namespace

void find_markup_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                       const RuledNames& ruled) {
    // What else has a '<' is no markup with a value in it, as the prefilter knows it.
    if (text.find('<') != npos && (text.find("</") != npos || text.find('=') != npos))
        MarkupPairs(text, take, ruled).run();
}

}  // namespace gpsync::core::pii

#include "core/pii/detect/code_pairs.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/pii/names/name_class.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kShortestName = 2, kLongestName = 40, kLongestValue = 200, npos = std::string_view::npos;

struct Range {
    size_t begin, end;
};

bool is_quote(char c) {
    return c == '"' || c == '\'';
}

class CodePairs {
  public:
    CodePairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
              const RuledNames& ruled)
        : text_(text), take_(take), ruled_(ruled) {}

    void run() {
        find_quoted_values();
        if (more_ && text_.find("\";") != npos) find_serialized();
        if (more_ && text_.find("form-data") != npos) find_members();
        if (more_ && has_tuples(text_)) find_tuples();
        if (more_ && text_.find(']') != npos) find_members_in_brackets();
        if (more_) find_rows();
        if (more_ && text_.find(kOfKey) != npos) find_keys();
        if (more_) find_copied_rows();
    }

    void run_json() {
        for (size_t sign = text_.find("\":"); more_ && sign != npos; sign = text_.find("\":", sign + 2)) {
            const auto name = name_before(sign + 1);
            if (!name) continue;
            const size_t open = skip_space(sign + 2);
            if (at(open) == '"') {
                size_t close = closing_quote(open);
                if (close == npos && text_.size() - open <= kLongestValue) close = text_.size();
                if (close != npos) take(of(*name), {open + 1, close});
            } else if (is_digit(at(open))) {
                size_t end = open;
                while (is_digit(at(end))) ++end;
                take(of(*name), {open, end});
            }
        }
    }

  private:
    char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }
    std::string_view of(Range range) const { return text_.substr(range.begin, range.end - range.begin); }

    size_t skip_space(size_t from) const {
        while (is_space(at(from))) ++from;
        return from;
    }

    // The quote's end, or npos where the value is longer than one may be.
    size_t closing_quote(size_t open, size_t longest = kLongestValue) const {
        for (size_t i = open + 1; i < text_.size() && i - open <= longest + 1; ++i) {
            if (text_[i] == '\\') {
                ++i;
            } else if (text_[i] == text_[open]) {
                const bool doubled = at(i + 1) == text_[open] && text_[open] == '\'';  // SQL: 'O''Neil'
                if (!doubled) return i;
                ++i;
            }
        }
        return npos;
    }

    // What a name says of its value.
    struct Named {
        std::string_view name;
        Detector subject = Detector::kNone;
        Doubt doubt = Doubt::kNone;
        int custom = -1;
        bool counts() const { return subject != Detector::kNone || custom >= 0; }
    };
    Named judge(std::string_view name) const {
        if (name.size() < kShortestName || name.size() > kLongestName) return {};
        const NameClass known = classify_name(name, {});
        // In a text an address has to look like one.
        const bool address = known.subject == Detector::kAddress && known.doubt() == Doubt::kNone;
        return {name, known.subject, address ? Doubt::kSome : known.doubt(), ruled_ ? ruled_(name) : -1};
    }
    void take(const Named& named, Range value) {
        if (named.counts() && value.begin < value.end && value.end - value.begin <= kLongestValue)
            more_ = take_({value.begin, value.end, named.subject, named.doubt, named.name, named.custom});
    }
    void take(std::string_view name, Range value) { take(judge(name), value); }

    // A name, quoted or not, over at most one blank in front of a colon, "=>" or "=".
    std::optional<Range> name_before(size_t end) const {
        if (end > 0 && text_[end - 1] == ' ') --end;
        const bool quoted = end > 0 && is_quote(text_[end - 1]);
        if (quoted) --end;
        size_t begin = end;
        while (begin > 0 && end - begin <= kLongestName && in_name(text_[begin - 1])) --begin;
        if (begin == end) return std::nullopt;
        const char before = begin == 0 ? ' ' : text_[begin - 1];
        if (quoted ? before != text_[end]
                   : !is_space(before) && std::string_view("([{,;|:").find(before) == npos)
            return std::nullopt;
        return Range{begin, end};
    }
    // "name": "value" is for the reader of JSON.
    bool is_json(size_t sign, Range name, size_t open) const {
        return text_[sign] == ':' && at(name.end) == '"' && text_[open] == '"';
    }
    void find_quoted_values() {
        for (size_t sign = find_either(text_, ':', '=', 0); more_ && sign != npos;
             sign = find_either(text_, ':', '=', sign + 1)) {
            size_t open = sign + 1 + (text_[sign] == '=' && at(sign + 1) == '>');
            open += at(open) == ' ';
            if (!is_quote(at(open))) continue;
            const auto name = name_before(sign);
            if (!name || is_json(sign, *name, open)) continue;
            if (const size_t close = closing_quote(open); close != npos) take(of(*name), {open + 1, close});
        }
    }

    // ('first_name', 'Joe'): a pair, and no more arguments of a call.
    void find_tuples() {
        for (size_t open = text_.find('('); more_ && open != npos; open = text_.find('(', open + 1)) {
            if (!is_quote(at(open + 1))) continue;
            const size_t end = closing_quote(open + 1, kLongestName);
            if (end == npos || at(end + 1) != ',') continue;
            const size_t value = end + 2 + (at(end + 2) == ' ');
            if (!is_quote(at(value))) continue;
            const size_t close = closing_quote(value);
            if (close == npos || at(close + 1) != ')') continue;
            Named named = judge(text_.substr(open + 2, end - open - 2));
            // ("password", "Password") may be a caption.
            const bool secret = named.subject == Detector::kPassword || named.subject == Detector::kApiSecret;
            if (secret && named.doubt == Doubt::kNone) named.doubt = Doubt::kSome;
            take(named, {value + 1, close});
        }
    }

    // "[first_name] => Joe", a line each, and "[\"first_name\"]=> string(3) \"Joe\"" of var_dump().
    void find_members_in_brackets() {
        for (size_t sign = text_.find("=>"); more_ && sign != npos; sign = text_.find("=>", sign + 2)) {
            size_t end = sign - (sign > 0 && text_[sign - 1] == ' ');
            if (end == 0 || text_[end - 1] != ']') continue;
            const bool quoted = --end > 0 && is_quote(text_[end - 1]);
            end -= quoted;
            size_t begin = end;
            while (begin > 0 && end - begin <= kLongestName && in_name(text_[begin - 1])) --begin;
            const size_t open = begin - quoted;
            if (begin == end || open == 0 || open > begin || text_[open - 1] != '[') continue;
            take_member(text_.substr(begin, end - begin), sign + 2);
        }
    }
    void take_member(std::string_view name, size_t from) {
        constexpr std::string_view kString = "string(";
        const size_t value = skip_space(from);
        if (text_.substr(value, kString.size()) == kString) {
            size_t open = value + kString.size();
            while (is_digit(at(open))) ++open;
            if (at(open) != ')' || at(open + 1) != ' ' || at(open + 2) != '"') return;
            if (const size_t close = closing_quote(open + 2); close != npos) take(name, {open + 3, close});
            return;
        }
        // Where lines are joined, the next member begins in the same one.
        size_t end = from;
        while (end < text_.size() && end - from <= kLongestValue && text_[end] != '\n' && text_[end] != '[')
            ++end;
        Range range{from, end};
        while (range.begin < range.end && is_space(text_[range.begin])) ++range.begin;
        while (range.end > range.begin && (is_space(text_[range.end - 1]) || text_[range.end - 1] == ')'))
            --range.end;
        take(name, range);
    }

    // a:2:{s:3:"cvv";s:3:"123";s:3:"pin";i:4821;}
    void find_serialized() {
        for (size_t sign = text_.find("\";"); more_ && sign != npos; sign = text_.find("\";", sign + 2)) {
            size_t begin = sign;
            while (begin > 0 && sign - begin <= kLongestName && in_name(text_[begin - 1])) --begin;
            if (begin == sign || begin == 0 || text_[begin - 1] != '"') continue;
            const char type = at(sign + 2);
            if ((type != 's' && type != 'i') || at(sign + 3) != ':') continue;
            size_t from = sign + 4;
            while (is_digit(at(from))) ++from;
            const Range number{sign + 4, from};
            if (type == 's' && at(from) == ':' && at(from + 1) == '"') {
                if (const size_t close = closing_quote(from + 1); close != npos)
                    take(text_.substr(begin, sign - begin), {from + 2, close});
            } else if (type == 'i') {
                take(text_.substr(begin, sign - begin), number);
            }
        }
    }

    // Content-Disposition: form-data; name="cvv" … an empty line, the value.
    void find_members() {
        constexpr std::string_view kMember = "name=\"";
        constexpr size_t kMostOfHeaders = 200;
        for (size_t sign = text_.find(kMember); more_ && sign != npos; sign = text_.find(kMember, sign + 1)) {
            const size_t open = sign + kMember.size() - 1, close = closing_quote(open, kLongestName);
            if (close == npos) continue;
            const std::string_view headers = text_.substr(close, kMostOfHeaders);
            size_t empty = headers.find("\r\n\r\n"), size = 4;
            if (empty == npos) empty = headers.find("\n\n"), size = 2;
            if (empty == npos) continue;
            const size_t begin = close + empty + size;
            const size_t end = std::min(text_.find_first_of("\r\n", begin), text_.size());
            take(text_.substr(open + 1, close - open - 1), {begin, end});
        }
    }

    static bool is_values(std::string_view word) {
        constexpr std::string_view kValues = "values";
        return std::equal(word.begin(), word.end(), kValues.begin(), kValues.end(),
                          [](char a, char b) { return to_lower(a) == b; });
    }
    // (a, "b") VALUES ('x', 1), ('y', 2): the names' list ends right before the word.
    void find_rows() {
        constexpr size_t kValues = 6;
        for (size_t open = text_.find('('); more_ && open != npos; open = text_.find('(', open + 1)) {
            size_t word = open;
            while (word > 0 && is_space(text_[word - 1])) --word;
            if (word < kValues || !is_values(text_.substr(word - kValues, kValues))) continue;
            size_t list = word - kValues;
            while (list > 0 && is_space(text_[list - 1])) --list;
            if (list == 0 || text_[list - 1] != ')') continue;
            const std::vector<Named> columns = columns_before(list - 1);
            if (columns.empty()) continue;
            size_t next = open;
            while (more_ && at(next) == '(') {
                next = skip_space(take_row(next + 1, columns));
                if (at(next) == ',') next = skip_space(next + 1);
            }
            open = std::max(open, next == 0 ? 0 : next - 1);
        }
    }
    // Key (ssn, last_name)=(219099999, Lee) already exists. Key (lower(last_name::text))=(lee) …
    void find_keys() {
        for (size_t close = text_.find(kOfKey); more_ && close != npos; close = text_.find(kOfKey, close + 1))
            if (const std::vector<Named> columns =
                    columns_before(close - (close > 0 && text_[close - 1] == ')'));
                !columns.empty())
                take_key(close + kOfKey.size(), columns);
    }
    // Values as they are, without quotes, up to a bracket.
    void take_key(size_t from, const std::vector<Named>& columns) {
        const size_t close = std::min(text_.find_first_of(")\n", from), text_.size());
        for (size_t column = 0; more_ && column < columns.size() && from <= close; ++column) {
            size_t end = close;
            if (column + 1 < columns.size()) end = std::min(text_.substr(0, close).find(", ", from), close);
            take(columns[column], {from, end});
            from = end + 2;
        }
    }

    // COPY t (id, last_name) FROM stdin; and lines of cells with tabs between them, up to "\.".
    void find_copied_rows() {
        constexpr std::string_view kFrom = ") FROM stdin";
        for (size_t close = text_.find(')'); more_ && close != npos; close = text_.find(')', close + 1)) {
            const std::string_view behind = text_.substr(close, kFrom.size());
            if (behind.size() < kFrom.size() || to_lower(behind[2]) != 'f' || !is_from_stdin(behind))
                continue;
            const size_t line = text_.find('\n', close);
            if (line == npos) return;
            const std::vector<Named> columns = columns_before(close);
            if (!columns.empty()) close = take_lines(line + 1, columns) - 1;
        }
    }
    static bool is_from_stdin(std::string_view text) { return equals_ignoring_case(text, ") from stdin"); }
    // From the beginning of a line; the answer is where those of the table end.
    size_t take_lines(size_t from, const std::vector<Named>& columns) {
        while (more_ && from < text_.size() && text_[from] != '\\') {
            const size_t end = std::min(text_.find('\n', from), text_.size());
            for (size_t column = 0; more_ && from <= end && column < columns.size(); ++column) {
                const size_t cell = std::min(text_.find_first_of("\t\n", from), end);
                if (text_.substr(from, cell - from) != "\\N") take(columns[column], {from, cell});
                from = cell + 1;
            }
            from = end + 1;
        }
        return from;
    }
    // Of the list whose bracket closes there. Empty: none is a name of PII, or it is no list of names.
    std::vector<Named> columns_before(size_t close) const {
        constexpr size_t kLongestList = 4000;
        size_t open = close;
        while (open > 0 && close - open < kLongestList && text_[open] != '(' &&
               (open == close || text_[open] != ')'))
            --open;
        if (text_[open] != '(') return {};
        std::vector<Named> columns;
        bool any = false;
        for (size_t from = open + 1; from <= close;) {
            const size_t end = std::min(text_.substr(0, close).find(',', from), close);
            std::string_view name = trim(text_.substr(from, end - from));
            const bool quoted = name.size() > 1 && (name[0] == '"' || name[0] == '`' || name[0] == '[');
            if (quoted) name = name.substr(1, name.size() - 2);
            name = name.substr(0, name.find("::"));
            if (name.empty() || !std::all_of(name.begin(), name.end(), in_name)) return {};
            columns.push_back(judge(name));
            any |= columns.back().counts();
            from = end + 1;
        }
        return any ? columns : std::vector<Named>();
    }
    // From behind a row's bracket; the answer is where it ends.
    size_t take_row(size_t from, const std::vector<Named>& columns) {
        for (size_t column = 0; from < text_.size(); ++column) {
            from = skip_space(from);
            if ((at(from) == 'E' || at(from) == 'N') && at(from + 1) == '\'') ++from;
            Range value{from, from};
            if (is_quote(at(from))) {
                const size_t close = closing_quote(from, text_.size());
                if (close == npos) return text_.size();
                value = {from + 1, close};
                from = close + 1;
            }
            const size_t end = std::min(text_.find_first_of(",)", from), text_.size());
            if (value.begin == value.end) value = {from, end};
            if (column < columns.size()) take(columns[column], value);
            if (at(end) != ',') return end + 1;
            from = end + 1;
        }
        return from;
    }

    static constexpr std::string_view kOfKey = ")=(";

    const std::string_view text_;
    const std::function<bool(const NamedPair&)>& take_;
    const RuledNames& ruled_;
    bool more_ = true;
};

}  // namespace

void find_code_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                     const RuledNames& ruled) {
    static constexpr ByteSet kOpen("\"'([");
    if (kOpen.find_in(text) != npos) CodePairs(text, take, ruled).run();
}

void find_json_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                     const RuledNames& ruled) {
    CodePairs(text, take, ruled).run_json();
}

}  // namespace gpsync::core::pii

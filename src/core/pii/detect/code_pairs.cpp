#include "core/pii/detect/code_pairs.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/pii/detect/pair_reader.hpp"
#include "core/pii/detect/sql_pairs.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

class CodePairs : PairReader {
  public:
    CodePairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
              const RuledNames& ruled)
        : PairReader(text, take, ruled) {}

    void run() {
        find_quoted_values();
        if (more_ && text_.find("\";") != npos) find_serialized();
        if (more_ && text_.find("form-data") != npos) find_members();
        if (more_ && has_tuples(text_)) find_tuples();
        if (more_ && text_.find(']') != npos) find_members_in_brackets();
    }

    void run_json() {
        for (size_t sign = text_.find("\":"); more_ && sign != npos; sign = text_.find("\":", sign + 2)) {
            const auto name = name_before(sign + 1);
            if (!name) continue;
            size_t open = skip_space(sign + 2);
            if (at(open) == '[' && at(open + 1) == '"') ++open;
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
    // A name, quoted or not, over at most one blank in front of a colon, "=>" or "=".
    std::optional<Range> name_before(size_t end) const {
        if (end > 0 && text_[end - 1] == ' ') --end;
        const bool member = end > 2 && (text_[end - 1] == ']' || text_[end - 1] == '}');
        if (member) --end;
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
            // b'x', u'x' of Python
            if (is_letter(at(open)) && is_quote(at(open + 1))) ++open;
            // ['x'], the first of a list
            if (at(open) == '[' && is_quote(at(open + 1))) ++open;
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
            PairName named = judge(text_.substr(open + 2, end - open - 2));
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
};

}  // namespace

void find_code_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                     const RuledNames& ruled) {
    static constexpr ByteSet kOpen("\"'([");
    if (kOpen.find_in(text) == std::string_view::npos) return;
    CodePairs(text, take, ruled).run();
    find_sql_pairs(text, take, ruled);
}

void find_json_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                     const RuledNames& ruled) {
    CodePairs(text, take, ruled).run_json();
}

}  // namespace gpsync::core::pii

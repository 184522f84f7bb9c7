#include "core/pii/detect/sql_pairs.hpp"

#include <algorithm>
#include <vector>

#include "core/pii/detect/pair_reader.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

using Columns = std::vector<PairName>;

// Lists of names with the lists of their values.
class SqlRows : PairReader {
  public:
    SqlRows(std::string_view text, const std::function<bool(const NamedPair&)>& take, const RuledNames& ruled)
        : PairReader(text, take, ruled) {}

    void run() {
        find_rows();
        if (more_ && text_.find(kOfKey) != npos) find_keys();
        if (more_) find_copied_rows();
        if (more_) take_parameters();
    }

  private:
    // What stands between the list of names that closes there and that of its values.
    enum class Between { kNothing, kValues, kSelect, kAssigned };
    Between read_between(size_t& at) const {
        at = skip_space(at);
        if (this->at(at) == '=') {
            at = skip_space(at + 1);
            if (is_word_at(at, "row")) at = skip_space(at + 3);
            return Between::kAssigned;
        }
        if (is_word_at(at, "overriding")) at = skip_words(at, 3);
        if (is_word_at(at, "values")) {
            at = skip_words(at, 1);
            return Between::kValues;
        }
        if (!is_word_at(at, "select")) return Between::kNothing;
        at = skip_words(at, 1);
        return Between::kSelect;
    }
    bool is_word_at(size_t at, std::string_view lower) const {
        return equals_ignoring_case(text_.substr(at, lower.size()), lower) &&
               !is_word(this->at(at + lower.size()));
    }
    size_t skip_words(size_t at, int words) const {
        for (; words > 0; --words) {
            while (is_letter(this->at(at))) ++at;
            at = skip_space(at);
        }
        return at;
    }
    // (a, "b") VALUES ('x', 1), ('y', 2): the names' list ends right before the word.
    void find_rows() {
        for (size_t close = text_.find(')'); more_ && close != npos; close = text_.find(')', close + 1)) {
            size_t next = close + 1;
            const Between between = read_between(next);
            if (between == Between::kNothing || (between != Between::kSelect && at(next) != '(')) continue;
            const Columns columns = columns_before(close);
            if (columns.empty()) continue;
            if (between == Between::kSelect) next = take_literals(next, columns);
            while (more_ && between != Between::kSelect && at(next) == '(') {
                next = skip_space(take_row(next + 1, columns));
                if (at(next) == ',') next = skip_space(next + 1);
            }
            close = std::max(close, std::min(next, text_.size()) - 1);
        }
    }
    // "SELECT 7, 'Lee'": only what is written there counts, no columns of another table.
    size_t take_literals(size_t from, const Columns& columns) {
        for (size_t column = 0; more_ && column < columns.size(); ++column) {
            from = skip_space(from);
            size_t end = from;
            if (is_quote(at(from))) {
                const size_t close = closing_quote(from);
                if (close == npos) return from;
                take(columns[column], {from + 1, close});
                end = close + 1;
            } else if (is_digit(at(from))) {
                while (is_digit(at(end))) ++end;
                take(columns[column], {from, end});
            }
            end = std::min(text_.find_first_of(",;()", end), text_.size());
            if (at(end) != ',') return end;
            from = end + 1;
        }
        return from;
    }
    // Key (ssn, last_name)=(219099999, Lee) already exists. Key (lower(last_name::text))=(lee) …
    void find_keys() {
        for (size_t close = text_.find(kOfKey); more_ && close != npos; close = text_.find(kOfKey, close + 1))
            if (const Columns columns = columns_before(close - (close > 0 && text_[close - 1] == ')'));
                !columns.empty())
                take_key(close + kOfKey.size(), columns);
    }
    // Values as they are, without quotes, up to a bracket.
    void take_key(size_t from, const Columns& columns) {
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
            const Columns columns = columns_before(close);
            // WITH (FORMAT csv)
            const bool comma = text_.substr(close, line - close).find_first_of("cC") != npos &&
                               has_csv(text_.substr(close, line - close));
            if (!columns.empty()) close = take_lines(line + 1, columns, comma ? ',' : '\t') - 1;
        }
    }
    static bool is_from_stdin(std::string_view text) { return equals_ignoring_case(text, ") from stdin"); }
    static bool has_csv(std::string_view options) {
        for (size_t at = 0; at + 3 <= options.size(); ++at)
            if (equals_ignoring_case(options.substr(at, 3), "csv")) return true;
        return false;
    }
    // From the beginning of a line; the answer is where those of the table end.
    size_t take_lines(size_t from, const Columns& columns, char separator) {
        while (more_ && from < text_.size() && text_[from] != '\\') {
            const size_t end = std::min(text_.find('\n', from), text_.size());
            for (size_t column = 0; more_ && from <= end && column < columns.size(); ++column) {
                const size_t cell = std::min(text_.substr(0, end).find(separator, from), end);
                if (text_.substr(from, cell - from) != "\\N") take(columns[column], {from, cell});
                from = cell + 1;
            }
            from = end + 1;
        }
        return from;
    }
    // Of the list whose bracket closes there. Empty: none is a name of PII, or it is no list of names.
    Columns columns_before(size_t close) {
        constexpr size_t kLongestList = 4000;
        size_t open = close;
        while (open > 0 && close - open < kLongestList && text_[open] != '(' &&
               (open == close || text_[open] != ')'))
            --open;
        if (text_[open] != '(') return {};
        Columns columns;
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
        return any ? columns : Columns();
    }
    // From behind a row's bracket; the answer is where it ends.
    size_t take_row(size_t from, const Columns& columns) {
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
            if (column < columns.size()) note_parameter(value.begin, columns[column]);
            if (column < columns.size()) take(columns[column], value);
            if (at(end) != ',') return end + 1;
            from = end + 1;
        }
        return from;
    }

    // "cvv = $1" and "VALUES ($1, …)" name what a line with the statement's parameters has: "$1 = '123'".
    void note_parameter(size_t at, const PairName& name) {
        const size_t number = parameter_at(at);
        if (number == 0 || !name.counts()) return;
        parameters_.resize(kMostParameters);
        parameters_[number] = name;
    }
    // The number of a parameter at a position, or 0.
    size_t parameter_at(size_t at) const {
        if (this->at(at) != '$' || !is_digit(this->at(at + 1))) return 0;
        size_t number = 0, end = at + 1;
        for (; is_digit(this->at(end)) && number < kMostParameters; ++end)
            number = 10 * number + static_cast<size_t>(text_[end] - '0');
        return number < kMostParameters && !is_digit(this->at(end)) ? number : 0;
    }
    void take_parameters() {
        for (size_t sign = text_.find('$'); sign != npos; sign = text_.find('$', sign + 1)) {
            if (parameter_at(sign) == 0 || sign < 2) continue;
            size_t end = sign;
            while (end > 0 && sign - end < 3 && std::string_view(" =<>").find(text_[end - 1]) != npos) --end;
            if (end < sign && text_.substr(end, sign - end).find_first_of("=<>") != npos)
                note_parameter(sign, judge(text_.substr(begin_of_name(end), end - begin_of_name(end))));
        }
        if (parameters_.empty()) return;
        constexpr std::string_view kValue = " = '";
        for (size_t sign = text_.find('$'); more_ && sign != npos; sign = text_.find('$', sign + 1)) {
            const size_t number = parameter_at(sign);
            if (number == 0) continue;
            size_t end = sign + 1;
            while (is_digit(at(end))) ++end;
            if (text_.substr(end, kValue.size()) != kValue) continue;
            const size_t open = end + kValue.size() - 1, close = closing_quote(open);
            if (close != npos) take(parameters_[number], {open + 1, close});
        }
    }

    static constexpr std::string_view kOfKey = ")=(";
    static constexpr size_t kMostParameters = 100;
    std::vector<PairName> parameters_;  // by their numbers; none where no statement has named one
};

// Conditions on one column, and the columns of test_decoding.
class SqlConditions : PairReader {
  public:
    SqlConditions(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                  const RuledNames& ruled)
        : PairReader(text, take, ruled), assigns_(text.find('=') != npos) {}

    void run() {
        for (size_t quote = text_.find('\''); more_ && quote != npos; quote = text_.find('\'', quote + 1))
            if (assigns_ || is_behind_sql_operator(text_, quote))
                if (!take_typed(quote)) take_compared(quote);
        for (size_t sign = text_.find("]:"); more_ && sign != npos; sign = text_.find("]:", sign + 2))
            take_column(sign);
        for (size_t open = text_.find('('); more_ && open != npos; open = text_.find('(', open + 1))
            take_list(open);
    }

  private:
    // surname <> 'Lee', lower("surname") = 'lee', surname::text LIKE 'Lee%', pin BETWEEN '4821' AND '4822'
    void take_compared(size_t quote) {
        size_t end = quote;
        const bool prefix =
            end > 1 && std::string_view("ENBX").find(text_[end - 1]) != npos && !is_word(text_[end - 2]);
        end -= prefix;
        end = before_space(end);
        const size_t behind = end;
        while (end > 0 && behind - end < 3 && std::string_view("=<>!~*").find(text_[end - 1]) != npos) --end;
        if (end == behind) end = before_word(end, {"like", "ilike", "between"});
        if (end == behind) return;
        const bool between = to_lower(text_[behind - 1]) == 'n';
        const bool plain = text_.substr(end, behind - end) == "=";
        const Range name = name_before(before_space(end));
        // "name = 'value'" is one of code, too.
        if (name.begin == name.end || (plain && !decorated_ && !prefix)) return;
        const size_t close = closing_quote(quote);
        if (close == npos) return;
        const PairName named = judge(of(name));
        take(named, {quote + 1, close});
        constexpr std::string_view kAnd = " and '";
        if (!between || !equals_ignoring_case(text_.substr(close + 1, kAnd.size()), kAnd)) return;
        const size_t open = close + kAnd.size(), last = closing_quote(open);
        if (last != npos) take(named, {open + 1, last});
    }
    // pin IN ('4821', '4822'), cvv IN (123, 124)
    void take_list(size_t open) {
        const size_t end = before_space(open), in = before_word(end, {"in"});
        if (in == end) return;
        const Range name = name_before(before_space(in));
        if (name.begin == name.end) return;
        const PairName named = judge(of(name));
        if (!named.counts()) return;
        for (size_t from = skip_space(open + 1); more_;) {
            Range value{from, from};
            if (at(from) == '\'') {
                const size_t close = closing_quote(from);
                if (close == npos) return;
                value = {from + 1, close};
                from = close + 1;
            } else {
                while (is_digit(at(from))) ++from;
                value.end = from;
            }
            take(named, value);
            from = skip_space(from);
            if (at(from) != ',') return;
            from = skip_space(from + 1);
        }
    }
    // surname[character varying]:'Lee' cvv[integer]:123
    void take_column(size_t sign) {
        constexpr size_t kLongestType = 40;
        size_t open = sign;
        while (open > 0 && sign - open < kLongestType && text_[open] != '[') --open;
        if (text_[open] != '[' || open + 1 >= sign || !is_letter(text_[open + 1])) return;
        const Range name{begin_of_name(open), open};
        if (name.begin == name.end) return;
        const size_t value = sign + 2;
        if (at(value) == '\'') {
            if (const size_t close = closing_quote(value); close != npos) take(of(name), {value + 1, close});
            return;
        }
        size_t end = value;
        while (end < text_.size() && end - value <= kLongestValue && is_word(text_[end])) ++end;
        take(of(name), {value, end});
    }
    // "CREATE ROLE ann PASSWORD 'x'", "IDENTIFIED BY 'x'"
    bool take_typed(size_t quote) {
        constexpr std::string_view kPassword = "password", kBy = "identified by";
        if (quote == 0 || text_[quote - 1] != ' ') return false;
        const auto ends_with = [this, quote](std::string_view lower) {
            const size_t end = quote - 1;
            return end > lower.size() &&
                   equals_ignoring_case(text_.substr(end - lower.size(), lower.size()), lower) &&
                   text_[end - lower.size() - 1] == ' ';
        };
        if (!ends_with(kPassword) && !ends_with(kBy)) return false;
        const size_t close = closing_quote(quote);
        if (close == npos) return false;
        const std::string_view value = of({quote + 1, close});
        if (value.find(' ') == npos) take(kPassword, {quote + 1, close});
        return true;
    }

    size_t before_space(size_t end) const {
        while (end > 0 && text_[end - 1] == ' ') --end;
        return end;
    }
    // Where one of the words that ends there begins; end itself where there is none.
    size_t before_word(size_t end, std::initializer_list<std::string_view> words) const {
        for (const std::string_view word : words)
            if (end > word.size() && is_space(text_[end - word.size() - 1]) &&
                equals_ignoring_case(text_.substr(end - word.size(), word.size()), word))
                return end - word.size();
        return end;
    }
    // The column's: of surname, "surname", t.surname, lower(surname), surname::text.
    Range name_before(size_t end) {
        decorated_ = false;
        size_t begin = begin_of_name(end);
        if (begin >= 2 && text_.substr(begin - 2, 2) == "::") {
            decorated_ = true;
            end = begin - 2;
        }
        for (int marks = 0; marks < 2 && end > 0 && std::string_view(")]\"`").find(text_[end - 1]) != npos;
             ++marks) {
            decorated_ = true;
            --end;
        }
        begin = begin_of_name(end);
        const size_t dot = text_.substr(begin, end - begin).rfind('.');
        if (dot != npos) begin += dot + 1;
        return {begin, end};
    }

    const bool assigns_;      // such a text passes the prefilter
    bool decorated_ = false;  // the last name
};

}  // namespace

void find_sql_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                    const RuledNames& ruled) {
    SqlRows(text, take, ruled).run();
    SqlConditions(text, take, ruled).run();
}

}  // namespace gpsync::core::pii

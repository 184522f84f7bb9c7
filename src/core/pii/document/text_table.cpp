#include "core/pii/document/text_table.hpp"

#include <algorithm>
#include <string>

#include "core/pii/detect/fixed_table.hpp"
#include "core/pii/detect/pair_names.hpp"
#include "core/pii/stop.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kMostColumns = 256, npos = std::string_view::npos;
constexpr std::string_view kSeparators = "\t;|,";

struct Cell {
    size_t begin, end;
};

// Cuts the text into lines, and lines into cells. A quoted cell may go over several lines.
class TableReader {
  public:
    explicit TableReader(std::string_view text) : text_(text) {}

    bool done() const { return at_ >= text_.size(); }

    // Of the next line: the separator that occurs most; 0 when there is none.
    char separator() const {
        size_t counts[4] = {};
        for (size_t i = at_; i < text_.size() && text_[i] != '\n'; ++i)
            for (size_t k = 0; k < kSeparators.size(); ++k) counts[k] += text_[i] == kSeparators[k];
        const size_t* most = std::max_element(counts, counts + 4);
        return *most == 0 ? '\0' : kSeparators[static_cast<size_t>(most - counts)];
    }
    // Passes over "|---|:--:|" and "-----+------"; false when there is none.
    bool skip_rules() {
        bool rule = false, skipped = false;
        for (size_t i = at_; i < text_.size(); ++i) {
            rule |= text_[i] == '-' || text_[i] == '=';
            if (text_[i] == '\n') {
                if (!rule) break;
                at_ = i + 1;
                rule = false;
                skipped = true;
            } else if (std::string_view("-+=:| \t\r").find(text_[i]) == npos) {
                break;
            }
        }
        return skipped;
    }
    void skip_line() {
        const size_t end = text_.find('\n', at_);
        at_ = end == npos ? text_.size() : end + 1;
    }
    // The cells of the next line, none where it has too many; and passes over it.
    void read(char separator, std::vector<Cell>& cells) {
        cells.clear();
        for (bool more = true; more; ++at_) {
            if (cells.size() == kMostColumns) {
                skip_line();
                return cells.clear();
            }
            cells.push_back(read_cell(separator));
            more = at_ < text_.size() && text_[at_] != '\n';
        }
        if (separator == '|') drop_frame(cells);
    }
    void back_to(size_t at) { at_ = at; }
    size_t at() const { return at_; }

  private:
    Cell read_cell(char separator) {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
        if (at_ < text_.size() && text_[at_] == '"') {
            if (const size_t close = closing_quote(); close != npos) {
                const Cell cell{at_ + 1, close};
                at_ = end_of_cell(close + 1, separator);
                return cell;
            }
        }
        const size_t begin = at_;
        at_ = end_of_cell(begin, separator);
        size_t end = at_;
        while (end > begin && is_space(text_[end - 1])) --end;
        return {begin, end};
    }
    size_t end_of_cell(size_t from, char separator) const {
        while (from < text_.size() && text_[from] != separator && text_[from] != '\n') ++from;
        return from;
    }
    // A quote without an end is none: once one has been searched for in vain, no other is.
    size_t closing_quote() {
        if (unclosed_) return npos;
        for (size_t i = text_.find('"', at_ + 1); i != npos; i = text_.find('"', i + 2))
            if (i + 1 >= text_.size() || text_[i + 1] != '"') return i;
        unclosed_ = true;
        return npos;
    }
    // "| a | b |" has an empty cell on either side.
    static void drop_frame(std::vector<Cell>& cells) {
        const auto empty = [](const Cell& c) { return c.begin == c.end; };
        if (cells.size() > 2 && empty(cells.back())) cells.pop_back();
        if (cells.size() > 2 && empty(cells.front())) cells.erase(cells.begin());
    }

    const std::string_view text_;
    size_t at_ = 0;
    bool unclosed_ = false;
};

// One table after another, and what does not belong to any.
class TableFinder {
  public:
    TableFinder(std::string_view text, std::string_view cut, std::vector<NamedCell>& cells,
                const RuledNames& ruled)
        : text_(text), reader_(cut), cells_(cells), ruled_(ruled) {}

    void run() {
        while (!reader_.done()) {
            check_stop();
            reader_.skip_rules();
            separator_ = reader_.separator();
            if (separator_ == '\0')
                skip_line_or_table();
            else
                take_table();
        }
    }

  private:
    enum class Kind { kNone, kColumns, kLabelColumns, kPairs };

    std::string_view of(const Cell& cell) const { return text_.substr(cell.begin, cell.end - cell.begin); }

    // A line without a separator may be the header of a table in columns of fixed width. Behind
    // "-[ RECORD 1 ]---" each line has a name and its value, as psql prints wide rows.
    void skip_line_or_table() {
        constexpr std::string_view kRecord = "-[ RECORD ";
        const size_t begin = reader_.at();
        record_ = text_.substr(begin).starts_with(kRecord);
        const size_t end = record_ ? begin : find_fixed_table(text_, begin, cells_, ruled_);
        if (end == begin)
            reader_.skip_line();
        else
            reader_.back_to(end);
    }
    void take_table() {
        reader_.read(separator_, header_);
        ruled_off_ = reader_.skip_rules();
        if (record_ && header_.size() == 2 && separator_ == '|')
            return take(header_[1], judge_label(of(header_[0]), ruled_));
        record_ = false;
        if (header_.size() < 2 || reader_.separator() != separator_) return;
        for (bool first = true; !reader_.done(); first = false, reader_.skip_rules()) {
            const size_t begin = reader_.at();
            reader_.read(separator_, line_);
            const bool same = line_.size() == header_.size();
            if (first && same) kind_ = kind_of_table();
            // A header with a line below it is no row of another table.
            if (!same || (kind_ == Kind::kNone && !ruled_off_)) {
                reader_.back_to(begin);
                return;
            }
            take_row();
        }
    }
    // By its header and its first row, and takes the header where it is none.
    Kind kind_of_table() {
        if (header_.size() == 2 && !ruled_off_ &&
            begins_with_pair(of(header_[0]), of(header_[1]), of(line_[0]))) {
            const PairName first = judge_label(of(header_[0]), ruled_);
            take(header_[1], first);
            if (first.counts() || (separator_ == '|' && judge_label(of(line_[0]), ruled_).counts()))
                return Kind::kPairs;
        }
        std::vector<std::string_view> names;
        for (const Cell& cell : header_) names.push_back(of(cell));
        columns_ = judge_columns(names, ruled_);
        if (!columns_.empty()) return Kind::kColumns;
        return find_label_columns(names, label_columns_) ? Kind::kLabelColumns : Kind::kNone;
    }
    void take_row() {
        if (kind_ == Kind::kColumns)
            for (size_t i = 0; i < line_.size(); ++i) take(line_[i], columns_[i]);
        else if (kind_ == Kind::kPairs)
            take(line_[1], judge_label(of(line_[0]), ruled_));
        else if (kind_ == Kind::kLabelColumns)
            take(line_[label_columns_.value], judge_label(of(line_[label_columns_.label]), ruled_));
    }
    void take(const Cell& cell, const PairName& name) {
        if (name.counts() && cell.begin < cell.end)
            cells_.push_back({cell.begin, cell.end, name.subject, name.doubt, name.name, name.custom});
    }

    const std::string_view text_;
    TableReader reader_;
    std::vector<NamedCell>& cells_;
    const RuledNames& ruled_;
    char separator_ = '\0';
    bool ruled_off_ = false;  // a line is below the header
    bool record_ = false;     // among the lines of one
    Kind kind_ = Kind::kNone;
    std::vector<Cell> header_, line_;
    std::vector<PairName> columns_;
    LabelColumns label_columns_{};
};

// Frames of tables in box-drawing characters (U+2500 to U+256C) as ASCII has them, of the same size.
std::string with_plain_frames(std::string_view text) {
    std::string plain(text);
    for (size_t at = plain.find('\xE2'); at < plain.size() - 2; at = plain.find('\xE2', at + 1)) {
        const auto block = static_cast<unsigned char>(plain[at + 1]),
                   code = static_cast<unsigned char>(plain[at + 2]);
        if (block != 0x94 && (block != 0x95 || code > 0xAC)) continue;
        const bool upright =
            (block == 0x94 && (code == 0x82 || code == 0x83)) || (block == 0x95 && code == 0x91);
        plain.replace(at, 3, upright ? "|  " : "---");
    }
    return plain;
}

}  // namespace

void find_named_cells(std::string_view text, std::vector<NamedCell>& cells, const RuledNames& ruled) {
    constexpr std::string_view kUpright[] = {"\xE2\x94\x82", "\xE2\x94\x83", "\xE2\x95\x91"};
    const bool framed = std::any_of(std::begin(kUpright), std::end(kUpright),
                                    [text](std::string_view bar) { return text.find(bar) != npos; });
    const std::string plain = framed ? with_plain_frames(text) : std::string();
    TableFinder(text, framed ? plain : text, cells, ruled).run();
}

}  // namespace gpsync::core::pii

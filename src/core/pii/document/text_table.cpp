#include "core/pii/document/text_table.hpp"

#include <algorithm>

#include "core/pii/names/name_class.hpp"
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
    // Passes over "|---|:--:|" and "-----+------".
    void skip_rules() {
        bool rule = false;
        for (size_t i = at_; i < text_.size(); ++i) {
            rule |= text_[i] == '-' || text_[i] == '=';
            if (text_[i] == '\n') {
                if (!rule) return;
                at_ = i + 1;
                rule = false;
            } else if (std::string_view("-+=:| \t\r").find(text_[i]) == npos) {
                return;
            }
        }
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

struct Column {
    Detector subject = Detector::kNone;
    Doubt doubt = Doubt::kNone;
    std::string_view name;
    int custom = -1;

    bool counts() const { return subject != Detector::kNone || custom >= 0; }
};

// A few words, no value.
bool may_name_column(std::string_view cell) {
    constexpr size_t kLongestName = 64;
    constexpr long kMostBlanks = 4;
    return !cell.empty() && cell.size() <= kLongestName && (is_letter(cell[0]) || cell[0] == '_') &&
           std::count(cell.begin(), cell.end(), ' ') <= kMostBlanks &&
           cell.find_first_of(".:@=<>{}\"") == npos;
}

bool about_a_person(const Column& column) {
    const Detector d = column.subject;
    return d == Detector::kEmail || d == Detector::kPhone || d == Detector::kBirthDate ||
           d == Detector::kAddress || d == Detector::kSsn || d == Detector::kNationalId ||
           d == Detector::kPan || d == Detector::kIban;
}

// What the columns hold; empty when the cells are not the names of columns, or none of PII. A bare "name" is
// a person's beside a column of a person's.
std::vector<Column> subjects_of(std::string_view text, const std::vector<Cell>& header,
                                const RuledNames& ruled) {
    std::vector<Column> subjects;
    std::vector<size_t> bare, places;
    for (const Cell& cell : header) {
        const std::string_view name = text.substr(cell.begin, cell.end - cell.begin);
        if (!may_name_column(name)) return {};
        const NameClass known = classify_name(name, {});
        if (known.subject == Detector::kNone && known.has(kBareName)) bare.push_back(subjects.size());
        const bool place = known.subject == Detector::kNone && known.has(kPlace);
        if (place) places.push_back(subjects.size());
        subjects.push_back(
            {known.subject, place ? Doubt::kSome : known.doubt(), name, ruled ? ruled(name) : -1});
    }
    if (std::any_of(subjects.begin(), subjects.end(), about_a_person))
        for (const size_t column : bare) subjects[column].subject = Detector::kPersonName;
    const auto is = [&subjects](Detector d) {
        return std::any_of(subjects.begin(), subjects.end(), [d](const Column& c) { return c.subject == d; });
    };
    if (is(Detector::kAddress))
        for (const size_t column : places) subjects[column].subject = Detector::kAddress;
    if (std::none_of(subjects.begin(), subjects.end(), [](const Column& c) { return c.counts(); }))
        subjects.clear();
    return subjects;
}

}  // namespace

void find_named_cells(std::string_view text, std::vector<NamedCell>& cells, const RuledNames& ruled) {
    TableReader reader(text);
    std::vector<Cell> header, line;
    std::vector<Column> subjects;
    while (!reader.done()) {
        check_stop();
        reader.skip_rules();
        const char separator = reader.separator();
        if (separator == '\0') {
            reader.skip_line();
            continue;
        }
        reader.read(separator, header);
        reader.skip_rules();
        if (header.size() < 2 || reader.separator() != separator) continue;
        for (bool first = true; !reader.done(); first = false, reader.skip_rules()) {
            const size_t begin = reader.at();
            reader.read(separator, line);
            const bool same = line.size() == header.size();
            if (first && same) subjects = subjects_of(text, header, ruled);
            if (!same || subjects.empty()) {
                reader.back_to(begin);
                break;
            }
            for (size_t i = 0; i < line.size(); ++i)
                if (subjects[i].counts() && line[i].begin < line[i].end)
                    cells.push_back({line[i].begin, line[i].end, subjects[i].subject, subjects[i].doubt,
                                     subjects[i].name, subjects[i].custom});
        }
    }
}

}  // namespace gpsync::core::pii

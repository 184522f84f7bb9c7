#include "core/pii/detect/fixed_table.hpp"

#include <algorithm>

#include "core/pii/detect/pair_names.hpp"
#include "core/pii/protect/actions.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kMostColumns = 64, kLongestLine = 4096, npos = std::string_view::npos;

// What stands between two blanks and more: its bytes, and the columns of the screen it is in.
struct Chunk {
    size_t begin, end, from, to;
};

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Whether two blanks part words of the line.
bool has_gap(std::string_view line) {
    const size_t first = line.find_first_not_of(' ');
    return first != npos && line.find("  ", first) < line.find_last_not_of(" \r");
}

size_t line_end(std::string_view text, size_t begin) {
    return std::min(text.find('\n', begin), text.size());
}

// gap: so many blanks part two chunks.
void cut_line(std::string_view text, size_t begin, size_t end, size_t gap, std::vector<Chunk>& chunks) {
    chunks.clear();
    size_t column = 0, blanks = gap;
    for (size_t at = begin; at < end; ++at) {
        if (continues_character(text[at])) {
            if (!chunks.empty()) chunks.back().end = at + 1;
            continue;
        }
        if (text[at] == ' ' || text[at] == '\r') {
            ++blanks;
        } else {
            if (blanks >= gap) chunks.push_back({at, at, column, column});
            blanks = 0;
            chunks.back().end = at + 1;
            chunks.back().to = column + 1;
        }
        ++column;
    }
}

// "-----  ---- ---"
bool is_rule(std::string_view line) {
    return line.find_first_not_of("-= \r") == npos && line.find_first_of("-=") != npos;
}

class FixedTable {
  public:
    FixedTable(std::string_view text, std::vector<NamedCell>& cells, const RuledNames& ruled)
        : text_(text), cells_(cells), ruled_(ruled) {}

    // Returns where the rows begin; `begin` where there is no header.
    size_t read_header(size_t begin) {
        const size_t end = line_end(text_, begin);
        if (end == text_.size() || end - begin > kLongestLine) return begin;
        size_t rows = end + 1;
        const size_t below = line_end(text_, rows);
        const bool ruled_off = is_rule(text_.substr(rows, below - rows));
        if (ruled_off) {
            cut_line(text_, rows, below, 1, columns_);
            rows = std::min(below + 1, text_.size());
        }
        if (ruled_off && columns_.size() > 1) {
            cut_line(text_, begin, end, 1, words_);
            take_names_by_rule();
        } else {
            if (!has_gap(text_.substr(begin, end - begin))) return begin;
            cut_line(text_, begin, end, 2, columns_);
        }
        if (columns_.size() < 2 || columns_.size() > kMostColumns) return begin;
        std::vector<std::string_view> names;
        for (const Chunk& column : columns_)
            names.push_back(text_.substr(column.begin, column.end - column.begin));
        judged_ = judge_columns(names, ruled_);
        return judged_.empty() ? begin : rows;
    }

    // Returns where the first line begins that is no row.
    size_t read_rows(size_t begin) {
        while (begin < text_.size()) {
            const size_t end = line_end(text_, begin);
            if (end - begin > kLongestLine) break;
            if (!is_rule(text_.substr(begin, end - begin)) && !take_row(begin, end)) break;
            begin = std::min(end + 1, text_.size());
        }
        return begin;
    }

  private:
    // The words of the header above each group of dashes.
    void take_names_by_rule() {
        size_t word = 0;
        for (size_t i = 0; i < columns_.size(); ++i) {
            Chunk& column = columns_[i];
            const size_t next = i + 1 < columns_.size() ? columns_[i + 1].from : npos;
            column.begin = column.end = 0;
            for (; word < words_.size() && words_[word].from < next; ++word) {
                if (column.end == 0) column.begin = words_[word].begin;
                column.end = words_[word].end;
            }
        }
    }
    bool take_row(size_t begin, size_t end) {
        cut_line(text_, begin, end, 2, chunks_);
        if (chunks_.size() == columns_.size()) {
            for (size_t i = 0; i < chunks_.size(); ++i) take(i, chunks_[i].begin, chunks_[i].end);
            return true;
        }
        // What has been removed has moved the rest of its row, in which nothing is left.
        if (text_.substr(begin, end - begin).find(kRemovedMark) != npos) return true;
        size_t cells = 0;
        for (const Chunk& chunk : chunks_) cells += take_chunk(chunk);
        return cells > 1;
    }
    // Of a chunk over several columns, as a full column leaves only one blank, each part is a cell. Returns
    // how many there are.
    size_t take_chunk(const Chunk& chunk) {
        size_t cells = 0, column = column_of(chunk), from = chunk.from, begin = chunk.begin;
        while (column + 1 < columns_.size() && columns_[column + 1].from < chunk.to) {
            const size_t next = columns_[column + 1].from;
            size_t at = begin;
            for (; at < chunk.end && from < next; ++at) from += !continues_character(text_[at]);
            while (at < chunk.end && continues_character(text_[at])) ++at;
            if (at > begin && at < chunk.end && text_[at - 1] == ' ') {
                take(column, begin, at - 1);
                begin = at;
                ++cells;
            }
            ++column;
        }
        take(begin == chunk.begin ? column_of(chunk) : column, begin, chunk.end);
        return cells + 1;
    }
    // That it begins in, or whose name it is below: numbers are often aligned to the right.
    size_t column_of(const Chunk& chunk) const {
        size_t column = 0;
        while (column + 1 < columns_.size() && columns_[column + 1].from <= chunk.from) ++column;
        const bool below = chunk.from < columns_[column].to;
        const bool only_next = column + 1 < columns_.size() && columns_[column + 1].from < chunk.to &&
                               (column + 2 >= columns_.size() || columns_[column + 2].from >= chunk.to);
        return !below && only_next ? column + 1 : column;
    }
    void take(size_t column, size_t begin, size_t end) {
        while (begin < end && text_[begin] == ' ') ++begin;
        while (end > begin && text_[end - 1] == ' ') --end;
        const PairName& name = judged_[column];
        if (!name.counts() || begin == end) return;
        // "State" beside "Local Address" is no part of it; in a text an address has to look like one.
        const bool address = name.subject == Detector::kAddress;
        if (address && name.doubt != Doubt::kNone && name.custom < 0) return;
        cells_.push_back(
            {begin, end, name.subject, address ? Doubt::kSome : name.doubt, name.name, name.custom});
    }

    const std::string_view text_;
    std::vector<NamedCell>& cells_;
    const RuledNames& ruled_;
    std::vector<Chunk> columns_, words_, chunks_;
    std::vector<PairName> judged_;
};

}  // namespace

size_t find_fixed_table(std::string_view text, size_t begin, std::vector<NamedCell>& cells,
                        const RuledNames& ruled) {
    const size_t end = line_end(text, begin);
    // Most lines have one blank between words, and no dashes below them.
    const bool rule = end + 1 < text.size() && (text[end + 1] == '-' || text[end + 1] == '=');
    if (!rule && !has_gap(text.substr(begin, end - begin))) return begin;
    FixedTable table(text, cells, ruled);
    const size_t rows = table.read_header(begin);
    if (rows == begin) return begin;
    const size_t behind = table.read_rows(rows);
    return behind == rows ? begin : behind;
}

bool has_fixed_table(std::string_view text) {
    std::vector<NamedCell> cells;
    for (size_t begin = 0; begin < text.size(); begin = line_end(text, begin) + 1)
        if (find_fixed_table(text, begin, cells, {}) != begin) return true;
    return false;
}

}  // namespace gpsync::core::pii

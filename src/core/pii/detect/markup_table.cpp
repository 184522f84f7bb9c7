#include "core/pii/detect/markup_table.hpp"

#include <algorithm>

#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

constexpr size_t kMostCells = 256, kMostTexts = 32;

}  // namespace

std::string_view MarkupTable::name_of(const Cell& cell) const {
    if (cell.texts.empty()) return {};
    const MarkupRange first = cell.texts.front();
    return text_.substr(first.begin, first.end - first.begin);
}

void MarkupTable::tag(std::string_view name, bool closes) {
    if (is_one_of(name, {"td", "th"})) {
        in_cell_ = !closes;
        if (!closes && row_.size() < kMostCells) row_.push_back({to_lower(name[1]) == 'h'});
    } else if (is_one_of(name, {"tr", "tbody"})) {
        end_row();
    } else if (equals_ignoring_case(name, "thead")) {
        if (closes) end_row();
        in_head_ = !closes;
    } else if (equals_ignoring_case(name, "table")) {
        end();
    }
}

void MarkupTable::text(MarkupRange range) {
    if (in_cell_ && !row_.empty() && row_.back().texts.size() < kMostTexts)
        row_.back().texts.push_back(range);
}

void MarkupTable::end() {
    end_row();
    if (!first_.empty()) decide(first_, nullptr);
    first_.clear();
    columns_.clear();
    kind_ = Kind::kUnknown;
    in_cell_ = in_head_ = false;
}

void MarkupTable::end_row() {
    in_cell_ = false;
    if (row_.empty()) return;
    Row row;
    row.swap(row_);
    take_row(row);
}

void MarkupTable::take_row(const Row& row) {
    const auto heading = [](const Cell& cell) { return cell.heading; };
    if (in_head_ || std::all_of(row.begin(), row.end(), heading)) return set_columns(row);
    if (row[0].heading) {
        const PairName name = judge_label(name_of(row[0]), ruled_);
        for (size_t i = 1; i < row.size(); ++i)
            if (!row[i].heading) take_cell(row[i], name);
    }
    switch (kind_) {
        case Kind::kUnknown:
            if (first_.empty() && !row[0].heading) {
                first_ = row;
            } else if (!first_.empty()) {
                decide(first_, &row);
                first_.clear();
            }
            return;
        case Kind::kColumns:
            for (size_t i = 0; row.size() == columns_.size() && i < row.size(); ++i)
                take_cell(row[i], columns_[i]);
            return;
        case Kind::kLabelColumns:
            return take_labelled(row);
        case Kind::kPairs:
            return take_pairs(row);
    }
}

void MarkupTable::decide(const Row& first, const Row* second) {
    const bool pair =
        first.size() == 2 && begins_with_pair(name_of(first[0]), name_of(first[1]),
                                              second == nullptr ? std::string_view() : name_of((*second)[0]));
    if (pair) {
        kind_ = Kind::kPairs;
        take_pairs(first);
        if (second != nullptr) take_pairs(*second);
    } else if (second != nullptr) {
        set_columns(first);
        take_row(*second);
    }
}

void MarkupTable::set_columns(const Row& row) {
    std::vector<std::string_view> names;
    for (const Cell& cell : row) names.push_back(bare_label(name_of(cell)));
    width_ = names.size();
    const bool labels = find_label_columns(names, label_columns_);
    // A column without a name is none of PII.
    for (std::string_view& name : names)
        if (!may_name_column(name)) name = "id";
    columns_ = judge_columns(names, ruled_);
    kind_ = labels && columns_.empty() ? Kind::kLabelColumns : Kind::kColumns;
}

void MarkupTable::take_labelled(const Row& row) {
    if (row.size() != width_) return;
    take_cell(row[label_columns_.value], judge_label(name_of(row[label_columns_.label]), ruled_));
}

// Also two and more in a row.
void MarkupTable::take_pairs(const Row& row) {
    for (size_t i = 0; row.size() % 2 == 0 && i < row.size(); i += 2)
        take_cell(row[i + 1], judge_label(name_of(row[i]), ruled_));
}

void MarkupTable::take_cell(const Cell& cell, const PairName& name) {
    if (!name.counts()) return;
    for (const MarkupRange& range : cell.texts) values_.push_back({range, name});
}

}  // namespace gpsync::core::pii

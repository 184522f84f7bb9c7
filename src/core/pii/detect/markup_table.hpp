// The rows of a table of HTML: the cells of its first row name those below, or a row's first cell the others.
#pragma once

#include <string_view>
#include <vector>

#include "core/pii/detect/pair_names.hpp"

namespace gpsync::core::pii {

struct MarkupRange {
    size_t begin = 0, end = 0;
};

// Is given the tags and texts in their order.
class MarkupTable {
  public:
    struct Value {
        MarkupRange range;
        PairName name;
    };

    MarkupTable(std::string_view text, const RuledNames& ruled) : text_(text), ruled_(ruled) {}

    void tag(std::string_view name, bool closes);
    // Without the blanks around it.
    void text(MarkupRange range);
    void end();
    bool in_cell() const { return in_cell_; }

    // Found since they have been forgotten.
    const std::vector<Value>& values() const { return values_; }
    void forget_values() { values_.clear(); }

  private:
    // One that has several texts in it counts as a name by the first.
    struct Cell {
        bool heading = false;
        std::vector<MarkupRange> texts{};
    };
    using Row = std::vector<Cell>;
    enum class Kind { kUnknown, kColumns, kLabelColumns, kPairs };

    void end_row();
    void take_row(const Row& row);
    // Below the first row, or behind it where there is no other.
    void decide(const Row& first, const Row* second);
    void set_columns(const Row& row);
    void take_pairs(const Row& row);
    void take_labelled(const Row& row);
    void take_cell(const Cell& cell, const PairName& name);
    std::string_view name_of(const Cell& cell) const;

    const std::string_view text_;
    const RuledNames& ruled_;
    Row row_, first_;
    bool in_cell_ = false, in_head_ = false;
    Kind kind_ = Kind::kUnknown;
    size_t width_ = 0;
    std::vector<PairName> columns_;
    LabelColumns label_columns_{};
    std::vector<Value> values_;
};

}  // namespace gpsync::core::pii

// What names say that stand in a text beside their values: one by one, and those of a table's columns
// together.
#pragma once

#include <string_view>
#include <vector>

#include "core/pii/detect/named_pairs.hpp"

namespace gpsync::core::pii {

struct PairName {
    std::string_view name{};
    Detector subject = Detector::kNone;
    Doubt doubt = Doubt::kNone;
    int custom = -1;  // as in NamedPair

    bool counts() const { return subject != Detector::kNone || custom >= 0; }
};

// Of a name of 2 to 40 bytes; any other says nothing.
PairName judge_pair_name(std::string_view name, const RuledNames& ruled);
// Of a label as people write it: "CVV:", "Name on card (required)", "**PIN**". A bare "Name" may be a
// person's.
PairName judge_label(std::string_view label, const RuledNames& ruled);
// A label without the marks at its ends.
std::string_view bare_label(std::string_view label);

// A few words, no value.
bool may_name_column(std::string_view cell);
// What the columns with these names hold; empty where one is no name of a column, or none says anything. A
// bare "name" is a person's beside a column of a person's.
std::vector<PairName> judge_columns(const std::vector<std::string_view>& names, const RuledNames& ruled);

// "Field" and "Value": the columns of a table in whose rows one cell names the other.
struct LabelColumns {
    size_t label, value;
};
// False where the names are no such ones.
bool find_label_columns(const std::vector<std::string_view>& names, LabelColumns& columns);

// Whether the first row of a table of two columns without a line below it is itself a label and its value:
// the second cell is no name, and the row below begins with a name, too (or is none).
bool begins_with_pair(std::string_view label, std::string_view value, std::string_view next_label);

}  // namespace gpsync::core::pii

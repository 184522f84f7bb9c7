// Tables in a string: CSV (RFC 4180) with any of the usual separators, and tables as consoles and Markdown
// write them. The names in a table's first line count for the cells below as a member's name counts for its
// value.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/pii/detect/named_pairs.hpp"
#include "core/pii/detector.hpp"
#include "core/pii/names/name_values.hpp"

namespace gpsync::core::pii {

// Appends the cells, in the text's order, of columns whose names are those of PII or some of ruled. A table
// is a line of names and what follows it with as many cells; lines of dashes between them are none of its.
// The text is read once.
void find_named_cells(std::string_view text, std::vector<NamedCell>& cells, const RuledNames& ruled = {});

}  // namespace gpsync::core::pii

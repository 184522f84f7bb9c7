// Tables whose columns are aligned by blanks, as reports of hosts, SQL*Plus and consoles have them.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/pii/detect/named_pairs.hpp"

namespace gpsync::core::pii {

// Appends the cells of the table whose header begins at a line's beginning, of columns whose names are those
// of PII or some of ruled. Returns where the table ends; `begin` where none is there. A header has two names
// and more with two blanks between them, or dashes below each; a row has two cells and more.
size_t find_fixed_table(std::string_view text, size_t begin, std::vector<NamedCell>& cells,
                        const RuledNames& ruled);

// Whether there is one. Its cells may be none of PII.
bool has_fixed_table(std::string_view text);

}  // namespace gpsync::core::pii

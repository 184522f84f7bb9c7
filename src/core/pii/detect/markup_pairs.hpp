// Names and values that HTML and the like put beside each other: the cells of a table, "<dt>CVV</dt><dd>123",
// "<label>Password</label><input value=…", "<input name="cvv" value="123">", "<b>CVV:</b> 123",
// "<field name="surname">Lee</field>". Elements that are called after what they hold are in named_pairs.cpp.
#pragma once

#include <functional>
#include <string_view>

#include "core/pii/detect/named_pairs.hpp"

namespace gpsync::core::pii {

// Calls take() with each such value whose name is that of PII or one of ruled, until it returns false. Reads
// no byte more than a constant number of times.
void find_markup_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                       const RuledNames& ruled);

}  // namespace gpsync::core::pii

// Names and values in statements of SQL and what PostgreSQL prints of rows: "INSERT INTO t (pan, cvv) VALUES
// ('…', '…')" and "… SELECT '…'", "SET (cvv) = ('…')", "COPY t (pan, cvv) FROM stdin;", "Key (surname)=(Lee)
// already exists", "surname <> 'Lee'", "pin IN ('…', '…')", the parameters of a statement ("$1 = '…'"), and
// the rows of test_decoding ("surname[text]:'Lee'").
#pragma once

#include <functional>
#include <string_view>

#include "core/pii/detect/named_pairs.hpp"

namespace gpsync::core::pii {

// Calls take() with each value whose name is that of PII of any kind or one of ruled, until it returns false.
// Reads no byte more than a constant number of times.
void find_sql_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                    const RuledNames& ruled);

}  // namespace gpsync::core::pii

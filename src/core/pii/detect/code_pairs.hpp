// Names and values as code, databases and protocols write them in a text: quoted pairs of Python, Ruby,
// JavaScript and TOML ("'first_name': 'Joe'", ":first_name=>\"Joe\"", "first_name = \"Joe\""), tuples
// ("('first_name', 'Joe')"), rows of SQL ("INSERT INTO t (pan, cvv) VALUES ('…', '…')", "COPY t (pan, cvv)
// FROM stdin;"), PostgreSQL's "Key (first_name)=(Joe)", members of a multipart form, PHP's serialize() and
// print_r()
// ("[first_name] => Joe").
#pragma once

#include <functional>
#include <string_view>

#include "core/pii/detect/named_pairs.hpp"

namespace gpsync::core::pii {

// Calls take() with each value whose name is that of PII of any kind or one of ruled, until it returns false.
// Reads no byte more than a constant number of times.
void find_code_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                     const RuledNames& ruled);

// The same of pairs as JSON has them, '"name": "value"' and '"name": 123', in a text that is not JSON as it
// is broken off: also the last one, whose value has no end.
void find_json_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                     const RuledNames& ruled);

}  // namespace gpsync::core::pii

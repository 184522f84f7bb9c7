// Values in a text that is no JSON, with a name at each: "first_name=Joe" as logs and attributes write it,
// "<firstName>Joe</firstName>", and lines as YAML and forms in mails have them, "First name: Joe". And those
// of code_pairs.hpp and record_lines.hpp.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "core/pii/detector.hpp"
#include "core/pii/names/name_values.hpp"

namespace gpsync::core::pii {

struct NamedPair {
    size_t begin, end;  // of the value, without quotes and the blanks around; not empty
    Detector subject;   // what the name says
    Doubt doubt;
    std::string_view name{};
    int custom = -1;  // what the caller's rules say of the name: then it decides, whatever the subject is
};

// A cell of a table in a text.
struct NamedCell {
    size_t begin, end;  // bytes of the text, without quotes and the blanks around
    Detector subject;   // of the column
    Doubt doubt;
    std::string_view name{};
    int custom = -1;  // as in NamedPair
};

// Of a name in a text: an index into Policy::keys(), or -1. Empty where there are no such rules.
using RuledNames = std::function<int(std::string_view name)>;

// Calls take() with each such value whose name is that of PII or one of ruled, until it returns false; those
// of one way of writing are in the text's order. Members of a form ("a=1&b=2") are left to form_pairs.hpp,
// secrets to scan_assignments(). Reads no byte more than a constant number of times.
void find_named_pairs(std::string_view text, const std::function<bool(const NamedPair&)>& take,
                      const RuledNames& ruled = {});
// Whether there is one.
bool has_named_pair(std::string_view text);

}  // namespace gpsync::core::pii

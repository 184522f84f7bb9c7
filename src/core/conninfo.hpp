// libpq connection strings of the form "keyword = value …" (not URIs): reading one without libpq, and writing
// one.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gpsync::core {

struct Conninfo {
    std::vector<std::pair<std::string, std::string>>
        settings;       // in order; a later one overrides an earlier one
    std::string error;  // what is wrong with the text; empty: nothing

    bool has(std::string_view keyword) const;
};

// The syntax of libpq's documentation, section "Keyword/Value Connection Strings": values in single quotes or
// without whitespace, backslash before ' and \ in either. Keywords are not checked.
Conninfo parse_conninfo(std::string_view text);

// keyword='value', escaped, and a space before it unless text is empty.
void append_conninfo(std::string& text, std::string_view keyword, std::string_view value);

}  // namespace gpsync::core

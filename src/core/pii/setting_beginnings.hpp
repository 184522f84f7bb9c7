// What the prefilter lets through for options and settings (detect/command_secrets.hpp, which defines this).
#pragma once

#include <cstddef>
#include <string_view>

namespace gpsync::core::pii {

// Whether an option may begin with this '-': a blank, a quote or nothing is in front, a letter behind.
bool begins_option(std::string_view text, size_t dash);
bool has_option(std::string_view text);

// Whether a line of a file with settings begins the text: "machine a.example login …", "ENV NAME x". In other
// lines than the first such a one needs no check: a text with lines passes the prefilter.
bool begins_with_setting(std::string_view text);

}  // namespace gpsync::core::pii

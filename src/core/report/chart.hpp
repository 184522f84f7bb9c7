// Small charts in SVG.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/report/html.hpp"

namespace gpsync::core::report {

// A line of samples, the latest on the right; nothing where there was none. label: what it shows, and what of
// it is worth saying in words.
void write_sparkline(Html& html, const std::vector<std::optional<double>>& samples, std::string_view label);

// A bar of a value with a mark at its bound. REQUIRES: bound > 0.
void write_meter(Html& html, double value, double bound, std::string_view label);

}  // namespace gpsync::core::report

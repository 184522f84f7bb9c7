// The page's style sheet and script, as they stand between their tags.
#pragma once

#include "core/report/html.hpp"

namespace gpsync::core::report {

extern const Markup kStyle, kScript;

}  // namespace gpsync::core::report

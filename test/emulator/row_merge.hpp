// What the stream says of a row in relation to the row before: a changed key, values that were not sent.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event.hpp"

namespace gpsync::emulator {

// The key the row had before, when the event changed it: the key's columns as `old` has them.
std::optional<std::vector<Part>> changed_key(const Event& event);

// The event's row with the values of its unchanged columns taken from the row before (raw JSON, maybe empty).
// Columns that are not found there are left in missing.
std::string merge_row(const Event& event, const std::string& before, std::vector<std::string>& missing);

}  // namespace gpsync::emulator

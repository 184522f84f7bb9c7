// The rules an event must follow: CloudEvents 1.0 (https://github.com/cloudevents/spec, JSON format and
// batches) and gpsync's wire format on top (docs/wire-format.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "event.hpp"

namespace gpsync::emulator {

// Checks what an event's values say and fills in type, position and commit_time. Gives the reason to refuse
// it, or "".
std::string check_event(Event& event);

// Names of attributes are made of a-z and 0-9.
bool is_attribute_name(std::string_view name);

// Columns that a row must not show: they are the receiver's answer, not data.
bool is_bookkeeping_column(std::string_view name);

// RFC 3339, in µs since 1970; nothing when the text is no such time.
std::optional<int64_t> parse_time(std::string_view text);

// The subject of a row: schema.table/key with the key's parts percent-encoded and joined by ','.
std::string make_subject(std::string_view schema, std::string_view table, const std::vector<Part>& key);

}  // namespace gpsync::emulator

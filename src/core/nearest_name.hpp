// "Did you mean …": the closest of a set of valid names, for the hints of errors about unknown options,
// endpoints, states and so on.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gpsync::core {

// Edits (insert, delete, replace one byte, swap two neighbours) that turn a into b, ASCII case ignored;
// limit + 1 when there are more than limit. Optimal string alignment: no substring is edited twice.
size_t edit_distance(std::string_view a, std::string_view b, size_t limit);

// The name closest to given: the first of those with the fewest edits, as long as no more than a third of
// given (at least one edit, at most four) has to change. Nothing when no name is that close.
std::optional<std::string_view> nearest_name(std::string_view given, std::span<const std::string_view> names);

// "a, b, c", for the list of valid names in a hint.
std::string list_names(std::span<const std::string_view> names);

// The hint of an unknown name: `Perhaps you meant "timeout". Valid options are: …`; without a near name
// only the list; empty when there are no names. what is the plural noun: "options", "endpoints".
std::string unknown_name_hint(std::string_view given, std::string_view what,
                              std::span<const std::string_view> names);

}  // namespace gpsync::core

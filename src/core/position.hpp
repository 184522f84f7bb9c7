// A position in a stream: (commit LSN, ordinal of the change in its transaction), and the event id made of
// it. An LSN alone is no key: one COPY gives many changes the same LSN. docs/wire-format.md describes the
// text.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gpsync::core {

struct Position {
    uint64_t commit_lsn = 0;  // LSN of the commit record
    uint32_t ordinal = 0;     // counted from 1 in the transaction, before any filter

    auto operator<=>(const Position&) const = default;
};

// "0000000026B7FC80-00000003": zero-padded upper-case hex, so that text order is stream order.
inline constexpr size_t kSequenceLength = 16 + 1 + 8;
// The sequence, '-', and the commit time in microseconds since 1970-01-01 UTC in 16 hex digits.
inline constexpr size_t kEventIdLength = kSequenceLength + 1 + 16;

// Writes exactly kSequenceLength bytes, no terminator. Returns the end.
char* write_sequence(char* out, Position position);
// Writes exactly kEventIdLength bytes, no terminator. Returns the end.
char* write_event_id(char* out, Position position, int64_t commit_time_us);

// The position in a sequence or at the front of an event id; nothing when text is not of that form.
std::optional<Position> parse_sequence(std::string_view text);
// The commit time in an event id, µs since 1970; nothing when text is not an event id.
std::optional<int64_t> parse_commit_time(std::string_view event_id);

}  // namespace gpsync::core

// The message that comes before the changes by which a roll-back takes a batch back: a transactional logical
// message of this prefix, which counts for the changes behind it in its transaction. Its content, each field
// with a tab behind it: the batch's name; a JSON array of the endpoints that get deletions of the tables
// behind it, or nothing, if everybody gets them; OIDs of these tables, each followed by a blank.
//
// It has the origin of event messages (event_message.h), by which the decoder tells it from what anybody may
// write with pg_logical_emit_message().
#pragma once

namespace gpsync::pg {

inline constexpr char kRevertMessagePrefix[] = "gpsync.reverts";

}  // namespace gpsync::pg

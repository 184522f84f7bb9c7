// How an event message (core/event_message.hpp) proves that it is ours. Anybody may write a logical message
// of any prefix (pg_logical_emit_message()), and what emit() promises of an event, that it is scrubbed above
// all, nobody would have checked. So our messages, and no others, are written with a replication origin that
// no session can have: the last number there is for one. The server gives the lowest free number to an
// origin, so this one is never reached; where an origin has it all the same, the decoder raises an error
// (decoder/origins.cpp). It leaves out every other message of the prefix (decoder/topics.cpp).
//
// The session has that origin while the one record is written, and nothing of a user's runs meanwhile. It is
// of the record alone: the commit has the session's own origin, if any. DoNotReplicateId would not do:
// imports have it while functions of the table's owner may run.
#pragma once

#include "pg/prelude.h"

#include "core/event_message.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlogdefs.h"
#include "replication/origin.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

inline constexpr RepOriginId kEventMessageOrigin = DoNotReplicateId - 1;

// Writes a message, and the id of the current (sub)transaction into it, which gets one. Gives where its
// record ends. REQUIRES: a transaction that may write; nothing with a destructor alive. Raises server errors.
XLogRecPtr write_event_message(core::ByteBuffer& scratch, core::EventMessage& message);

}  // namespace gpsync::pg

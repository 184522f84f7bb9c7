// Differences between PostgreSQL major versions (15 to 18) in logical decoding messages.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "replication/message.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::compat {

// Writes a message into the WAL and returns where its record ends. Nothing is flushed, as before 17.
inline XLogRecPtr log_message(const char* prefix, const char* content, size_t size, bool transactional) {
#if PG_VERSION_NUM >= 170000
    return LogLogicalMessage(prefix, content, size, transactional, false);
#else
    return LogLogicalMessage(prefix, content, size, transactional);
#endif
}

}  // namespace gpsync::pg::compat

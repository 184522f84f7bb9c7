// Differences between PostgreSQL major versions (15 to 18) in heavyweight locks.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "storage/lock.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::compat {

// Whether this session holds the lock in exactly this mode.
inline bool lock_held_by_me(const LOCKTAG* tag, LOCKMODE mode) {
#if PG_VERSION_NUM >= 170000
    return LockHeldByMe(tag, mode, false);
#else
    return LockHeldByMe(tag, mode);
#endif
}

}  // namespace gpsync::pg::compat

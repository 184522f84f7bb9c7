// Differences between PostgreSQL major versions (15 to 18) in replication origins.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "replication/origin.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::compat {

// Makes the origin the session's. Raises server errors: another session has it.
inline void setup_session_origin(RepOriginId origin) {
#if PG_VERSION_NUM >= 160000
    replorigin_session_setup(origin, 0);
#else
    replorigin_session_setup(origin);
#endif
}

}  // namespace gpsync::pg::compat

// Differences between PostgreSQL major versions (15 to 18) in sets of events to wait for.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "storage/latch.h"
#if PG_VERSION_NUM >= 180000
#include "storage/waiteventset.h"
#endif
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::compat {

// REQUIRES: the caller frees the set; nothing else does after an error.
inline WaitEventSet* create_wait_event_set(int nevents) {
#if PG_VERSION_NUM >= 170000
    return CreateWaitEventSet(nullptr, nevents);
#else
    return CreateWaitEventSet(CurrentMemoryContext, nevents);
#endif
}

}  // namespace gpsync::pg::compat

// The replication origins whose changes are not streamed. Under some the relays of this database write their
// bookkeeping: it would go round for ever. DoNotReplicateId, which no origin can have, is what imports write
// under whose rows nobody is to get: legacy has them. Other origins are never filtered.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlogdefs.h"
#include "replication/origin.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

struct OriginFilter {
    RepOriginId* ids;
    int count;
    int capacity;
    bool stale;  // a change to the streams was seen; resolve again before the next transaction is read

    bool filters(RepOriginId origin) const {
        if (origin == DoNotReplicateId) return true;
        for (int i = 0; i < count; ++i)
            if (ids[i] == origin) return true;
        return false;
    }
};

OriginFilter make_origin_filter(MemoryContext context);

// Changes of this origin are not streamed either.
void filter_origin(OriginFilter& filter, RepOriginId origin);

// Reads pg_replication_origin for names that start with gpsync_<oid of this database>_. REQUIRES: a
// transaction, with a historic snapshot or without. An origin found once is kept: it outlives its slot.
void resolve_origins(OriginFilter& filter);

}  // namespace gpsync::decoder

// Differences between PostgreSQL major versions (15 to 18) in what a relation knows of its indexes.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::compat {

// The index of a primary key that is checked at once; InvalidOid: none. From 17 on rd_pkindex names a
// deferrable one too, which does not identify a row while a transaction runs.
// REQUIRES: RelationGetIndexList() has been called since the relation was opened.
inline Oid primary_key_index(Relation relation) {
#if PG_VERSION_NUM >= 170000
    if (relation->rd_ispkdeferrable) return InvalidOid;
#endif
    return relation->rd_pkindex;
}

}  // namespace gpsync::pg::compat

// The key of a row: the one rule that attach, error DETAILs, the decoder and the bookkeeping share.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/attnum.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// Trivial, so that it may live in palloc'd memory and be skipped by a longjmp.
struct RowKey {
    Oid index = InvalidOid;              // InvalidOid: the relation has no key
    int natts = 0;                       // 0: the relation has no key
    AttrNumber attnums[INDEX_MAX_KEYS];  // in the order of the index
};

// The replica identity index where one is chosen (REPLICA IDENTITY USING INDEX), else the primary key, also
// under REPLICA IDENTITY FULL and NOTHING. A partition and a partitioned table each go by their own catalog
// entries. INCLUDE columns are no part of a key; a deferrable primary key identifies nothing and counts as
// none, and so does a temporal one (WITHOUT OVERLAPS, PostgreSQL 18), whose index finds what overlaps. Works
// under a historic snapshot. REQUIRES: relation is open and locked (or the snapshot is historic). Raises what
// a catalog look-up may raise: call it under server_call() where an object with a destructor is alive.
RowKey row_key(Relation relation);

}  // namespace gpsync::pg

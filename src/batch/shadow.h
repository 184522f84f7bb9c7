// The table of before-images of a tracked table: its shadow. One row for each change that was made with a
// batch set. Its columns: what ShadowColumn names; k<n>, the key a row has got (of an INSERT, or of an UPDATE
// that changed the key); c<n>, the row as it was before (of an UPDATE or DELETE). Operation 's' is a link, of
// batch '': the row with the key c<n> has another revision and the same content. n is the number of the
// column in the tracked table, which RENAME does not change. Columns that gpsync writes are not kept, and
// generated ones only where they are part of the key.
//
// A shadow is a member of the extension: pg_dump leaves it out, the decoder never streams it. It belongs to
// the owner of the tracked table, since it holds values of that one's types.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/attnum.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::batch {

enum ShadowColumn { kBatch, kAt, kOperation, kOldRevision, kNewRevision, kShadowColumns };

// From where in a row of the written relation each column of the shadow comes. Lives in palloc'd memory.
struct ShadowMap {
    int count;           // of the shadow's columns
    AttrNumber* source;  // 0: a column of ShadowColumn, or of a column that was dropped
    bool* is_new_key;    // a k<n>
    AttrNumber revision;
};

// first_revision: no row with an earlier one has been written by a batch that is kept.
struct ShadowOf {
    Oid oid = InvalidOid;
    int64 first_revision = 0;
};

// The shadow that changes of an attached table go into now. InvalidOid: the table is not tracked.
ShadowOf current_shadow(Oid root);

// Raises 55000 where the table has been altered since its shadow was made. REQUIRES: nothing with a
// destructor alive; written is root or a partition of it.
ShadowMap map_shadow(Relation shadow, Relation written, Oid root);

// The same for links, for which the key is enough. False: it is altered, too.
bool map_shadow_for_links(ShadowMap* map, Relation shadow, Relation written, Oid root);

}  // namespace gpsync::batch

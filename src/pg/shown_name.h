// The name under which a table is streamed: its own, or, of a shard of a table that Citus distributes, that
// of the distributed table. A shard is named by the distributed table and its number (t_102008 of t), and is
// in the same schema.
//
// What tells a shard is the label that attach() gave it (attached_shard()), and not Citus' own catalog: while
// WAL is decoded that catalog can neither be read as it was then nor safely be read at all, since to the
// server it is an ordinary table. A label and a name are both as of the change.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

struct ShownName {
    const char* schema;
    const char* table;  // may be in the current memory context
    int64 shard;        // the number of the shard; 0: the table is none
    bool misnamed;  // it does not end with the number, or another's table has the name: table is its own name
    Oid distributed;  // the distributed table, if it is on this server too; InvalidOid: not, or no shard
};

// Both raise server errors.
ShownName shown_name(Relation relation);
ShownName shown_name(Oid relation);

// Raises 55000 for a table that is attached as a shard and has another name, or another owner than the table
// of that name: else its owner could stream rows under the name of somebody else's table.
void refuse_misnamed(const ShownName& name);

}  // namespace gpsync::pg

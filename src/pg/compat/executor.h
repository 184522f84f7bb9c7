// Differences between PostgreSQL major versions (15 to 18) in the executor.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "executor/executor.h"
#include "nodes/parsenodes.h"
#if PG_VERSION_NUM >= 160000
#include "parser/parse_relation.h"
#endif
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::compat {

// The range table of a statement that updates some columns of one relation; entry is its only one. Before 16
// the entry itself names the columns.
inline void init_range_table(EState* estate, RangeTblEntry* entry, Bitmapset* updated_columns) {
#if PG_VERSION_NUM >= 160000
    List* permissions = NIL;
    addRTEPermissionInfo(&permissions, entry)->updatedCols = updated_columns;
#if PG_VERSION_NUM >= 180000
    ExecInitRangeTable(estate, list_make1(entry), permissions, bms_make_singleton(1));
#else
    ExecInitRangeTable(estate, list_make1(entry), permissions);
#endif
#else
    entry->updatedCols = updated_columns;
    ExecInitRangeTable(estate, list_make1(entry));
#endif
}

inline IndexScanDesc begin_index_scan(Relation table, Relation index, Snapshot snapshot, int nkeys) {
#if PG_VERSION_NUM >= 180000
    return index_beginscan(table, index, snapshot, nullptr, nkeys, 0);
#else
    return index_beginscan(table, index, snapshot, nkeys, 0);
#endif
}

}  // namespace gpsync::pg::compat

// How a statement that is made at run time names a relation.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_class.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// With its schema, quoted where it must be; palloc'd. REQUIRES: the relation is there, and nothing with a
// destructor alive.
inline char* qualified_name(Oid relation) {
    return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
                                      get_rel_name(relation));
}

// The same for a statement that is about the relation's own rows: not those of tables that inherit from it,
// which are attached by themselves, belong to other owners maybe, and have code of their own. Rows of a
// partitioned table are those of its partitions.
inline char* rows_of(Oid relation) {
    const bool is_partitioned = get_rel_relkind(relation) == RELKIND_PARTITIONED_TABLE;
    return psprintf("%s%s", is_partitioned ? "" : "ONLY ", qualified_name(relation));
}

}  // namespace gpsync::pg

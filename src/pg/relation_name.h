// How a statement that is made at run time names a relation.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
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

}  // namespace gpsync::pg

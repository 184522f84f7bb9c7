// Which columns a generated column is computed from: what it shows of them is redacted as they are.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/pg_list.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

// Appends, to a list of names (char *), the columns that the column of that name is computed from, as the
// relation's descriptor has it at the change; nothing for a column that is not generated. Raises server
// errors.
List* append_sources(List* names, Relation relation, const char* column);

}  // namespace gpsync::decoder

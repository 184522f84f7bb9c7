// Differences between PostgreSQL major versions (15 to 18) in names of objects.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/pg_list.h"
#include "utils/regproc.h"
#if PG_VERSION_NUM < 160000
#include "utils/varlena.h"
#endif
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::compat {

// The parts of a name as SQL writes it. Raises server errors: it is none.
inline List* qualified_name_list(const char* name) {
#if PG_VERSION_NUM >= 160000
    return stringToQualifiedNameList(name, nullptr);
#else
    return stringToQualifiedNameList(name);
#endif
}

}  // namespace gpsync::pg::compat

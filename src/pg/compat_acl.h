// Privileges on functions, which PostgreSQL 16 asks for by another name.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_proc.h"
#include "utils/acl.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// Whether the current user may call a function. Raises server errors.
inline bool may_execute(Oid function) {
#if PG_VERSION_NUM >= 160000
    return object_aclcheck(ProcedureRelationId, function, GetUserId(), ACL_EXECUTE) == ACLCHECK_OK;
#else
    return pg_proc_aclcheck(function, GetUserId(), ACL_EXECUTE) == ACLCHECK_OK;
#endif
}

}  // namespace gpsync::pg

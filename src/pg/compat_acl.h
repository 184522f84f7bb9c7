// Privileges and ownership, which PostgreSQL 16 asks for by another name.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_class.h"
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

// Whether the current user owns a relation. Raises server errors.
inline bool owns_relation(Oid relation) {
#if PG_VERSION_NUM >= 160000
    return object_ownercheck(RelationRelationId, relation, GetUserId());
#else
    return pg_class_ownercheck(relation, GetUserId());
#endif
}

}  // namespace gpsync::pg

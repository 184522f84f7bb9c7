// Privileges and ownership, which PostgreSQL 16 asks for by other names.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_publication.h"
#include "utils/acl.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// Whether a role may call a function. Raises server errors.
inline bool may_execute(Oid function, Oid role) {
#if PG_VERSION_NUM >= 160000
    return object_aclcheck(ProcedureRelationId, function, role, ACL_EXECUTE) == ACLCHECK_OK;
#else
    return pg_proc_aclcheck(function, role, ACL_EXECUTE) == ACLCHECK_OK;
#endif
}

// Whether the current user may.
inline bool may_execute(Oid function) {
    return may_execute(function, GetUserId());
}

// Whether the current user owns a relation, extension, schema, foreign server or publication, as the server
// asks before it drops, renames or alters it. InvalidOid has no owner. Raises server errors.
inline bool is_owner(Oid class_id, Oid object) {
    if (!OidIsValid(object)) return false;
#if PG_VERSION_NUM >= 160000
    return object_ownercheck(class_id, object, GetUserId());
#else
    switch (class_id) {
        case RelationRelationId:
            return pg_class_ownercheck(object, GetUserId());
        case ExtensionRelationId:
            return pg_extension_ownercheck(object, GetUserId());
        case NamespaceRelationId:
            return pg_namespace_ownercheck(object, GetUserId());
        case ForeignServerRelationId:
            return pg_foreign_server_ownercheck(object, GetUserId());
        case PublicationRelationId:
            return pg_publication_ownercheck(object, GetUserId());
        default:
            elog(ERROR, "unexpected object class %u", class_id);
    }
#endif
}

// Whether the current user may use a foreign server. Raises server errors.
inline bool may_use_server(Oid server) {
#if PG_VERSION_NUM >= 160000
    return object_aclcheck(ForeignServerRelationId, server, GetUserId(), ACL_USAGE) == ACLCHECK_OK;
#else
    return pg_foreign_server_aclcheck(server, GetUserId(), ACL_USAGE) == ACLCHECK_OK;
#endif
}

}  // namespace gpsync::pg

#include "pg/as_owner.h"

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

// A type that brings code of its own or leads to it, or a relation that the owner may use: its triggers,
// defaults and checks would run as the owner. Functions and operators are never found in the temporary schema.
bool could_run_code(const FormData_pg_depend& object, Oid owner) {
    if (object.classid == TypeRelationId) return true;
    return object.classid == RelationRelationId && owner_of(object.objid) != owner &&
           pg_class_aclmask(object.objid, owner, ACL_ALL_RIGHTS_RELATION, ACLMASK_ANY) != ACL_NO_RIGHTS;
}

bool has_such_object(Oid schema, Oid owner) {
    ScanKeyData keys[2];
    ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(NamespaceRelationId));
    ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(schema));
    Relation depend = table_open(DependRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(depend, DependReferenceIndexId, true, nullptr, 2, keys);
    bool found = false;
    while (HeapTuple tuple = found ? nullptr : systable_getnext(scan))
        found = could_run_code(*reinterpret_cast<Form_pg_depend>(GETSTRUCT(tuple)), owner);
    systable_endscan(scan);
    table_close(depend, AccessShareLock);
    return found;
}

}  // namespace

// pg_temp is last in search_path, and first in that of a function of the owner's which sets its own without
// naming it.
void refuse_temporary_objects(Oid owner) {
    Oid schema = InvalidOid, toast = InvalidOid;
    GetTempNamespaceState(&schema, &toast);
    const Oid user = GetOuterUserId();
    if (!OidIsValid(schema) || user == owner || superuser_arg(user) || !has_such_object(schema, owner)) return;
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("code of role \"%s\" could find a temporary object of this session",
                    GetUserNameFromId(owner, false)),
             errdetail("It would run as that role, which owns a table that this call reads or writes."),
             errhint("DISCARD TEMP, revoke what the role may do with the temporary table, or make the call in "
                     "another session.")));
}

}  // namespace gpsync::pg

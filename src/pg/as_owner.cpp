#include "pg/as_owner.h"

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_index.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/relcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

// Whether an index has an expression or a predicate.
bool computes(Oid index) {
    HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
    if (!HeapTupleIsValid(tuple)) return false;
    const bool computed = !heap_attisnull(tuple, Anum_pg_index_indexprs, nullptr) ||
                          !heap_attisnull(tuple, Anum_pg_index_indpred, nullptr);
    ReleaseSysCache(tuple);
    return computed;
}

// Anything but a plain table of types that the server has: a trigger, rule, default, check, index or type of
// it may call a function.
bool carries_code(Oid oid) {
    Relation relation = try_relation_open(oid, AccessShareLock);
    if (relation == nullptr) return false;
    const FormData_pg_class& form = *relation->rd_rel;
    const TupleConstr* constraints = RelationGetDescr(relation)->constr;
    bool code = form.relkind != RELKIND_RELATION || form.relhasrules ||
                (constraints != nullptr && (constraints->num_defval > 0 || constraints->num_check > 0));
    for (int i = 0; !code && i < form.relnatts; ++i)
        code = TupleDescAttr(RelationGetDescr(relation), i)->atttypid >= FirstNormalObjectId;
    ListCell* cell;
    foreach (cell, RelationGetIndexList(relation)) code = code || computes(lfirst_oid(cell));
    // A superuser's own code is trusted, the triggers that others may have put there are not.
    code = form.relhastriggers || (code && !superuser_arg(form.relowner));
    relation_close(relation, AccessShareLock);
    return code;
}

bool is_of_superuser(Oid type) {
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple)) return true;
    const Oid owner = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typowner;
    ReleaseSysCache(tuple);
    return superuser_arg(owner);
}

// A type that brings code of its own or leads to it, or a relation that the owner may use and that has code:
// it would run as the owner. Functions and operators are never found in the temporary schema.
bool could_run_code(const FormData_pg_depend& object, Oid owner) {
    if (object.classid == TypeRelationId) return !is_of_superuser(object.objid);
    return object.classid == RelationRelationId && owner_of(object.objid) != owner &&
           get_rel_relkind(object.objid) != RELKIND_INDEX &&
           pg_class_aclmask(object.objid, owner, ACL_ALL_RIGHTS_RELATION, ACLMASK_ANY) != ACL_NO_RIGHTS &&
           carries_code(object.objid);
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

Oid owner_of_function(Oid function) {
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for function %u", function);
    const Oid owner = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple))->proowner;
    ReleaseSysCache(tuple);
    return owner;
}

Oid weakest_owner(Oid relation) {
    const Oid owner = owner_of(relation);
    if (!get_rel_relispartition(relation)) return owner;
    List* owners = list_make1_oid(owner);
    ListCell *cell, *other;
    foreach (cell, get_partition_ancestors(relation))
        owners = list_append_unique_oid(owners, owner_of(lfirst_oid(cell)));
    foreach (cell, owners) {
        bool all = true;
        foreach (other, owners) all = all && has_privs_of_role(lfirst_oid(other), lfirst_oid(cell));
        if (all) return lfirst_oid(cell);
    }
    return InvalidOid;
}

void raise_several_owners(Oid relation) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("partition \"%s\" and what it is a partition of belong to several roles",
                           get_rel_name(relation)),
                    errdetail("Code of the one would run with the rights of the other."),
                    errhint("ALTER TABLE ... OWNER TO gives them one owner.")));
    pg_unreachable();
}

// pg_temp is last in search_path, and first in that of a function of the owner's which sets its own without
// naming it.
void refuse_temporary_objects(Oid owner) {
    Oid schema = InvalidOid, toast = InvalidOid;
    GetTempNamespaceState(&schema, &toast);
    const Oid user = GetOuterUserId();
    if (!OidIsValid(schema) || user == owner || superuser_arg(user) || !has_such_object(schema, owner))
        return;
    ereport(
        ERROR,
        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
         errmsg("code of role \"%s\" could find a temporary object of this session",
                GetUserNameFromId(owner, false)),
         errdetail("It would run as that role, which owns a table that this call reads or writes."),
         errhint("DISCARD TEMP, revoke what the role may do with the temporary table, or make the call in "
                 "another session.")));
}

}  // namespace gpsync::pg

#include "pg/shown_name.h"

#include "pg/attachment.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

// Null: the name is not that of this shard.
const char* without_number(const char* name, int64 shard) {
    const char* suffix = psprintf("_" INT64_FORMAT, shard);
    const size_t length = std::strlen(name), cut = std::strlen(suffix);
    if (length <= cut || std::strcmp(name + length - cut, suffix) != 0) return nullptr;
    return pnstrdup(name, length - cut);
}

// InvalidOid: there is no such table.
Oid owner_of(Oid relation) {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
    if (!HeapTupleIsValid(tuple)) return InvalidOid;
    const Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;
    ReleaseSysCache(tuple);
    return owner;
}

ShownName named(Oid relation, Oid schema, const char* table) {
    ShownName name{get_namespace_name(schema), table, 0, false, InvalidOid};
    if (name.schema == nullptr || name.table == nullptr)
        elog(ERROR, "cache lookup failed for relation %u", relation);
    name.shard = attached_shard(relation);
    if (name.shard == 0) return name;
    const char* distributed = without_number(table, name.shard);
    const Oid found = distributed != nullptr ? get_relname_relid(distributed, schema) : InvalidOid;
    name.misnamed = distributed == nullptr || (OidIsValid(found) && owner_of(found) != owner_of(relation));
    if (name.misnamed) return name;
    name.table = distributed;
    name.distributed = found;
    return name;
}

}  // namespace

ShownName shown_name(Relation relation) {
    return named(RelationGetRelid(relation), RelationGetNamespace(relation),
                 RelationGetRelationName(relation));
}

ShownName shown_name(Oid relation) {
    return named(relation, get_rel_namespace(relation), get_rel_name(relation));
}

void refuse_misnamed(const ShownName& name) {
    if (!name.misnamed) return;
    ereport(
        ERROR,
        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
         errmsg("table \"%s.%s\" is attached as shard " INT64_FORMAT ", and its name or its owner is another",
                name.schema, name.table, name.shard),
         errdetail("A shard is streamed under the name before its number, which must be that of no "
                   "other owner's table."),
         errhint("Skip its changes with gpsync.skip_change(), and attach it again.")));
}

}  // namespace gpsync::pg

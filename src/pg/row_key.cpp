#include "pg/row_key.h"

#include "pg/compat/index.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "nodes/pg_list.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

// The primary key is what it is whatever the replica identity; rd_replidindex is set under DEFAULT and INDEX
// only.
Oid key_index(Relation relation) {
    list_free(RelationGetIndexList(relation));
    if (relation->rd_rel->relreplident == REPLICA_IDENTITY_INDEX && OidIsValid(relation->rd_replidindex))
        return relation->rd_replidindex;
    return compat::primary_key_index(relation);
}

}  // namespace

RowKey row_key(Relation relation) {
    RowKey key;
    key.index = key_index(relation);
    if (!OidIsValid(key.index)) return key;

    HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(key.index));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for index %u", key.index);
    auto index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    if (index->indisexclusion)  // unique and excluding: WITHOUT OVERLAPS
        key.index = InvalidOid;
    else
        key.natts = index->indnkeyatts;
    for (int i = 0; i < key.natts; ++i) key.attnums[i] = index->indkey.values[i];
    ReleaseSysCache(tuple);
    return key;
}

}  // namespace gpsync::pg

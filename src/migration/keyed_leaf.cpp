#include "migration/keyed_leaf.h"

#include "pg/as_owner.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/table.h"
#include "catalog/pg_class.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

KeyedLeaf open_leaf(Relation root, Jsonb* key, LOCKMODE mode) {
    KeyedLeaf leaf = {};
    if (!JB_ROOT_IS_OBJECT(key)) raise_bad_key(root);
    const Oid target = bookkeeping::relation_of_key(root, key, &leaf.locked);
    if (!OidIsValid(target)) return leaf;
    leaf.relation = target == RelationGetRelid(root) ? root : table_open(target, mode);
    bookkeeping::find_key_index(&leaf.key_index, leaf.relation, key);
    if (leaf.key_index.natts == 0) raise_bad_key(leaf.relation);
    return leaf;
}

void close_leaf(Relation root, const KeyedLeaf& leaf) {
    if (leaf.relation != nullptr && leaf.relation != root) table_close(leaf.relation, NoLock);
}

void raise_bad_key(Relation relation) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("the key does not fit table %s", RelationGetRelationName(relation)),
                    errdetail("It must be an object with a value for each column of a unique index, and no "
                              "other.")));
    pg_unreachable();
}

}  // namespace gpsync::migration

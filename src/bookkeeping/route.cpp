// From a partitioned table to the partition that holds a key's row. A unique index of a partitioned table
// covers the partition keys of every level, so a row's key is all it takes.
//
// To read a key's value and to compare it with bounds can run code of the user's: a domain's CHECK function,
// an operator class. So each level is read as the owner of its table, in a restricted context.
#include "bookkeeping/bookkeeping.h"
#include "bookkeeping/key.h"
#include "bookkeeping/owner_triggers.h"
#include "pg/as_owner.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/table.h"
#include "catalog/pg_class.h"
#include "partitioning/partbounds.h"
#include "partitioning/partdesc.h"
#include "storage/lmgr.h"
#include "utils/partcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

namespace {

// One partitioned table of the tree, opened on first use.
struct Level {
    Relation relation;
    PartitionKey key;
    PartitionDesc partitions;
    KeyColumn columns[PARTITION_MAX_KEYS];
    Level** below;  // by partition; null: not visited yet, or a leaf
};

Level* describe_level(Relation relation) {
    auto level = static_cast<Level*>(palloc0(sizeof(Level)));
    level->relation = relation;
    level->key = RelationGetPartitionKey(relation);
    level->partitions = RelationGetPartitionDesc(relation, true);
    level->below = static_cast<Level**>(palloc0(sizeof(void*) * (level->partitions->nparts + 1)));
    for (int i = 0; i < level->key->partnatts; ++i) {
        if (level->key->partattrs[i] == 0)
            ereport(
                ERROR,
                (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                 errmsg(
                     "table \"%s\" is partitioned by an expression, so its key does not say where a row is",
                     RelationGetRelationName(relation))));
        init_key_column(&level->columns[i], relation, level->key->partattrs[i]);
    }
    return level;
}

// To load a partition key folds the constants of its expressions.
Level* open_level(Relation relation) {
    Level* level = nullptr;
    pg::as_owner(relation->rd_rel->relowner, [&] { level = describe_level(relation); });
    return level;
}

void close_levels(Level* level) {
    for (int i = 0; i < level->partitions->nparts; ++i) {
        if (level->below[i] == nullptr) continue;
        close_levels(level->below[i]);
        table_close(level->below[i]->relation, NoLock);
    }
}

int list_partition(const Level& level, Datum value) {
    bool equal = false;
    PartitionBoundInfo bounds = level.partitions->boundinfo;
    const int place =
        partition_list_bsearch(level.key->partsupfunc, level.key->partcollation, bounds, value, &equal);
    return place >= 0 && equal ? bounds->indexes[place] : -1;
}

int range_partition(const Level& level, Datum* values) {
    bool equal = false;
    PartitionBoundInfo bounds = level.partitions->boundinfo;
    const int place = partition_range_datum_bsearch(level.key->partsupfunc, level.key->partcollation, bounds,
                                                    level.key->partnatts, values, &equal);
    return bounds->indexes[place + 1];
}

int hash_partition(const Level& level, Datum* values) {
    bool nulls[PARTITION_MAX_KEYS] = {};
    PartitionBoundInfo bounds = level.partitions->boundinfo;
    const uint64 hash = compute_partition_hash_value(level.key->partnatts, level.key->partsupfunc,
                                                     level.key->partcollation, values, nulls);
    return bounds->indexes[hash % bounds->nindexes];
}

// Which partition, by its index; -1: none. Key columns are never null.
int partition_of(Level* level, Jsonb* key) {
    Datum values[PARTITION_MAX_KEYS] = {};
    if (level->partitions->nparts == 0) return -1;
    for (int i = 0; i < level->key->partnatts; ++i) {
        if (!read_key_column(&level->columns[i], key, &values[i])) return -1;
    }
    int partition = -1;
    switch (level->key->strategy) {
        case PARTITION_STRATEGY_LIST:
            partition = list_partition(*level, values[0]);
            break;
        case PARTITION_STRATEGY_RANGE:
            partition = range_partition(*level, values);
            break;
        case PARTITION_STRATEGY_HASH:
            partition = hash_partition(*level, values);
            break;
        default:
            elog(ERROR, "unexpected partition strategy \"%c\"", level->key->strategy);
    }
    return partition >= 0 ? partition : level->partitions->boundinfo->default_index;
}

// The leaf for a key; InvalidOid: none. *locked: a table on the way is locked.
Oid leaf_of(Level* level, Jsonb* key, bool* locked) {
    for (;;) {
        int partition = -1;
        pg::as_owner(level->relation->rd_rel->relowner, [&] { partition = partition_of(level, key); });
        if (partition < 0) return InvalidOid;
        const Oid relid = level->partitions->oids[partition];
        if (level->partitions->is_leaf[partition]) return relid;
        if (level->below[partition] == nullptr) {
            if (!ConditionalLockRelationOid(relid, RowExclusiveLock)) {
                *locked = true;
                return InvalidOid;
            }
            level->below[partition] = open_level(table_open(relid, NoLock));
        }
        level = level->below[partition];
    }
}

}  // namespace

bool route_marks(Relation root, Marks marks) {
    bool locked = false;
    enter_owner_code(marks.size());
    Level* top = open_level(root);
    for (Mark* mark : marks) {
        mark->target = leaf_of(top, mark->key, &locked);
        if (locked) break;
    }
    close_levels(top);
    leave_owner_code();
    return !locked;
}

Oid relation_of_key(Relation relation, Jsonb* key, bool* locked) {
    if (relation->rd_rel->relkind != RELKIND_PARTITIONED_TABLE) return RelationGetRelid(relation);
    Mark mark = {};
    mark.key = key;
    Mark* marks[] = {&mark};
    *locked = !route_marks(relation, marks);
    return *locked ? InvalidOid : mark.target;
}

}  // namespace gpsync::bookkeeping

// Sends the deletion of a key that has no row here, for a row that only the legacy side has. A version of the
// row with nothing but its key is inserted and deleted again, in one transaction. The insertion has the
// origin that the decoder filters, so the stream gets only the deletion, with what the replica identity shows
// of it, redacted and in the order of its key like any other.
//
// The version has an entry in the key's unique index: somebody else who inserts the key waits until this
// transaction has ended, and comes after it in the stream too. It has no entry in other indexes, and no
// trigger or constraint sees it: it is never visible to anybody.
#include "migration/keyed_leaf.h"
#include "pg/as_owner.h"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "executor/executor.h"
#include "replication/origin.h"
#include "utils/snapmgr.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

namespace {

void fill_slot(TupleTableSlot* slot, KeyedLeaf* leaf, const ScanKeyData* keys) {
    const int natts = RelationGetNumberOfAttributes(leaf->relation);
    ExecClearTuple(slot);
    std::memset(slot->tts_values, 0, sizeof(Datum) * natts);
    std::memset(slot->tts_isnull, true, natts);
    for (int i = 0; i < leaf->key_index.natts; ++i) {
        const AttrNumber attnum = leaf->key_index.columns[i].attnum;
        slot->tts_values[attnum - 1] = keys[i].sk_argument;
        slot->tts_isnull[attnum - 1] = false;
    }
    ExecStoreVirtualTuple(slot);
}

// Raises 23505 if the key has a row, and waits for a transaction that is about to write one.
void insert_entry(KeyedLeaf* leaf, Relation index, const ScanKeyData* keys, TupleTableSlot* slot) {
    Datum values[INDEX_MAX_KEYS] = {};
    bool nulls[INDEX_MAX_KEYS] = {};
    for (int i = 0; i < leaf->key_index.natts; ++i) values[i] = keys[i].sk_argument;
    for (int i = leaf->key_index.natts; i < IndexRelationGetNumberOfAttributes(index); ++i) nulls[i] = true;
    IndexInfo* info = BuildIndexInfo(index);
    info->ii_Unique = true;
    index_insert(index, values, nulls, &slot->tts_tid, leaf->relation, UNIQUE_CHECK_YES, false, info);
}

void insert_unseen(KeyedLeaf* leaf, Relation index, const ScanKeyData* keys, TupleTableSlot* slot) {
    const RepOriginId origin = replorigin_session_origin;
    replorigin_session_origin = DoNotReplicateId;
    PG_TRY();
    {
        table_tuple_insert(leaf->relation, slot, GetCurrentCommandId(true), 0, nullptr);
        insert_entry(leaf, index, keys, slot);
    }
    PG_FINALLY();
    { replorigin_session_origin = origin; }
    PG_END_TRY();
}

void delete_row(Relation relation, ItemPointer tid) {
    TM_FailureData failure;
    CommandCounterIncrement();
    const TM_Result result = table_tuple_delete(relation, tid, GetCurrentCommandId(true), GetLatestSnapshot(),
                                                InvalidSnapshot, true, &failure, false);
    if (result != TM_Ok)
        elog(ERROR, "could not delete a row that was just inserted: %d", static_cast<int>(result));
    CommandCounterIncrement();
}

void write_deletion(KeyedLeaf* leaf, Jsonb* key) {
    ScanKeyData keys[INDEX_MAX_KEYS];
    Relation index = index_open(leaf->key_index.index, RowExclusiveLock);
    bookkeeping::init_scan_keys(keys, index, leaf->key_index);
    if (!bookkeeping::fill_scan_keys(keys, &leaf->key_index, key)) raise_bad_key(leaf->relation);
    TupleTableSlot* slot = MakeSingleTupleTableSlot(RelationGetDescr(leaf->relation), &TTSOpsVirtual);
    fill_slot(slot, leaf, keys);
    insert_unseen(leaf, index, keys, slot);
    ItemPointerData tid = slot->tts_tid;
    ExecDropSingleTupleTableSlot(slot);
    delete_row(leaf->relation, &tid);
    index_close(index, NoLock);
}

Datum send_deletion(FunctionCallInfo fcinfo) {
    Jsonb* key = PG_GETARG_JSONB_P(1);
    Relation root = table_open(PG_GETARG_OID(0), RowExclusiveLock);
    KeyedLeaf leaf = open_leaf(root, key, RowExclusiveLock);
    const bool found = leaf.relation != nullptr;
    if (found) pg::as_owner(leaf.relation->rd_rel->relowner, [&] { write_deletion(&leaf, key); });
    close_leaf(root, leaf);
    table_close(root, NoLock);
    PG_RETURN_BOOL(found);
}

}  // namespace

}  // namespace gpsync::migration

// send_deletion(relation regclass, key jsonb) -> boolean
GPSYNC_FUNCTION(gpsync_send_deletion) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::migration::send_deletion(fcinfo); });
}

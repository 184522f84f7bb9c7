// What is known of rows at this moment, committed or not, for the confirmation of differences. An MVCC
// snapshot does not show a row whose commit is in the WAL, and so perhaps at the endpoint, but not visible
// yet. A dirty snapshot does, as in the bookkeeping (bookkeeping/row_writer.cpp).
//
// A deleted row leaves no revision. So for an absent key there is the transaction that last inserted one of
// its dead versions. The caller's snapshot keeps these from vacuum, since their deletion is not visible to
// it.
#include "migration/keyed_leaf.h"
#include "pg/as_owner.h"
#include "pg/compat/executor.h"
#include "pg/guard.h"
#include "pg/sync_columns.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/subtrans.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/xid8.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

namespace {

struct Peeked {
    const char* state;  // "absent", "settled" or "busy"
    int64 revision;
    char* status;            // null: the row's is
    TransactionId inserted;  // of an absent key; invalid: no dead version is left
};

AttrNumber column_named(Relation relation, const char* name) {
    const AttrNumber attnum = get_attnum(RelationGetRelid(relation), name);
    if (attnum == InvalidAttrNumber)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
                        errmsg("column \"%s\" of table \"%s\" does not exist", name,
                               RelationGetRelationName(relation)),
                        errhint("Attach the table again with gpsync.attach().")));
    return attnum;
}

void take_row(Peeked* peeked, Relation relation, TupleTableSlot* slot) {
    bool is_null = false;
    const Datum revision = slot_getattr(slot, column_named(relation, pg::kSyncRevisionColumn), &is_null);
    peeked->revision = is_null ? 0 : DatumGetInt64(revision);
    const AttrNumber column = column_named(relation, pg::kSyncStatusColumn);
    const Datum status = slot_getattr(slot, column, &is_null);
    if (is_null) return;
    Oid output = InvalidOid;
    bool is_varlena = false;
    getTypeOutputInfo(TupleDescAttr(RelationGetDescr(relation), column - 1)->atttypid, &output, &is_varlena);
    peeked->status = OidOutputFunctionCall(output, status);
}

void scan_dirty(Peeked* peeked, Relation relation, Relation index, ScanKey keys, int count,
                TupleTableSlot* slot) {
    SnapshotData dirty;
    InitDirtySnapshot(dirty);
    IndexScanDesc scan = pg::compat::begin_index_scan(relation, index, &dirty, count);
    index_rescan(scan, keys, count, nullptr, 0);
    peeked->state = "absent";
    while (index_getnext_slot(scan, ForwardScanDirection, slot)) {
        const bool busy = TransactionIdIsValid(dirty.xmin) || TransactionIdIsValid(dirty.xmax);
        peeked->state = busy ? "busy" : "settled";
        if (busy) break;
        take_row(peeked, relation, slot);
    }
    index_endscan(scan);
}

TransactionId top_transaction(TransactionId xid) {
    return TransactionIdFollowsOrEquals(xid, TransactionXmin) ? SubTransGetTopmostTransaction(xid) : xid;
}

void scan_dead(Peeked* peeked, Relation relation, Relation index, ScanKey keys, int count,
               TupleTableSlot* slot) {
    IndexScanDesc scan = pg::compat::begin_index_scan(relation, index, SnapshotAny, count);
    index_rescan(scan, keys, count, nullptr, 0);
    while (index_getnext_slot(scan, ForwardScanDirection, slot)) {
        bool is_null = false;
        const TransactionId inserter =
            DatumGetTransactionId(slot_getsysattr(slot, MinTransactionIdAttributeNumber, &is_null));
        if (!TransactionIdIsNormal(inserter) || !TransactionIdDidCommit(inserter)) continue;
        const TransactionId xid = top_transaction(inserter);
        if (!TransactionIdIsValid(peeked->inserted) || TransactionIdFollows(xid, peeked->inserted))
            peeked->inserted = xid;
    }
    index_endscan(scan);
}

void peek_leaf(Peeked* peeked, KeyedLeaf* leaf, Jsonb* key) {
    ScanKeyData keys[INDEX_MAX_KEYS];
    Relation index = index_open(leaf->key_index.index, AccessShareLock);
    bookkeeping::init_scan_keys(keys, index, leaf->key_index);
    peeked->state = "absent";
    if (bookkeeping::fill_scan_keys(keys, &leaf->key_index, key)) {
        TupleTableSlot* slot = table_slot_create(leaf->relation, nullptr);
        scan_dirty(peeked, leaf->relation, index, keys, leaf->key_index.natts, slot);
        if (std::strcmp(peeked->state, "absent") == 0)
            scan_dead(peeked, leaf->relation, index, keys, leaf->key_index.natts, slot);
        ExecDropSingleTupleTableSlot(slot);
    }
    index_close(index, NoLock);
}

// As the owner of the leaf, whose types and operators the key's values go through.
Peeked peek_row(Relation root, Jsonb* key) {
    Peeked peeked = {};
    KeyedLeaf leaf = open_leaf(root, key, AccessShareLock);
    peeked.state = leaf.locked ? "busy" : "absent";
    if (leaf.relation != nullptr)
        pg::as_owner(leaf.relation->rd_rel->relowner, [&] { peek_leaf(&peeked, &leaf, key); });
    close_leaf(root, leaf);
    return peeked;
}

// Of a recent transaction, so it is at most one epoch behind.
FullTransactionId full_xid(TransactionId xid) {
    const FullTransactionId next = ReadNextFullTransactionId();
    uint32 epoch = EpochFromFullTransactionId(next);
    if (xid > XidFromFullTransactionId(next)) --epoch;
    return FullTransactionIdFromEpochAndXid(epoch, xid);
}

void put_row(ReturnSetInfo* result, int number, const Peeked& peeked) {
    const bool has_row = std::strcmp(peeked.state, "settled") == 0;
    Datum values[] = {Int32GetDatum(number), CStringGetTextDatum(peeked.state),
                      Int64GetDatum(peeked.revision),
                      peeked.status != nullptr ? CStringGetTextDatum(peeked.status) : Datum{0}, Datum{0}};
    bool nulls[] = {false, false, !has_row, !has_row || peeked.status == nullptr, true};
    if (TransactionIdIsValid(peeked.inserted)) {
        values[4] = FullTransactionIdGetDatum(full_xid(peeked.inserted));
        nulls[4] = false;
    }
    tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum peek_rows(FunctionCallInfo fcinfo) {
    Datum* keys = nullptr;
    int count = 0;
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), JSONBOID, -1, false, TYPALIGN_INT, &keys, nullptr, &count);
    Relation root = table_open(PG_GETARG_OID(0), AccessShareLock);
    for (int i = 0; i < count; ++i) {
        CHECK_FOR_INTERRUPTS();
        put_row(reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo), i + 1,
                peek_row(root, DatumGetJsonbP(keys[i])));
    }
    table_close(root, NoLock);
    return Datum{0};
}

}  // namespace

}  // namespace gpsync::migration

// peek_rows(relation regclass, keys jsonb[]) -> setof (n, state, revision, status, inserted)
GPSYNC_FUNCTION(gpsync_peek_rows) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::migration::peek_rows(fcinfo); });
}

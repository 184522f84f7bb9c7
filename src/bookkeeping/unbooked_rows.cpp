// unbooked_rows(): for doctor(), whether a table has rows that nothing is going to deliver. A short look: a
// few megabytes spread over the table. Rows are read as they lie, as the table's owner, and nothing of the
// owner's is called: a visible row's two columns are compared with constants. No lock is waited for.
#include "pg/as_owner.h"
#include "pg/guard.h"
#include "pg/sync_columns.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// All of it raises server errors; REQUIRES that no object with a destructor is alive.

// 8 MB: milliseconds where they are cached, and no long load where they are not.
constexpr BlockNumber kMostBlocks = 1024;
constexpr BlockNumber kWindows = 16;

struct Census {
    AttrNumber status, revision;
    TransactionId settled;  // InvalidTransactionId: nothing is known to be settled
    TimestampTz until;
    int64 unstamped = 0, passed = 0;
};

bool find_columns(Relation relation, Census* census) {
    census->status = get_attnum(RelationGetRelid(relation), pg::kSyncStatusColumn);
    census->revision = get_attnum(RelationGetRelid(relation), pg::kSyncRevisionColumn);
    if (census->status <= 0 || census->revision <= 0) return false;
    const Oid type = TupleDescAttr(RelationGetDescr(relation), census->status - 1)->atttypid;
    return (type == TEXTOID || type == VARCHAROID) &&
           TupleDescAttr(RelationGetDescr(relation), census->revision - 1)->atttypid == INT8OID;
}

bool is_pending(Datum status) {
    text* value = DatumGetTextPP(status);
    return std::string_view(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)) == "PENDING";
}

void count(Census* census, TupleTableSlot* slot) {
    bool no_status = false, no_revision = false;
    const Datum status = slot_getattr(slot, census->status, &no_status);
    const Datum revision = slot_getattr(slot, census->revision, &no_revision);
    if (no_status && (no_revision || DatumGetInt64(revision) == 0)) ++census->unstamped;
    if (no_status || census->settled == InvalidTransactionId || !is_pending(status)) return;
    bool is_null = false;
    const TransactionId writer =
        DatumGetTransactionId(slot_getsysattr(slot, MinTransactionIdAttributeNumber, &is_null));
    if (TransactionIdPrecedes(writer, census->settled)) ++census->passed;
}

void count_blocks(Census* census, Relation relation, BlockNumber start, BlockNumber blocks) {
    TableScanDesc scan = table_beginscan_strat(relation, GetActiveSnapshot(), 0, nullptr, true, false);
    heap_setscanlimits(scan, start, blocks);
    TupleTableSlot* slot = table_slot_create(relation, nullptr);
    while (table_scan_getnextslot(scan, ForwardScanDirection, slot)) {
        CHECK_FOR_INTERRUPTS();
        count(census, slot);
    }
    ExecDropSingleTupleTableSlot(slot);
    table_endscan(scan);
}

void count_some(Census* census, Relation relation) {
    const BlockNumber blocks = RelationGetNumberOfBlocks(relation);
    if (blocks <= kMostBlocks) return count_blocks(census, relation, 0, blocks);
    constexpr BlockNumber size = kMostBlocks / kWindows;
    for (BlockNumber i = 0; i < kWindows && GetCurrentTimestamp() < census->until; ++i)
        count_blocks(census, relation, static_cast<BlockNumber>(uint64{blocks - size} * i / (kWindows - 1)),
                     size);
}

// False where nothing can be said.
bool take_census(Oid relid, Census* census) {
    if (GetCurrentTimestamp() >= census->until || !ConditionalLockRelationOid(relid, AccessShareLock))
        return false;
    bool counted = false;
    if (Relation relation = try_table_open(relid, NoLock)) {
        counted = relation->rd_rel->relkind == RELKIND_RELATION &&
                  relation->rd_rel->relam == HEAP_TABLE_AM_OID && RelationIsPermanent(relation) &&
                  find_columns(relation, census);
        if (counted) pg::as_owner(relation->rd_rel->relowner, [&] { count_some(census, relation); });
        table_close(relation, NoLock);
    }
    UnlockRelationOid(relid, AccessShareLock);
    return counted;
}

Datum unbooked_rows(FunctionCallInfo fcinfo) {
    TupleDesc desc = nullptr;
    if (get_call_result_type(fcinfo, nullptr, &desc) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    Census census = {};
    census.settled = PG_ARGISNULL(1) ? InvalidTransactionId : DatumGetTransactionId(PG_GETARG_DATUM(1));
    census.until = PG_ARGISNULL(2) ? DT_NOEND : PG_GETARG_TIMESTAMPTZ(2);
    const bool known = !PG_ARGISNULL(0) && take_census(PG_GETARG_OID(0), &census);
    Datum values[] = {Int64GetDatum(census.unstamped), Int64GetDatum(census.passed)};
    bool nulls[] = {!known, !known};
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

}  // namespace

}  // namespace gpsync

// unbooked_rows(relation regclass, settled_xid xid, until timestamptz) -> (unstamped bigint, passed bigint)
GPSYNC_FUNCTION(gpsync_unbooked_rows) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::unbooked_rows(fcinfo); });
}

// The rows of one table: find, lock, write. As the table's owner, in a restricted security context.
#include "bookkeeping/bookkeeping.h"

#include <algorithm>

#include "bookkeeping/columns.h"
#include "bookkeeping/key.h"
#include "bookkeeping/owner_triggers.h"
#include "pg/as_owner.h"
#include "pg/compat/executor.h"
#include "pg/sync_columns.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/sysattr.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

namespace {

// All that writing rows of one table needs; lives in estate's memory.
struct Writer {
    Relation relation;
    EState* estate;
    ResultRelInfo* target;
    BookedColumns columns;
    KeyIndex key_index;
    LockTupleMode lock_mode;
    ScanKeyData keys[INDEX_MAX_KEYS];
    SnapshotData dirty;
    IndexScanDesc scan;
    TupleTableSlot *found, *locked, *written;
    bool has_several_owners;  // pg::weakest_owner() knows none for the relation
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

Datum value_from_text(Form_pg_attribute attribute, const char* text) {
    int32 typmod = attribute->atttypmod;
    Oid input = InvalidOid, parameter = InvalidOid;
    getTypeInputInfo(getBaseTypeAndTypmod(attribute->atttypid, &typmod), &input, &parameter);
    return OidInputFunctionCall(input, const_cast<char*>(text), parameter, typmod);
}

// now() as the column's type, by an assignment's rules.
Datum current_time(Form_pg_attribute attribute) {
    const Datum now = TimestampTzGetDatum(GetCurrentTransactionStartTimestamp());
    const Oid type = getBaseType(attribute->atttypid);
    if (type == TIMESTAMPTZOID) return now;
    if (type == TIMESTAMPOID) return DirectFunctionCall1(timestamptz_timestamp, now);
    return value_from_text(attribute, DatumGetCString(DirectFunctionCall1(timestamptz_out, now)));
}

void init_columns(BookedColumns* columns, Relation relation) {
    columns->status = column_named(relation, pg::kSyncStatusColumn);
    columns->timestamp = column_named(relation, pg::kSyncTimeColumn);
    columns->revision = column_named(relation, pg::kSyncRevisionColumn);
    TupleDesc desc = RelationGetDescr(relation);
    Form_pg_attribute status = TupleDescAttr(desc, columns->status - 1);
    columns->status_by_value = status->attbyval;
    columns->status_length = status->attlen;
    columns->pending = value_from_text(status, "PENDING");
    columns->completed = value_from_text(status, "COMPLETED");
    columns->failed = value_from_text(status, "FAILED");
    columns->now = current_time(TupleDescAttr(desc, columns->timestamp - 1));
    if (TupleDescAttr(desc, columns->revision - 1)->atttypid != INT8OID)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("column \"sync_revision\" of table \"%s\" must be of type bigint",
                               RelationGetRelationName(relation))));
}

// The range table entry says which columns are written: triggers OF a column and generated columns ask.
void init_estate(Writer* writer) {
    auto entry = makeNode(RangeTblEntry);
    entry->rtekind = RTE_RELATION;
    entry->relid = RelationGetRelid(writer->relation);
    entry->relkind = writer->relation->rd_rel->relkind;
    entry->rellockmode = RowExclusiveLock;
    Bitmapset* updated = nullptr;
    for (AttrNumber attnum : {writer->columns.status, writer->columns.timestamp})
        updated = bms_add_member(updated, attnum - FirstLowInvalidHeapAttributeNumber);
    pg::compat::init_range_table(writer->estate, entry, updated);
    writer->estate->es_output_cid = GetCurrentCommandId(true);
    writer->target = makeNode(ResultRelInfo);
    InitResultRelInfo(writer->target, writer->relation, 1, nullptr, 0);
    writer->estate->es_opened_result_relations = lappend(NIL, writer->target);
}

Relation open_key_index(Writer* writer) {
    for (int i = 0; i < writer->target->ri_NumIndices; ++i) {
        Relation index = writer->target->ri_IndexRelationDescs[i];
        if (RelationGetRelid(index) == writer->key_index.index) return index;
    }
    elog(ERROR, "index %u of table \"%s\" is not open", writer->key_index.index,
         RelationGetRelationName(writer->relation));
}

void begin_scan(Writer* writer) {
    // Everything there is, also what other transactions are about to write or delete; it says so for each
    // row.
    InitDirtySnapshot(writer->dirty);
    if (writer->key_index.natts > 0) {
        Relation index = open_key_index(writer);
        init_scan_keys(writer->keys, index, writer->key_index);
        writer->scan =
            pg::compat::begin_index_scan(writer->relation, index, &writer->dirty, writer->key_index.natts);
    }
    writer->found = table_slot_create(writer->relation, &writer->estate->es_tupleTable);
    writer->locked = table_slot_create(writer->relation, &writer->estate->es_tupleTable);
    writer->written =
        ExecInitExtraTupleSlot(writer->estate, RelationGetDescr(writer->relation), &TTSOpsVirtual);
}

bool has_revision(const Writer& writer, TupleTableSlot* slot, int64 revision) {
    bool is_null = false;
    const Datum value = slot_getattr(slot, writer.columns.revision, &is_null);
    return !is_null && DatumGetInt64(value) == revision;
}

// The same for a place that locate_rows() found: the row may have changed since.
Outcome look_up_place(Writer* writer, const Mark& mark) {
    if (mark.outcome != Outcome::kMarked) return mark.outcome;
    ItemPointerData place = mark.place;
    if (!table_tuple_fetch_row_version(writer->relation, &place, &writer->dirty, writer->found) ||
        !has_revision(*writer, writer->found, mark.revision) || TransactionIdIsValid(writer->dirty.xmin) ||
        TransactionIdIsValid(writer->dirty.xmax))
        return Outcome::kDeferred;
    return is_pending(writer->columns, writer->found) ? Outcome::kMarked : Outcome::kSuperseded;
}

// kMarked: writer.found holds the version to mark, and nobody is changing it.
Outcome look_up(Writer* writer, const Mark& mark) {
    if (writer->scan == nullptr) return look_up_place(writer, mark);
    bool busy = false;
    index_rescan(writer->scan, writer->keys, writer->key_index.natts, nullptr, 0);
    while (index_getnext_slot(writer->scan, ForwardScanDirection, writer->found)) {
        if (!has_revision(*writer, writer->found, mark.revision)) continue;
        // A commit is in the WAL, and so at the endpoint, before other sessions see it.
        if (TransactionIdIsValid(writer->dirty.xmin)) {
            busy = true;
        } else if (!is_pending(writer->columns, writer->found)) {
            return Outcome::kSuperseded;
        } else if (TransactionIdIsValid(writer->dirty.xmax)) {
            busy = true;
        } else {
            return Outcome::kMarked;
        }
    }
    return busy ? Outcome::kDeferred : Outcome::kSuperseded;
}

TM_Result lock_found(Writer* writer) {
    TM_FailureData failure;
    return table_tuple_lock(writer->relation, &writer->found->tts_tid, GetActiveSnapshot(), writer->locked,
                            writer->estate->es_output_cid, writer->lock_mode, LockWaitSkip, 0, &failure);
}

void write_mark(Writer* writer, const Mark& mark) {
    const BookedColumns& columns = writer->columns;
    TupleTableSlot* from = writer->locked;
    TupleTableSlot* to = writer->written;
    slot_getallattrs(from);
    ExecClearTuple(to);
    const size_t natts = RelationGetNumberOfAttributes(writer->relation);
    std::memcpy(to->tts_values, from->tts_values, natts * sizeof(Datum));
    std::memcpy(to->tts_isnull, from->tts_isnull, natts * sizeof(bool));
    to->tts_values[columns.status - 1] = mark.failed ? columns.failed : columns.completed;
    to->tts_values[columns.timestamp - 1] = columns.now;
    to->tts_isnull[columns.status - 1] = to->tts_isnull[columns.timestamp - 1] = false;
    ExecStoreVirtualTuple(to);
    // No BEFORE trigger is left that could ask for the EvalPlanQual state.
    ExecSimpleRelationUpdate(writer->target, writer->estate, nullptr, from, to);
    ExecClearTuple(to);
}

bool read_key(Writer* writer, const Mark& mark) {
    ResetPerTupleExprContext(writer->estate);
    MemoryContext context = MemoryContextSwitchTo(GetPerTupleMemoryContext(writer->estate));
    const bool complete = fill_scan_keys(writer->keys, &writer->key_index, mark.key);
    MemoryContextSwitchTo(context);
    return complete;
}

Outcome mark_row(Writer* writer, const Mark& mark) {
    if (writer->scan != nullptr && !read_key(writer, mark)) return Outcome::kSuperseded;
    // Between look-up and lock the row can be changed by a commit; it is looked up again then.
    for (int attempt = 0; attempt < 3; ++attempt) {
        const Outcome seen = look_up(writer, mark);
        if (seen != Outcome::kMarked) return seen;
        const TM_Result locked = lock_found(writer);
        if (locked == TM_WouldBlock) return Outcome::kDeferred;
        if (locked == TM_Ok) {
            write_mark(writer, mark);
            return Outcome::kMarked;
        }
    }
    return Outcome::kDeferred;
}

void mark_all(Writer* writer, Marks marks) {
    for (Mark* mark : marks) {
        CHECK_FOR_INTERRUPTS();
        mark->outcome = mark_row(writer, *mark);
        if (writer->scan != nullptr) mark->error = nullptr;
        ExecClearTuple(writer->found);
        ExecClearTuple(writer->locked);
    }
}

// By an index, else by reading the table. False: there is nothing to write.
bool find_rows(Writer* writer, Marks marks) {
    const Mark& first = *marks.front();
    if (is_by_oid(first)) {
        auto event_key = static_cast<EventKey*>(palloc(sizeof(EventKey)));
        read_event_key(event_key, first.key_columns);
        find_event_index(&writer->key_index, writer->relation, *event_key);
    } else {
        find_key_index(&writer->key_index, writer->relation, first.key);
    }
    if (writer->key_index.natts > 0) return true;
    if (is_by_oid(first)) {
        locate_rows(writer->relation, writer->columns, marks);
        return std::any_of(marks.begin(), marks.end(),
                           [](const Mark* mark) { return mark->outcome == Outcome::kMarked; });
    }
    warn_once(RelationGetRelationName(writer->relation), "has no unique index on the key of its events");
    set_outcome(marks, Outcome::kSuperseded);
    return false;
}

void run_writer(Writer* writer, Marks marks) {
    init_columns(&writer->columns, writer->relation);
    if (!find_rows(writer, marks)) return;
    init_estate(writer);
    const bool fires_triggers = keep_replica_triggers(writer->target);
    if (writer->has_several_owners) refuse_triggers_of_parents(*writer->target);
    ExecOpenIndices(writer->target, false);
    writer->lock_mode = ExecUpdateLockMode(writer->estate, writer->target);
    begin_scan(writer);

    AfterTriggerBeginQuery();
    mark_all(writer, marks);
    if (writer->scan != nullptr) index_endscan(writer->scan);
    ExecCloseIndices(writer->target);
    if (fires_triggers)
        fire_owner_triggers(writer->estate);
    else
        AfterTriggerEndQuery(writer->estate);
    ExecResetTupleTable(writer->estate->es_tupleTable, false);
}

void mark_as_owner(Relation relation, Marks marks, bool has_several_owners) {
    EState* estate = CreateExecutorState();
    MemoryContext context = MemoryContextSwitchTo(estate->es_query_cxt);
    auto writer = static_cast<Writer*>(palloc0(sizeof(Writer)));
    writer->relation = relation;
    writer->estate = estate;
    writer->has_several_owners = has_several_owners;
    run_writer(writer, marks);
    MemoryContextSwitchTo(context);
    FreeExecutorState(estate);
    CommandCounterIncrement();
}

// An index can be locked while its table is not.
bool lock_indexes(Relation relation) {
    ListCell* cell = nullptr;
    List* indexes = RelationGetIndexList(relation);
    foreach (cell, indexes) {
        if (!ConditionalLockRelationOid(lfirst_oid(cell), RowExclusiveLock)) return false;
    }
    list_free(indexes);
    return true;
}

bool may_fire_triggers(Relation relation) {
    return relation->trigdesc != nullptr && relation->trigdesc->trig_update_after_row;
}

}  // namespace

void mark_rows(Relation relation, Marks marks) {
    if (!lock_indexes(relation)) {
        set_outcome(marks, Outcome::kDeferred);
        return;
    }
    if (may_fire_triggers(relation)) fire_deferred_triggers_now();

    // After an error the end of the subtransaction puts identity and settings back.
    const Oid weakest = pg::weakest_owner(RelationGetRelid(relation));
    pg::as_owner(OidIsValid(weakest) ? weakest : relation->rd_rel->relowner, [&] {
        // Where no index leads to the rows the table is read: a page counts as a row.
        enter_owner_code(marks.size() +
                         (is_by_oid(*marks.front()) ? RelationGetNumberOfBlocks(relation) : 0));
        mark_as_owner(relation, marks, !OidIsValid(weakest));
        leave_owner_code();
    });
}

}  // namespace gpsync::bookkeeping

// The triggers of a tracked table (gpsync.track_batches()): AFTER, each statement, with transition tables, so
// that they see rows as they were written, through partitions, COPY, MERGE, ON CONFLICT and cascades. Without
// a batch they do nothing. With one they write what the statement changed into the table's shadow.
//
// Rows go there as they are, with the server's access methods: no cast, constraint or trigger of a user's
// runs, and who writes the table needs no right on the shadow.
#include "batch/batch_name.h"
#include "batch/shadow.h"
#include "pg/attachment.h"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
GPSYNC_SERVER_HEADERS_END

// REQUIRES (all of this file): nothing with a destructor alive where the server is called.
namespace gpsync::batch {

namespace {

constexpr int kMostSlots = 500;
// Rows that wait to be written together.
constexpr Size kMostBytes = 256 * 1024;

const TriggerData& called_as_trigger(FunctionCallInfo fcinfo) {
    if (CALLED_AS_TRIGGER(fcinfo)) {
        const auto& data = *reinterpret_cast<const TriggerData*>(fcinfo->context);
        if (TRIGGER_FIRED_FOR_STATEMENT(data.tg_event)) return data;
    }
    throw pg::Error(pg::Sqlstate::kTriggerProtocol,
                    "gpsync_internal.capture_batch() can only be called as the trigger it is made for")
        .hint("gpsync.track_batches() creates the triggers.");
}

[[noreturn]] void refuse_truncate(Relation relation, const char* batch) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("TRUNCATE of table \"%s\" cannot be part of batch \"%s\"",
                           RelationGetRelationName(relation), batch),
                    errdetail("It could not be taken back: it keeps no before-images."),
                    errhint("DELETE the rows, or RESET gpsync.batch first."), errtable(relation)));
    pg_unreachable();
}

[[noreturn]] void raise_no_shadow(Relation relation) {
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("table \"%s\" has the triggers of gpsync.track_batches(), and is not tracked",
                    RelationGetRelationName(relation)),
             errdetail("A restored dump brings the triggers, and no table for before-images."),
             errhint("Call gpsync.track_batches() or gpsync.untrack_batches(); or RESET gpsync.batch."),
             errtable(relation)));
    pg_unreachable();
}

// A transition table, read from its beginning.
struct Rows {
    Tuplestorestate* store;
    int pointer;
    TupleTableSlot* slot;
};

Rows read_rows(Tuplestorestate* store, Relation relation) {
    if (store == nullptr) elog(ERROR, "trigger \"gpsync_batch\" without its transition table");
    const Rows rows = {store, tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND),
                       MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple)};
    tuplestore_select_read_pointer(store, rows.pointer);
    tuplestore_rescan(store);
    return rows;
}

bool next_row(const Rows& rows) {
    tuplestore_select_read_pointer(rows.store, rows.pointer);
    if (!tuplestore_gettupleslot(rows.store, true, false, rows.slot)) return false;
    slot_getallattrs(rows.slot);
    return true;
}

// Writes into the shadow, many rows at a time.
struct Writer {
    Relation shadow;
    ShadowMap map;
    Datum batch;
    TimestampTz at;
    MemoryContext context;  // of what waits
    TupleTableSlot* slots[kMostSlots];
    int made, waiting;
    Size bytes;
};

void flush(Writer* writer) {
    if (writer->waiting == 0) return;
    MemoryContext before = MemoryContextSwitchTo(writer->context);
    // Logical decoding, by whatever plugin, does not see a shadow.
    table_multi_insert(writer->shadow, writer->slots, writer->waiting, GetCurrentCommandId(true),
                       HEAP_INSERT_NO_LOGICAL, nullptr);
    MemoryContextSwitchTo(before);
    for (int i = 0; i < writer->waiting; ++i) ExecClearTuple(writer->slots[i]);
    MemoryContextReset(writer->context);
    writer->waiting = 0;
    writer->bytes = 0;
}

TupleTableSlot* free_slot(Writer* writer) {
    if (writer->waiting == kMostSlots || writer->bytes > kMostBytes) flush(writer);
    if (writer->waiting == writer->made)
        writer->slots[writer->made++] = table_slot_create(writer->shadow, nullptr);
    return writer->slots[writer->waiting++];
}

Datum value_of(TupleTableSlot* row, AttrNumber attnum, bool* is_null) {
    *is_null = row == nullptr || attnum == 0 || row->tts_isnull[attnum - 1];
    return *is_null ? Datum{0} : row->tts_values[attnum - 1];
}

// before, after: null where the row is not there. has_new_key: the row's key is another one after the change.
void add_row(Writer* writer, char operation, TupleTableSlot* before, TupleTableSlot* after,
             bool has_new_key) {
    TupleTableSlot* slot = free_slot(writer);
    const ShadowMap& map = writer->map;
    Datum* values = slot->tts_values;
    bool* nulls = slot->tts_isnull;
    nulls[kBatch] = nulls[kAt] = nulls[kOperation] = false;
    values[kBatch] = writer->batch;
    values[kAt] = TimestampTzGetDatum(writer->at);
    values[kOperation] = CharGetDatum(operation);
    values[kOldRevision] = value_of(before, map.revision, &nulls[kOldRevision]);
    values[kNewRevision] = value_of(after, map.revision, &nulls[kNewRevision]);
    for (int i = kShadowColumns; i < map.count; ++i) {
        TupleTableSlot* row = map.is_new_key[i] ? (has_new_key ? after : nullptr) : before;
        values[i] = value_of(row, map.source[i], &nulls[i]);
    }
    ExecStoreVirtualTuple(slot);
    ExecMaterializeSlot(slot);
    writer->bytes += reinterpret_cast<HeapTupleTableSlot*>(slot)->tuple->t_len;
}

bool key_differs(const ShadowMap& map, TupleTableSlot* before, TupleTableSlot* after) {
    for (int i = kShadowColumns; i < map.count; ++i) {
        if (!map.is_new_key[i]) continue;
        const int column = map.source[i] - 1;
        const FormData_pg_attribute* attribute = TupleDescAttr(before->tts_tupleDescriptor, column);
        if (!datum_image_eq(before->tts_values[column], after->tts_values[column], attribute->attbyval,
                            attribute->attlen))
            return true;
    }
    return false;
}

// The server adds a row's old and new version to the two tables at the same time, so they are in the same
// order.
void capture_updates(Writer* writer, const TriggerData& data) {
    const Rows before = read_rows(data.tg_oldtable, data.tg_relation);
    const Rows after = read_rows(data.tg_newtable, data.tg_relation);
    while (next_row(before)) {
        if (!next_row(after)) elog(ERROR, "transition tables of different lengths");
        add_row(writer, 'u', before.slot, after.slot, key_differs(writer->map, before.slot, after.slot));
    }
    ExecDropSingleTupleTableSlot(before.slot);
    ExecDropSingleTupleTableSlot(after.slot);
}

void capture_rows(Writer* writer, const TriggerData& data, bool inserted) {
    const Rows rows = read_rows(inserted ? data.tg_newtable : data.tg_oldtable, data.tg_relation);
    while (next_row(rows)) {
        if (inserted)
            add_row(writer, 'i', nullptr, rows.slot, true);
        else
            add_row(writer, 'd', rows.slot, nullptr, false);
    }
    ExecDropSingleTupleTableSlot(rows.slot);
}

void capture_into(Relation shadow, Oid root, const TriggerData& data, const char* batch) {
    auto* writer = static_cast<Writer*>(palloc0(sizeof(Writer)));
    writer->shadow = shadow;
    writer->map = map_shadow(shadow, data.tg_relation, root);
    writer->batch = CStringGetTextDatum(batch);
    writer->at = GetCurrentTransactionStartTimestamp();
    writer->context = AllocSetContextCreate(CurrentMemoryContext, "gpsync batch", ALLOCSET_DEFAULT_SIZES);
    if (TRIGGER_FIRED_BY_UPDATE(data.tg_event))
        capture_updates(writer, data);
    else
        capture_rows(writer, data, TRIGGER_FIRED_BY_INSERT(data.tg_event));
    flush(writer);
    for (int i = 0; i < writer->made; ++i) ExecDropSingleTupleTableSlot(writer->slots[i]);
    MemoryContextDelete(writer->context);
}

bool changed_nothing(const TriggerData& data) {
    Tuplestorestate* rows = TRIGGER_FIRED_BY_INSERT(data.tg_event) ? data.tg_newtable : data.tg_oldtable;
    return rows != nullptr && tuplestore_tuple_count(rows) == 0;
}

void capture(const TriggerData& data) {
    const char* batch = current_batch();
    if (batch == nullptr) return;
    if (TRIGGER_FIRED_BY_TRUNCATE(data.tg_event)) refuse_truncate(data.tg_relation, batch);
    if (changed_nothing(data)) return;
    const Oid root = pg::attached_root(RelationGetRelid(data.tg_relation));
    const Oid shadow_oid = OidIsValid(root) ? current_shadow(root) : InvalidOid;
    Relation shadow =
        OidIsValid(shadow_oid) ? try_relation_open(shadow_oid, RowExclusiveLock) : Relation{nullptr};
    if (shadow == nullptr) raise_no_shadow(data.tg_relation);
    capture_into(shadow, root, data, batch);
    relation_close(shadow, NoLock);
}

}  // namespace

}  // namespace gpsync::batch

// capture_batch() -> trigger
GPSYNC_FUNCTION(gpsync_capture_batch) {
    return gpsync::pg::guarded([&]() -> Datum {
        const TriggerData& data = gpsync::batch::called_as_trigger(fcinfo);
        gpsync::pg::server_call([&] { gpsync::batch::capture(data); });
        return PointerGetDatum(nullptr);
    });
}

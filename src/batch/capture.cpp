// The triggers of a tracked table (gpsync.track_batches()): AFTER, each statement, with transition tables, so
// that they see rows as they were written, through partitions, COPY, MERGE, ON CONFLICT and cascades. Without
// a batch, INSERT and DELETE do nothing. With one they write what the statement changed into the table's
// shadow.
//
// An UPDATE that leaves a row's content as it is (the row is sent again, or an application writes what is
// there already) gives it a new revision nonetheless. With or without a batch such a row is a link in the
// shadow: the row with the new revision is the row with the old one, so for a batch it counts as not changed
// (extension/parts/batch_queries.sql).
//
// Rows go there as they are, with the server's access methods: no cast, constraint or trigger of a user's
// runs, and who writes the table needs no right on the shadow.
#include <algorithm>

#include "batch/batch_name.h"
#include "batch/shadow.h"
#include "pg/attachment.h"
#include "pg/guard.h"
#include "pg/sync_columns.h"
#include "trigger/row_stamp.h"

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
    Datum batch;  // 0: none
    Datum no_batch;
    int64 first_revision;  // rows with earlier ones have not been changed by a batch
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

bool is_key_column(const ShadowMap& map, AttrNumber source) {
    for (int i = kShadowColumns; i < map.count; ++i)
        if (map.is_new_key[i] && map.source[i] == source) return true;
    return false;
}

bool is_of_batches(Writer* writer, TupleTableSlot* before) {
    bool is_null = false;
    const Datum revision = value_of(before, writer->map.revision, &is_null);
    return !is_null && DatumGetInt64(revision) >= writer->first_revision;
}

// What gpsync writes is no content, and generated columns follow the others.
bool* content_columns(TupleDesc columns) {
    auto* counts = static_cast<bool*>(palloc0(sizeof(bool) * columns->natts));
    for (int i = 0; i < columns->natts; ++i) {
        const FormData_pg_attribute* column = TupleDescAttr(columns, i);
        counts[i] = !column->attisdropped && column->attgenerated == '\0' &&
                    !pg::is_sync_column(NameStr(column->attname)) && !is_stamped_time(column);
    }
    return counts;
}

// An UPDATE that does not set a TOASTed value leaves its pointer as it is: it need not be fetched.
bool same_pointer(Datum one, Datum other) {
    const auto *a = reinterpret_cast<const varlena*>(DatumGetPointer(one)),
               *b = reinterpret_cast<const varlena*>(DatumGetPointer(other));
    return VARATT_IS_EXTERNAL_ONDISK(a) && VARATT_IS_EXTERNAL_ONDISK(b) &&
           std::memcmp(a, b, VARSIZE_EXTERNAL(a)) == 0;
}

bool same_value(const FormData_pg_attribute* column, Datum one, Datum other) {
    if (column->attlen == -1 && same_pointer(one, other)) return true;
    return datum_image_eq(one, other, column->attbyval, column->attlen);
}

bool same_content(TupleTableSlot* before, TupleTableSlot* after, const bool* counts) {
    const TupleDesc columns = before->tts_tupleDescriptor;
    for (int i = 0; i < columns->natts; ++i) {
        if (!counts[i]) continue;
        if (before->tts_isnull[i] != after->tts_isnull[i]) return false;
        if (!before->tts_isnull[i] &&
            !same_value(TupleDescAttr(columns, i), before->tts_values[i], after->tts_values[i]))
            return false;
    }
    return true;
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

// The row before has the key; nothing else of it is kept.
void add_link(Writer* writer, TupleTableSlot* before, TupleTableSlot* after) {
    TupleTableSlot* slot = free_slot(writer);
    const ShadowMap& map = writer->map;
    std::fill_n(slot->tts_isnull, map.count, true);
    const auto set = [slot](int column, Datum value) {
        slot->tts_values[column] = value;
        slot->tts_isnull[column] = false;
    };
    set(kBatch, writer->no_batch);
    set(kAt, TimestampTzGetDatum(writer->at));
    set(kOperation, CharGetDatum('s'));
    slot->tts_values[kOldRevision] = value_of(before, map.revision, &slot->tts_isnull[kOldRevision]);
    slot->tts_values[kNewRevision] = value_of(after, map.revision, &slot->tts_isnull[kNewRevision]);
    for (int i = kShadowColumns; i < map.count; ++i)
        if (!map.is_new_key[i] && is_key_column(map, map.source[i]))
            slot->tts_values[i] = value_of(before, map.source[i], &slot->tts_isnull[i]);
    ExecStoreVirtualTuple(slot);
    ExecMaterializeSlot(slot);
    writer->bytes += reinterpret_cast<HeapTupleTableSlot*>(slot)->tuple->t_len;
}

// The server adds a row's old and new version to the two tables at the same time, so they are in the same
// order.
struct Updates {
    Rows before, after;
    bool* counts;  // columns that are content

    Updates(const TriggerData& data)
        : before(read_rows(data.tg_oldtable, data.tg_relation)),
          after(read_rows(data.tg_newtable, data.tg_relation)),
          counts(content_columns(RelationGetDescr(data.tg_relation))) {}

    [[nodiscard]] bool next() const {
        if (!next_row(before)) return false;
        if (!next_row(after)) elog(ERROR, "transition tables of different lengths");
        return true;
    }

    [[nodiscard]] bool content_is_same() const { return same_content(before.slot, after.slot, counts); }

    void close() const {
        ExecDropSingleTupleTableSlot(before.slot);
        ExecDropSingleTupleTableSlot(after.slot);
    }
};

// Without a batch, only what leaves a row as it is.
void capture_updates(Writer* writer, const TriggerData& data) {
    const Updates rows(data);
    while (rows.next()) {
        TupleTableSlot *before = rows.before.slot, *after = rows.after.slot;
        const bool may_be_link = is_of_batches(writer, before);
        if (writer->batch == 0 && !may_be_link) continue;
        if (rows.content_is_same()) {
            if (may_be_link) add_link(writer, before, after);
        } else if (writer->batch != 0) {
            add_row(writer, 'u', before, after, key_differs(writer->map, before, after));
        }
    }
    rows.close();
}

bool leaves_a_row_as_it_is(const TriggerData& data) {
    const Updates rows(data);
    bool found = false;
    while (!found && rows.next()) found = rows.content_is_same();
    rows.close();
    return found;
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

void capture_into(Relation shadow, const ShadowMap& map, int64 first_revision, const TriggerData& data,
                  const char* batch) {
    auto* writer = static_cast<Writer*>(palloc0(sizeof(Writer)));
    writer->shadow = shadow;
    writer->map = map;
    writer->first_revision = first_revision;
    writer->no_batch = CStringGetTextDatum("");
    if (batch != nullptr) writer->batch = CStringGetTextDatum(batch);
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

// Writes of others must not fail where the shadow cannot take them: what is missing is a link, and the row
// counts as changed.
void capture_links(const TriggerData& data) {
    if (!TRIGGER_FIRED_BY_UPDATE(data.tg_event) || changed_nothing(data) || !leaves_a_row_as_it_is(data))
        return;
    const Oid root = pg::attached_root(RelationGetRelid(data.tg_relation));
    if (!OidIsValid(root)) return;
    const ShadowOf of = current_shadow(root);
    Relation shadow = OidIsValid(of.oid) ? try_relation_open(of.oid, RowExclusiveLock) : Relation{nullptr};
    if (shadow == nullptr) return;
    ShadowMap map;
    if (map_shadow_for_links(&map, shadow, data.tg_relation, root))
        capture_into(shadow, map, of.first_revision, data, nullptr);
    relation_close(shadow, NoLock);
}

void capture(const TriggerData& data) {
    const char* batch = current_batch();
    if (batch == nullptr) {
        if (!is_in_no_batch()) capture_links(data);
        return;
    }
    if (TRIGGER_FIRED_BY_TRUNCATE(data.tg_event)) refuse_truncate(data.tg_relation, batch);
    if (changed_nothing(data)) return;
    const Oid root = pg::attached_root(RelationGetRelid(data.tg_relation));
    const ShadowOf of = OidIsValid(root) ? current_shadow(root) : ShadowOf{};
    Relation shadow = OidIsValid(of.oid) ? try_relation_open(of.oid, RowExclusiveLock) : Relation{nullptr};
    if (shadow == nullptr) raise_no_shadow(data.tg_relation);
    capture_into(shadow, map_shadow(shadow, data.tg_relation, root), of.first_revision, data, batch);
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

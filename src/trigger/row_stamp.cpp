#include "trigger/row_stamp.h"

#include <unordered_map>

#include "pg/attachment.h"
#include "pg/sync_columns.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/tupmacs.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "pgtime.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using Layouts = std::unordered_map<Oid, StampLayout>;

Layouts& layouts() {
    static Layouts the_layouts;
    return the_layouts;
}

[[noreturn]] void refuse_column(Relation relation, const char* column, const char* type) {
    throw pg::Error(pg::Sqlstate::kUndefinedColumn, std::string("table \"") +
                                                        RelationGetRelationName(relation) +
                                                        "\" has no column \"" + column + "\" of type " + type)
        .detail("The table is attached to gpsync, which writes this column.")
        .hint("Call gpsync.detach() and then gpsync.attach() again.");
}

AttrNumber find_column(TupleDesc descriptor, const char* name) {
    for (int i = 0; i < descriptor->natts; ++i) {
        Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
        if (!attribute->attisdropped && std::strcmp(NameStr(attribute->attname), name) == 0)
            return attribute->attnum;
    }
    return 0;
}

void lay_out_last_updated(StampLayout& layout, TupleDesc descriptor) {
    AttrNumber attnum = find_column(descriptor, "last_updated");
    layout.attnum[kLastUpdated] = 0;
    if (attnum == 0) return;
    Form_pg_attribute attribute = TupleDescAttr(descriptor, attnum - 1);
    if (!is_stamped_time(attribute)) return;
    layout.attnum[kLastUpdated] = attnum;
    layout.last_updated_has_zone = attribute->atttypid == TIMESTAMPTZOID;
    layout.last_updated_typmod = attribute->atttypmod;
}

void lay_out_shapes(StampLayout& layout, TupleDesc descriptor) {
    layout.shapes.clear();
    int last = 0;
    for (AttrNumber attnum : layout.attnum) last = std::max<int>(last, attnum);
    for (int i = 0; i < last; ++i) {
        Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
        layout.shapes.push_back({attribute->attlen, attribute->attalign, kNoStampColumn});
    }
    for (int column = 0; column < kStampColumns; ++column)
        if (layout.attnum[column] != 0)
            layout.shapes[static_cast<size_t>(layout.attnum[column] - 1)].column =
                static_cast<StampColumn>(column);
}

void build(StampLayout& layout, Relation relation) {
    TupleDesc descriptor = RelationGetDescr(relation);
    AttrNumber status = find_column(descriptor, pg::kSyncStatusColumn);
    AttrNumber revision = find_column(descriptor, pg::kSyncRevisionColumn);
    auto type_of = [&](AttrNumber attnum) { return TupleDescAttr(descriptor, attnum - 1)->atttypid; };
    if (status == 0 || (type_of(status) != VARCHAROID && type_of(status) != TEXTOID))
        refuse_column(relation, pg::kSyncStatusColumn, "character varying");
    if (revision == 0 || type_of(revision) != INT8OID)
        refuse_column(relation, pg::kSyncRevisionColumn, "bigint");
    layout.attnum[kSyncStatus] = status;
    layout.attnum[kSyncRevision] = revision;
    lay_out_last_updated(layout, descriptor);
    lay_out_shapes(layout, descriptor);
    layout.watches_moves = pg::has_trigger(relation, pg::kNoteDeleteTrigger);
    if (layout.watches_moves) pg::server_call([&] { layout.state_column = pg::state_column(relation); });
    layout.relation = RelationGetRelid(relation);
    ++layout.version;
}

// The layout is built again at the next row. InvalidOid: every one. Touches no catalog.
void relation_changed(Datum, Oid relation) {
    if (OidIsValid(relation)) {
        auto known = layouts().find(relation);
        if (known != layouts().end()) known->second.valid = false;
    } else {
        for (auto& [oid, layout] : layouts()) layout.valid = false;
    }
}

// Where the columns of a stamp are in a tuple; nullptr where they are NULL. REQUIRES: the tuple has at least
// layout.shapes.size() attributes.
struct StampPlaces {
    char* place[kStampColumns] = {};

    StampPlaces(const StampLayout& layout, HeapTuple tuple) {
        HeapTupleHeader header = tuple->t_data;
        char* data = reinterpret_cast<char*>(header) + header->t_hoff;
        const bits8* present = HeapTupleHasNulls(tuple) ? header->t_bits : nullptr;
        uint32_t offset = 0;
        for (size_t i = 0; i < layout.shapes.size(); ++i) {
            if (present != nullptr && att_isnull(static_cast<int>(i), present)) continue;
            const AttributeShape shape = layout.shapes[i];
            offset = att_align_pointer(offset, shape.alignment, shape.length, data + offset);
            if (shape.column != kNoStampColumn) place[shape.column] = data + offset;
            offset = att_addlength_pointer(offset, shape.length, data + offset);
        }
    }
};

bool has_all_attributes(const StampLayout& layout, HeapTuple tuple) {
    return HeapTupleHeaderGetNatts(tuple->t_data) >= layout.shapes.size();
}

// The trigger's slot and the tuple are the same memory, and it belongs to the slot: not a page, nobody else's
// copy.
bool slot_owns(TupleTableSlot* slot, HeapTuple tuple) {
    return slot != nullptr && (TTS_IS_BUFFERTUPLE(slot) || TTS_IS_HEAPTUPLE(slot)) && TTS_SHOULDFREE(slot) &&
           reinterpret_cast<HeapTupleTableSlot*>(slot)->tuple == tuple;
}

bool says_pending(const char* value) {
    constexpr size_t length = sizeof kPending - 1;
    return VARATT_IS_1B(value) && !VARATT_IS_1B_E(value) && VARSIZE_1B(value) == length + VARHDRSZ_SHORT &&
           std::memcmp(VARDATA_1B(value), kPending, length) == 0;
}

// A fixed-width value where it lies, and in the slot where that has taken the tuple apart already.
void overwrite(TupleTableSlot* slot, AttrNumber attnum, char* place, Datum value) {
    std::memcpy(place, &value, sizeof value);
    if (slot->tts_nvalid >= attnum) slot->tts_values[attnum - 1] = value;
}

bool stamp_in_place(const StampLayout& layout, HeapTuple tuple, TupleTableSlot* slot, int64_t revision) {
    static_assert(sizeof(Datum) == 8 && FLOAT8PASSBYVAL, "bigint and timestamp are Datums as they are");
    if (!slot_owns(slot, tuple) || !has_all_attributes(layout, tuple)) return false;
    const StampPlaces found(layout, tuple);
    const char* status = found.place[kSyncStatus];
    if (status == nullptr || !says_pending(status) || found.place[kSyncRevision] == nullptr) return false;
    if (layout.attnum[kLastUpdated] != 0) {
        if (found.place[kLastUpdated] == nullptr) return false;
        overwrite(slot, layout.attnum[kLastUpdated], found.place[kLastUpdated],
                  stamp_time(layout.last_updated_has_zone, layout.last_updated_typmod));
    }
    overwrite(slot, layout.attnum[kSyncRevision], found.place[kSyncRevision], Int64GetDatum(revision));
    return true;
}

// PENDING as a varlena with a short header.
Datum pending_datum() {
    struct Value {
        alignas(8) char bytes[VARHDRSZ_SHORT + sizeof kPending - 1];
        Value() {
            SET_VARSIZE_1B(bytes, sizeof bytes);
            std::memcpy(VARDATA_1B(bytes), kPending, sizeof kPending - 1);
        }
    };
    static const Value value;
    return PointerGetDatum(value.bytes);
}

// Rows come many of one relation behind each other. Layouts are never taken out of the map, nor moved in it.
StampLayout& layout_of(Oid relation) {
    static Oid last = InvalidOid;
    static StampLayout* layout = nullptr;
    if (layout == nullptr || relation != last) [[unlikely]] {
        layout = &layouts()[relation];
        last = relation;
    }
    return *layout;
}

}  // namespace

bool is_stamped_time(const FormData_pg_attribute* column) noexcept {
    return std::strcmp(NameStr(column->attname), "last_updated") == 0 && column->attgenerated == '\0' &&
           (column->atttypid == TIMESTAMPOID || column->atttypid == TIMESTAMPTZOID);
}

StampLayout& stamp_layout(Relation relation) {
    StampLayout& layout = layout_of(RelationGetRelid(relation));
    if (!layout.valid) {
        // Set first: an invalidation that comes while the layout is built makes it invalid again.
        layout.valid = true;
        try {
            build(layout, relation);
        } catch (...) {
            layout.valid = false;
            throw;
        }
    }
    return layout;
}

void register_stamp_layouts() {
    CacheRegisterRelcacheCallback(relation_changed, 0);
}

int64_t revision_after(int64_t previous) {
    // Records begin at multiples of 8.
    constexpr int64_t step = MAXIMUM_ALIGNOF;
    auto position = static_cast<int64_t>(GetXLogInsertRecPtr());
    return position > previous || previous > INT64_MAX - step ? position : previous / step * step + step;
}

// The conversion to local time is the same for all rows of a transaction.
Datum stamp_time(bool has_zone, int32_t type_modifier) {
    struct LocalTime {
        TimestampTz of;
        const pg_tz* zone;
        Timestamp local;
    };
    static LocalTime last = {0, nullptr, 0};

    TimestampTz now = GetCurrentTransactionStartTimestamp();
    if (!has_zone && (now != last.of || session_timezone != last.zone))
        last = {now, session_timezone,
                DatumGetTimestamp(DirectFunctionCall1(timestamptz_timestamp, TimestampTzGetDatum(now)))};
    Datum value = TimestampGetDatum(has_zone ? now : last.local);
    if (type_modifier < 0) return value;
    return DirectFunctionCall2(timestamp_scale, value, Int32GetDatum(type_modifier));
}

int64_t row_revision(const StampLayout& layout, HeapTuple tuple, TupleDesc descriptor) {
    if (has_all_attributes(layout, tuple)) {
        const char* place = StampPlaces(layout, tuple).place[kSyncRevision];
        int64_t revision = 0;
        if (place != nullptr) std::memcpy(&revision, place, sizeof revision);
        return revision;
    }
    bool is_null;
    Datum revision = heap_getattr(tuple, layout.attnum[kSyncRevision], descriptor, &is_null);
    return is_null ? 0 : DatumGetInt64(revision);
}

HeapTuple stamp_row(const StampLayout& layout, HeapTuple tuple, TupleTableSlot* slot, int64_t revision) {
    if (stamp_in_place(layout, tuple, slot, revision)) return tuple;
    int columns[kStampColumns] = {layout.attnum[kSyncStatus], layout.attnum[kSyncRevision],
                                  layout.attnum[kLastUpdated]};
    Datum values[kStampColumns] = {pending_datum(), Int64GetDatum(revision), 0};
    bool nulls[kStampColumns] = {};
    int count = kLastUpdated;
    if (layout.attnum[kLastUpdated] != 0)
        values[count++] = stamp_time(layout.last_updated_has_zone, layout.last_updated_typmod);
    return heap_modify_tuple_by_cols(tuple, slot->tts_tupleDescriptor, count, columns, values, nulls);
}

}  // namespace gpsync

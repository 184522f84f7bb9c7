// gpsync_stamp: BEFORE INSERT OR UPDATE, each row. Every write that is not the bookkeeping's own makes the
// row PENDING.
#include "trigger/import_mode.h"
#include "trigger/owner_code.h"
#include "trigger/partition_move.h"
#include "trigger/row_stamp.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "commands/trigger.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

const TriggerData& called_as_stamp_trigger(FunctionCallInfo fcinfo) {
    if (CALLED_AS_TRIGGER(fcinfo)) {
        const auto& trigger = *reinterpret_cast<const TriggerData*>(fcinfo->context);
        TriggerEvent event = trigger.tg_event;
        if (TRIGGER_FIRED_BEFORE(event) && TRIGGER_FIRED_FOR_ROW(event) &&
            (TRIGGER_FIRED_BY_INSERT(event) || TRIGGER_FIRED_BY_UPDATE(event)))
            return trigger;
    }
    throw pg::Error(
        pg::Sqlstate::kTriggerProtocol,
        "gpsync_internal.stamp() can only be called as a trigger BEFORE INSERT OR UPDATE FOR EACH ROW")
        .hint("gpsync.attach() creates the triggers a table needs.");
}

const StampLayout& layout_of(FmgrInfo* flinfo, Relation relation) {
    auto* layout = static_cast<StampLayout*>(flinfo->fn_extra);
    if (layout == nullptr || !layout->valid || layout->relation != RelationGetRelid(relation)) {
        layout = &stamp_layout(relation);
        flinfo->fn_extra = layout;
    }
    return *layout;
}

HeapTuple stamp_insert(const StampLayout& layout, const TriggerData& trigger) {
    int64_t previous = 0;
    if (layout.watches_moves)
        if (auto departure = departure_of_inserted_row()) previous = departure->revision;
    if (importing_revision != 0 && keep_import_stamp(layout, trigger.tg_relation, trigger.tg_trigtuple))
        return trigger.tg_trigtuple;
    return stamp_row(layout, trigger.tg_trigtuple, trigger.tg_trigslot, revision_after(previous));
}

HeapTuple stamp_update(const StampLayout& layout, const TriggerData& trigger) {
    if (importing_revision != 0 && keep_import_stamp(layout, trigger.tg_relation, trigger.tg_newtuple))
        return trigger.tg_newtuple;
    TupleDesc descriptor = RelationGetDescr(trigger.tg_relation);
    int64_t revision = revision_after(row_revision(layout, trigger.tg_trigtuple, descriptor));
    if (layout.watches_moves) note_update(layout.relation, trigger.tg_trigtuple->t_self, revision);
    return stamp_row(layout, trigger.tg_newtuple, trigger.tg_newslot, revision);
}

}  // namespace

}  // namespace gpsync

GPSYNC_FUNCTION(gpsync_stamp) {
    return gpsync::pg::guarded([&]() -> Datum {
        const TriggerData& trigger = gpsync::called_as_stamp_trigger(fcinfo);
        bool is_update = TRIGGER_FIRED_BY_UPDATE(trigger.tg_event);
        gpsync::refuse_write_by_owner_code(trigger.tg_relation);
        const auto& layout = gpsync::layout_of(fcinfo->flinfo, trigger.tg_relation);
        return PointerGetDatum(is_update ? gpsync::stamp_update(layout, trigger)
                                         : gpsync::stamp_insert(layout, trigger));
    });
}

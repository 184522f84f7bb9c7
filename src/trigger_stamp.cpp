// gpsync_stamp: BEFORE INSERT OR UPDATE, each row. Every write that is not the bookkeeping's own makes the
// row PENDING.
#include <algorithm>

#include "bookkeeping_flag.h"
#include "partition_move.h"
#include "row_stamp.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlog.h"
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
    throw pg::Error(pg::Sqlstate::kTriggerProtocol,
                    "gpsync.stamp() can only be called as a trigger BEFORE INSERT OR UPDATE FOR EACH ROW")
        .hint("gpsync.attach() creates the triggers a table needs.");
}

const StampPlan& plan_of(FmgrInfo* flinfo, Relation relation) {
    auto* plan = static_cast<StampPlan*>(flinfo->fn_extra);
    if (plan == nullptr || !plan->valid || plan->relation != RelationGetRelid(relation)) {
        plan = &stamp_plan(relation);
        flinfo->fn_extra = plan;
    }
    return *plan;
}

// The WAL insert position, and more than every revision this row has had (docs/design.md says why).
int64_t revision_after(int64_t previous) {
    auto position = static_cast<int64_t>(GetXLogInsertRecPtr());
    return position > previous || previous == INT64_MAX ? position : previous + 1;
}

HeapTuple stamp_insert(const StampPlan& plan, const TriggerData& trigger) {
    int64_t previous = 0;
    if (plan.watches_moves)
        if (auto departure = departure_of_inserted_row()) previous = departure->revision;
    return stamp_row(plan, trigger.tg_trigtuple, trigger.tg_trigslot, revision_after(previous));
}

HeapTuple stamp_update(const StampPlan& plan, const TriggerData& trigger) {
    TupleDesc descriptor = RelationGetDescr(trigger.tg_relation);
    int64_t revision = revision_after(row_revision(plan, trigger.tg_trigtuple, descriptor));
    if (plan.watches_moves) note_update(plan.relation, trigger.tg_trigtuple->t_self, revision);
    return stamp_row(plan, trigger.tg_newtuple, trigger.tg_newslot, revision);
}

}  // namespace

}  // namespace gpsync

GPSYNC_FUNCTION(gpsync_stamp) {
    return gpsync::pg::guarded([&]() -> Datum {
        const TriggerData& trigger = gpsync::called_as_stamp_trigger(fcinfo);
        bool is_update = TRIGGER_FIRED_BY_UPDATE(trigger.tg_event);
        gpsync::refuse_write_by_bookkeeping_trigger(trigger.tg_relation);
        const auto& plan = gpsync::plan_of(fcinfo->flinfo, trigger.tg_relation);
        return PointerGetDatum(is_update ? gpsync::stamp_update(plan, trigger)
                                         : gpsync::stamp_insert(plan, trigger));
    });
}

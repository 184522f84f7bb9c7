// The executor hook: leaves out, of one statement, the triggers whose work its plan does. And what such a
// plan calls.
#include "machine/cache.h"
#include "pg/text.h"
#include "trigger/import_mode.h"
#include "trigger/in_plan/plan_mark.h"
#include "trigger/owner_code.h"
#include "trigger/status_event.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "executor/executor.h"
#include "nodes/execnodes.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

ExecutorStart_hook_type& next_start() {
    static ExecutorStart_hook_type hook = nullptr;
    return hook;
}

// A statement whose plan checks its rows: should it find one that is wrong, the AFTER trigger must look.
// Lives in, and goes with, the statement's own memory context.
struct CheckedUpdate {
    CheckedUpdate* next;
    MemoryContext context;
    TriggerDesc* triggers;  // the statement's own copy
    MemoryContextCallback forget;
};

CheckedUpdate*& checked_updates() {
    static CheckedUpdate* first = nullptr;
    return first;
}

void unlink_update(void* argument) {
    for (CheckedUpdate** link = &checked_updates(); *link != nullptr; link = &(*link)->next) {
        if (*link != argument) continue;
        *link = (*link)->next;
        return;
    }
}

void link_update(MemoryContext context, TriggerDesc* triggers) {
    auto* update = static_cast<CheckedUpdate*>(MemoryContextAllocZero(context, sizeof(CheckedUpdate)));
    update->context = context;
    update->triggers = triggers;
    update->forget = {unlink_update, update, nullptr};
    MemoryContextRegisterResetCallback(context, &update->forget);
    update->next = checked_updates();
    checked_updates() = update;
}

// context is the one the refusing function was set up in: the statement's, or that of the state in which the
// server evaluates its plan again for a row that was changed meanwhile, which is below it. In doubt every
// statement checks.
void bring_check_back(MemoryContext context) {
    for (; context != nullptr; context = MemoryContextGetParent(context))
        for (CheckedUpdate* update = checked_updates(); update != nullptr; update = update->next)
            if (update->context == context) {
                update->triggers->trig_update_after_row = true;
                return;
            }
    for (CheckedUpdate* update = checked_updates(); update != nullptr; update = update->next)
        update->triggers->trig_update_after_row = true;
}

void leave_triggers_out(QueryDesc* query, PlanMark mark) {
    auto* state = castNode(ModifyTableState, query->planstate);
    ResultRelInfo* target = state->resultRelInfo;
    if (target->ri_TrigDesc == nullptr) return;
    // The plan may be older than the triggers: a portal that was made and not yet run.
    const Relation relation = target->ri_RelationDesc;
    const PlanStamp& now = plan_stamp_of(relation, stamp_layout(relation));
    if (!now.stamps || (mark == PlanMark::kChecks && !now.checks)) return;
    target->ri_TrigDesc->trig_update_before_row = false;
    if (OidIsValid(now.status_event))
        pg::server_call(
            [&] { write_status_events_at_once(target, now.status_event, query->estate->es_query_cxt); });
    if (mark != PlanMark::kChecks) return;
    target->ri_TrigDesc->trig_update_after_row = false;
    link_update(query->estate->es_query_cxt, target->ri_TrigDesc);
}

// The check stays: a machine may no longer have the state that a row goes back to.
void leave_stamp_out(QueryDesc* query, const StampedUpdate& update) {
    if (query->operation != CMD_UPDATE || !IsA(query->planstate, ModifyTableState)) return;
    auto* state = castNode(ModifyTableState, query->planstate);
    ResultRelInfo* target = state->resultRelInfo;
    const Relation relation = target->ri_RelationDesc;
    // A function that the plan calls may have begun a statement of its own.
    if (RelationGetRelid(relation) != update.relation || target->ri_TrigDesc == nullptr) return;
    if (!plan_stamp_of(relation, stamp_layout(relation)).stamps) return;
    target->ri_TrigDesc->trig_update_before_row = false;
    if (!update.is_captured) state->mt_transition_capture = nullptr;
}

void start(QueryDesc* query, int flags) {
    const StampedUpdate stamped = std::exchange(next_stamped_update, {});
    if (next_start() != nullptr)
        next_start()(query, flags);
    else
        standard_ExecutorStart(query, flags);
    if (OidIsValid(stamped.relation)) pg::guarded([&] { leave_stamp_out(query, stamped); });
    if (query->operation != CMD_UPDATE || owner_code_running) return;
    PlanMark mark = plan_mark(query->plannedstmt);
    if (mark != PlanMark::kNone) pg::guarded([&] { leave_triggers_out(query, mark); });
}

std::string_view state_argument(FunctionCallInfo fcinfo, int i) {
    return PG_ARGISNULL(i) ? std::string_view() : pg::text_view(PG_GETARG_DATUM(i));
}

}  // namespace

void install_executor_hook() {
    next_start() = ExecutorStart_hook;
    ExecutorStart_hook = start;
}

}  // namespace gpsync

using gpsync::pg::guarded;

// next_revision(previous bigint) -> bigint
GPSYNC_FUNCTION(gpsync_next_revision) {
    return guarded([&]() -> Datum {
        PG_RETURN_INT64(gpsync::revision_after(PG_ARGISNULL(0) ? 0 : PG_GETARG_INT64(0)));
    });
}

// stamp_time(type_modifier integer) -> timestamp, and -> timestamptz where the plan says so
GPSYNC_FUNCTION(gpsync_stamp_time) {
    return guarded([&]() -> Datum { return gpsync::stamp_time(false, PG_GETARG_INT32(0)); });
}

GPSYNC_FUNCTION(gpsync_stamp_time_with_zone) {
    return guarded([&]() -> Datum { return gpsync::stamp_time(true, PG_GETARG_INT32(0)); });
}

// checked_state(machine text, old_state text, new_state text) -> text: new_state
GPSYNC_FUNCTION(gpsync_checked_state) {
    return guarded([&]() -> Datum {
        if (PG_ARGISNULL(0))
            throw gpsync::pg::Error(gpsync::pg::Sqlstate::kInvalidParameter, "the machine cannot be NULL");
        std::string_view from = gpsync::state_argument(fcinfo, 1), to = gpsync::state_argument(fcinfo, 2);
        if (!gpsync::same_state(from, to)) {
            const auto& machine =
                gpsync::MachineSite::of(fcinfo->flinfo).get(gpsync::pg::text_view(PG_GETARG_DATUM(0)));
            if (!machine.allows(from, to)) gpsync::bring_check_back(fcinfo->flinfo->fn_mcxt);
        }
        if (PG_ARGISNULL(2)) PG_RETURN_NULL();
        return PG_GETARG_DATUM(2);
    });
}

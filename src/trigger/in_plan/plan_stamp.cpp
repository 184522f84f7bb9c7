#include "trigger/in_plan/plan_stamp.h"

#include <unordered_map>

#include "pg/attachment.h"
#include "pg/own_table.h"
#include "trigger/in_plan/plan_mark.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "nodes/makefuncs.h"
#include "nodes/value.h"
#include "utils/guc.h"
#include "utils/plancache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

extern "C" Datum gpsync_stamp(PG_FUNCTION_ARGS);
extern "C" Datum gpsync_check_update(PG_FUNCTION_ARGS);
extern "C" Datum gpsync_status_event(PG_FUNCTION_ARGS);

namespace gpsync {

namespace {

constexpr char kMark[] = "gpsync";

bool& setting() {
    static bool enabled = true;
    return enabled;
}

// The trigger of this kind when there is one and no other, in whatever state the others are.
const Trigger* only_trigger(const TriggerDesc* triggers, int16 timing, bool* none) {
    const Trigger* found = nullptr;
    *none = true;
    for (int i = 0; i < triggers->numtriggers; ++i) {
        const Trigger* trigger = &triggers->triggers[i];
        if (!TRIGGER_TYPE_MATCHES(trigger->tgtype, TRIGGER_TYPE_ROW, timing, TRIGGER_TYPE_UPDATE)) continue;
        if (!*none) return nullptr;
        *none = false;
        found = trigger;
    }
    return found;
}

// Fires always, and is what attach() made: a user's own trigger may have its name.
bool is_ours(const Trigger* trigger, PGFunction function) {
    if (trigger == nullptr || trigger->tgnattr != 0) return false;
    if (trigger->tgenabled != TRIGGER_FIRES_ON_ORIGIN && trigger->tgenabled != TRIGGER_FIRES_ALWAYS)
        return false;
    FmgrInfo info;
    fmgr_info(trigger->tgfoid, &info);
    return info.fn_addr == function;
}

// InvalidOid unless it is there and the extension's own.
Oid function_oid(const char* name, std::initializer_list<Oid> arguments) {
    oidvector* types = buildoidvector(arguments.begin(), static_cast<int>(arguments.size()));
    const Oid function =
        GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name), PointerGetDatum(types),
                        ObjectIdGetDatum(get_namespace_oid(pg::kInternalSchema, true)));
    return OidIsValid(function) && pg::is_own_function(function, name) ? function : InvalidOid;
}

// Plain results of what follows, gathered under server_call().
struct Findings {
    bool stamps = false, checks = false;
    pg::CheckClause clause;
    Oid status_event = InvalidOid;
    Oid next_revision = InvalidOid, stamp_time = InvalidOid, stamp_time_with_zone = InvalidOid,
        checked_state = InvalidOid;
};

bool can_be_checked(Relation relation, const pg::CheckClause& clause) {
    if (clause.column == 0) return false;
    Oid type = TupleDescAttr(RelationGetDescr(relation), clause.column - 1)->atttypid;
    return type == TEXTOID || type == VARCHAROID;
}

Oid status_event_of(const TriggerDesc* triggers) {
    for (int i = 0; i < triggers->numtriggers; ++i) {
        const Trigger& trigger = triggers->triggers[i];
        if (std::strcmp(trigger.tgname, pg::kStatusUpdateTrigger) == 0 &&
            is_ours(&trigger, gpsync_status_event))
            return trigger.tgfoid;
    }
    return InvalidOid;
}

void examine_triggers(Relation relation, Findings* found) {
    bool none;
    const Trigger* stamp = only_trigger(relation->trigdesc, TRIGGER_TYPE_BEFORE, &none);
    found->stamps = is_ours(stamp, gpsync_stamp) && stamp->tgqual == nullptr;
    if (!found->stamps) return;
    found->status_event = status_event_of(relation->trigdesc);
    const Trigger* check = only_trigger(relation->trigdesc, TRIGGER_TYPE_AFTER, &none);
    if (is_ours(check, gpsync_check_update)) {
        found->clause = pg::check_clause(check);
        found->checks = can_be_checked(relation, found->clause);
    } else {
        found->checks = none;  // a table without a status
    }
}

// A script of an older version of the extension may lack the functions.
void look_up_functions(Findings* found) {
    found->next_revision = function_oid("next_revision", {INT8OID});
    found->stamp_time = function_oid("stamp_time", {INT4OID});
    found->stamp_time_with_zone = function_oid("stamp_time_with_zone", {INT4OID});
    found->checked_state = function_oid("checked_state", {TEXTOID, TEXTOID, TEXTOID});
    if (!OidIsValid(found->next_revision) || !OidIsValid(found->stamp_time) ||
        !OidIsValid(found->stamp_time_with_zone) || !OidIsValid(found->checked_state))
        found->stamps = found->checks = false;
}

// Partitions and parents are updated through plans for several relations; a generated column may be made of
// ours.
bool is_simple_table(Relation relation) {
    const TupleConstr* constraints = RelationGetDescr(relation)->constr;
    return relation->rd_rel->relkind == RELKIND_RELATION && !relation->rd_rel->relispartition &&
           !relation->rd_rel->relhassubclass && relation->trigdesc != nullptr &&
           (constraints == nullptr || !constraints->has_generated_stored);
}

PlanStamp examine(Relation relation) {
    PlanStamp result;
    if (!is_simple_table(relation)) return result;
    Findings found;
    pg::server_call([&] {
        examine_triggers(relation, &found);
        if (found.stamps) look_up_functions(&found);
    });
    result.stamps = found.stamps;
    result.checks = found.checks;
    if (found.checks) {
        result.state_column = found.clause.column;
        result.machine = found.clause.machine;
    }
    result.status_event = found.status_event;
    result.next_revision = found.next_revision;
    result.stamp_time = found.stamp_time;
    result.stamp_time_with_zone = found.stamp_time_with_zone;
    result.checked_state = found.checked_state;
    return result;
}

}  // namespace

const PlanStamp& plan_stamp_of(Relation relation, const StampLayout& layout) {
    struct Known {
        uint64_t version = 0;
        PlanStamp stamp;
    };
    static std::unordered_map<Oid, Known> all;
    Known& known = all[layout.relation];
    if (known.version != layout.version) {
        const uint64_t version = layout.version;
        known.stamp = examine(relation);
        known.version = version;
    }
    return known.stamp;
}

void set_plan_mark(PlannedStmt* statement, PlanMark mark) {
    if (!IsA(statement->planTree, ModifyTable)) return;
    auto* plan = reinterpret_cast<ModifyTable*>(statement->planTree);
    if (list_length(plan->resultRelations) != 1 || plan->rootRelation != 0 ||
        list_length(plan->fdwPrivLists) != 1 || linitial(plan->fdwPrivLists) != nullptr)
        return;
    char* name = pstrdup(kMark);
    linitial(plan->fdwPrivLists) = list_make2(makeString(name), makeInteger(static_cast<int>(mark)));
}

PlanMark plan_mark(const PlannedStmt* statement) {
    if (!IsA(statement->planTree, ModifyTable)) return PlanMark::kNone;
    const auto* plan = reinterpret_cast<const ModifyTable*>(statement->planTree);
    if (list_length(plan->fdwPrivLists) != 1) return PlanMark::kNone;
    auto* mark = static_cast<List*>(linitial(plan->fdwPrivLists));
    if (list_length(mark) != 2 || !IsA(linitial(mark), String) ||
        std::strcmp(strVal(linitial(mark)), kMark) != 0)
        return PlanMark::kNone;
    return static_cast<PlanMark>(intVal(lsecond(mark)));
}

bool plan_stamp_enabled() {
    return setting();
}

void define_plan_stamp_setting() {
    DefineCustomBoolVariable(
        "gpsync.stamp_in_plan",
        "Stamps and checks simple updates of attached tables in their plan, which is faster.",
        "Off: by the triggers, as everything else. Both do the same.", &setting(), true, PGC_USERSET, 0,
        nullptr, nullptr, nullptr);
}

void install_plan_stamp() {
    install_planner_hook();
    install_executor_hook();
    // Plans that were made without the hook are good, but slower.
    if (!process_shared_preload_libraries_in_progress) ResetPlanCache();
}

}  // namespace gpsync

#include "in_step/capture_hook.h"

#include "in_step/side.h"
#include "pg/guard.h"
#include "pg/own_table.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "executor/executor.h"
#include "nodes/execnodes.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::in_step {

bool next_statement_follows = false;

namespace {

ExecutorStart_hook_type next_start = nullptr;

// Another trigger's, that is.
bool needs_transition_table(Relation relation) {
    const TriggerDesc* triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
        const Trigger& trigger = triggers->triggers[i];
        if ((trigger.tgnewtable != nullptr || trigger.tgoldtable != nullptr) &&
            !pg::is_own_function(trigger.tgfoid, "step_follow"))
            return true;
    }
    return false;
}

void leave_capture_out(ModifyTableState* state) {
    const Relation relation = state->rootResultRelInfo->ri_RelationDesc;
    if (!needs_transition_table(relation) && !has_rewriting_trigger(relation))
        state->mt_transition_capture = nullptr;
}

void start(QueryDesc* query, int flags) {
    const bool follows = next_statement_follows;
    next_statement_follows = false;
    if (next_start != nullptr)
        next_start(query, flags);
    else
        standard_ExecutorStart(query, flags);
    if (follows && query->operation == CMD_UPDATE && IsA(query->planstate, ModifyTableState))
        pg::guarded([&] {
            pg::server_call([&] { leave_capture_out(castNode(ModifyTableState, query->planstate)); });
        });
}

}  // namespace

void install_capture_hook() {
    next_start = ExecutorStart_hook;
    ExecutorStart_hook = start;
}

}  // namespace gpsync::in_step

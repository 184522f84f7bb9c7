#include "in_step/executor_hook.h"

#include <utility>

#include "pg/compat/transaction.h"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "storage/proc.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::in_step {

Oid next_statement_follows = InvalidOid;

namespace {

ExecutorStart_hook_type next_start = nullptr;
LocalTransactionId with_began_in = InvalidLocalTransactionId;

LocalTransactionId this_transaction() {
    return MyProc == nullptr ? InvalidLocalTransactionId : pg::compat::local_transaction_id();
}

void leave_capture_out(const QueryDesc& query, Oid follows) {
    if (query.operation != CMD_UPDATE || !IsA(query.planstate, ModifyTableState)) return;
    auto* state = castNode(ModifyTableState, query.planstate);
    // A function that the plan calls may have begun a statement of its own.
    if (RelationGetRelid(state->rootResultRelInfo->ri_RelationDesc) == follows)
        state->mt_transition_capture = nullptr;
}

void start(QueryDesc* query, int flags) {
    const Oid follows = std::exchange(next_statement_follows, InvalidOid);
    if (query->plannedstmt->hasModifyingCTE) with_began_in = this_transaction();
    if (next_start != nullptr)
        next_start(query, flags);
    else
        standard_ExecutorStart(query, flags);
    if (OidIsValid(follows)) leave_capture_out(*query, follows);
}

}  // namespace

bool modifying_with_has_begun() {
    return with_began_in == this_transaction();
}

void install_executor_hook() {
    // The statement that has this library loaded may be one.
    with_began_in = this_transaction();
    next_start = ExecutorStart_hook;
    ExecutorStart_hook = start;
}

}  // namespace gpsync::in_step

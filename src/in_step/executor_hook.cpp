#include "in_step/executor_hook.h"

#include <utility>

#include "in_step/follow.h"
#include "pg/compat/transaction.h"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "nodes/makefuncs.h"
#include "parser/parsetree.h"
#include "storage/proc.h"
#include "utils/memutils.h"
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

bool is_copy_of_written(const PlannedStmt& statement, const PlanRowMark& mark) {
    const RangeTblEntry* source = rt_fetch(mark.rti, statement.rtable);
    return mark.markType == ROW_MARK_COPY && source->rtekind == RTE_NAMEDTUPLESTORE &&
           std::strcmp(source->enrname, kWritten) == 0;
}

// Where the plan reads a relation, its rows as a whole are not made. What the nodes above take of them is
// NULL.
void make_no_rows(Plan* plan, Index relation) {
    if (plan == nullptr) return;
    make_no_rows(outerPlan(plan), relation);
    make_no_rows(innerPlan(plan), relation);
    if (!IsA(plan, NamedTuplestoreScan) || castNode(NamedTuplestoreScan, plan)->scan.scanrelid != relation)
        return;
    ListCell* cell;
    foreach (cell, plan->targetlist) {
        auto* entry = lfirst_node(TargetEntry, cell);
        if (!IsA(entry->expr, Var) || castNode(Var, entry->expr)->varattno != InvalidAttrNumber) continue;
        MemoryContext before =
            MemoryContextSwitchTo(GetMemoryChunkContext(entry));  // the plan's, which may be kept
        entry->expr =
            reinterpret_cast<Expr*>(makeNullConst(castNode(Var, entry->expr)->vartype, -1, InvalidOid));
        MemoryContextSwitchTo(before);
    }
}

// The server has the join carry a copy of each row of the transition table, for the case that somebody else
// has changed the row that is to follow: then it joins that row, as it is now, with the copy. Without one it
// joins it with the whole transition table, which finds the same row: there is one of the key, and rows of it
// do not change. Only a hash join reads the row that it then has in place of the table once; a nested loop
// would ask for it again for each row of the transition table, and get it once. The plan is of this session,
// and of these statements.
void leave_row_copies_out(const QueryDesc& query) {
    if (!IsA(query.plannedstmt->planTree, ModifyTable)) return;
    auto* update = castNode(ModifyTable, query.plannedstmt->planTree);
    if (!IsA(outerPlan(&update->plan), HashJoin)) return;
    ListCell* cell;
    foreach (cell, update->rowMarks) {
        const auto* mark = lfirst_node(PlanRowMark, cell);
        if (!is_copy_of_written(*query.plannedstmt, *mark)) continue;
        make_no_rows(outerPlan(&update->plan), mark->rti);
        update->rowMarks = foreach_delete_current(update->rowMarks, cell);
    }
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
    if (OidIsValid(follows)) leave_row_copies_out(*query);
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

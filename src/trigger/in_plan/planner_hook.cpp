// The planner hook: writes the stamps and the check into the target list of an UPDATE.
#include "pg/compat/acl.h"
#include "trigger/in_plan/plan_mark.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "optimizer/planner.h"
#include "parser/parsetree.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

planner_hook_type& next_planner() {
    static planner_hook_type hook = nullptr;
    return hook;
}

bool has_stamp_trigger(Relation relation) {
    const TriggerDesc* triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
        if (std::strcmp(triggers->triggers[i].tgname, "gpsync_stamp") == 0) return true;
    return false;
}

Var* column_of(Relation relation, AttrNumber column, int table) {
    Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), column - 1);
    return makeVar(table, column, attribute->atttypid, attribute->atttypmod, attribute->attcollation, 0);
}

Expr* as_text(Expr* expression, Form_pg_attribute attribute) {
    if (attribute->atttypid == TEXTOID) return expression;
    return reinterpret_cast<Expr*>(
        makeRelabelType(expression, TEXTOID, -1, attribute->attcollation, COERCE_IMPLICIT_CAST));
}

Expr* text_constant(std::string_view value) {
    Datum datum = PointerGetDatum(cstring_to_text_with_len(value.data(), static_cast<int>(value.size())));
    return reinterpret_cast<Expr*>(makeConst(TEXTOID, -1, DEFAULT_COLLATION_OID, -1, datum, false, false));
}

// Writes the target list of one UPDATE. Only server calls: nothing here has a destructor.
struct TargetList {
    Relation relation;
    int table;  // its index in the range table
    List* targets;

    Form_pg_attribute attribute(AttrNumber column) const {
        return TupleDescAttr(RelationGetDescr(relation), column - 1);
    }

    TargetEntry* find(AttrNumber column) const {
        ListCell* cell;
        foreach (cell, targets) {
            auto* target = static_cast<TargetEntry*>(lfirst(cell));
            if (!target->resjunk && target->resno == column) return target;
        }
        return nullptr;
    }

    // In the place of what the user wrote to the column, or after the last column: junk must come behind them
    // all.
    void set(AttrNumber column, Expr* value) {
        if (TargetEntry* target = find(column)) {
            target->expr = value;
            return;
        }
        int place = 0;
        ListCell* cell;
        foreach (cell, targets)
            if (!static_cast<TargetEntry*>(lfirst(cell))->resjunk) ++place;
        char* name = pstrdup(NameStr(attribute(column)->attname));
        targets = list_insert_nth(targets, place, makeTargetEntry(value, column, name, false));
    }

    void stamp(const StampLayout& layout, const PlanStamp& stamp) {
        Form_pg_attribute status = attribute(layout.attnum[kSyncStatus]);
        Datum pending = PointerGetDatum(cstring_to_text(kPending));
        set(status->attnum,
            reinterpret_cast<Expr*>(makeConst(status->atttypid, status->atttypmod, status->attcollation, -1,
                                              pending, false, false)));

        Var* previous = column_of(relation, layout.attnum[kSyncRevision], table);
        set(previous->varattno, call(stamp.next_revision, INT8OID, list_make1(previous)));
        if (layout.attnum[kLastUpdated] == 0) return;
        Form_pg_attribute updated = attribute(layout.attnum[kLastUpdated]);
        Const* modifier =
            makeConst(INT4OID, -1, InvalidOid, sizeof(int32), Int32GetDatum(updated->atttypmod), false, true);
        set(updated->attnum,
            call(layout.last_updated_has_zone ? stamp.stamp_time_with_zone : stamp.stamp_time,
                 updated->atttypid, list_make1(modifier)));
    }

    void check(const PlanStamp& stamp) {
        TargetEntry* target = stamp.state_column == 0 ? nullptr : find(stamp.state_column);
        if (target == nullptr) return;
        Form_pg_attribute state = attribute(stamp.state_column);
        auto* previous = reinterpret_cast<Expr*>(column_of(relation, stamp.state_column, table));
        List* arguments =
            list_make3(text_constant(stamp.machine), as_text(previous, state), as_text(target->expr, state));
        Expr* checked = call(stamp.checked_state, TEXTOID, arguments);
        if (state->atttypid != TEXTOID)
            checked = reinterpret_cast<Expr*>(makeRelabelType(checked, state->atttypid, state->atttypmod,
                                                              state->attcollation, COERCE_IMPLICIT_CAST));
        target->expr = checked;
    }

    static Expr* call(Oid function, Oid type, List* arguments) {
        return reinterpret_cast<Expr*>(
            makeFuncExpr(function, type, arguments, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL));
    }
};

// Triggers need no privilege of whoever writes; functions in a plan do, and EXECUTE may have been revoked.
bool may_call(const PlanStamp& stamp) {
    for (Oid function :
         {stamp.next_revision, stamp.stamp_time, stamp.stamp_time_with_zone, stamp.checked_state})
        if (!pg::may_execute(function)) return false;
    return true;
}

PlanMark rewrite(Query* query, Relation relation) {
    const StampLayout& layout = stamp_layout(relation);
    const PlanStamp& stamp = plan_stamp_of(relation, layout);
    if (!stamp.stamps || !may_call(stamp)) return PlanMark::kNone;
    TargetList list{relation, query->resultRelation, query->targetList};
    list.stamp(layout, stamp);
    if (stamp.checks) list.check(stamp);
    query->targetList = list.targets;
    return stamp.checks ? PlanMark::kChecks : PlanMark::kStamps;
}

PlanMark rewrite_update(Query* query) {
    if (!plan_stamp_enabled() || SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA)
        return PlanMark::kNone;
    auto* table = rt_fetch(query->resultRelation, query->rtable);
    if (table->rtekind != RTE_RELATION || table->relkind != RELKIND_RELATION) return PlanMark::kNone;
    Relation relation = table_open(table->relid, NoLock);  // locked since the query was analysed
    PlanMark mark = PlanMark::kNone;
    // What is wrong with the table is the triggers' to say: nobody has asked yet whether the caller may write
    // it, and the trigger of that name may not be ours.
    try {
        if (has_stamp_trigger(relation)) mark = rewrite(query, relation);
    } catch (const pg::Error&) {
        mark = PlanMark::kNone;
    }
    table_close(relation, NoLock);
    return mark;
}

PlannedStmt* plan(Query* query, const char* text, int options, ParamListInfo parameters) {
    PlanMark mark = PlanMark::kNone;
    if (query->commandType == CMD_UPDATE) mark = pg::guarded([&] { return rewrite_update(query); });
    PlannedStmt* statement = next_planner() != nullptr ? next_planner()(query, text, options, parameters)
                                                       : standard_planner(query, text, options, parameters);
    if (mark != PlanMark::kNone) set_plan_mark(statement, mark);
    return statement;
}

}  // namespace

void install_planner_hook() {
    next_planner() = planner_hook;
    planner_hook = plan;
}

}  // namespace gpsync

#include "in_step/side.h"

#include "pg/as_owner.h"
#include "pg/own_table.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/table.h"
#include "catalog/partition.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "nodes/pg_list.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::in_step {

namespace {

bool is_of_table(Oid relation, Oid table) {
    return relation == table || list_member_oid(get_partition_ancestors(relation), table);
}

struct PairTables {
    bool found;
    Oid a, b;
};

PairTables tables_of(int pair) {
    PairTables tables = {};
    (void)pg::scan_own_table(pg::kStepPairTable, {}, [&](const Datum* row) {
        if (DatumGetInt32(row[0]) != pair) return true;
        tables = {true, DatumGetObjectId(row[1]), DatumGetObjectId(row[2])};
        return false;
    });
    return tables;
}

// A copy: each look into the catalogs may bring an invalidation, and the relation's own triggers then go.
std::span<const Trigger> triggers_of(Relation relation) {
    const TriggerDesc* copy = CopyTriggerDesc(relation->trigdesc);
    if (copy == nullptr) return {};
    return {copy->triggers, static_cast<size_t>(copy->numtriggers)};
}

// The stamp writes no column that can follow.
bool is_rewriting(const Trigger& trigger) {
    return trigger.tgenabled != TRIGGER_DISABLED && TRIGGER_FOR_BEFORE(trigger.tgtype) &&
           TRIGGER_FOR_ROW(trigger.tgtype) && !pg::is_own_function(trigger.tgfoid, "stamp");
}

bool reads_transition_table(const Trigger& trigger, int pair) {
    if (trigger.tgnewtable == nullptr && trigger.tgoldtable == nullptr) return false;
    return !pg::is_own_function(trigger.tgfoid, "step_follow") || arguments_of(trigger).pair != pair;
}

bool has_rewriting_trigger(Relation relation) {
    for (const Trigger& trigger : triggers_of(relation))
        if (is_rewriting(trigger)) return true;
    return false;
}

[[noreturn]] void raise_two_owners(Relation relation, Oid partition) {
    ereport(
        ERROR,
        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
         errmsg("table \"%s\" is kept in step with another, and its partition \"%s\" belongs to another role",
                RelationGetRelationName(relation), get_rel_name(partition)),
         errhint("ALTER TABLE ... OWNER TO gives them one owner.")));
    pg_unreachable();
}

}  // namespace

TriggerArguments arguments_of(const Trigger& trigger) {
    if (trigger.tgnargs != 3)
        ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
                        errmsg("trigger \"%s\" was not made by gpsync.keep_in_step()", trigger.tgname)));
    return {atoi(trigger.tgargs[0]), trigger.tgargs[1][0] == 'a', atoi(trigger.tgargs[2])};
}

bool find_columns(Relation relation, int pair, bool of_a, SideColumns* columns) {
    for (const Trigger& trigger : triggers_of(relation)) {
        if (trigger.tgnattr == 0 || !pg::is_own_function(trigger.tgfoid, "step_lock")) continue;
        const TriggerArguments its = arguments_of(trigger);
        if (its.pair != pair || its.of_a != of_a) continue;
        if (its.key_count < 1 || its.key_count >= trigger.tgnattr || trigger.tgnattr > kMostColumns)
            return false;
        *columns = {its.key_count, trigger.tgnattr, {}};
        for (int n = 0; n < trigger.tgnattr; ++n) columns->numbers[n] = trigger.tgattr[n];
        return true;
    }
    return false;
}

SideTable describe_table(Relation relation, int pair) {
    SideTable table = {
        RelationGetRelid(relation),      RelationGetNamespace(relation),
        relation->rd_rel->relowner,      relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE,
        has_rewriting_trigger(relation), false};
    if (table.is_partitioned) {
        ListCell* cell;
        foreach (cell, find_all_inheritors(table.relation, AccessShareLock, nullptr)) {
            Relation partition = table_open(lfirst_oid(cell), NoLock);
            if (partition->rd_rel->relowner != table.owner) raise_two_owners(relation, lfirst_oid(cell));
            table.may_rewrite = table.may_rewrite || has_rewriting_trigger(partition);
            table_close(partition, NoLock);
        }
    }
    table.needs_transition_table = table.may_rewrite;
    for (const Trigger& trigger : triggers_of(relation))
        table.needs_transition_table |= reads_transition_table(trigger, pair);
    return table;
}

Oid other_side(Oid relation, const TriggerArguments& of) {
    const PairTables tables = tables_of(of.pair);
    if (!tables.found || !is_of_table(relation, of.of_a ? tables.a : tables.b)) return InvalidOid;
    return of.of_a ? tables.b : tables.a;
}

}  // namespace gpsync::in_step

#include "in_step/side.h"

#include "pg/own_table.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/partition.h"
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

}  // namespace

TriggerArguments arguments_of(const Trigger& trigger) {
    if (trigger.tgnargs != 3)
        ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
                        errmsg("trigger \"%s\" was not made by gpsync.keep_in_step()", trigger.tgname)));
    return {atoi(trigger.tgargs[0]), trigger.tgargs[1][0] == 'a', atoi(trigger.tgargs[2])};
}

bool find_side(Relation relation, const TriggerArguments& of, Side* side) {
    const TriggerDesc* triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
        const Trigger& trigger = triggers->triggers[i];
        if (trigger.tgnattr == 0 || !pg::is_own_function(trigger.tgfoid, "step_lock")) continue;
        const TriggerArguments its = arguments_of(trigger);
        if (its.pair != of.pair || its.of_a != of.of_a) continue;
        if (its.key_count < 1 || its.key_count >= trigger.tgnattr || trigger.tgnattr > kMostColumns)
            return false;
        *side = {its.key_count, trigger.tgnattr, {}};
        for (int n = 0; n < trigger.tgnattr; ++n) side->columns[n] = trigger.tgattr[n];
        return true;
    }
    return false;
}

Oid other_side(Oid relation, const TriggerArguments& of) {
    const PairTables tables = tables_of(of.pair);
    if (!tables.found || !is_of_table(relation, of.of_a ? tables.a : tables.b)) return InvalidOid;
    const Oid other = of.of_a ? tables.b : tables.a;
    return SearchSysCacheExists1(RELOID, ObjectIdGetDatum(other)) ? other : InvalidOid;
}

bool has_rewriting_trigger(Relation relation) {
    const TriggerDesc* triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
        const Trigger& trigger = triggers->triggers[i];
        if (trigger.tgenabled != TRIGGER_DISABLED && TRIGGER_FOR_BEFORE(trigger.tgtype) &&
            TRIGGER_FOR_ROW(trigger.tgtype) && !pg::is_own_schema(get_func_namespace(trigger.tgfoid)))
            return true;
    }
    return false;
}

}  // namespace gpsync::in_step

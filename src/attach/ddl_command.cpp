// What an event trigger at ddl_command_end cannot learn from the catalogs, because the command has changed
// them: which tables left their parents, where the columns of a CREATE TABLE AS come from, which columns are
// not generated any more. It is in the parse trees that the server collects
// (pg_event_trigger_ddl_commands().command).
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "tcop/deparse_utility.h"
#include "utils/array.h"
#include "utils/catcache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// Tuples of OIDs and column numbers, one after the other: SQL has no better type for a few of them.
class OidList {
  public:
    void add(Oid value) { values_ = lappend_oid(values_, value); }

    Datum array() const {
        auto* datums = static_cast<Datum*>(palloc(sizeof(Datum) * (list_length(values_) + 1)));
        int count = 0;
        ListCell* cell = nullptr;
        foreach (cell, values_) datums[count++] = ObjectIdGetDatum(lfirst_oid(cell));
        return PointerGetDatum(construct_array(datums, count, OIDOID, sizeof(Oid), true, TYPALIGN_INT));
    }

  private:
    List* values_ = NIL;
};

const CollectedCommand* collected(FunctionCallInfo fcinfo) {
    return reinterpret_cast<const CollectedCommand*>(PG_GETARG_POINTER(0));
}

// Calls visit(subcommand, its address, the table's OID) for each part of an ALTER TABLE.
template <class Visit>
void for_each_part(const CollectedCommand* command, Visit visit) {
    if (command->type != SCT_AlterTable) return;
    ListCell* cell = nullptr;
    foreach (cell, command->d.alterTable.subcmds) {
        const auto* part = static_cast<const CollectedATSubcmd*>(lfirst(cell));
        if (!IsA(part->parsetree, AlterTableCmd)) continue;
        visit(reinterpret_cast<const AlterTableCmd*>(part->parsetree), part->address,
              command->d.alterTable.objectId);
    }
}

// The server does not say which table DETACH PARTITION was about, and the name in the parse tree is one of
// the user's search_path, which is not that of an event trigger: so every table of that name which is no
// partition now.
void add_detached(OidList& pairs, const RangeVar* name, Oid parent) {
    CatCList* tables = SearchSysCacheList1(RELNAMENSP, CStringGetDatum(name->relname));
    for (int i = 0; i < tables->n_members; ++i) {
        const auto* table = reinterpret_cast<Form_pg_class>(GETSTRUCT(&tables->members[i]->tuple));
        if (table->relispartition ||
            (table->relkind != RELKIND_RELATION && table->relkind != RELKIND_PARTITIONED_TABLE))
            continue;
        if (name->schemaname != nullptr && table->relnamespace != get_namespace_oid(name->schemaname, true))
            continue;
        pairs.add(table->oid);
        pairs.add(parent);
    }
    ReleaseCatCacheList(tables);
}

Datum departed_tables(const CollectedCommand* command) {
    OidList pairs;
    for_each_part(command, [&](const AlterTableCmd* part, const ObjectAddress& address, Oid table) {
        if (part->subtype == AT_DropInherit) {
            pairs.add(table);
            pairs.add(address.objectId);
        } else if (part->subtype == AT_DetachPartition || part->subtype == AT_DetachPartitionFinalize) {
            add_detached(pairs, castNode(PartitionCmd, part->def)->name, table);
        }
    });
    return pairs.array();
}

// As above: the partition of that name that the parent has now.
void add_arrived(OidList& partitions, const RangeVar* name, Oid parent) {
    CatCList* tables = SearchSysCacheList1(RELNAMENSP, CStringGetDatum(name->relname));
    for (int i = 0; i < tables->n_members; ++i) {
        const auto* table = reinterpret_cast<Form_pg_class>(GETSTRUCT(&tables->members[i]->tuple));
        if (table->relispartition && get_partition_parent(table->oid, true) == parent)
            partitions.add(table->oid);
    }
    ReleaseCatCacheList(tables);
}

Datum arrived_partitions(const CollectedCommand* command) {
    OidList partitions;
    for_each_part(command, [&](const AlterTableCmd* part, const ObjectAddress&, Oid table) {
        if (part->subtype == AT_AttachPartition)
            add_arrived(partitions, castNode(PartitionCmd, part->def)->name, table);
    });
    return partitions.array();
}

Datum ungenerated_columns(const CollectedCommand* command) {
    OidList pairs;
    for_each_part(command, [&](const AlterTableCmd* part, const ObjectAddress& address, Oid) {
        if (part->subtype != AT_DropExpression || address.classId != RelationRelationId) return;
        pairs.add(address.objectId);
        pairs.add(static_cast<Oid>(address.objectSubId));
    });
    return pairs.array();
}

void add_copied(OidList& triples, AttrNumber attnum, Oid table, AttrNumber origin) {
    if (!OidIsValid(table) || origin <= 0) return;
    triples.add(static_cast<Oid>(attnum));
    triples.add(table);
    triples.add(static_cast<Oid>(origin));
}

// The columns of tables in an expression; those of subqueries are not followed.
void add_computed(OidList& triples, AttrNumber attnum, const Query* query, Expr* expression) {
    constexpr int kEverything = PVC_RECURSE_AGGREGATES | PVC_RECURSE_WINDOWFUNCS | PVC_RECURSE_PLACEHOLDERS;
    ListCell* cell = nullptr;
    foreach (cell, pull_var_clause(reinterpret_cast<Node*>(expression), kEverything)) {
        const auto* variable = static_cast<const Var*>(lfirst(cell));
        const auto* entry = static_cast<RangeTblEntry*>(list_nth(query->rtable, variable->varno - 1));
        if (entry->rtekind == RTE_RELATION) add_copied(triples, attnum, entry->relid, variable->varattno);
    }
}

// Parse analysis has noted from which column of which table each column comes, through joins and subqueries.
Datum copied_columns(const CollectedCommand* command) {
    OidList triples;
    if (command->type != SCT_Simple || !IsA(command->parsetree, CreateTableAsStmt)) return triples.array();
    const Node* source = reinterpret_cast<const CreateTableAsStmt*>(command->parsetree)->query;
    if (source == nullptr || !IsA(source, Query)) return triples.array();
    const auto* query = reinterpret_cast<const Query*>(source);
    AttrNumber attnum = 0;
    ListCell* cell = nullptr;
    foreach (cell, query->targetList) {
        const auto* entry = static_cast<const TargetEntry*>(lfirst(cell));
        if (entry->resjunk) continue;
        add_copied(triples, ++attnum, entry->resorigtbl, entry->resorigcol);
        if (!OidIsValid(entry->resorigtbl)) add_computed(triples, attnum, query, entry->expr);
    }
    return triples.array();
}

}  // namespace

}  // namespace gpsync

// departed_tables(command pg_ddl_command) -> oid[]: child, parent, child, parent …
GPSYNC_FUNCTION(gpsync_departed_tables) {
    return gpsync::pg::guarded([&] { return gpsync::departed_tables(gpsync::collected(fcinfo)); });
}

// ungenerated_columns(command pg_ddl_command) -> oid[]: table, column's number, …
GPSYNC_FUNCTION(gpsync_ungenerated_columns) {
    return gpsync::pg::guarded([&] { return gpsync::ungenerated_columns(gpsync::collected(fcinfo)); });
}

// copied_columns(command pg_ddl_command) -> oid[]: column's number, table and column it comes from, …
GPSYNC_FUNCTION(gpsync_copied_columns) {
    return gpsync::pg::guarded([&] { return gpsync::copied_columns(gpsync::collected(fcinfo)); });
}

// arrived_partitions(command pg_ddl_command) -> oid[]: those that ALTER TABLE ... ATTACH PARTITION attached
GPSYNC_FUNCTION(gpsync_arrived_partitions) {
    return gpsync::pg::guarded(
        [&]() -> Datum { return gpsync::arrived_partitions(gpsync::collected(fcinfo)); });
}

// unknown_states(): which rows of a table are in no state of a machine, for attach() and define_machine().
// The rows are the owner's: they are read straight from the tables, as the owner, so that no view, policy,
// cast, operator or foreign server of his runs with the rights of whoever asks.
#include "pg/as_owner.h"
#include "pg/attachment.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// All of it raises server errors; REQUIRES that no object with a destructor is alive.

struct Search {
    const char* column;
    std::span<const std::string_view> states;
    ReturnSetInfo* result;
    MemoryContext row_context;
};

bool is_state_type(Oid type) {
    type = getBaseType(type);
    return type == TEXTOID || type == VARCHAROID || type == BPCHAROID || get_typtype(type) == TYPTYPE_ENUM;
}

AttrNumber status_attribute(Relation relation, const char* column) {
    const AttrNumber attnum = get_attnum(RelationGetRelid(relation), column);
    if (attnum <= 0)
        ereport(ERROR,
                (errcode(ERRCODE_UNDEFINED_COLUMN), errmsg("column \"%s\" of table \"%s\" does not exist",
                                                           column, RelationGetRelationName(relation))));
    if (!is_state_type(TupleDescAttr(RelationGetDescr(relation), attnum - 1)->atttypid))
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("column \"%s\" of table \"%s\" cannot be the status column", column,
                               RelationGetRelationName(relation))));
    return attnum;
}

bool is_known(const Search& search, std::string_view state) {
    if (state.data() == nullptr) return false;
    for (std::string_view known : search.states)
        if (known == state) return true;
    return false;
}

void look_at(const Search& search, TupleTableSlot* slot, AttrNumber attnum) {
    bool is_null = false;
    const Datum value = slot_getattr(slot, attnum, &is_null);
    std::string_view state;
    if (!is_null)
        state = pg::state_text(value, TupleDescAttr(slot->tts_tupleDescriptor, attnum - 1)->atttypid);
    if (is_known(search, state)) return;
    Datum found = is_null ? 0 : pg::make_text(state);
    tuplestore_putvalues(search.result->setResult, search.result->setDesc, &found, &is_null);
}

// The latest snapshot: the table is locked, and what others committed before that counts.
void scan(const Search& search, Relation relation) {
    const AttrNumber attnum = status_attribute(relation, search.column);
    Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
    TableScanDesc rows = table_beginscan(relation, snapshot, 0, nullptr);
    TupleTableSlot* slot = table_slot_create(relation, nullptr);
    MemoryContext before = MemoryContextSwitchTo(search.row_context);
    while (table_scan_getnextslot(rows, ForwardScanDirection, slot)) {
        CHECK_FOR_INTERRUPTS();
        MemoryContextReset(search.row_context);
        look_at(search, slot, attnum);
    }
    MemoryContextSwitchTo(before);
    ExecDropSingleTupleTableSlot(slot);
    table_endscan(rows);
    UnregisterSnapshot(snapshot);
}

void search_table(const Search& search, Oid relid) {
    Relation relation = table_open(relid, NoLock);
    const char kind = relation->rd_rel->relkind;
    if (kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE)
        ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
                        errmsg("the rows of \"%s\" cannot be checked: it is not a table",
                               RelationGetRelationName(relation)),
                        kind == RELKIND_FOREIGN_TABLE
                            ? errdetail("A partition of an attached table cannot be a foreign table.")
                            : 0));
    if (kind == RELKIND_RELATION) pg::as_owner(relation->rd_rel->relowner, [&] { scan(search, relation); });
    table_close(relation, NoLock);
}

void search_all(const Search& search, Oid relid) {
    LockRelationOid(relid, ShareRowExclusiveLock);
    // A table that others inherit from stands for itself.
    if (get_rel_relkind(relid) != RELKIND_PARTITIONED_TABLE) return search_table(search, relid);
    ListCell* cell = nullptr;
    foreach (cell, find_all_inheritors(relid, ShareRowExclusiveLock, nullptr))
        search_table(search, lfirst_oid(cell));
}

}  // namespace

}  // namespace gpsync

// unknown_states(relation regclass, status_column name, states text[]) -> setof text
GPSYNC_FUNCTION(gpsync_unknown_states) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::pg::server_call([&] {
            InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
            gpsync::Search search = {NameStr(*PG_GETARG_NAME(1)),
                                     gpsync::pg::text_array_view(PG_GETARG_DATUM(2)),
                                     reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo), nullptr};
            search.row_context =
                AllocSetContextCreate(CurrentMemoryContext, "gpsync states", ALLOCSET_DEFAULT_SIZES);
            gpsync::search_all(search, PG_GETARG_OID(0));
            MemoryContextDelete(search.row_context);
        });
        return 0;
    });
}

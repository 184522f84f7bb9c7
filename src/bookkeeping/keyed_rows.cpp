// Rows by their keys, as events show them, with SQL: what becomes of a row is decided by the table's own
// triggers and privileges. touch_rows() runs as the table's owner, in the restricted context, as touching for
// recreate_stream() does, and so does row_by_key(), for a caller who may see the row.
#include "bookkeeping/keyed_rows.h"

#include <algorithm>

#include "bookkeeping/bookkeeping.h"
#include "pg/as_owner.h"
#include "pg/guard.h"
#include "pg/kept_plan.h"
#include "pg/relation_name.h"
#include "pg/subtransaction.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/partition.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

namespace {

// With its schema, since search_path is pg_catalog.
const char* equality_of(Relation index, int column) {
    const Oid type = index->rd_opcintype[column];
    const Oid equals = get_opfamily_member(index->rd_opfamily[column], type, type, BTEqualStrategyNumber);
    HeapTuple tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(equals));
    if (!HeapTupleIsValid(tuple))
        elog(ERROR, "index \"%s\" has no equality operator", RelationGetRelationName(index));
    auto form = reinterpret_cast<Form_pg_operator>(GETSTRUCT(tuple));
    const char* text = psprintf("OPERATOR(%s.%s)", quote_identifier(get_namespace_name(form->oprnamespace)),
                                NameStr(form->oprname));
    ReleaseSysCache(tuple);
    return text;
}

}  // namespace

bool describe_rows(KeyedRows* rows, KeyIndex* found, Relation relation, Jsonb* key) {
    find_key_index(found, relation, key);
    if (found->natts == 0) return false;
    StringInfoData where;
    initStringInfo(&where);
    Relation index = index_open(found->index, AccessShareLock);
    for (int i = 0; i < found->natts; ++i) {
        KeyColumn& column = found->columns[i];
        if (!read_key_column(&column, key, &rows->values[i])) break;
        rows->types[i] = column.type;
        rows->count = i + 1;
        appendStringInfo(&where, "%s t.%s %s $%d", i == 0 ? "" : " AND", quote_identifier(column.name),
                         equality_of(index, i), i + 1);
    }
    index_close(index, AccessShareLock);
    rows->where = where.data;
    rows->table = pg::rows_of(RelationGetRelid(relation));
    return rows->count == found->natts;
}

namespace {

// How many rows the statement found or wrote.
uint64 run(const KeyedRows& rows, const char* statement, bool read_only, int expected) {
    const int result = pg::execute_kept(statement, rows.count, rows.types, rows.values, read_only, 0);
    if (result != expected) elog(ERROR, "\"%s\" failed: %s", statement, SPI_result_code_string(result));
    return SPI_processed;
}

}  // namespace

const char* select_rows(const KeyedRows& rows, const char* lock) {
    return psprintf("SELECT t.sync_revision, t.sync_status::pg_catalog.text FROM %s AS t WHERE%s%s",
                    rows.table, rows.where, lock);
}

namespace {

// From the one row that the last statement gave. In the memory context result.
void take_row(TouchedRow* row, MemoryContext result) {
    HeapTuple tuple = SPI_tuptable->vals[0];
    bool is_null = false;
    const Datum revision = SPI_getbinval(tuple, SPI_tuptable->tupdesc, 1, &is_null);
    row->revision = is_null ? 0 : DatumGetInt64(revision);
    char* status = SPI_getvalue(tuple, SPI_tuptable->tupdesc, 2);
    row->status = status != nullptr ? MemoryContextStrdup(result, status) : nullptr;
}

void touch_found(TouchedRow* row, const KeyedRows& rows, MemoryContext result) {
    const char* update = psprintf(
        "UPDATE %s AS t SET sync_status = 'PENDING' WHERE%s RETURNING t.sync_revision, "
        "t.sync_status::pg_catalog.text",
        rows.table, rows.where);
    if (run(rows, update, false, SPI_OK_UPDATE_RETURNING) == 0)
        row->problem = "a trigger of the table suppresses the update";
    else
        take_row(row, result);
}

}  // namespace

void visit_rows(TouchedRow* row, const KeyedRows& rows, bool touch, MemoryContext result) {
    SPI_connect();
    const char* lock = touch ? " FOR NO KEY UPDATE SKIP LOCKED" : "";
    if (run(rows, select_rows(rows, lock), false, SPI_OK_SELECT) > 0) {
        take_row(row, result);
        if (touch) touch_found(row, rows, result);
    } else {
        const bool locked = touch && run(rows, select_rows(rows, ""), false, SPI_OK_SELECT) > 0;
        row->problem = locked ? kRowIsLocked : kRowIsMissing;
    }
    SPI_finish();
}

const char* key_expression(const KeyedRows& rows, const KeyIndex& index) {
    StringInfoData text;
    initStringInfo(&text);
    for (int i = 0; i < rows.count; ++i)
        appendStringInfo(&text, "%s%s, t.%s", i == 0 ? "" : ", ", quote_literal_cstr(index.columns[i].name),
                         quote_identifier(index.columns[i].name));
    return psprintf("pg_catalog.jsonb_build_object(%s)", text.data);
}

namespace {

bool is_partitioned(Relation relation) {
    return relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
}

bool key_fits(Relation relation, Jsonb* key) {
    bool fits = false;
    pg::as_owner(relation->rd_rel->relowner, [&] {
        KeyedRows rows = {};
        KeyIndex index;
        fits = describe_rows(&rows, &index, relation, key);
    });
    return fits;
}

// A relation that shows the row of a key: the table, the partition, or a table in between that it is a
// partition of. A statement on it runs code of all of them, so it belongs to the owner whose rights all the
// others have. Null: nothing takes the key, or *locked.
Relation open_relation_of_key(Relation relation, Jsonb* key, LOCKMODE mode, bool* locked) {
    const Oid target = relation_of_key(relation, key, locked);
    if (!OidIsValid(target)) return nullptr;
    const Oid owner = pg::weakest_owner(target);
    if (!OidIsValid(owner)) pg::raise_several_owners(target);
    if (owner == relation->rd_rel->relowner) return relation;
    Oid shown = target;
    ListCell* cell;
    foreach (cell, owner == pg::owner_of(target) ? NIL : get_partition_ancestors(target))
        if (owner == pg::owner_of(lfirst_oid(cell))) shown = lfirst_oid(cell);
    return relation_open(shown, mode);
}

void close_relation_of_key(Relation relation, Relation target) {
    if (target != relation) relation_close(target, NoLock);
}

void visit_as_owner(TouchedRow* row, Relation relation, Jsonb* key, bool touch, MemoryContext result) {
    pg::as_owner(relation->rd_rel->relowner, [&] {
        // A policy that hides rows from the owner too must be an error, not a missing row.
        pg::set_local("row_security", "off");
        KeyedRows rows = {};
        KeyIndex index;
        if (describe_rows(&rows, &index, relation, key))
            visit_rows(row, rows, touch, result);
        else
            row->problem = "the key of the table is another one now";
    });
}

void visit_key(TouchedRow* row, Relation relation, Jsonb* key, bool touch, MemoryContext result) {
    if (is_partitioned(relation) && !key_fits(relation, key)) {
        row->problem = "the key of the table is another one now";
        return;
    }
    bool locked = false;
    Relation target =
        open_relation_of_key(relation, key, touch ? RowExclusiveLock : AccessShareLock, &locked);
    if (target == nullptr) {
        row->problem = locked ? kRowIsLocked : kRowIsMissing;
        return;
    }
    visit_as_owner(row, target, key, touch, result);
    close_relation_of_key(relation, target);
}

// An error of one row (a trigger, a constraint) is that row's problem.
TouchedRow try_to_visit(Relation relation, Jsonb* key, bool touch) {
    TouchedRow row = {};
    MemoryContext result = CurrentMemoryContext;
    const ErrorData* error =
        pg::try_in_subtransaction([&] { visit_key(&row, relation, key, touch, result); });
    // Its message may show the row.
    if (error != nullptr)
        row.problem = psprintf("the table or its owner's code refuses the update with SQLSTATE %s",
                               unpack_sql_state(error->sqlerrcode));
    return row;
}

// Columns of the result of touch_rows(), one element a key.
struct Arrays {
    Datum *revisions, *statuses, *problems;
    bool *no_revision, *no_status, *no_problem;
};

Arrays new_arrays(int count) {
    auto datums = [count] { return static_cast<Datum*>(palloc0(sizeof(Datum) * (count + 1))); };
    auto flags = [count] { return static_cast<bool*>(palloc0(count + 1)); };
    return {datums(), datums(), datums(), flags(), flags(), flags()};
}

void put(Arrays* arrays, int place, const TouchedRow& row) {
    arrays->no_revision[place] = row.problem != nullptr;
    arrays->revisions[place] = Int64GetDatum(row.revision);
    arrays->no_status[place] = row.problem != nullptr || row.status == nullptr;
    if (!arrays->no_status[place]) arrays->statuses[place] = CStringGetTextDatum(row.status);
    arrays->no_problem[place] = row.problem == nullptr;
    if (row.problem != nullptr) arrays->problems[place] = CStringGetTextDatum(row.problem);
}

Datum array_of(Datum* values, bool* nulls, int count, Oid type, bool by_value, int length, char align) {
    int lower = 1;
    return PointerGetDatum(
        construct_md_array(values, nulls, 1, &count, &lower, type, length, by_value, align));
}

Datum result_row(FunctionCallInfo fcinfo, Datum* values, bool* nulls) {
    TupleDesc desc = nullptr;
    if (get_call_result_type(fcinfo, nullptr, &desc) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

[[noreturn]] void raise_bad_key(Relation relation) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("the key does not fit table %s", RelationGetRelationName(relation)),
                    errdetail("It must be an object with a value for each column of a unique index, and no "
                              "other.")));
    pg_unreachable();
}

// The columns of row_by_key(), in order.
constexpr int kRowColumns = 7;

bool read_row(Datum* values, bool* nulls, const KeyedRows& rows, const KeyIndex& index) {
    const char* select = psprintf(
        "SELECT true, t.tableoid::pg_catalog.regclass, %s, t.sync_revision, t.sync_status::pg_catalog.text, "
        "t.xmin, "
        "t.last_sync_timestamp::pg_catalog.timestamptz FROM %s AS t WHERE%s",
        key_expression(rows, index), rows.table, rows.where);
    MemoryContext result = CurrentMemoryContext;
    SPI_connect();
    const bool found = run(rows, select, true, SPI_OK_SELECT) > 0;
    if (found) {
        MemoryContext context = MemoryContextSwitchTo(result);
        HeapTuple tuple = heap_copytuple(SPI_tuptable->vals[0]);
        heap_deform_tuple(tuple, CreateTupleDescCopy(SPI_tuptable->tupdesc), values, nulls);
        MemoryContextSwitchTo(context);
    }
    SPI_finish();
    return found;
}

bool sees_row(const KeyedRows& rows) {
    SPI_connect();
    const bool found = run(rows, psprintf("SELECT true FROM %s AS t WHERE%s", rows.table, rows.where), true,
                           SPI_OK_SELECT) > 0;
    SPI_finish();
    return found;
}

// Raises what a SELECT of the caller's would raise: 42501.
void check_may_select(Relation relation) {
    const Oid schema = RelationGetNamespace(relation);
    if (!DatumGetBool(DirectFunctionCall2(has_schema_privilege_id, ObjectIdGetDatum(schema),
                                          CStringGetTextDatum("USAGE"))))
        aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA, get_namespace_name(schema));
    if (pg_class_aclcheck(RelationGetRelid(relation), GetUserId(), ACL_SELECT) != ACLCHECK_OK)
        aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, RelationGetRelationName(relation));
}

bool read_as_owner(Datum* values, bool* nulls, Relation relation, Jsonb* key) {
    const Oid owner = relation->rd_rel->relowner;
    bool found = false;
    pg::as_owner(owner, [&] {
        KeyedRows rows = {};
        KeyIndex index;
        // By the role and by row_security the server knows whom a kept plan is for.
        pg::set_local("row_security", "off");
        if (describe_rows(&rows, &index, relation, key))
            pg::as_user(owner, SECURITY_NOFORCE_RLS, [&] { found = read_row(values, nulls, rows, index); });
    });
    return found;
}

// What the owner has defined (types and their casts, indexes) runs as the owner. Policies say what the caller
// sees: where they apply to it, it looks first.
bool look_up(Datum* values, bool* nulls, Relation relation, Jsonb* key) {
    check_may_select(relation);
    const bool is_filtered = check_enable_rls(RelationGetRelid(relation), InvalidOid, false) == RLS_ENABLED;
    KeyedRows rows = {};
    KeyIndex index;
    bool found = false, locked = false;
    pg::as_owner(relation->rd_rel->relowner,
                 [&] { found = JB_ROOT_IS_OBJECT(key) && describe_rows(&rows, &index, relation, key); });
    if (!found) raise_bad_key(relation);
    if (is_filtered && !sees_row(rows)) return false;
    Relation target = open_relation_of_key(relation, key, AccessShareLock, &locked);
    if (locked)
        ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
                        errmsg("a partition of table %s is locked", RelationGetRelationName(relation))));
    if (target == nullptr) return false;
    found = read_as_owner(values, nulls, target, key);
    close_relation_of_key(relation, target);
    return found;
}

Datum row_by_key(FunctionCallInfo fcinfo) {
    Datum values[kRowColumns] = {};
    bool nulls[kRowColumns];
    std::fill(std::begin(nulls), std::end(nulls), true);
    Relation relation = relation_open(PG_GETARG_OID(0), AccessShareLock);
    if (!look_up(values, nulls, relation, PG_GETARG_JSONB_P(1))) {
        values[0] = BoolGetDatum(false);
        nulls[0] = false;
    }
    relation_close(relation, NoLock);
    return result_row(fcinfo, values, nulls);
}

Datum touch_rows(FunctionCallInfo fcinfo) {
    Datum* keys = nullptr;
    int count = 0;
    deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), JSONBOID, -1, false, TYPALIGN_INT, &keys, nullptr, &count);
    const bool touch = PG_GETARG_BOOL(2);
    Arrays arrays = new_arrays(count);
    Relation relation = relation_open(PG_GETARG_OID(0), touch ? RowExclusiveLock : AccessShareLock);
    for (int i = 0; i < count; ++i) {
        CHECK_FOR_INTERRUPTS();
        put(&arrays, i, try_to_visit(relation, DatumGetJsonbP(keys[i]), touch));
    }
    relation_close(relation, NoLock);
    Datum values[] = {
        array_of(arrays.revisions, arrays.no_revision, count, INT8OID, true, sizeof(int64), TYPALIGN_DOUBLE),
        array_of(arrays.statuses, arrays.no_status, count, TEXTOID, false, -1, TYPALIGN_INT),
        array_of(arrays.problems, arrays.no_problem, count, TEXTOID, false, -1, TYPALIGN_INT)};
    bool nulls[] = {false, false, false};
    return result_row(fcinfo, values, nulls);
}

}  // namespace

}  // namespace gpsync::bookkeeping

// touch_rows(relation regclass, keys jsonb[], touch boolean) -> (revisions bigint[], statuses text[],
// problems text[])
GPSYNC_FUNCTION(gpsync_touch_rows) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::bookkeeping::touch_rows(fcinfo); });
}

// row_by_key(relation regclass, key jsonb) -> one row, with is_there false where there is none
GPSYNC_FUNCTION(gpsync_row_by_key) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::bookkeeping::row_by_key(fcinfo); });
}

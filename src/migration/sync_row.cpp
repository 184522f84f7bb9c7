// sync_row() and its like: one row is sent again, with the caller's own UPDATE. The procedures ..._now()
// commit and then wait for the row's mark. They are C, because a lock of the session has to be released after
// an error too, and a block of PL/pgSQL that catches errors cannot commit.
#include <algorithm>

#include "bookkeeping/keyed_rows.h"
#include "migration/job_lock.h"
#include "pg/attachment.h"
#include "pg/guard.h"
#include "pg/kept_plan.h"
#include "pg/own_table.h"
#include "pg/relation_name.h"
#include "pg/row_key.h"
#include "pg/subtransaction.h"
#include "pg/wait.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "portability/instr_time.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/datum.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

namespace {

using bookkeeping::KeyedRows;
using bookkeeping::TouchedRow;

// A wait is looked at again after a tenth of its duration so far, within these bounds: what a look comes late
// is a small part of what was waited for, and a long wait costs nothing.
constexpr int64 kShortestLookUs = 200, kLongestLookUs = 10000;

// The row that is to be sent: its table as the caller gave it, and its key.
struct Target {
    Oid relation, root;
    Jsonb* key;
    bookkeeping::KeyIndex index;
    KeyedRows rows;
};

// "a, b": the columns that identify a row; with format, each in it.
const char* list_columns(Relation relation, const pg::RowKey& key, const char* format) {
    StringInfoData list;
    initStringInfo(&list);
    for (int i = 0; i < key.natts; ++i) {
        const auto* column = TupleDescAttr(RelationGetDescr(relation), key.attnums[i] - 1);
        appendStringInfo(&list, "%s%s", i == 0 ? "" : ", ",
                         format == nullptr ? NameStr(column->attname)
                                           : psprintf("\"%s\": %s", NameStr(column->attname), format));
    }
    return list.data;
}

[[noreturn]] void refuse_key(Relation relation, const pg::RowKey& key) {
    const char* name = pg::qualified_name(RelationGetRelid(relation));
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the key does not fit table %s", name),
                    errdetail("Its key columns are: %s.", list_columns(relation, key, nullptr)),
                    errhint("For example: SELECT * FROM gpsync.sync_row(%s, '{%s}')",
                            quote_literal_cstr(name), list_columns(relation, key, "..."))));
    pg_unreachable();
}

// Whether it is an object with exactly these columns.
bool names_key(Jsonb* given, Relation relation, const pg::RowKey& key) {
    if (!JB_ROOT_IS_OBJECT(given) || static_cast<int>(JB_ROOT_COUNT(given)) != key.natts) return false;
    for (int i = 0; i < key.natts; ++i) {
        const NameData& name = TupleDescAttr(RelationGetDescr(relation), key.attnums[i] - 1)->attname;
        JsonbValue found;
        if (getKeyJsonValueFromContainer(&given->root, NameStr(name), static_cast<int>(strlen(NameStr(name))),
                                         &found) == nullptr)
            return false;
    }
    return key.natts > 0;
}

// Whether the values fit, too. Other errors than theirs go on.
bool describe_target(Target* target, Relation relation) {
    bool fits = false;
    MemoryContext context = CurrentMemoryContext;
    ErrorData* error = pg::try_in_subtransaction([&] {
        MemoryContextSwitchTo(context);
        fits = bookkeeping::describe_rows(&target->rows, &target->index, relation, target->key);
    });
    if (error == nullptr) return fits;
    if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_DATA_EXCEPTION &&
        error->sqlerrcode != ERRCODE_CANNOT_COERCE)
        ReThrowError(error);
    return false;
}

// Raises what is wrong with it: 55000, 22023. Everything is in the current memory context.
Target find_target(Oid relation_id, Jsonb* key) {
    Target target = {};
    target.relation = relation_id;
    target.root = OidIsValid(relation_id) ? pg::attached_root(relation_id) : InvalidOid;
    target.key = key;
    if (!OidIsValid(target.root)) {
        const char* name = OidIsValid(relation_id) ? get_rel_name(relation_id) : nullptr;
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("%s is not an attached table", name != nullptr ? name : "null"),
                 errdetail("Only rows of attached tables, and of their partitions, are sent."),
                 errhint("gpsync.attached_tables lists them; gpsync.attach() puts a table under control.")));
    }
    Relation root = relation_open(target.root, AccessShareLock);
    const pg::RowKey row_key = pg::row_key(root);
    Relation relation = relation_open(target.relation, AccessShareLock);
    if (key == nullptr || !names_key(key, root, row_key) || !describe_target(&target, relation))
        refuse_key(root, row_key);
    relation_close(relation, NoLock);
    relation_close(root, NoLock);
    return target;
}

// By the arguments relation and key.
Target find_by_key(FunctionCallInfo fcinfo) {
    return find_target(PG_ARGISNULL(0) ? InvalidOid : PG_GETARG_OID(0),
                       PG_ARGISNULL(1) ? nullptr : PG_GETARG_JSONB_P(1));
}

// A table that gpsync.create_platform_tables() makes, in whatever schema, and the column that is its key.
struct PlatformTable {
    const char *table, *column;
};
constexpr PlatformTable kProvisions = {"provision_status", "provision_id"};
constexpr PlatformTable kTokens = {"token_status", "token_id"};

int compare_names(const ListCell* a, const ListCell* b) {
    return std::strcmp(pg::qualified_name(lfirst_oid(a)), pg::qualified_name(lfirst_oid(b)));
}

// The attached tables of that name, by their schemas' names.
List* attached_named(const char* table) {
    List* found = NIL;
    CatCList* named = SearchSysCacheList1(RELNAMENSP, CStringGetDatum(table));
    for (int i = 0; i < named->n_members; ++i) {
        const Oid relation = reinterpret_cast<Form_pg_class>(GETSTRUCT(&named->members[i]->tuple))->oid;
        if (pg::attached_root(relation) == relation) found = lappend_oid(found, relation);
    }
    ReleaseSysCacheList(named);
    list_sort(found, compare_names);
    return found;
}

const char* list_names(List* relations) {
    StringInfoData names;
    initStringInfo(&names);
    ListCell* cell;
    foreach (cell, relations)
        appendStringInfo(&names, "%s%s", names.len == 0 ? "" : ", ", pg::qualified_name(lfirst_oid(cell)));
    return names.data;
}

// Raises 55000 where no such table is attached, 21000 where several are.
Oid find_platform_table(const char* table) {
    List* found = attached_named(table);
    if (found == NIL)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("no table \"%s\" is attached", table),
                        errhint("gpsync.create_platform_tables() creates and attaches it; gpsync.sync_row() "
                                "takes any attached table.")));
    if (list_length(found) > 1)
        ereport(ERROR,
                (errcode(ERRCODE_CARDINALITY_VIOLATION), errmsg("several tables \"%s\" are attached", table),
                 errdetail("These are: %s.", list_names(found)),
                 errhint("SELECT * FROM gpsync.sync_row(%s, ...) names one.",
                         quote_literal_cstr(pg::qualified_name(linitial_oid(found))))));
    return linitial_oid(found);
}

Jsonb* one_member(const char* name, const char* text) {
    JsonbParseState* state = nullptr;
    JsonbValue value;
    value.type = jbvString;
    value.val.string.val = const_cast<char*>(name);
    value.val.string.len = static_cast<int>(std::strlen(name));
    (void)pushJsonbValue(&state, WJB_BEGIN_OBJECT, nullptr);
    (void)pushJsonbValue(&state, WJB_KEY, &value);
    value.val.string.val = const_cast<char*>(text);
    value.val.string.len = static_cast<int>(std::strlen(text));
    (void)pushJsonbValue(&state, WJB_VALUE, &value);
    return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, nullptr));
}

// By the one argument that is its key.
Target find_in_platform(FunctionCallInfo fcinfo, const PlatformTable& platform) {
    const Oid relation = find_platform_table(platform.table);
    return find_target(relation, PG_ARGISNULL(0)
                                     ? nullptr
                                     : one_member(platform.column, text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

[[noreturn]] void refuse_touch(const char* name, const char* problem, int64 waited_us) {
    if (std::strcmp(problem, bookkeeping::kRowIsLocked) == 0)
        ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
                        errmsg("the row of table \"%s\" is locked by another transaction", name),
                        waited_us == 0 ? errdetail("Sending a row again waits for nobody.")
                                       : errdetail("It still was after %.1f s, the timeout of this call.",
                                                   static_cast<double>(waited_us) / 1e6),
                        errhint("If that transaction changes the row, the row is sent anyway. Try again.")));
    if (std::strcmp(problem, bookkeeping::kRowIsMissing) == 0)
        ereport(ERROR, (errcode(ERRCODE_NO_DATA_FOUND),
                        errmsg("table \"%s\" has no row of this key that you may see", name),
                        errhint("A deleted row cannot be sent again; its delete was sent.")));
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("the row of table \"%s\" cannot be sent again", name),
                    errdetail_internal("%s", problem)));
    pg_unreachable();
}

bool is_locked(const TouchedRow& row) {
    return row.problem != nullptr && std::strcmp(row.problem, bookkeeping::kRowIsLocked) == 0;
}

TouchedRow try_to_touch(const Target& target) {
    TouchedRow row = {};
    bookkeeping::visit_rows(&row, target.rows, true, CurrentMemoryContext);
    return row;
}

TouchedRow touched(const Target& target, const TouchedRow& row, int64 waited_us) {
    if (row.problem != nullptr) refuse_touch(get_rel_name(target.relation), row.problem, waited_us);
    return row;
}

TouchedRow touch(const Target& target) {
    return touched(target, try_to_touch(target), 0);
}

bool has_lookup(Oid relation) {
    bool found = false;
    pg::scan_own_table(pg::kLookupTable, {}, [&](const Datum* columns) {
        found = found || DatumGetObjectId(columns[1]) == relation;
    });
    return found;
}

// The look-ups of a table ask the token system for the token of a row. Gives the requests that are to be
// waited for, an int8[]; none where there is no look-up. key: the argument of sync_token_status(). REQUIRES:
// SPI is connected, and the caller sees the row.
Datum ask_token_system(const Target& target, Datum key) {
    if (!has_lookup(target.root)) return PointerGetDatum(construct_empty_array(INT8OID));
    Oid types[] = {OIDOID, TEXTOID};
    Datum values[] = {ObjectIdGetDatum(target.root), key};
    if (pg::execute_kept("SELECT gpsync_internal.ask_token_system($1, $2)", 2, types, values, false, 1) !=
        SPI_OK_SELECT)
        elog(ERROR, "could not ask the token system");
    bool is_null = true;
    const Datum requests = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null);
    return is_null ? PointerGetDatum(construct_empty_array(INT8OID)) : datumCopy(requests, false, -1);
}

bool token_is_asked(const Target& target, Datum requests) {
    Oid types[] = {OIDOID, INT8ARRAYOID};
    Datum values[] = {ObjectIdGetDatum(target.root), requests};
    if (pg::execute_kept("SELECT gpsync_internal.token_is_asked($1, $2)", 2, types, values, false, 1) !=
        SPI_OK_SELECT)
        elog(ERROR, "could not look for the token system's answer");
    bool is_null = true;
    const bool asked = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
    SPI_freetuptable(SPI_tuptable);
    return !is_null && asked;
}

Datum make_row(TupleDesc descriptor, Datum* values, bool* nulls) {
    return HeapTupleGetDatum(heap_form_tuple(descriptor, values, nulls));
}

TupleDesc result_descriptor(FunctionCallInfo fcinfo) {
    TupleDesc descriptor = nullptr;
    if (get_call_result_type(fcinfo, nullptr, &descriptor) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    return BlessTupleDesc(descriptor);
}

// As events show it.
Datum key_in_row(const Target& target, MemoryContext result) {
    const char* select =
        psprintf("SELECT %s FROM %s AS t WHERE%s", bookkeeping::key_expression(target.rows, target.index),
                 target.rows.table, target.rows.where);
    if (pg::execute_kept(select, target.rows.count, target.rows.types, target.rows.values, false, 1) !=
        SPI_OK_SELECT)
        elog(ERROR, "could not read the row's key");
    bool is_null = true;
    Datum key = 0;
    if (SPI_processed > 0) key = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null);
    MemoryContext before = MemoryContextSwitchTo(result);
    key = PointerGetDatum(is_null ? target.key : DatumGetJsonbPCopy(key));
    MemoryContextSwitchTo(before);
    return key;
}

// is_token: its argument is a token.
template <class Find>
Datum sync_one(FunctionCallInfo fcinfo, Find&& find, bool is_token = false) {
    TupleDesc descriptor = result_descriptor(fcinfo);
    MemoryContext result = CurrentMemoryContext;
    SPI_connect();
    const Target target = find();
    const TouchedRow row = touch(target);
    if (is_token) (void)ask_token_system(target, PG_GETARG_DATUM(0));
    MemoryContext of_spi = CurrentMemoryContext;
    Datum values[] = {key_in_row(target, result), Int64GetDatum(row.revision), Datum{0}};
    bool nulls[] = {false, false, row.status == nullptr};
    MemoryContextSwitchTo(result);
    if (row.status != nullptr) values[2] = CStringGetTextDatum(row.status);
    const Datum made = make_row(descriptor, values, nulls);
    MemoryContextSwitchTo(of_spi);
    SPI_finish();
    return made;
}

// A row that was touched, and the statement that reads it.
struct Watched {
    const char* select;
    KeyedRows rows;
    int64 revision;
};

const char* outcome_of_row(const Watched& watched) {
    if (pg::execute_kept(watched.select, watched.rows.count, watched.rows.types, watched.rows.values, false,
                         1) != SPI_OK_SELECT)
        elog(ERROR, "could not read the row");
    const char* outcome = nullptr;
    bool is_null = true;
    if (SPI_processed == 0 || DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1,
                                                          &is_null)) != watched.revision) {
        outcome = "SUPERSEDED";
    } else if (const char* status = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2)) {
        if (std::strcmp(status, "COMPLETED") == 0) outcome = "COMPLETED";
        if (std::strcmp(status, "FAILED") == 0) outcome = "FAILED";
    }
    SPI_freetuptable(SPI_tuptable);
    return outcome;
}

int64 elapsed_us(instr_time since) {
    instr_time now;
    INSTR_TIME_SET_CURRENT(now);
    INSTR_TIME_SUBTRACT(now, since);
    return static_cast<int64>(INSTR_TIME_GET_MICROSEC(now));
}

int64 next_look_us(int64 waited_us, int64 timeout_us) {
    return std::min(std::clamp(waited_us / 10, kShortestLookUs, kLongestLookUs), timeout_us - waited_us);
}

// Each look is a transaction of its own: a new snapshot under every isolation level, and no lock or snapshot
// is kept in between.
const char* wait_for_row(const Watched& watched, int64 timeout_us) {
    instr_time start;
    INSTR_TIME_SET_CURRENT(start);
    for (;;) {
        const char* outcome = outcome_of_row(watched);
        SPI_commit();
        if (outcome != nullptr) return outcome;
        const int64 waited = elapsed_us(start);
        if (waited >= timeout_us) return "PENDING";
        pg::pause_us(next_look_us(waited, timeout_us));
    }
}

struct Outcome {
    const char* outcome;
    int64 revision;
};

// A row that is being booked, or changed by a short transaction, is locked for a moment. Each attempt is a
// transaction of its own. *waited_us: how long that took.
TouchedRow touch_when_free(const Target& target, int64 timeout_us, int64* waited_us) {
    instr_time start;
    INSTR_TIME_SET_CURRENT(start);
    for (;;) {
        const TouchedRow row = try_to_touch(target);
        *waited_us = elapsed_us(start);
        if (!is_locked(row) || *waited_us >= timeout_us) return touched(target, row, timeout_us);
        SPI_commit();
        pg::pause_us(next_look_us(*waited_us, timeout_us));
    }
}

void touch_and_wait(Outcome* result, const Target& target, int64 timeout_us) {
    int64 waited_us = 0;
    const TouchedRow row = touch_when_free(target, timeout_us, &waited_us);
    result->revision = row.revision;
    const Watched watched = {bookkeeping::select_rows(target.rows, ""), target.rows, row.revision};
    SPI_commit();
    result->outcome = wait_for_row(watched, std::max(timeout_us - waited_us, int64{0}));
}

bool sees_row(const Target& target) {
    if (pg::execute_kept(bookkeeping::select_rows(target.rows, ""), target.rows.count, target.rows.types,
                         target.rows.values, false, 1) != SPI_OK_SELECT)
        elog(ERROR, "could not read the row");
    SPI_freetuptable(SPI_tuptable);
    return SPI_processed > 0;
}

// Until the token system has answered what is asked for here, or half of the time is up: the row is sent in
// any case. Answers how long that took.
int64 wait_for_answer(const Target& target, Datum key, int64 timeout_us) {
    if (!sees_row(target)) return 0;
    const Datum requests = ask_token_system(target, key);
    SPI_commit();
    if (ArrayGetNItems(ARR_NDIM(DatumGetArrayTypeP(requests)), ARR_DIMS(DatumGetArrayTypeP(requests))) == 0)
        return 0;
    const int64 most_us = timeout_us / 2;
    instr_time start;
    INSTR_TIME_SET_CURRENT(start);
    for (;;) {
        const bool waits = token_is_asked(target, requests);
        SPI_commit();
        const int64 waited = elapsed_us(start);
        if (!waits || waited >= most_us) return waited;
        pg::pause_us(next_look_us(waited, most_us));
    }
}

// By the values of the key, not by how the caller wrote them.
LOCKTAG row_lock_tag(const Target& target) {
    StringInfoData name;
    initStringInfo(&name);
    appendStringInfo(&name, "%u", target.root);
    for (int i = 0; i < target.rows.count; ++i) {
        Oid output = InvalidOid;
        bool is_varlena = false;
        getTypeOutputInfo(target.rows.types[i], &output, &is_varlena);
        appendStringInfo(&name, "/%s",
                         quote_literal_cstr(OidOutputFunctionCall(output, target.rows.values[i])));
    }
    return pg::lock_tag(pg::LockClass::kRow, name.data);
}

void refuse_in_transaction(FunctionCallInfo fcinfo) {
    const auto* call = reinterpret_cast<const CallContext*>(fcinfo->context);
    if (call != nullptr && IsA(call, CallContext) && !call->atomic) return;
    const char* name = get_func_name(fcinfo->flinfo->fn_oid);
    ereport(ERROR, (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
                    errmsg("gpsync.%s() cannot run in a transaction block or a function", name),
                    errdetail("It commits, and then waits for what it has sent."),
                    errhint("CALL it by itself. In a transaction, gpsync.%.*s() sends the row with COMMIT.",
                            static_cast<int>(std::strlen(name) - std::strlen("_now")), name)));
}

// Arguments: what find takes, then timeout, outcome, revision. is_token: the first of them is a token.
template <class Find>
Datum sync_now(FunctionCallInfo fcinfo, int timeout_argument, Find&& find, bool is_token = false) {
    refuse_in_transaction(fcinfo);
    const int64 timeout =
        pg::timeout_us(PG_ARGISNULL(timeout_argument) ? nullptr : PG_GETARG_INTERVAL_P(timeout_argument));
    TupleDesc descriptor = result_descriptor(fcinfo);
    MemoryContext result = CurrentMemoryContext;
    Outcome outcome = {"BUSY", 0};
    SPI_connect_ext(SPI_OPT_NONATOMIC);
    const Target target = find();
    (void)with_session_lock(row_lock_tag(target), ExclusiveLock, [&] {
        const int64 spent = is_token ? wait_for_answer(target, PG_GETARG_DATUM(0), timeout) : 0;
        touch_and_wait(&outcome, target, std::max(timeout - spent, int64{0}));
    });
    SPI_finish();
    MemoryContextSwitchTo(result);
    Datum values[] = {CStringGetTextDatum(outcome.outcome), Int64GetDatum(outcome.revision)};
    bool nulls[] = {false, outcome.revision == 0};
    return make_row(descriptor, values, nulls);
}

}  // namespace

}  // namespace gpsync::migration

// sync_row(relation regclass, INOUT key jsonb, OUT revision bigint, OUT sync_status text)
GPSYNC_FUNCTION(gpsync_sync_row) {
    return gpsync::pg::guarded([&] {
        return gpsync::migration::sync_one(fcinfo, [&] { return gpsync::migration::find_by_key(fcinfo); });
    });
}

// sync_provision_status(provision_id text, OUT key jsonb, OUT revision bigint, OUT sync_status text)
GPSYNC_FUNCTION(gpsync_sync_provision_status) {
    return gpsync::pg::guarded([&] {
        return gpsync::migration::sync_one(fcinfo, [&] {
            return gpsync::migration::find_in_platform(fcinfo, gpsync::migration::kProvisions);
        });
    });
}

// sync_token_status(token_id text, OUT key jsonb, OUT revision bigint, OUT sync_status text)
GPSYNC_FUNCTION(gpsync_sync_token_status) {
    return gpsync::pg::guarded([&] {
        return gpsync::migration::sync_one(
            fcinfo, [&] { return gpsync::migration::find_in_platform(fcinfo, gpsync::migration::kTokens); },
            true);
    });
}

// sync_row_now(relation regclass, key jsonb, timeout interval, INOUT outcome text, INOUT revision bigint)
GPSYNC_FUNCTION(gpsync_sync_row_now) {
    return gpsync::pg::guarded([&] {
        return gpsync::migration::sync_now(fcinfo, 2, [&] { return gpsync::migration::find_by_key(fcinfo); });
    });
}

// sync_provision_status_now(provision_id text, timeout interval, INOUT outcome text, INOUT revision bigint)
GPSYNC_FUNCTION(gpsync_sync_provision_status_now) {
    return gpsync::pg::guarded([&] {
        return gpsync::migration::sync_now(fcinfo, 1, [&] {
            return gpsync::migration::find_in_platform(fcinfo, gpsync::migration::kProvisions);
        });
    });
}

// sync_token_status_now(token_id text, timeout interval, INOUT outcome text, INOUT revision bigint)
GPSYNC_FUNCTION(gpsync_sync_token_status_now) {
    return gpsync::pg::guarded([&] {
        return gpsync::migration::sync_now(
            fcinfo, 1,
            [&] { return gpsync::migration::find_in_platform(fcinfo, gpsync::migration::kTokens); }, true);
    });
}

// sync_row() and its like: one row is sent again, with the caller's own UPDATE. The procedures ..._now()
// commit and then wait for the row's mark. They are C, because a lock of the session has to be released after
// an error too, and a block of PL/pgSQL that catches errors cannot commit.
#include <algorithm>

#include "bookkeeping/keyed_rows.h"
#include "migration/job_lock.h"
#include "migration/steps.h"
#include "pg/attachment.h"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/relation.h"
#include "catalog/pg_type.h"
#include "datatype/timestamp.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

namespace {

using bookkeeping::KeyedRows;
using bookkeeping::TouchedRow;

// A wait is looked at again after a tenth of its duration so far, within these bounds: what a look comes late
// is a small part of what was waited for, and a long wait costs nothing.
constexpr int64 kShortestLookUs = 200, kLongestLookUs = 10000;

// The row that is to be sent: its table as the caller gave it, and its key as events show it.
struct Target {
    Oid relation;
    Jsonb* key;
};

// Raises what is wrong with it, and where there is no such row. REQUIRES: SPI is connected.
Target find_target(const char* statement, int count, Oid* types, Datum* values, const char* nulls) {
    if (SPI_execute_with_args(statement, count, types, values, nulls, false, 1) != SPI_OK_SELECT ||
        SPI_processed != 1)
        elog(ERROR, "could not find the row");
    bool is_null[2];
    HeapTuple row = SPI_tuptable->vals[0];
    const Datum relation = SPI_getbinval(row, SPI_tuptable->tupdesc, 1, &is_null[0]);
    const Datum key = SPI_getbinval(row, SPI_tuptable->tupdesc, 2, &is_null[1]);
    if (is_null[0] || is_null[1]) elog(ERROR, "the row has no key");
    return {DatumGetObjectId(relation), DatumGetJsonbPCopy(key)};
}

// By the arguments relation and key.
Target find_by_key(FunctionCallInfo fcinfo) {
    Oid types[] = {REGCLASSOID, JSONBOID};
    Datum values[] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
    const char nulls[] = {PG_ARGISNULL(0) ? 'n' : ' ', PG_ARGISNULL(1) ? 'n' : ' '};
    return find_target("SELECT r.relation, r.row_key FROM gpsync_internal.row_to_sync($1, $2) AS r", 2, types,
                       values, nulls);
}

// By the one argument that is the key of a table of create_platform_tables().
Target find_in_platform(FunctionCallInfo fcinfo, const char* table, const char* column) {
    Oid types[] = {TEXTOID};
    Datum values[] = {PG_GETARG_DATUM(0)};
    const char nulls[] = {PG_ARGISNULL(0) ? 'n' : ' '};
    const char* statement = psprintf(
        "SELECT r.relation, r.row_key FROM gpsync_internal.row_to_sync(gpsync_internal.platform_table('%s'), "
        "pg_catalog.jsonb_build_object('%s', $1)) AS r",
        table, column);
    return find_target(statement, 1, types, values, nulls);
}

[[noreturn]] void refuse_touch(Relation relation, const char* problem) {
    const char* name = RelationGetRelationName(relation);
    if (std::strcmp(problem, bookkeeping::kRowIsLocked) == 0)
        ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
                        errmsg("the row of table \"%s\" is locked by another transaction", name),
                        errdetail("Sending a row again waits for nobody."),
                        errhint("If that transaction changes the row, the row is sent anyway. Try again.")));
    if (std::strcmp(problem, bookkeeping::kRowIsMissing) == 0)
        ereport(ERROR, (errcode(ERRCODE_NO_DATA_FOUND),
                        errmsg("table \"%s\" has no row of this key any more", name)));
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("the row of table \"%s\" cannot be sent again", name),
                    errdetail_internal("%s", problem)));
    pg_unreachable();
}

TouchedRow touch(const Target& target) {
    TouchedRow row = {};
    Relation relation = relation_open(target.relation, RowExclusiveLock);
    bookkeeping::visit_row(&row, relation, target.key, true, CurrentMemoryContext);
    if (row.problem != nullptr) refuse_touch(relation, row.problem);
    relation_close(relation, NoLock);
    return row;
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

Datum sync_row(FunctionCallInfo fcinfo) {
    TupleDesc descriptor = result_descriptor(fcinfo);
    MemoryContext result = CurrentMemoryContext;
    SPI_connect();
    const Target target = find_by_key(fcinfo);
    const TouchedRow row = touch(target);
    Datum values[] = {JsonbPGetDatum(target.key), Int64GetDatum(row.revision), Datum{0}};
    bool nulls[] = {false, false, row.status == nullptr};
    if (row.status != nullptr) values[2] = CStringGetTextDatum(row.status);
    MemoryContextSwitchTo(result);
    const Datum made = make_row(descriptor, values, nulls);
    SPI_finish();
    return made;
}

// A row that was touched, and the statement that reads it.
struct Watched {
    SPIPlanPtr select;
    KeyedRows rows;
    int64 revision;
};

const char* outcome_of_row(const Watched& watched) {
    if (SPI_execute_plan(watched.select, const_cast<Datum*>(watched.rows.values), nullptr, false, 1) !=
        SPI_OK_SELECT)
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

// A latch counts milliseconds.
void sleep_us(int64 us) {
    if (us >= 1000) return pause_for(static_cast<long>(us / 1000));
    pg_usleep(static_cast<long>(us));
    CHECK_FOR_INTERRUPTS();
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
        sleep_us(std::min(std::clamp(waited / 10, kShortestLookUs, kLongestLookUs), timeout_us - waited));
    }
}

Watched watch(const Target& target, int64 revision) {
    Watched watched = {};
    watched.revision = revision;
    bookkeeping::KeyIndex index;
    Relation relation = relation_open(target.relation, AccessShareLock);
    if (!bookkeeping::describe_rows(&watched.rows, &index, relation, target.key))
        elog(ERROR, "table \"%s\" has no such key", RelationGetRelationName(relation));
    relation_close(relation, NoLock);
    watched.select =
        SPI_prepare(bookkeeping::select_rows(watched.rows, ""), watched.rows.count, watched.rows.types);
    if (watched.select == nullptr || SPI_keepplan(watched.select) != 0) elog(ERROR, "SPI_prepare failed");
    return watched;
}

struct Outcome {
    const char* outcome;
    int64 revision;
};

void touch_and_wait(Outcome* result, const Target& target, int64 timeout_us) {
    const TouchedRow row = touch(target);
    result->revision = row.revision;
    const Watched watched = watch(target, row.revision);
    SPI_commit();
    PG_TRY();
    { result->outcome = wait_for_row(watched, timeout_us); }
    PG_FINALLY();
    { SPI_freeplan(watched.select); }
    PG_END_TRY();
}

LOCKTAG row_lock_tag(const Target& target) {
    const char* key = JsonbToCString(nullptr, &target.key->root, VARSIZE(target.key));
    return lock_tag(kRowLockClass, psprintf("%u/%s", pg::attached_root(target.relation), key));
}

int64 timeout_us(FunctionCallInfo fcinfo, int argument) {
    const Interval* timeout = PG_ARGISNULL(argument) ? nullptr : PG_GETARG_INTERVAL_P(argument);
    const int64 days = timeout == nullptr ? 0 : timeout->day + int64{DAYS_PER_MONTH} * timeout->month;
    if (timeout == nullptr || timeout->time < 0 || days < 0)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("timeout must not be %s", timeout == nullptr ? "null" : "negative")));
    return std::min(days, int64{DAYS_PER_MONTH} * 1200) * USECS_PER_DAY + timeout->time;
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

// Arguments: what find takes, then timeout, outcome, revision.
template <class Find>
Datum sync_now(FunctionCallInfo fcinfo, int timeout_argument, Find&& find) {
    refuse_in_transaction(fcinfo);
    const int64 timeout = timeout_us(fcinfo, timeout_argument);
    TupleDesc descriptor = result_descriptor(fcinfo);
    MemoryContext result = CurrentMemoryContext;
    Outcome outcome = {"BUSY", 0};
    SPI_connect_ext(SPI_OPT_NONATOMIC);
    const Target target = find();
    (void)with_session_lock(row_lock_tag(target), ExclusiveLock,
                            [&] { touch_and_wait(&outcome, target, timeout); });
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
    return gpsync::pg::guarded([&] { return gpsync::migration::sync_row(fcinfo); });
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
            return gpsync::migration::find_in_platform(fcinfo, "provision_status", "provision_id");
        });
    });
}

// sync_token_status_now(token_id text, timeout interval, INOUT outcome text, INOUT revision bigint)
GPSYNC_FUNCTION(gpsync_sync_token_status_now) {
    return gpsync::pg::guarded([&] {
        return gpsync::migration::sync_now(fcinfo, 1, [&] {
            return gpsync::migration::find_in_platform(fcinfo, "token_status", "token_id");
        });
    });
}

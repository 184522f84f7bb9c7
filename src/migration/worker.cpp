#include "migration/worker.h"

#include <algorithm>

#include "migration/job_lock.h"
#include "migration/steps.h"
#include "pg/guard.h"
#include "pg/pin_settings.h"
#include "pg/wait.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "storage/ipc.h"
#include "storage/lmgr.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

extern "C" {
PGDLLEXPORT void gpsync_migration_worker_main(Datum);
}

namespace gpsync::migration {

namespace {

static_assert(sizeof(WorkerArguments) <= BGW_EXTRALEN);

// After an error that passes.
constexpr long kFirstRetryMs = 250, kLongestRetryMs = 60000;

// What BackgroundWorkerInitializeConnection() would end the worker for; nullptr: nothing.
const char* why_no_session(Oid owner) {
    HeapTuple tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(owner));
    if (!HeapTupleIsValid(tuple)) return psprintf("There is no role with OID %u.", owner);
    auto* role = reinterpret_cast<Form_pg_authid>(GETSTRUCT(tuple));
    const char* why =
        role->rolcanlogin ? nullptr : psprintf("Role \"%s\" must not log in.", NameStr(role->rolname));
    ReleaseSysCache(tuple);
    return why;
}

// The library that this very function is in.
const char* library_of(Oid function) {
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for function %u", function);
    bool is_null = false;
    const Datum library = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_probin, &is_null);
    if (is_null) elog(ERROR, "function %u has no library", function);
    const char* name = TextDatumGetCString(library);
    ReleaseSysCache(tuple);
    return name;
}

bool register_worker(const WorkerArguments& arguments, const char* library) {
    BackgroundWorker worker = {};
    worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
    worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
    worker.bgw_restart_time = BGW_NEVER_RESTART;
    strlcpy(worker.bgw_library_name, library, sizeof worker.bgw_library_name);
    strlcpy(worker.bgw_function_name, "gpsync_migration_worker_main", sizeof worker.bgw_function_name);
    snprintf(worker.bgw_name, sizeof worker.bgw_name, "gpsync %s %.60s", arguments.kind, arguments.job);
    snprintf(worker.bgw_type, sizeof worker.bgw_type, "gpsync %s", arguments.kind);
    std::memcpy(worker.bgw_extra, &arguments, sizeof arguments);
    return RegisterDynamicBackgroundWorker(&worker, nullptr);
}

// A job without a worker is run by hand, so that this is no error.
void warn_not_started(const WorkerArguments& arguments, const char* why) {
    ereport(WARNING,
            (errmsg("no background worker was started for job \"%s\"", arguments.job),
             errdetail_internal("%s", why),
             errhint("CALL gpsync.run_%s('%s') runs it in a session.", arguments.kind, arguments.job)));
}

Datum start_migration_worker(FunctionCallInfo fcinfo) {
    const char* kind = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const char* job = text_to_cstring(PG_GETARG_TEXT_PP(1));
    WorkerArguments arguments = {MyDatabaseId, PG_GETARG_OID(2), GetTopTransactionIdIfAny(), {}, {}};
    (void)step_statement(kind);
    if (std::strlen(kind) >= sizeof arguments.kind || std::strlen(job) >= sizeof arguments.job)
        ereport(ERROR, (errcode(ERRCODE_NAME_TOO_LONG), errmsg("the name of job \"%s\" is too long", job),
                        errdetail("It has at most %zu bytes.", sizeof arguments.job - 1)));
    strlcpy(arguments.kind, kind, sizeof arguments.kind);
    strlcpy(arguments.job, job, sizeof arguments.job);
    const char* why = why_no_session(arguments.owner);
    if (why == nullptr && !register_worker(arguments, library_of(fcinfo->flinfo->fn_oid)))
        why = "All of max_worker_processes are in use.";
    if (why != nullptr) warn_not_started(arguments, why);
    PG_RETURN_BOOL(why == nullptr);
}

// Errors that pass: connections, conflicts, resources, locks and cancels, the system.
bool passes(int sqlstate) {
    if (sqlstate == ERRCODE_LOCK_NOT_AVAILABLE || sqlstate == ERRCODE_QUERY_CANCELED) return true;
    switch (ERRCODE_TO_CATEGORY(sqlstate)) {
        case ERRCODE_CONNECTION_EXCEPTION:
        case ERRCODE_TRANSACTION_ROLLBACK:
        case ERRCODE_INSUFFICIENT_RESOURCES:
            return true;
        default:
            return false;
    }
}

void begin_transaction() {
    SetCurrentStatementStartTimestamp();
    StartTransactionCommand();
    SPI_connect();
    PushActiveSnapshot(GetTransactionSnapshot());
}

void commit_transaction() {
    SPI_finish();
    PopActiveSnapshot();
    CommitTransactionCommand();
    (void)pgstat_report_stat(false);
}

// 0, or the SQLSTATE of the error that was rolled back.
template <class Body>
int in_transaction(Body&& body) {
    MemoryContext context = CurrentMemoryContext;
    volatile int sqlstate = 0;
    PG_TRY();
    {
        begin_transaction();
        body();
        commit_transaction();
    }
    PG_CATCH();
    {
        MemoryContextSwitchTo(context);
        const ErrorData* error = CopyErrorData();
        sqlstate = error->sqlerrcode;
        FlushErrorState();
        AbortCurrentTransaction();
    }
    PG_END_TRY();
    MemoryContextSwitchTo(context);
    return sqlstate;
}

void note_failure(const WorkerArguments& arguments, int failure) {
    const char* code = pstrdup(unpack_sql_state(failure));
    ereport(LOG, (errmsg("gpsync %s \"%s\" stops: a step failed with SQLSTATE %s", arguments.kind,
                         arguments.job, code)));
    (void)in_transaction([&] {
        Oid types[] = {TEXTOID, TEXTOID};
        Datum values[] = {CStringGetTextDatum(arguments.job), CStringGetTextDatum(code)};
        const char* call = psprintf("SELECT gpsync_internal.%s_failed($1, $2)", arguments.kind);
        (void)SPI_execute_with_args(call, 2, types, values, nullptr, false, 0);
    });
}

void run(const WorkerArguments& arguments) {
    const char* statement = step_statement(arguments.kind);
    MemoryContext context = AllocSetContextCreate(TopMemoryContext, "gpsync step", ALLOCSET_DEFAULT_SIZES);
    MemoryContextSwitchTo(context);
    long retry = kFirstRetryMs;
    for (;;) {
        if (ConfigReloadPending) {
            ConfigReloadPending = false;
            ProcessConfigFile(PGC_SIGHUP);
        }
        StepAnswer answer = {};
        pgstat_report_activity(STATE_RUNNING, arguments.job);
        const int failure = in_transaction([&] { answer = run_step(statement, arguments.job); });
        pgstat_report_activity(STATE_IDLE, nullptr);
        if (failure != 0 && !passes(failure)) return note_failure(arguments, failure);
        if (failure != 0) answer = {false, retry};
        retry = failure != 0 ? std::min(retry * 2, kLongestRetryMs) : kFirstRetryMs;
        if (answer.done) return;
        if (answer.wait_ms > 0) pg::pause_us(answer.wait_ms * 1000);
        CHECK_FOR_INTERRUPTS();
        MemoryContextReset(context);
    }
}

void connect(const WorkerArguments& arguments) {
    pqsignal(SIGTERM, die);
    pqsignal(SIGHUP, SignalHandlerForConfigReload);
    BackgroundWorkerUnblockSignals();
    BackgroundWorkerInitializeConnectionByOid(arguments.database, arguments.owner, 0);
    pg::pin_session_settings();
    SetConfigOption("application_name", MyBgworkerEntry->bgw_name, PGC_USERSET, PGC_S_OVERRIDE);
}

void work() {
    WorkerArguments arguments;
    std::memcpy(&arguments, MyBgworkerEntry->bgw_extra, sizeof arguments);
    connect(arguments);
    StartTransactionCommand();
    if (TransactionIdIsValid(arguments.starter))
        XactLockTableWait(arguments.starter, nullptr, nullptr, XLTW_None);
    const LOCKTAG tag = job_lock_tag(arguments.kind, arguments.job);
    CommitTransactionCommand();
    (void)with_session_lock(tag, ShareLock, [&] { run(arguments); });
}

}  // namespace

}  // namespace gpsync::migration

// start_migration_worker(kind text, job text, owner oid) -> boolean
GPSYNC_FUNCTION(gpsync_start_migration_worker) {
    return gpsync::pg::guarded([&] { return gpsync::migration::start_migration_worker(fcinfo); });
}

void gpsync_migration_worker_main(Datum) {
    gpsync::pg::guarded([] { gpsync::migration::work(); });
    proc_exit(0);
}

// Procedures run_KIND(): the steps of a job in the caller's session.
#include "migration/steps.h"

#include <algorithm>
#include <cstdlib>

#include "migration/job_lock.h"
#include "pg/guard.h"
#include "pg/wait.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

namespace {

constexpr long kDefaultWaitMs = 1000;

StepAnswer parse_answer(const char* answer) {
    if (std::strcmp(answer, "more") == 0) return {false, 0};
    if (std::strcmp(answer, "done") == 0) return {true, 0};
    if (std::strcmp(answer, "wait") == 0) return {false, kDefaultWaitMs};
    if (std::strncmp(answer, "wait ", 5) == 0) return {false, std::clamp(std::atol(answer + 5), 1L, 60000L)};
    elog(ERROR, "a step answered \"%s\"", answer);
}

// run_resend: resend.
const char* kind_of(Oid procedure) {
    const char* name = get_func_name(procedure);
    if (name == nullptr || std::strncmp(name, "run_", 4) != 0)
        elog(ERROR, "procedure %u is not named run_KIND", procedure);
    return name + 4;
}

TimestampTz end_of(const Interval* for_at_most) {
    if (for_at_most == nullptr) return DT_NOEND;
    // What is beyond a timestamp is for ever, too.
    Interval longest = {};
    longest.month = 1000 * MONTHS_PER_YEAR;
    if (DatumGetInt32(DirectFunctionCall2(interval_cmp, IntervalPGetDatum(for_at_most),
                                          IntervalPGetDatum(&longest))) > 0)
        return DT_NOEND;
    return DatumGetTimestampTz(DirectFunctionCall2(
        timestamptz_pl_interval, TimestampTzGetDatum(GetCurrentTimestamp()), IntervalPGetDatum(for_at_most)));
}

void run_until(const char* kind, const char* job, TimestampTz end) {
    const char* statement = step_statement(kind);
    for (;;) {
        const StepAnswer answer = run_step(statement, job);
        SPI_commit();
        if (answer.done) return;
        const TimestampTz now = GetCurrentTimestamp();
        if (now >= end) return;
        const long left = TimestampDifferenceMilliseconds(now, end);
        if (answer.wait_ms > 0) pg::pause_us(std::min(answer.wait_ms, left) * 1000);
        CHECK_FOR_INTERRUPTS();
    }
}

Datum run_steps(FunctionCallInfo fcinfo) {
    const auto* call = reinterpret_cast<const CallContext*>(fcinfo->context);
    const char* kind = kind_of(fcinfo->flinfo->fn_oid);
    if (call == nullptr || !IsA(call, CallContext) || call->atomic)
        ereport(ERROR, (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
                        errmsg("gpsync.run_%s() cannot run in a transaction block or a function", kind),
                        errdetail("It commits after each chunk."), errhint("CALL it by itself.")));
    if (PG_ARGISNULL(0))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("job must not be null")));
    const char* job = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const TimestampTz end = end_of(PG_ARGISNULL(1) ? nullptr : PG_GETARG_INTERVAL_P(1));
    SPI_connect_ext(SPI_OPT_NONATOMIC);
    (void)with_session_lock(job_lock_tag(kind, job), ShareLock, [&] { run_until(kind, job, end); });
    SPI_finish();
    PG_RETURN_VOID();
}

}  // namespace

const char* step_statement(const char* kind) {
    for (const char* c = kind; *c != '\0'; ++c)
        if ((*c < 'a' || *c > 'z') && *c != '_')
            ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                            errmsg("there are no jobs of kind \"%s\"", kind)));
    return psprintf("SELECT gpsync_internal.%s_step($1)", kind);
}

StepAnswer run_step(const char* statement, const char* job) {
    Oid type = TEXTOID;
    Datum value = CStringGetTextDatum(job);
    const int result = SPI_execute_with_args(statement, 1, &type, &value, nullptr, false, 1);
    if (result != SPI_OK_SELECT || SPI_processed != 1)
        elog(ERROR, "a step gave no answer: %s", SPI_result_code_string(result));
    const char* answer = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
    const StepAnswer parsed = parse_answer(answer != nullptr ? answer : "");
    SPI_freetuptable(SPI_tuptable);
    return parsed;
}

}  // namespace gpsync::migration

// run_KIND(job text, for_at_most interval)
GPSYNC_FUNCTION(gpsync_run_steps) {
    return gpsync::pg::guarded([&] { return gpsync::migration::run_steps(fcinfo); });
}

// Runs a query as another role, in a restricted context, and gives its rows. What verify and repair read and
// write of a run's owner goes through here: nothing of a user's runs with rights that are not that user's.
#include "migration/import_chunk.h"
#include "migration/owner_query.h"
#include "pg/guard.h"
#include "trigger/import_mode.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "funcapi.h"
#include "tcop/dest.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

namespace {

ParamListInfo parameter(Datum argument, bool is_null) {
    ParamListInfo parameters = makeParamList(1);
    parameters->params[0] = {argument, is_null, PARAM_FLAG_CONST, JSONBOID};
    return parameters;
}

// With a snapshot of now, and not that of the statement around it: read_only would keep that.
void execute(const char* query, Datum argument, bool is_null, bool may_write, ReturnSetInfo* result) {
    MemoryContext per_query = result->econtext->ecxt_per_query_memory;
    Oid types[] = {JSONBOID};
    DestReceiver* receiver = CreateDestReceiver(DestTuplestore);
    SetTuplestoreDestReceiverParams(receiver, result->setResult, per_query, false, result->setDesc,
                                    "the query's columns are not those that were expected");
    SPIExecuteOptions options = {};
    options.params = parameter(argument, is_null);
    options.dest = receiver;
    const int code = SPI_execute_plan_extended(prepare_one(query, 1, types, !may_write), &options);
    if (code < 0) elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(code));
    receiver->rDestroy(receiver);
}

// No query has no rows: where nothing is to be asked, the functions that write queries give NULL. The
// argument may be NULL, so the functions here are not STRICT.
bool is_a_query(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0) && !PG_ARGISNULL(1))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
                        errmsg("the role as which a query is to be run does not exist any more")));
    return !PG_ARGISNULL(1);
}

// PostgreSQL from 16 on permits no local transaction_read_only, so its variable is set. After an error the
// end of the (sub)transaction around it sets what was before.
Datum query_as(FunctionCallInfo fcinfo, bool may_write) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    if (!is_a_query(fcinfo)) return Datum{0};
    const Oid role = PG_GETARG_OID(0);
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(1));
    const bool is_null = PG_ARGISNULL(2);
    const Datum argument = is_null ? Datum{0} : PG_GETARG_DATUM(2);
    as_role(role, [&] {
        // What the role has put off is checked now, as the role, and not at COMMIT as whoever commits.
        if (may_write) make_constraints_immediate();
        const bool was_read_only = XactReadOnly;
        XactReadOnly = was_read_only || !may_write;
        execute(query, argument, is_null, may_write, reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo));
        XactReadOnly = was_read_only;
    });
    return Datum{0};
}

// The code of the role's (triggers, domains) must not make the caller wait for other sessions for long.
Datum answer_as(FunctionCallInfo fcinfo) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    if (!is_a_query(fcinfo)) return Datum{0};
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(1));
    const bool is_null = PG_ARGISNULL(2);
    const Datum argument = is_null ? Datum{0} : PG_GETARG_DATUM(2);
    as_role(PG_GETARG_OID(0), [&] {
        make_constraints_immediate();
        pg::set_local("lock_timeout", "1s");
        execute(query, argument, is_null, true, reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo));
    });
    return Datum{0};
}

// An error ends the import with its subtransaction.
Datum write_imported(FunctionCallInfo fcinfo) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    const Oid relation = PG_GETARG_OID(1);
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(2));
    as_role(PG_GETARG_OID(0), [&] {
        make_constraints_immediate();
        bool unseen = true;
        const int64 revision = begin_revision(relation, true, nullptr, &unseen);
        begin_import(relation, revision, unseen);
        execute(query, PG_GETARG_DATUM(3), false, true, reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo));
        end_import();
    });
    return Datum{0};
}

}  // namespace

}  // namespace gpsync::migration

// query_as(role oid, query text, argument jsonb) -> setof record
GPSYNC_FUNCTION(gpsync_query_as) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::migration::query_as(fcinfo, false); });
}

// write_as(role oid, query text, argument jsonb) -> setof record
GPSYNC_FUNCTION(gpsync_write_as) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::migration::query_as(fcinfo, true); });
}

// write_imported(role oid, relation regclass, query text, argument jsonb) -> setof bigint
GPSYNC_FUNCTION(gpsync_write_imported) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::migration::write_imported(fcinfo); });
}

// answer_as(role oid, query text, argument jsonb) -> setof record
GPSYNC_FUNCTION(gpsync_answer_as) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::migration::answer_as(fcinfo); });
}

// refuse_temporary_objects(role oid)
GPSYNC_FUNCTION(gpsync_refuse_temporary_objects) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::pg::refuse_temporary_objects(PG_GETARG_OID(0));
        return Datum{0};
    });
}

// Takes back a chunk of a batch: one statement, as the owner of the table, in the restricted context. Its
// rows carry a revision of their own, as those of an import (trigger/import_mode.h), so they may make
// transitions that the machine does not list; nothing else may. They are streamed like any change, with the
// name of the batch (pg/revert_message.h).
#include <algorithm>

#include "batch/batch_name.h"
#include "migration/import_chunk.h"
#include "migration/owner_query.h"
#include "pg/compat/message.h"
#include "pg/event_message.h"
#include "pg/guard.h"
#include "pg/own_table.h"
#include "pg/revert_message.h"
#include "trigger/import_mode.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/table.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "executor/tstoreReceiver.h"
#include "funcapi.h"
#include "tcop/dest.h"
GPSYNC_SERVER_HEADERS_END

// REQUIRES (all of this file): nothing with a destructor alive where the server is called.
namespace gpsync::batch {

namespace {

// Those of revert_range() are the same up to the query.
enum Argument { kRole, kRelation, kBatchName, kQuery, kRows, kKeyRows, kRevisions, kItems, kUnseen, kEcho };
enum RangeArgument { kFirstRow = kRows, kLastRow, kRangeArguments };

// A parameter of a statement: its type, and the argument that it has the value of.
struct Parameter {
    Oid type;
    int argument;
};
constexpr int kNewRevision = -1, kUnused = -2;
constexpr Parameter kOfRows[] = {{TIDARRAYOID, kRows},
                                 {INT8ARRAYOID, kRevisions},
                                 {INT8ARRAYOID, kItems},
                                 {INT8OID, kNewRevision},
                                 {TIDARRAYOID, kKeyRows}};
constexpr Parameter kOfRange[] = {
    {TIDOID, kFirstRow}, {TIDOID, kLastRow}, {INT8OID, kUnused}, {INT8OID, kNewRevision}, {INT8OID, kUnused}};
constexpr int kParameters = 5;

bool is_range(FunctionCallInfo fcinfo) {
    return PG_NARGS() == kRangeArguments;
}

int64 new_revision() {
    const XLogRecPtr end = pg::compat::log_message("gpsync.revert", "", 0, false);
    return static_cast<int64>(MAXALIGN(end)) + kRevertRemainder;
}

// endpoints: null, or those that get deletions of the table's rows, a JSON array.
void write_message(const char* batch, const char* endpoints, Oid relation) {
    StringInfoData content;
    initStringInfo(&content);
    appendStringInfo(&content, "%s\t%s\t", batch, endpoints == nullptr ? "" : endpoints);
    ListCell* cell;
    foreach (cell, find_all_inheritors(relation, NoLock, nullptr))
        appendStringInfo(&content, "%u ", lfirst_oid(cell));
    appendStringInfoChar(&content, '\t');
    const RepOriginId origin = replorigin_session_origin;
    replorigin_session_origin = pg::kEventMessageOrigin;
    PG_TRY();
    { pg::compat::log_message(pg::kRevertMessagePrefix, content.data, content.len, true); }
    PG_FINALLY();
    { replorigin_session_origin = origin; }
    PG_END_TRY();
}

ParamListInfo parameters(FunctionCallInfo fcinfo, const Parameter* of, int64 revision) {
    ParamListInfo list = makeParamList(kParameters);
    for (int i = 0; i < kParameters; ++i) {
        Datum value = Int64GetDatum(revision);
        if (of[i].argument >= 0) value = PG_GETARG_DATUM(of[i].argument);
        list->params[i] = {value, of[i].argument == kUnused, PARAM_FLAG_CONST, of[i].type};
    }
    return list;
}

void execute(FunctionCallInfo fcinfo, const char* query, int64 revision) {
    auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    DestReceiver* receiver = CreateDestReceiver(DestTuplestore);
    SetTuplestoreDestReceiverParams(receiver, result->setResult, result->econtext->ecxt_per_query_memory,
                                    false, result->setDesc, "the statement does not say what it took back");
    const Parameter* of = is_range(fcinfo) ? kOfRange : kOfRows;
    SPIExecuteOptions options = {};
    options.params = parameters(fcinfo, of, revision);
    options.dest = receiver;
    Oid types[kParameters];
    std::transform(of, of + kParameters, types, [](const Parameter& one) { return one.type; });
    SPIPlanPtr plan = migration::prepare_one(query, kParameters, types, false);
    const int code = SPI_execute_plan_extended(plan, &options);
    if (code < 0) elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(code));
    receiver->rDestroy(receiver);
}

// Whether a trigger needs the transition tables of an UPDATE: another one than capture_batch(), which has
// nothing to do here.
bool is_captured(Oid relation) {
    Relation opened = table_open(relation, RowExclusiveLock);
    const TriggerDesc* triggers = opened->trigdesc;
    bool found = false;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
        const Trigger& trigger = triggers->triggers[i];
        if (!TRIGGER_FOR_UPDATE(trigger.tgtype) ||
            (trigger.tgoldtable == nullptr && trigger.tgnewtable == nullptr))
            continue;
        found = found || !pg::is_own_function(trigger.tgfoid, "capture_batch");
    }
    table_close(opened, NoLock);
    return found;
}

// The plan of a simple UPDATE would stamp its rows; here they have their stamps.
void revert_as_owner(FunctionCallInfo fcinfo, const char* batch, const char* query) {
    const Oid relation = PG_GETARG_OID(kRelation);
    const bool may_be_import = !is_range(fcinfo);
    const char* echo =
        may_be_import && !PG_ARGISNULL(kEcho) ? text_to_cstring(PG_GETARG_TEXT_PP(kEcho)) : nullptr;
    bool unseen = may_be_import && PG_GETARG_BOOL(kUnseen);
    migration::make_constraints_immediate();
    pg::set_local("gpsync.stamp_in_plan", "off");
    if (unseen && migration::others_may_write(relation, true)) {
        unseen = false;
        echo = "[]";
    }
    begin_own_batch("");
    const int64 revision = new_revision();
    if (!unseen) write_message(batch, echo, relation);
    begin_import(relation, revision, unseen);
    next_stamped_update = {relation, is_captured(relation)};
    execute(fcinfo, query, revision);
    end_import();
    end_own_batch();
}

void revert_rows(FunctionCallInfo fcinfo) {
    for (int i = 0; i < PG_NARGS() && i < kEcho; ++i)
        if (PG_ARGISNULL(i)) elog(ERROR, "argument %d of revert_rows() or revert_range() is NULL", i + 1);
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    const char* batch = text_to_cstring(PG_GETARG_TEXT_PP(kBatchName));
    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(kQuery));
    migration::as_role(PG_GETARG_OID(kRole), [&] { revert_as_owner(fcinfo, batch, query); });
}

}  // namespace

}  // namespace gpsync::batch

// revert_rows(role oid, relation regclass, batch text, query text, rows tid[], key_rows tid[], revisions
// bigint[], items bigint[], unseen boolean, echo text) -> setof bigint
GPSYNC_FUNCTION(gpsync_revert_rows) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::pg::server_call([&] { gpsync::batch::revert_rows(fcinfo); });
        return Datum{0};
    });
}

// revert_range(role oid, relation regclass, batch text, query text, first_row tid, last_row tid) -> setof tid
GPSYNC_FUNCTION(gpsync_revert_range) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::pg::server_call([&] { gpsync::batch::revert_rows(fcinfo); });
        return Datum{0};
    });
}

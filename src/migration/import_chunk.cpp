// import_chunk(): the one call of a step that touches users' tables.
#include "migration/import_chunk.h"

#include "core/pii/names/name_class.hpp"
#include "machine/cache.h"
#include "migration/echo.h"
#include "migration/owner_query.h"
#include "pg/as_owner.h"
#include "pg/compat/message.h"
#include "pg/guard.h"
#include "pg/own_table.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

// REQUIRES (all of this file): nothing with a destructor alive where the server is called.
namespace gpsync::migration {

namespace {

// The arguments of import_chunk(), in order.
enum Argument {
    kOwner,
    kRelation,
    kRead,
    kInsert,
    kOnConflict,
    kArguments,
    kArgumentTypes,
    kKeyColumns,
    kKeyNames,
    kColumnNames,
    kColumnChecks,
    kMostRows,
    kEcho,
    kUnseen
};

// Columns of its result, in order.
enum Result {
    kUsable,
    kAtEnd,
    kLastKey,
    kRevision,
    kWritten,
    kSkipped,
    kRejectKeys,
    kRejectStates,
    kRejectMessages,
    kRejectColumns,
    kRejectConstraints,
    kErrorState,
    kErrorMessage,
    kResultColumns
};

struct Texts {
    const char** values;
    int count;
};

Texts texts_of(FunctionCallInfo fcinfo, int argument) {
    Datum* values = nullptr;
    Texts texts = {};
    deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), TEXTOID, -1, false, TYPALIGN_INT, &values, nullptr,
                      &texts.count);
    texts.values = static_cast<const char**>(palloc(sizeof(char*) * (texts.count + 1)));
    for (int i = 0; i < texts.count; ++i) texts.values[i] = TextDatumGetCString(values[i]);
    return texts;
}

template <class T, class Convert>
T* numbers_of(FunctionCallInfo fcinfo, int argument, Oid type, Convert&& convert, int* count) {
    Datum* values = nullptr;
    deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), type, 4, true, TYPALIGN_INT, &values, nullptr, count);
    auto* numbers = static_cast<T*>(palloc(sizeof(T) * (*count + 1)));
    for (int i = 0; i < *count; ++i) numbers[i] = convert(values[i]);
    return numbers;
}

ChunkQuery query_of(FunctionCallInfo fcinfo) {
    ChunkQuery query = {};
    query.read = text_to_cstring(PG_GETARG_TEXT_PP(kRead));
    query.limit = PG_GETARG_INT32(kMostRows);
    query.argument_types = numbers_of<Oid>(
        fcinfo, kArgumentTypes, OIDOID, [](Datum d) { return DatumGetObjectId(d); }, &query.argument_count);
    query.key_columns = numbers_of<int>(
        fcinfo, kKeyColumns, INT4OID, [](Datum d) { return DatumGetInt32(d); }, &query.key_count);
    query.key_names = texts_of(fcinfo, kKeyNames).values;
    query.neutral_names = true;
    for (int i = 0; i < query.key_count; ++i)
        if (core::pii::classify_name(query.key_names[i], {}).subject != core::pii::Detector::kNone)
            query.neutral_names = false;
    return query;
}

// As the owner: a type's input function may be a user's.
void read_arguments(ChunkQuery* query, Texts texts) {
    query->arguments = static_cast<Datum*>(palloc(sizeof(Datum) * (query->argument_count + 1)));
    for (int i = 0; i < query->argument_count; ++i) {
        Oid input = InvalidOid, io_parameter = InvalidOid;
        getTypeInputInfo(query->argument_types[i], &input, &io_parameter);
        query->arguments[i] =
            OidInputFunctionCall(input, const_cast<char*>(texts.values[i]), io_parameter, -1);
    }
}

ChunkInsert insert_of(FunctionCallInfo fcinfo) {
    ChunkInsert insert = {};
    insert.relation = PG_GETARG_OID(kRelation);
    insert.insert = text_to_cstring(PG_GETARG_TEXT_PP(kInsert));
    insert.on_conflict = text_to_cstring(PG_GETARG_TEXT_PP(kOnConflict));
    insert.unseen = PG_GETARG_BOOL(kUnseen);
    const Texts names = texts_of(fcinfo, kColumnNames);
    insert.column_names = names.values;
    insert.column_count = names.count;
    insert.column_checks = texts_of(fcinfo, kColumnChecks).values;
    return insert;
}

// With cascades: an UPDATE of a key may change rows of other tables through the triggers of foreign keys.
bool may_write_others(const Trigger& trigger, bool cascades) {
    if (trigger.tgisinternal) return cascades && RI_FKey_trigger_type(trigger.tgfoid) == RI_TRIGGER_PK;
    if (trigger.tgenabled == TRIGGER_DISABLED) return false;
    return !pg::is_own_schema(get_func_namespace(trigger.tgfoid)) ||
           pg::is_own_function(trigger.tgfoid, "step_follow");
}

bool has_writing_trigger(Oid relation, bool cascades) {
    Relation opened = table_open(relation, NoLock);
    // Looking into the catalogs may bring an invalidation, and the relation's own triggers then go.
    const TriggerDesc* triggers = CopyTriggerDesc(opened->trigdesc);
    table_close(opened, NoLock);
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
        if (may_write_others(triggers->triggers[i], cascades)) return true;
    return false;
}

}  // namespace

// A trigger of the table's owner, or of a table in step, may write other rows, which the decoder has to see.
// Locks the table and its partitions, so that none comes meanwhile.
bool others_may_write(Oid relation, bool cascades) {
    ListCell* cell;
    foreach (cell, find_all_inheritors(relation, RowExclusiveLock, nullptr)) {
        if (has_writing_trigger(lfirst_oid(cell), cascades)) return true;
    }
    return false;
}

// It also fires what is pending, as the current user: what was put off before now belongs to the session, and
// runs as the user as whom COMMIT would run it, never as the role.
void make_constraints_immediate() {
    int code = 0;
    pg::as_user(GetOuterUserId(), SECURITY_RESTRICTED_OPERATION,
                [&] { code = SPI_execute("SET CONSTRAINTS ALL IMMEDIATE", false, 0); });
    if (code != SPI_OK_UTILITY) elog(ERROR, "could not make constraints immediate");
}

int64 begin_revision(Oid relation, bool may_update, const char* echo, bool* unseen) {
    if (*unseen && others_may_write(relation, may_update)) {
        *unseen = false;
        echo = "[]";
    }
    const XLogRecPtr end = pg::compat::log_message("gpsync.import", "", 0, false);
    const int64 revision = static_cast<int64>(MAXALIGN(end)) + 1;
    if (echo != nullptr) write_echo_message(revision, echo);
    return revision;
}

namespace {

struct Chunk {
    ChunkRows rows;
    ChunkOutcome* outcome;
    int64 revision;
    ErrorData* error;
};

void import_as_owner(Chunk* chunk, ChunkQuery* query, ChunkInsert* insert, Texts arguments,
                     const char* echo) {
    pin_owner_settings();
    SPI_connect();
    make_constraints_immediate();
    read_arguments(query, arguments);
    // The order of an index, or of the other side: what this server would sort, it sorts for each chunk
    // again.
    pg::set_local("enable_sort", "off");
    chunk->error = read_chunk(&chunk->rows, *query);
    if (chunk->error == nullptr && chunk->rows.usable > 0) {
        chunk->revision = insert->revision = begin_revision(
            insert->relation, strstr(insert->on_conflict, "DO UPDATE") != nullptr, echo, &insert->unseen);
        write_chunk(chunk->outcome, chunk->rows, *query, *insert);
    }
    if (chunk->rows.store != nullptr) tuplestore_end(chunk->rows.store);
}

Datum texts_array(const ChunkOutcome& outcome, const char* (*text)(const Reject&)) {
    const int count = outcome.reject_count;
    auto* values = static_cast<Datum*>(palloc(sizeof(Datum) * (count + 1)));
    auto* nulls = static_cast<bool*>(palloc(count + 1));
    for (int i = 0; i < count; ++i) {
        const char* value = text(outcome.rejects[i]);
        nulls[i] = value == nullptr;
        values[i] = value == nullptr ? 0 : CStringGetTextDatum(value);
    }
    int lower = 1, length = count;
    if (count == 0) return PointerGetDatum(construct_empty_array(TEXTOID));
    return PointerGetDatum(
        construct_md_array(values, nulls, 1, &length, &lower, TEXTOID, -1, false, TYPALIGN_INT));
}

Datum keys_array(const ChunkOutcome& outcome) {
    auto* values = static_cast<Datum*>(palloc(sizeof(Datum) * (outcome.reject_count + 1)));
    for (int i = 0; i < outcome.reject_count; ++i) values[i] = outcome.rejects[i].key;
    return PointerGetDatum(construct_array(values, outcome.reject_count, JSONBOID, -1, false, TYPALIGN_INT));
}

Datum last_key_array(const ChunkRows& rows, int key_count) {
    auto* values = static_cast<Datum*>(palloc(sizeof(Datum) * key_count));
    for (int i = 0; i < key_count; ++i) values[i] = CStringGetTextDatum(rows.last_key[i]);
    return PointerGetDatum(construct_array(values, key_count, TEXTOID, -1, false, TYPALIGN_INT));
}

void put_rejects(Datum* values, const ChunkOutcome& outcome) {
    values[kRejectKeys] = keys_array(outcome);
    values[kRejectStates] = texts_array(outcome, [](const Reject& r) -> const char* { return r.sqlstate; });
    values[kRejectMessages] = texts_array(outcome, [](const Reject& r) { return r.message; });
    values[kRejectColumns] = texts_array(outcome, [](const Reject& r) { return r.column; });
    values[kRejectConstraints] = texts_array(outcome, [](const Reject& r) { return r.constraint; });
}

Datum result_of(FunctionCallInfo fcinfo, const Chunk& chunk, const ChunkQuery& query) {
    Datum values[kResultColumns] = {};
    bool nulls[kResultColumns] = {};
    TupleDesc columns = nullptr;
    if (get_call_result_type(fcinfo, nullptr, &columns) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    values[kUsable] = Int64GetDatum(chunk.rows.usable);
    values[kAtEnd] = BoolGetDatum(chunk.rows.at_end);
    nulls[kLastKey] = chunk.rows.last_key == nullptr;
    if (!nulls[kLastKey]) values[kLastKey] = last_key_array(chunk.rows, query.key_count);
    nulls[kRevision] = chunk.revision == 0;
    values[kRevision] = Int64GetDatum(chunk.revision);
    values[kWritten] = Int64GetDatum(chunk.outcome->written);
    values[kSkipped] = Int64GetDatum(chunk.outcome->skipped);
    put_rejects(values, *chunk.outcome);
    nulls[kErrorState] = nulls[kErrorMessage] = chunk.error == nullptr;
    if (chunk.error != nullptr) {
        values[kErrorState] = CStringGetTextDatum(unpack_sql_state(chunk.error->sqlerrcode));
        values[kErrorMessage] = CStringGetTextDatum(message_without_values(chunk.error));
    }
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls));
}

Datum import_chunk(FunctionCallInfo fcinfo) {
    for (int i = 0; i < PG_NARGS(); ++i)
        if (i != kEcho && PG_ARGISNULL(i)) elog(ERROR, "argument %d of import_chunk() is NULL", i + 1);
    ChunkQuery query = query_of(fcinfo);
    ChunkInsert insert = insert_of(fcinfo);
    const Texts arguments = texts_of(fcinfo, kArguments);
    const char* echo = PG_ARGISNULL(kEcho) ? nullptr : text_to_cstring(PG_GETARG_TEXT_PP(kEcho));
    Chunk chunk = {};
    chunk.outcome = static_cast<ChunkOutcome*>(palloc0(sizeof(ChunkOutcome)));
    MemoryContext context = CurrentMemoryContext;
    Datum result = 0;
    pg::as_owner(PG_GETARG_OID(kOwner), [&] {
        import_as_owner(&chunk, &query, &insert, arguments, echo);
        MemoryContext connection = MemoryContextSwitchTo(context);
        result = result_of(fcinfo, chunk, query);
        MemoryContextSwitchTo(connection);
        SPI_finish();
    });
    return result;
}

}  // namespace

}  // namespace gpsync::migration

// import_chunk(owner oid, relation regclass, read text, insert text, on_conflict text, arguments text[],
// types oid[],
// key_columns int[], key_names text[], column_names text[], column_checks text[], most_rows int, echo text,
// unseen boolean) -> one row
GPSYNC_FUNCTION(gpsync_import_chunk) {
    return gpsync::pg::guarded([&]() -> Datum {
        Datum result = 0;
        gpsync::pg::server_call([&] { result = gpsync::migration::import_chunk(fcinfo); });
        return result;
    });
}

// import_state(machine text, state text, status_column text) -> text
GPSYNC_FUNCTION(gpsync_import_state) {
    return gpsync::pg::guarded([&]() -> Datum {
        if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
            throw gpsync::pg::Error(gpsync::pg::Sqlstate::kInvalidParameter,
                                    "the machine and the status column cannot be NULL");
        const bool is_state = !PG_ARGISNULL(1) && gpsync::MachineSite::of(fcinfo->flinfo)
                                                          .get(gpsync::pg::text_view(PG_GETARG_DATUM(0)))
                                                          .find(gpsync::pg::text_view(PG_GETARG_DATUM(1))) !=
                                                      gpsync::core::kNoState;
        if (is_state) return PG_GETARG_DATUM(1);
        gpsync::pg::server_call([&] {
            ereport(ERROR, (errcode(ERRCODE_CHECK_VIOLATION),
                            errmsg("the status is no state of machine \"%s\"",
                                   text_to_cstring(PG_GETARG_TEXT_PP(0))),
                            errhint("Name a state for it in status_map."),
                            err_generic_string(PG_DIAG_COLUMN_NAME, text_to_cstring(PG_GETARG_TEXT_PP(2)))));
        });
        PG_RETURN_NULL();
    });
}

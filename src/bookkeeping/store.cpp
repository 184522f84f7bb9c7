#include "bookkeeping/store.h"

#include "pg/subtransaction.h"
#include "stream/booked_position.h"
#include "stream/relay_session.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/pg_lsn.h"
#include "utils/xid8.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

namespace {

// A statement whose plan is made once a session.
struct Statement {
    const char* text;
    int count;
    Oid types[10];
    SPIPlanPtr plan;
};

void run(Statement* statement, Datum* values, const char* nulls = nullptr, long limit = 0) {
    if (statement->plan == nullptr) {
        SPIPlanPtr plan = SPI_prepare(statement->text, statement->count, statement->types);
        if (plan == nullptr) elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
        SPI_keepplan(plan);
        statement->plan = plan;
    }
    const int result = SPI_execute_plan(statement->plan, values, nulls, false, limit);
    if (result < 0) elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
}

Datum text_of(const char* text) {
    return CStringGetTextDatum(text);
}

Datum array_of(Datum* values, const bool* nulls, int count, Oid type) {
    int16 length = 0;
    bool by_value = false;
    char align = 0;
    get_typlenbyvalalign(type, &length, &by_value, &align);
    int lower = 1;
    return PointerGetDatum(construct_md_array(values, const_cast<bool*>(nulls), 1, &count, &lower, type,
                                              length, by_value, align));
}

Datum* new_column(size_t count) {
    return static_cast<Datum*>(palloc(sizeof(Datum) * (count + 1)));
}

[[noreturn]] void raise_position_refused(const char* stream, const Position& position) {
    static Statement select = {
        "SELECT slot_name, system_identifier, commit_lsn, ordinal FROM gpsync.stream_position WHERE stream = "
        "$1",
        1,
        {TEXTOID},
        nullptr};
    Datum values[] = {text_of(stream)};
    run(&select, values);
    if (SPI_processed == 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("stream \"%s\" has no position", stream),
                        errdetail("A stream restored from a dump has none."),
                        errhint("Drop the stream with gpsync.drop_stream() and create it again.")));
    HeapTuple row = SPI_tuptable->vals[0];
    TupleDesc desc = SPI_tuptable->tupdesc;
    char *slot = SPI_getvalue(row, desc, 1), *system = SPI_getvalue(row, desc, 2),
         *lsn = SPI_getvalue(row, desc, 3), *ordinal = SPI_getvalue(row, desc, 4);
    if (std::strtoll(system, nullptr, 10) != static_cast<int64>(GetSystemIdentifier()) ||
        std::strcmp(slot, NameStr(*acquired_slot_name())) != 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("the position of stream \"%s\" belongs to another slot or system", stream),
                        errdetail("It was written for slot \"%s\" of system %s.", slot, system)));
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("the position of stream \"%s\" must not move backwards", stream),
             errdetail("It is at %s, event %s; the new one would be %X/%X, event %lld.", lsn, ordinal,
                       static_cast<uint32>(position.commit_lsn >> 32),
                       static_cast<uint32>(position.commit_lsn), static_cast<long long>(position.ordinal))));
}

}  // namespace

void move_position(const char* stream, const Position& position) {
    static Statement update = {
        "UPDATE gpsync.stream_position SET commit_lsn = $7, ordinal = $8, commit_time = "
        "$9, " GPSYNC_SET_CONFIRMED GPSYNC_WHERE_POSITION " AND (commit_lsn, ordinal) <= ($7, $8)",
        9,
        {TEXTOID, LSNOID, NAMEOID, INT8OID, XID8OID, LSNOID, LSNOID, INT8OID, TIMESTAMPTZOID},
        nullptr};
    const OpenHorizon horizon = open_horizon();
    Datum values[] = {text_of(stream),
                      LSNGetDatum(position.confirmed_lsn),
                      NameGetDatum(acquired_slot_name()),
                      Int64GetDatum(static_cast<int64>(GetSystemIdentifier())),
                      FullTransactionIdGetDatum(horizon.oldest),
                      LSNGetDatum(horizon.lsn),
                      LSNGetDatum(position.commit_lsn),
                      Int64GetDatum(position.ordinal),
                      TimestampTzGetDatum(position.commit_time)};
    run(&update, values, position.has_commit_time ? nullptr : "        n");
    if (SPI_processed == 0) raise_position_refused(stream, position);
}

// Columns of marks, one array each, as keep_deferred() inserts them.
struct MarkArrays {
    Datum *relations, *keys, *revisions, *failed, *errors, *tables, *key_columns, *commits;
    bool* no_error;
    int count;
};

static void add_mark(MarkArrays* to, const Mark& mark, Datum no_key_columns) {
    const int i = to->count++;
    to->relations[i] = ObjectIdGetDatum(mark.relation);
    to->keys[i] = JsonbPGetDatum(mark.key);
    to->revisions[i] = Int64GetDatum(mark.revision);
    to->failed[i] = BoolGetDatum(mark.failed);
    to->no_error[i] = mark.error == nullptr;
    to->errors[i] = mark.error != nullptr ? text_of(mark.error) : Datum{0};
    to->tables[i] = text_of(mark.table != nullptr ? mark.table : "");
    to->key_columns[i] = mark.key_columns != nullptr ? JsonbPGetDatum(mark.key_columns) : no_key_columns;
    to->commits[i] = LSNGetDatum(mark.commit_lsn);
}

void keep_deferred(const char* stream, std::span<const Mark> marks) {
    static Statement insert = {
        "INSERT INTO gpsync.deferred_mark (stream, relation, key, revision, outcome, error, table_name, "
        "key_columns, commit_lsn)"
        " SELECT $1, d.relation, d.key, d.revision, CASE WHEN d.failed THEN 'FAILED' ELSE 'COMPLETED' END, "
        "d.error, nullif(d.table_name, ''), nullif(d.key_columns, '{}'), d.commit_lsn"
        " FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), "
        "pg_catalog.unnest($5), pg_catalog.unnest($6), pg_catalog.unnest($7), pg_catalog.unnest($8), "
        "pg_catalog.unnest($9))"
        " AS d (relation, key, revision, failed, error, table_name, key_columns, commit_lsn)",
        9,
        {TEXTOID, OIDARRAYOID, JSONBARRAYOID, INT8ARRAYOID, BOOLARRAYOID, TEXTARRAYOID, TEXTARRAYOID,
         JSONBARRAYOID, PG_LSNARRAYOID},
        nullptr};
    const size_t most = marks.size();
    MarkArrays arrays = {new_column(most),
                         new_column(most),
                         new_column(most),
                         new_column(most),
                         new_column(most),
                         new_column(most),
                         new_column(most),
                         new_column(most),
                         static_cast<bool*>(palloc(most + 1)),
                         0};
    const Datum no_key_columns = DirectFunctionCall1(jsonb_in, CStringGetDatum("{}"));
    for (const Mark& mark : marks)
        if (mark.outcome == Outcome::kDeferred) add_mark(&arrays, mark, no_key_columns);
    const int count = arrays.count;
    if (count == 0) return;
    Datum values[] = {text_of(stream),
                      array_of(arrays.relations, nullptr, count, OIDOID),
                      array_of(arrays.keys, nullptr, count, JSONBOID),
                      array_of(arrays.revisions, nullptr, count, INT8OID),
                      array_of(arrays.failed, nullptr, count, BOOLOID),
                      array_of(arrays.errors, arrays.no_error, count, TEXTOID),
                      array_of(arrays.tables, nullptr, count, TEXTOID),
                      array_of(arrays.key_columns, nullptr, count, JSONBOID),
                      array_of(arrays.commits, nullptr, count, LSNOID)};
    run(&insert, values);
}

// The payload comes as a string that holds the event: what is in it is not read, so that nothing in it
// (\u0000, half a surrogate pair, which the row's own json may hold) can be refused. An object, as a person
// may write it, does as well.
static void insert_dead_letters(const char* stream, Jsonb* dead_letters, int only,
                                const char* instead_of_payload) {
    static Statement insert = {
        "INSERT INTO gpsync.dead_letter (stream, endpoint, event_id, subject, schema_name, table_name, key, "
        "revision, attempts,"
        " http_status, error, payload, created_at)"
        " SELECT $1, d.endpoint, d.event_id, d.subject, d.schema_name, d.table_name, d.key, d.revision, "
        "coalesce(d.attempts, 1),"
        " d.http_status, coalesce((SELECT pg_catalog.format('skipped by %s: %s', k.skipped_by, k.reason)"
        " FROM gpsync.skipped_change k WHERE k.stream = $1"
        " AND pg_catalog.starts_with(d.event_id, gpsync_internal.event_sequence(k.commit_lsn, k.ordinal))), "
        "d.error, "
        "''), coalesce($4, l.letter ->> 'payload', "
        "'null')::pg_catalog.json,"
        " coalesce(d.created_at, pg_catalog.now())"
        " FROM pg_catalog.jsonb_array_elements($2) WITH ORDINALITY AS l (letter, place),"
        " pg_catalog.jsonb_populate_record(NULL::gpsync.dead_letter, l.letter - 'payload') AS d"
        " WHERE $3 = 0 OR l.place = $3 ON CONFLICT DO NOTHING",
        4,
        {TEXTOID, JSONBOID, INT4OID, TEXTOID},
        nullptr};
    Datum values[] = {text_of(stream), JsonbPGetDatum(dead_letters), Int32GetDatum(only),
                      instead_of_payload != nullptr ? text_of(instead_of_payload) : Datum{0}};
    run(&insert, values, instead_of_payload != nullptr ? nullptr : "   n");
}

// Without its payload a dead letter still says which event was refused, and by whom.
static void insert_dead_letter_alone(const char* stream, Jsonb* dead_letters, int place) {
    const ErrorData* error =
        pg::try_in_subtransaction([&] { insert_dead_letters(stream, dead_letters, place, nullptr); });
    if (error == nullptr) return;
    ereport(WARNING, (errmsg("the payload of a dead letter of stream \"%s\" could not be kept: SQLSTATE %s",
                             stream, unpack_sql_state(error->sqlerrcode))));
    insert_dead_letters(stream, dead_letters, place,
                        psprintf("{\"payload_not_kept\": \"%s\"}", unpack_sql_state(error->sqlerrcode)));
}

void keep_dead_letters(const char* stream, Jsonb* dead_letters) {
    const ErrorData* error =
        pg::try_in_subtransaction([&] { insert_dead_letters(stream, dead_letters, 0, nullptr); });
    if (error == nullptr) return;
    const int count = static_cast<int>(JB_ROOT_COUNT(dead_letters));
    for (int place = 1; place <= count; ++place) insert_dead_letter_alone(stream, dead_letters, place);
}

static bool has_dead_letters(const char* stream) {
    static Statement select = {
        "SELECT 1 FROM gpsync.dead_letter WHERE stream = $1 LIMIT 1", 1, {TEXTOID}, nullptr};
    Datum values[] = {text_of(stream)};
    run(&select, values);
    return SPI_processed > 0;
}

void close_dead_letters(const char* stream, std::span<const Mark> marks) {
    static Statement call = {"SELECT gpsync_internal.close_taken_letters($1, $2, $3, $4, $5, $6)",
                             6,
                             {TEXTOID, TEXTARRAYOID, JSONBARRAYOID, INT8ARRAYOID, BOOLARRAYOID, INT8ARRAYOID},
                             nullptr};
    if (marks.empty() || !has_dead_letters(stream)) return;
    Datum *tables = new_column(marks.size()), *keys = new_column(marks.size()),
          *revisions = new_column(marks.size()), *failed = new_column(marks.size()),
          *commits = new_column(marks.size());
    int count = 0;
    for (const Mark& mark : marks) {
        if (mark.outcome == Outcome::kDeferred || mark.table == nullptr) continue;
        tables[count] = text_of(mark.table);
        keys[count] = JsonbPGetDatum(mark.key);
        revisions[count] = Int64GetDatum(mark.revision);
        failed[count] = BoolGetDatum(mark.failed);
        commits[count++] = Int64GetDatum(static_cast<int64>(mark.commit_lsn));
    }
    if (count == 0) return;
    Datum values[] = {text_of(stream),
                      array_of(tables, nullptr, count, TEXTOID),
                      array_of(keys, nullptr, count, JSONBOID),
                      array_of(revisions, nullptr, count, INT8OID),
                      array_of(failed, nullptr, count, BOOLOID),
                      array_of(commits, nullptr, count, INT8OID)};
    run(&call, values);
}

// Equal descriptions are one object: marks are grouped by its address.
static Jsonb* shared_copy(Jsonb* key_columns, std::span<const Mark> before) {
    constexpr size_t kMostCompared = 64;
    size_t compared = 0;
    for (size_t i = before.size(); i > 0 && compared < kMostCompared; --i, ++compared) {
        Jsonb* other = before[i - 1].key_columns;
        if (other != nullptr && VARSIZE(other) == VARSIZE(key_columns) &&
            std::memcmp(other, key_columns, VARSIZE(other)) == 0)
            return other;
    }
    return DatumGetJsonbPCopy(JsonbPGetDatum(key_columns));
}

DeferredMarks load_deferred(const char* stream, int64 after, bool with_errors, int32 max_rows) {
    static Statement select = {
        "SELECT id, relation::pg_catalog.oid, key, revision, outcome = 'FAILED', error, table_name, "
        "key_columns, commit_lsn FROM gpsync.deferred_mark"
        " WHERE stream = $1 AND id > $2 AND (error IS NULL OR $3) ORDER BY id LIMIT $4",
        4,
        {TEXTOID, INT8OID, BOOLOID, INT4OID},
        nullptr};
    Datum values[] = {text_of(stream), Int64GetDatum(after), BoolGetDatum(with_errors),
                      Int32GetDatum(max_rows)};
    run(&select, values);
    const size_t count = SPI_processed;
    auto marks = static_cast<Mark*>(palloc0(sizeof(Mark) * (count + 1)));
    auto ids = static_cast<int64*>(palloc(sizeof(int64) * (count + 1)));
    for (size_t i = 0; i < count; ++i) {
        HeapTuple row = SPI_tuptable->vals[i];
        TupleDesc desc = SPI_tuptable->tupdesc;
        bool is_null = false;
        ids[i] = DatumGetInt64(SPI_getbinval(row, desc, 1, &is_null));
        marks[i].relation = DatumGetObjectId(SPI_getbinval(row, desc, 2, &is_null));
        marks[i].key = DatumGetJsonbPCopy(SPI_getbinval(row, desc, 3, &is_null));
        marks[i].revision = DatumGetInt64(SPI_getbinval(row, desc, 4, &is_null));
        marks[i].failed = DatumGetBool(SPI_getbinval(row, desc, 5, &is_null));
        marks[i].error = SPI_getvalue(row, desc, 6);
        marks[i].table = SPI_getvalue(row, desc, 7);
        const Datum key_columns = SPI_getbinval(row, desc, 8, &is_null);
        if (!is_null) marks[i].key_columns = shared_copy(DatumGetJsonbP(key_columns), {marks, i});
        marks[i].commit_lsn = DatumGetLSN(SPI_getbinval(row, desc, 9, &is_null));
    }
    return {std::span<Mark>(marks, count), ids};
}

void settle_deferred(const DeferredMarks& deferred) {
    static Statement remove = {
        "DELETE FROM gpsync.deferred_mark WHERE id = ANY ($1)", 1, {INT8ARRAYOID}, nullptr};
    static Statement note = {
        "UPDATE gpsync.deferred_mark m SET error = n.error"
        " FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS n (id, error)"
        " WHERE m.id = n.id AND m.error IS DISTINCT FROM n.error",
        2,
        {INT8ARRAYOID, TEXTARRAYOID},
        nullptr};
    const size_t count = deferred.marks.size();
    Datum *settled = new_column(count), *failed = new_column(count), *errors = new_column(count);
    int settled_count = 0, failed_count = 0;
    for (size_t i = 0; i < count; ++i) {
        const Mark& mark = deferred.marks[i];
        if (mark.outcome != Outcome::kDeferred) {
            settled[settled_count++] = Int64GetDatum(deferred.ids[i]);
        } else if (mark.error != nullptr) {
            failed[failed_count] = Int64GetDatum(deferred.ids[i]);
            errors[failed_count++] = text_of(mark.error);
        }
    }
    if (settled_count > 0) {
        Datum values[] = {array_of(settled, nullptr, settled_count, INT8OID)};
        run(&remove, values);
    }
    if (failed_count > 0) {
        Datum values[] = {array_of(failed, nullptr, failed_count, INT8OID),
                          array_of(errors, nullptr, failed_count, TEXTOID)};
        run(&note, values);
    }
}

int64 count_deferred(const char* stream) {
    static Statement select = {
        "SELECT pg_catalog.count(*) FROM gpsync.deferred_mark WHERE stream = $1", 1, {TEXTOID}, nullptr};
    Datum values[] = {text_of(stream)};
    run(&select, values);
    bool is_null = false;
    return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
}

}  // namespace gpsync::bookkeeping

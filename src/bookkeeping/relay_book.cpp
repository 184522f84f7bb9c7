// relay_book() and relay_retry_deferred(): what the relay calls to write back what became of its events.
#include "bookkeeping/bookkeeping.h"

#include "bookkeeping/store.h"
#include "pg/guard.h"
#include "stream/relay_session.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/pg_lsn.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

namespace {

// The arguments of relay_book(), by their place.
enum Argument {
    kStream,
    kTables,
    kTableIndex,
    kKeys,
    kRevisions,
    kFailed,
    kCommitLsn,
    kOrdinal,
    kCommitTime,
    kDeadLetters,
    kRelations,
    kKeyColumns,
    kCommits,
    kConfirmedLsn
};

// An array argument without its wrapping; NULL counts as empty.
struct Elements {
    Datum* values;
    int count;
};

[[noreturn]] void raise_invalid(const char* message) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s", message)));
    pg_unreachable();
}

Elements read_array(FunctionCallInfo fcinfo, Argument argument, Oid type) {
    Elements elements = {nullptr, 0};
    if (PG_ARGISNULL(argument)) return elements;
    ArrayType* array = PG_GETARG_ARRAYTYPE_P(argument);
    if (array_contains_nulls(array)) raise_invalid("arrays of relay_book() must not contain nulls");
    int16 length = 0;
    bool by_value = false;
    char align = 0;
    get_typlenbyvalalign(type, &length, &by_value, &align);
    deconstruct_array(array, type, length, by_value, align, &elements.values, nullptr, &elements.count);
    return elements;
}

// What the elements of tables, relations and key_columns say of each table.
Mark* read_tables(FunctionCallInfo fcinfo, const Elements& names) {
    const Elements relations = read_array(fcinfo, kRelations, OIDOID),
                   key_columns = read_array(fcinfo, kKeyColumns, JSONBOID);
    if (relations.count != key_columns.count || (relations.count != 0 && relations.count != names.count))
        raise_invalid("relations and key_columns must have as many elements as tables, or none");
    auto tables = static_cast<Mark*>(palloc0(sizeof(Mark) * (names.count + 1)));
    for (int i = 0; i < names.count; ++i) {
        Mark& table = tables[i];
        table.table = TextDatumGetCString(names.values[i]);
        if (i < relations.count) table.relation = DatumGetObjectId(relations.values[i]);
        if (i < key_columns.count && OidIsValid(table.relation))
            table.key_columns = DatumGetJsonbP(key_columns.values[i]);
        else
            table.relation = resolve_table(table.table);
        table.target = table.relation;
    }
    return tables;
}

std::span<Mark> read_marks(FunctionCallInfo fcinfo) {
    const Elements names = read_array(fcinfo, kTables, TEXTOID),
                   table_index = read_array(fcinfo, kTableIndex, INT4OID),
                   keys = read_array(fcinfo, kKeys, JSONBOID),
                   revisions = read_array(fcinfo, kRevisions, INT8OID),
                   failed = read_array(fcinfo, kFailed, BOOLOID),
                   commits = read_array(fcinfo, kCommits, INT8OID);
    if (keys.count != table_index.count || keys.count != revisions.count || keys.count != failed.count)
        raise_invalid("table_index, keys, revisions and failed must have the same number of elements");

    if (commits.count != 0 && commits.count != keys.count)
        raise_invalid("commits must have as many elements as keys, or none");

    const Mark* tables = read_tables(fcinfo, names);
    auto marks = static_cast<Mark*>(palloc0(sizeof(Mark) * (keys.count + 1)));
    for (int i = 0; i < keys.count; ++i) {
        const int32 table = DatumGetInt32(table_index.values[i]);
        if (table < 1 || table > names.count)
            raise_invalid("table_index must count from 1 to the number of tables");
        marks[i] = tables[table - 1];
        if (commits.count > 0)
            marks[i].commit_lsn = static_cast<XLogRecPtr>(DatumGetInt64(commits.values[i]));
        marks[i].key = DatumGetJsonbP(keys.values[i]);
        if (!JB_ROOT_IS_OBJECT(marks[i].key)) raise_invalid("keys must be JSON objects");
        marks[i].revision = DatumGetInt64(revisions.values[i]);
        marks[i].failed = DatumGetBool(failed.values[i]);
    }
    return {marks, static_cast<size_t>(keys.count)};
}

char* stream_argument(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) raise_invalid("stream must not be null");
    char* stream = text_to_cstring(PG_GETARG_TEXT_PP(0));
    require_acquired(stream);
    return stream;
}

void book_position(FunctionCallInfo fcinfo, const char* stream) {
    if (PG_ARGISNULL(kCommitLsn)) return;
    if (PG_ARGISNULL(kOrdinal)) raise_invalid("a position needs an ordinal");
    Position position = {};
    position.commit_lsn = PG_GETARG_LSN(kCommitLsn);
    position.ordinal = PG_GETARG_INT64(kOrdinal);
    position.has_commit_time = !PG_ARGISNULL(kCommitTime);
    if (position.has_commit_time) position.commit_time = PG_GETARG_TIMESTAMPTZ(kCommitTime);
    position.confirmed_lsn = PG_ARGISNULL(kConfirmedLsn) ? InvalidXLogRecPtr : PG_GETARG_LSN(kConfirmedLsn);
    move_position(stream, position);
}

void book_dead_letters(FunctionCallInfo fcinfo, const char* stream) {
    if (PG_ARGISNULL(kDeadLetters)) return;
    Jsonb* letters = PG_GETARG_JSONB_P(kDeadLetters);
    if (!JB_ROOT_IS_ARRAY(letters) || JB_ROOT_IS_SCALAR(letters))
        raise_invalid("dead_letters must be a JSON array");
    if (JB_ROOT_COUNT(letters) > 0) keep_dead_letters(stream, letters);
}

struct Counts {
    int64 marked, deferred, superseded;
};

Counts count_outcomes(std::span<const Mark> marks) {
    Counts counts = {};
    for (const Mark& mark : marks) {
        if (mark.outcome == Outcome::kMarked) ++counts.marked;
        if (mark.outcome == Outcome::kDeferred) ++counts.deferred;
        if (mark.outcome == Outcome::kSuperseded) ++counts.superseded;
    }
    return counts;
}

Datum counts_row(FunctionCallInfo fcinfo, const Counts& counts) {
    TupleDesc desc = nullptr;
    if (get_call_result_type(fcinfo, nullptr, &desc) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    Datum values[] = {Int64GetDatum(counts.marked), Int64GetDatum(counts.deferred),
                      Int64GetDatum(counts.superseded)};
    bool nulls[] = {false, false, false};
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

Datum relay_book(FunctionCallInfo fcinfo) {
    const char* stream = stream_argument(fcinfo);
    std::span<Mark> marks = read_marks(fcinfo);
    if (!marks.empty() && !acquired_books())
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("stream \"%s\" books no rows", stream),
                        errdetail("It was created with bookkeeping => false.")));
    book_marks(marks);
    const Counts counts = count_outcomes(marks);
    SPI_connect();
    if (counts.deferred > 0) keep_deferred(stream, marks);
    book_position(fcinfo, stream);
    book_dead_letters(fcinfo, stream);
    close_dead_letters(stream, marks);
    SPI_finish();
    return counts_row(fcinfo, counts);
}

// Where this session is in its rounds through the deferred marks. It goes on from call to call, so that marks
// that cannot succeed do not keep others from being tried; a new session begins with the oldest.
struct Round {
    int64 last_tried;  // id; 0: a new round begins
    bool with_errors;  // also those that failed, which writes and takes back rows
    TimestampTz last_with_errors;
};

DeferredMarks next_of_round(Round* round, const char* stream, int32 max_rows) {
    constexpr int kErrorsEveryMs = 1000;
    const TimestampTz now = GetCurrentTimestamp();
    if (round->last_tried == 0) {
        round->with_errors = TimestampDifferenceExceeds(round->last_with_errors, now, kErrorsEveryMs);
        if (round->with_errors) round->last_with_errors = now;
    }
    return load_deferred(stream, round->last_tried, round->with_errors, max_rows);
}

int64 retry_deferred(const char* stream, int32 max_rows) {
    static Round round = {0, true, 0};
    SPI_connect();
    DeferredMarks deferred = next_of_round(&round, stream, max_rows);
    if (deferred.marks.empty() && round.last_tried != 0) {
        round.last_tried = 0;
        deferred = next_of_round(&round, stream, max_rows);
    }
    if (!deferred.marks.empty()) {
        round.last_tried = deferred.ids[deferred.marks.size() - 1];
        book_marks(deferred.marks);
        settle_deferred(deferred);
        close_dead_letters(stream, deferred.marks);
    }
    const int64 left = count_deferred(stream);
    SPI_finish();
    return left;
}

Datum relay_retry_deferred(FunctionCallInfo fcinfo) {
    const char* stream = stream_argument(fcinfo);
    if (PG_ARGISNULL(1) || PG_GETARG_INT32(1) < 1) raise_invalid("max_rows must be at least 1");
    return Int64GetDatum(retry_deferred(stream, PG_GETARG_INT32(1)));
}

}  // namespace

}  // namespace gpsync::bookkeeping

GPSYNC_FUNCTION(gpsync_relay_book) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::bookkeeping::relay_book(fcinfo); });
}

GPSYNC_FUNCTION(gpsync_relay_retry_deferred) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::bookkeeping::relay_retry_deferred(fcinfo); });
}

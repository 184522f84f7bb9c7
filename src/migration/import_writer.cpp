#include "migration/import_chunk.h"

#include <cmath>

#include "migration/owner_query.h"
#include "pg/guard.h"
#include "pg/subtransaction.h"
#include "trigger/import_mode.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "lib/stringinfo.h"
#include "utils/queryenvironment.h"

GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

namespace {

// Rows of one subtransaction. A larger group costs more when it fails, a smaller one more subtransactions and
// starts of a statement, of which one takes as long as about five rows. So with one row in n that fails, the
// best size is sqrt(2 * 5 * n).
constexpr double kSmallestGroup = 16, kFirstGroup = 64, kLargestGroup = 1024;

// Of the table that was written last: what is to be expected of the next chunk.
struct FailureRate {
    static constexpr double kDecay = 0.99;  // a group: what counts is about the last hundred
    Oid relation = InvalidOid;
    double rows = 0, failures = 0;

    void note(Oid of, double more_rows, double more_failures) {
        if (relation != of) *this = {of, 0, 0};
        rows = rows * kDecay + more_rows;
        failures = failures * kDecay + more_failures;
    }
    int64 group_size(Oid of) const {
        if (relation != of) return static_cast<int64>(kFirstGroup);
        const double best = std::sqrt(10 * rows / (failures + 0.1));
        return static_cast<int64>(Min(Max(best, kSmallestGroup), kLargestGroup));
    }
};
FailureRate failure_rate;

constexpr char kChunkName[] = "gpsync_import_chunk";

// Rows that the running statement has asked a revision for: the last of them is the one that fails.
int64 rows_begun = 0;

struct Writer {
    ChunkOutcome* outcome;
    const ChunkRows& rows;
    const ChunkQuery& query;
    const ChunkInsert& insert;
    Tuplestorestate* group;  // the rows of the statement
    SPIPlanPtr plain;        // the INSERT without ON CONFLICT, which costs a seventh of the whole
    SPIPlanPtr on_conflict;  // with it; null: not prepared yet
    int conflict_groups;     // groups for which it is used, after a conflict
    SPIPlanPtr* checks;      // of columns; null: not prepared yet
    TupleTableSlot* slot;    // for rows of group
    MemoryContext scratch;
};

// Whether an error may be one row's fault: not the server's, the connection's, or what any row would meet.
bool is_of_a_row(int sqlstate) {
    char code[6];
    strlcpy(code, unpack_sql_state(sqlstate), sizeof code);
    for (const char* of_all : {"08", "25", "3D", "3F", "40", "42", "53", "55", "57", "58", "F0", "XX"})
        if (strncmp(code, of_all, 2) == 0) return false;
    return true;
}

void register_rows(Tuplestorestate* store, TupleDesc columns, int64 count) {
    auto* relation = static_cast<EphemeralNamedRelation>(palloc0(sizeof(EphemeralNamedRelationData)));
    relation->md.name = pstrdup(kChunkName);
    relation->md.tupdesc = columns;
    relation->md.enrtype = ENR_NAMED_TUPLESTORE;
    relation->md.enrtuples = static_cast<double>(count);
    relation->reldata = store;
    if (SPI_register_relation(relation) != SPI_OK_REL_REGISTER)
        elog(ERROR, "could not register the rows of a chunk");
}

// Runs one of the two statements over what is in the group. Gives its error, or null.
ErrorData* run_insert(Writer* writer, SPIPlanPtr plan, int64 count) {
    rows_begun = 0;
    int64 written = 0;
    ErrorData* error = pg::try_in_subtransaction([&] {
        begin_import(writer->insert.relation, writer->insert.revision, writer->insert.unseen);
        SPIExecuteOptions options = {};
        const int code = SPI_execute_plan_extended(plan, &options);
        if (code < 0) elog(ERROR, "SPI_execute_plan_extended failed: %s", SPI_result_code_string(code));
        written = static_cast<int64>(SPI_processed);
        end_import();
    });
    if (error != nullptr) {
        if (!is_of_a_row(error->sqlerrcode)) ReThrowError(error);
        return error;
    }
    writer->outcome->written += written;
    writer->outcome->skipped += count - written;
    return nullptr;
}

SPIPlanPtr prepare_on_conflict(const ChunkInsert& insert) {
    return prepare_one(psprintf("%s %s", insert.insert, insert.on_conflict), 0, nullptr, false);
}

// Writes what is in the group. Where rows are there already, more of them usually follow.
ErrorData* run_group(Writer* writer, int64 count) {
    constexpr int kGroupsAfterConflict = 16;
    if (writer->conflict_groups == 0) {
        ErrorData* error = run_insert(writer, writer->plain, count);
        const bool is_conflict = error != nullptr && error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION;
        if (!is_conflict || writer->insert.on_conflict[0] == '\0') return error;
        if (writer->on_conflict == nullptr) writer->on_conflict = prepare_on_conflict(writer->insert);
        writer->conflict_groups = kGroupsAfterConflict;
    }
    --writer->conflict_groups;
    return run_insert(writer, writer->on_conflict, count);
}

// Which column an error of a value belongs to, where the error does not say: each is made anew from the row
// alone.
const char* column_of(Writer* writer, const ErrorData* error) {
    if (error->column_name != nullptr) return error->column_name;
    if (strncmp(unpack_sql_state(error->sqlerrcode), "22", 2) != 0) return nullptr;
    for (int i = 0; i < writer->insert.column_count; ++i) {
        bool is_why = false;
        const ErrorData* found = pg::try_in_subtransaction([&] {
            if (writer->checks[i] == nullptr)
                writer->checks[i] = prepare_one(writer->insert.column_checks[i], 0, nullptr, true);
            SPIExecuteOptions options = {};
            options.read_only = true;
            (void)SPI_execute_plan_extended(writer->checks[i], &options);
            bool is_null = true;
            if (SPI_processed > 0)
                is_why =
                    DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null)) &&
                    !is_null;
            SPI_freetuptable(SPI_tuptable);
        });
        if (is_why || (found != nullptr && found->sqlerrcode == error->sqlerrcode))
            return writer->insert.column_names[i];
    }
    return nullptr;
}

struct Range {
    int64 first, count;
};

// Rows that failed together, and what is left to try of them.
struct FailedGroup {
    MinimalTuple* rows;
    Range* ranges;  // the last one is next
    int64 range_count;
};

FailedGroup take_group(Writer* writer, int64 count) {
    FailedGroup failed = {static_cast<MinimalTuple*>(palloc(sizeof(MinimalTuple) * count)),
                          static_cast<Range*>(palloc(sizeof(Range) * (count + 3))), 0};
    tuplestore_rescan(writer->group);
    for (int64 i = 0; i < count && tuplestore_gettupleslot(writer->group, true, false, writer->slot); ++i)
        failed.rows[i] = ExecCopySlotMinimalTuple(writer->slot);
    return failed;
}

void fill_group(Writer* writer, const FailedGroup& failed, Range range) {
    tuplestore_clear(writer->group);
    for (int64 i = range.first; i < range.first + range.count; ++i) {
        (void)ExecStoreMinimalTuple(failed.rows[i], writer->slot, false);
        tuplestore_puttupleslot(writer->group, writer->slot);
    }
}

void push_range(FailedGroup* failed, int64 first, int64 count) {
    if (count > 0) failed->ranges[failed->range_count++] = {first, count};
}

// What is left to try of a range that failed after begun of its rows: those before the one that failed, that
// one alone, those behind it. A trigger that waits for the end of the statement fails when all rows have been
// begun; then any of them may be the one, and the range is halved.
void split_range(FailedGroup* failed, Range range, int64 begun) {
    const bool is_known = begun > 0 && begun < range.count;
    const int64 before = is_known ? begun - 1 : range.count / 2;
    const int64 next = is_known ? 1 : range.count - range.count / 2;
    push_range(failed, range.first + before + next, range.count - before - next);
    push_range(failed, range.first + before, next);
    push_range(failed, range.first, before);
}

// The rows of the group, which one statement could not write after begun of them, in smaller ones.
void write_in_parts(Writer* writer, int64 count, int64 begun, ErrorData* error) {
    FailedGroup failed = take_group(writer, count);
    Range range = {0, count};
    for (;;) {
        if (error != nullptr && range.count == 1) {
            (void)ExecStoreMinimalTuple(failed.rows[range.first], writer->slot, false);
            reject_row(writer->outcome, writer->query, writer->slot, unpack_sql_state(error->sqlerrcode),
                       message_without_values(error), column_of(writer, error), error->constraint_name);
        } else if (error != nullptr) {
            split_range(&failed, range, begun);
        }
        if (failed.range_count == 0) return;
        range = failed.ranges[--failed.range_count];
        fill_group(writer, failed, range);
        error = run_group(writer, range.count);
        begun = rows_begun;
    }
}

void write_group(Writer* writer, int64 count) {
    if (count == 0) return;
    MemoryContext before = MemoryContextSwitchTo(writer->scratch);
    ErrorData* error = run_group(writer, count);
    if (error != nullptr) write_in_parts(writer, count, rows_begun, error);
    MemoryContextSwitchTo(before);
    MemoryContextReset(writer->scratch);
}

// A row that is refused before anything is written: another one has its key, or its key is PII.
bool refuse_key(Writer* writer, TupleTableSlot* previous, TupleTableSlot* row) {
    const char* column = writer->query.key_names[0];
    if (key_has_pii(writer->query, row)) {
        reject_row(writer->outcome, writer->query, row, "22023",
                   "the key holds PII, and would be sent with each change", column, nullptr);
        return true;
    }
    if (TTS_EMPTY(previous) || !same_key(writer->query, previous, row)) return false;
    reject_row(writer->outcome, writer->query, row, "23505", "an earlier row of the source has this key",
               column, nullptr);
    return true;
}

void write_rows(Writer* writer) {
    TupleTableSlot* slots[2];
    for (auto& slot : slots) slot = MakeSingleTupleTableSlot(writer->rows.columns, &TTSOpsMinimalTuple);
    tuplestore_rescan(writer->rows.store);
    const Oid relation = writer->insert.relation;
    int64 in_group = 0, group_size = failure_rate.group_size(relation);
    int now = 0;
    for (int64 i = 0; i < writer->rows.usable; ++i, now = 1 - now) {
        if (!tuplestore_gettupleslot(writer->rows.store, true, false, slots[now]))
            elog(ERROR, "the rows of a chunk end early");
        MemoryContext before = MemoryContextSwitchTo(writer->scratch);
        const bool refused = refuse_key(writer, slots[1 - now], slots[now]);
        MemoryContextSwitchTo(before);
        MemoryContextReset(writer->scratch);
        if (refused) continue;
        tuplestore_puttupleslot(writer->group, slots[now]);
        if (++in_group < group_size && i + 1 < writer->rows.usable) continue;
        const int rejected = writer->outcome->reject_count;
        write_group(writer, in_group);
        failure_rate.note(relation, static_cast<double>(in_group), writer->outcome->reject_count - rejected);
        group_size = failure_rate.group_size(relation);
        tuplestore_clear(writer->group);
        in_group = 0;
        CHECK_FOR_INTERRUPTS();
    }
    write_group(writer, in_group);
    for (auto& slot : slots) ExecDropSingleTupleTableSlot(slot);
}

}  // namespace

void reject_row(ChunkOutcome* outcome, const ChunkQuery& query, TupleTableSlot* row, const char* sqlstate,
                const char* message, const char* column, const char* constraint) {
    MemoryContext before = MemoryContextSwitchTo(GetMemoryChunkContext(outcome));
    if (outcome->reject_count == outcome->reject_room) {
        outcome->reject_room = Max(outcome->reject_room * 2, 16);
        const Size size = sizeof(Reject) * outcome->reject_room;
        outcome->rejects = static_cast<Reject*>(
            outcome->rejects == nullptr ? palloc(size) : repalloc(outcome->rejects, size));
    }
    Reject& reject = outcome->rejects[outcome->reject_count++];
    reject = {key_to_keep(query, row),
              {},
              pstrdup(message),
              column == nullptr ? nullptr : pstrdup(column),
              constraint == nullptr ? nullptr : pstrdup(constraint)};
    strlcpy(reject.sqlstate, sqlstate, sizeof reject.sqlstate);
    MemoryContextSwitchTo(before);
}

const char* message_without_values(const ErrorData* error) {
    const char* format = error->message_id;
    if (format == nullptr || strcmp(format, "%s") == 0) return "the error's own text may show values";
    if (strchr(format, '%') == nullptr) return format;
    // Names of relations, columns and constraints are no values, and the texts of these classes have no
    // others.
    const char* code = unpack_sql_state(error->sqlerrcode);
    if (strncmp(code, "23", 2) == 0 || strncmp(code, "42", 2) == 0 || strcmp(code, "22001") == 0)
        return error->message;
    StringInfoData text;
    initStringInfo(&text);
    for (const char* at = format; *at != '\0'; ++at) {
        if (*at != '%') {
            appendStringInfoChar(&text, *at);
            continue;
        }
        while (at[1] != '\0' && strchr("0123456789.*-+ #hlzjt$", at[1]) != nullptr) ++at;
        if (at[1] != '\0') ++at;
        appendStringInfoString(&text, *at == '%' ? "%" : "...");
    }
    return text.data;
}

void write_chunk(ChunkOutcome* outcome, const ChunkRows& rows, const ChunkQuery& query,
                 const ChunkInsert& insert) {
    if (rows.usable == 0) return;
    Writer writer = {outcome,
                     rows,
                     query,
                     insert,
                     tuplestore_begin_heap(true, false, chunk_memory()),
                     nullptr,
                     nullptr,
                     0,
                     nullptr,
                     MakeSingleTupleTableSlot(rows.columns, &TTSOpsMinimalTuple),
                     AllocSetContextCreate(CurrentMemoryContext, "gpsync import", ALLOCSET_SMALL_SIZES)};
    writer.checks = static_cast<SPIPlanPtr*>(palloc0(sizeof(SPIPlanPtr) * (insert.column_count + 1)));
    register_rows(writer.group, rows.columns, failure_rate.group_size(insert.relation));
    writer.plain = prepare_one(insert.insert, 0, nullptr, false);
    write_rows(&writer);
    (void)SPI_unregister_relation(kChunkName);
    ExecDropSingleTupleTableSlot(writer.slot);
    tuplestore_end(writer.group);
    MemoryContextDelete(writer.scratch);
}

}  // namespace gpsync::migration

// import_revision() -> bigint
GPSYNC_FUNCTION(gpsync_import_revision) {
    return gpsync::pg::guarded([]() -> Datum {
        if (gpsync::importing_revision == 0)
            throw gpsync::pg::Error(gpsync::pg::Sqlstate::kNotInPrerequisiteState,
                                    "import_revision() is for the statement of an import only");
        ++gpsync::migration::rows_begun;
        PG_RETURN_INT64(gpsync::importing_revision);
    });
}

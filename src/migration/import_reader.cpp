#include "core/pii/text.hpp"
#include "migration/import_chunk.h"
#include "migration/owner_query.h"
#include "pg/guard.h"
#include "pg/subtransaction.h"
#include "pg/text.h"
#include "pii/session_cache.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "executor/tstoreReceiver.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "nodes/params.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

extern Datum gpsync_has_pii(PG_FUNCTION_ARGS);
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

namespace {

// The shortest card number has twelve digits.
constexpr size_t kShortestPan = 12;

ParamListInfo parameters_of(const ChunkQuery& query) {
    ParamListInfo list = makeParamList(query.argument_count);
    for (int i = 0; i < query.argument_count; ++i)
        list->params[i] = {query.arguments[i], false, PARAM_FLAG_CONST, query.argument_types[i]};
    return list;
}

const char* text_of(TupleTableSlot* row, int column) {
    bool is_null = false;
    const Datum value = slot_getattr(row, column, &is_null);
    if (is_null) return nullptr;
    Oid output = InvalidOid;
    bool is_varlena = false;
    getTypeOutputInfo(TupleDescAttr(row->tts_tupleDescriptor, column - 1)->atttypid, &output, &is_varlena);
    return OidOutputFunctionCall(output, value);
}

// An identifier of letters, few digits and marks that join them: no card number, no national id, no address.
bool is_short_identifier(std::string_view text) {
    constexpr int kFewestDigitsOfAnId = 9;
    int digits = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            ++digits;
        else if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' && c != '-' && c != ':')
            return false;
    }
    return digits < kFewestDigitsOfAnId;
}

// The same without a copy, where the value is text. One without data() is NULL.
std::string_view text_view_of(TupleTableSlot* row, int column, Oid type) {
    if (type != TEXTOID && type != VARCHAROID && type != BPCHAROID) {
        const char* text = text_of(row, column);
        return text == nullptr ? std::string_view() : std::string_view(text);
    }
    bool is_null = false;
    const Datum value = slot_getattr(row, column, &is_null);
    return is_null ? std::string_view() : pg::text_view(value);
}

// Whether values of a type may be a card number, or anything else that is PII.
bool may_be_pii(Oid type, std::string_view text) {
    switch (type) {
        case INT8OID:
        case NUMERICOID:
            return text.size() >= kShortestPan;
        default:
            return !is_short_identifier(text) && core::pii::may_hold_pii(text);
    }
}

// Whether a value of a type is never PII by itself.
bool is_harmless_type(Oid type) {
    return type == INT2OID || type == INT4OID || type == UUIDOID || type == DATEOID || type == TIMESTAMPOID ||
           type == TIMESTAMPTZOID;
}

bool equal_values(Form_pg_attribute column, Datum a, Datum b) {
    if (datum_image_eq(a, b, column->attbyval, column->attlen)) return true;
    const TypeCacheEntry* type = lookup_type_cache(column->atttypid, TYPECACHE_EQ_OPR_FINFO);
    if (!OidIsValid(type->eq_opr)) return false;
    return DatumGetBool(
        FunctionCall2Coll(const_cast<FmgrInfo*>(&type->eq_opr_finfo), column->attcollation, a, b));
}

// In the caller's memory; the row may go.
char** key_texts(const ChunkQuery& query, TupleTableSlot* row) {
    auto** texts = static_cast<char**>(palloc0(sizeof(char*) * query.key_count));
    for (int i = 0; i < query.key_count; ++i)
        texts[i] = const_cast<char*>(text_of(row, query.key_columns[i]));
    return texts;
}

// The last row from first on whose key is another one than the next row's, since the next chunk begins behind
// that key, and is no PII, since it is kept. Sets usable and last_key; leaves them where there is none.
void find_end_behind(ChunkRows* rows, const ChunkQuery& query, int64 first) {
    TupleTableSlot* slots[2];
    for (auto& slot : slots) slot = MakeSingleTupleTableSlot(rows->columns, &TTSOpsMinimalTuple);
    MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "gpsync key", ALLOCSET_SMALL_SIZES);
    tuplestore_rescan(rows->store);
    (void)tuplestore_skiptuples(rows->store, first, true);
    int64 number = first;
    for (int now = 0; tuplestore_gettupleslot(rows->store, true, false, slots[now]);
         now = 1 - now, ++number) {
        TupleTableSlot* previous = slots[1 - now];
        if (TTS_EMPTY(previous)) continue;
        MemoryContext before = MemoryContextSwitchTo(scratch);
        const bool may_end = !same_key(query, previous, slots[now]) && !key_has_pii(query, previous);
        MemoryContextSwitchTo(before);
        MemoryContextReset(scratch);
        if (!may_end) continue;
        rows->usable = number;
        rows->last_key = key_texts(query, previous);
    }
    for (auto& slot : slots) ExecDropSingleTupleTableSlot(slot);
    MemoryContextDelete(scratch);
}

// How far the chunk goes: to the end of the source, or else to the last row that find_end_behind() finds; the
// rows behind that one are read again. No row at all: the chunk has to be larger.
void find_end(ChunkRows* rows, const ChunkQuery& query) {
    constexpr int64 kTail = 64;
    rows->at_end = rows->count < query.limit;
    rows->usable = rows->at_end ? rows->count : 0;
    if (rows->at_end) return;
    if (rows->count > kTail) find_end_behind(rows, query, rows->count - kTail);
    if (rows->usable == 0) find_end_behind(rows, query, 0);
}

void run_read(ChunkRows* rows, const ChunkQuery& query) {
    SPIPlanPtr plan = prepare_one(query.read, query.argument_count, query.argument_types, true);
    DestReceiver* receiver = CreateTuplestoreDestReceiver();
    // Out-of-line values stay where they are: the statement that called import_chunk() has an older snapshot,
    // which keeps them.
    SetTuplestoreDestReceiverParams(receiver, rows->store, CurrentMemoryContext, false, nullptr, nullptr);
    SPIExecuteOptions options = {};
    options.params = parameters_of(query);
    options.dest = receiver;
    const int code = SPI_execute_plan_extended(plan, &options);
    if (code < 0) elog(ERROR, "SPI_execute_plan_extended failed: %s", SPI_result_code_string(code));
    rows->count = static_cast<int64>(SPI_processed);
    auto* source = static_cast<CachedPlanSource*>(linitial(SPI_plan_get_plan_sources(plan)));
    rows->columns = CreateTupleDescCopy(source->resultDesc);
    receiver->rDestroy(receiver);
}

}  // namespace

bool same_key(const ChunkQuery& query, TupleTableSlot* a, TupleTableSlot* b) {
    for (int i = 0; i < query.key_count; ++i) {
        bool a_null = false, b_null = false;
        const Datum left = slot_getattr(a, query.key_columns[i], &a_null);
        const Datum right = slot_getattr(b, query.key_columns[i], &b_null);
        if (a_null || b_null) return false;
        if (!equal_values(TupleDescAttr(a->tts_tupleDescriptor, query.key_columns[i] - 1), left, right))
            return false;
    }
    return true;
}

Datum key_of(const ChunkQuery& query, TupleTableSlot* row) {
    JsonbParseState* state = nullptr;
    (void)pushJsonbValue(&state, WJB_BEGIN_OBJECT, nullptr);
    for (int i = 0; i < query.key_count; ++i) {
        JsonbValue name = {}, value = {};
        name.type = jbvString;
        name.val.string.val = const_cast<char*>(query.key_names[i]);
        name.val.string.len = static_cast<int>(strlen(query.key_names[i]));
        (void)pushJsonbValue(&state, WJB_KEY, &name);
        const char* text = text_of(row, query.key_columns[i]);
        value.type = text == nullptr ? jbvNull : jbvString;
        if (text != nullptr) {
            value.val.string.val = const_cast<char*>(text);
            value.val.string.len = static_cast<int>(strlen(text));
        }
        (void)pushJsonbValue(&state, WJB_VALUE, &value);
    }
    return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, nullptr)));
}

bool key_has_pii(const ChunkQuery& query, TupleTableSlot* row) {
    bool suspicious = false;
    std::string_view text;
    for (int i = 0; i < query.key_count && !suspicious; ++i) {
        const Oid type = TupleDescAttr(row->tts_tupleDescriptor, query.key_columns[i] - 1)->atttypid;
        if (query.neutral_names && is_harmless_type(type)) continue;
        text = text_view_of(row, query.key_columns[i], type);
        suspicious = text.data() != nullptr && (!query.neutral_names || may_be_pii(type, text));
    }
    if (!suspicious) return false;
    // A column alone, whose name says nothing, needs no document.
    if (query.key_count == 1 && query.neutral_names && GetDatabaseEncoding() == PG_UTF8)
        return pg::guarded([&] { return text_has_pii(text); });
    return DatumGetBool(DirectFunctionCall1(gpsync_has_pii, key_of(query, row)));
}

int chunk_memory() {
    constexpr int kLeast = 24 * 1024;
    return Max(work_mem, kLeast);
}

Datum key_to_keep(const ChunkQuery& query, TupleTableSlot* row) {
    const Datum key = key_of(query, row);
    if (!DatumGetBool(DirectFunctionCall1(gpsync_has_pii, key))) return key;
    return DirectFunctionCall1(jsonb_in, CStringGetDatum("{}"));
}

ErrorData* read_chunk(ChunkRows* rows, const ChunkQuery& query) {
    // Before the subtransaction: its end closes the files that were opened in it.
    rows->store = tuplestore_begin_heap(true, false, chunk_memory());
    ErrorData* error = pg::try_in_subtransaction([&] { run_read(rows, query); });
    // Not the source's: an operator or the server ends the session's work.
    if (error != nullptr && ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_OPERATOR_INTERVENTION)
        ReThrowError(error);
    if (error != nullptr) return error;
    find_end(rows, query);
    return nullptr;
}

}  // namespace gpsync::migration

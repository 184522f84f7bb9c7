#include "migration/owner_query.h"

#include "core/session_settings.hpp"
#include "migration/import_chunk.h"

#include "pg/as_owner.h"
#include "pg/compat/names.h"
#include "pg/guard.h"
#include "pg/relation_name.h"
#include "pg/subtransaction.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/namespace.h"
#include "funcapi.h"
#include "nodes/bitmapset.h"
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/regproc.h"
#include "utils/tuplestore.h"
#include "utils/varlena.h"
GPSYNC_SERVER_HEADERS_END

// REQUIRES (all of this file): nothing with a destructor alive where the server is called.
namespace gpsync::migration {

namespace {

// The only query of a plan.
CachedPlanSource* only_source(SPIPlanPtr plan) {
    List* sources = SPI_plan_get_plan_sources(plan);
    if (list_length(sources) != 1)
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a source is one relation or one query"),
                 errdetail("It was read as %d statements.", list_length(sources))));
    return static_cast<CachedPlanSource*>(linitial(sources));
}

Query* only_query(SPIPlanPtr plan) {
    return linitial_node(Query, only_source(plan)->query_list);
}

// The place of a column among those that "SELECT *" gives of a relation, which leaves dropped ones out.
int place_among_columns(const RangeTblEntry* source, AttrNumber number) {
    int place = 0;
    for (AttrNumber i = 1; i <= number; ++i)
        if (source->rtekind != RTE_RELATION || OidIsValid(get_atttype(source->relid, i))) ++place;
    return place;
}

// "SELECT … FROM source AS s": the columns of s that the result reads, by their places in "SELECT *".
List* columns_read(Query* query) {
    if (list_length(query->jointree->fromlist) != 1 || !IsA(linitial(query->jointree->fromlist), RangeTblRef))
        elog(ERROR, "the query to describe does not read one relation");
    const int source = linitial_node(RangeTblRef, query->jointree->fromlist)->rtindex;
    Bitmapset* read = nullptr;
    ListCell* cell;
    foreach (cell, pull_vars_of_level(reinterpret_cast<Node*>(query->targetList), 0)) {
        const auto* var = static_cast<const Var*>(lfirst(cell));
        if (!IsA(var, Var) || var->varno != source) continue;
        if (var->varattno <= 0)
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                            errmsg("an expression reads the whole row or a system column of the source"),
                            errhint("Name the columns that it needs.")));
        read = bms_add_member(read, var->varattno);
    }
    List* numbers = NIL;
    const auto* entry = static_cast<const RangeTblEntry*>(list_nth(query->rtable, source - 1));
    for (int i = -1; (i = bms_next_member(read, i)) >= 0;)
        numbers = lappend_int(numbers, place_among_columns(entry, static_cast<AttrNumber>(i)));
    return numbers;
}

ReturnSetInfo* result_of(FunctionCallInfo fcinfo) {
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    return reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
}

Datum column_numbers(List* numbers) {
    auto* values = static_cast<Datum*>(palloc(sizeof(Datum) * (list_length(numbers) + 1)));
    int count = 0;
    ListCell* cell;
    foreach (cell, numbers) values[count++] = Int32GetDatum(lfirst_int(cell));
    return PointerGetDatum(construct_array(values, count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

void describe(ReturnSetInfo* result, SPIPlanPtr plan) {
    TupleDesc columns = only_source(plan)->resultDesc;
    for (int i = 0; columns != nullptr && i < columns->natts; ++i) {
        Form_pg_attribute column = TupleDescAttr(columns, i);
        Datum values[] = {NameGetDatum(&column->attname), ObjectIdGetDatum(column->atttypid),
                          Int32GetDatum(column->atttypmod)};
        bool nulls[] = {false, false, false};
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
    }
}

// A user's statement as it is registered: what is not found may be in the user's own search_path.
template <class Body>
void with_schema_hint(Body&& body) {
    ErrorData* error = pg::try_in_subtransaction(body);
    if (error == nullptr) return;
    if (error->sqlerrcode == ERRCODE_UNDEFINED_TABLE || error->sqlerrcode == ERRCODE_UNDEFINED_FUNCTION ||
        error->sqlerrcode == ERRCODE_UNDEFINED_OBJECT)
        error->hint =
            pstrdup("Names in a source or an expression need their schema: only pg_catalog is searched.");
    ReThrowError(error);
}

struct Arguments {
    int count;
    Oid* types;
    Datum* values;
    char* nulls;
};

// Texts as values of their types, with the types' own input functions.
Arguments read_arguments(ArrayType* texts, ArrayType* types) {
    Datum *text_values = nullptr, *type_values = nullptr;
    bool* text_nulls = nullptr;
    int count = 0, type_count = 0;
    deconstruct_array(texts, TEXTOID, -1, false, TYPALIGN_INT, &text_values, &text_nulls, &count);
    deconstruct_array(types, OIDOID, sizeof(Oid), true, TYPALIGN_INT, &type_values, nullptr, &type_count);
    if (count != type_count) elog(ERROR, "%d arguments for %d types", count, type_count);
    Arguments arguments = {count, static_cast<Oid*>(palloc(sizeof(Oid) * (count + 1))),
                           static_cast<Datum*>(palloc(sizeof(Datum) * (count + 1))),
                           static_cast<char*>(palloc(count + 1))};
    for (int i = 0; i < count; ++i) {
        Oid input = InvalidOid, io_parameter = InvalidOid;
        arguments.types[i] = DatumGetObjectId(type_values[i]);
        getTypeInputInfo(arguments.types[i], &input, &io_parameter);
        arguments.nulls[i] = text_nulls[i] ? 'n' : ' ';
        arguments.values[i] = text_nulls[i] ? 0
                                            : OidInputFunctionCall(input, TextDatumGetCString(text_values[i]),
                                                                   io_parameter, -1);
    }
    return arguments;
}

// One row of the last result as text[].
Datum row_as_texts(HeapTuple row, TupleDesc columns) {
    auto* values = static_cast<Datum*>(palloc(sizeof(Datum) * columns->natts));
    auto* nulls = static_cast<bool*>(palloc(columns->natts));
    for (int i = 0; i < columns->natts; ++i) {
        const char* value = SPI_getvalue(row, columns, i + 1);
        nulls[i] = value == nullptr;
        values[i] = value == nullptr ? 0 : CStringGetTextDatum(value);
    }
    int lower = 1, count = columns->natts;
    return PointerGetDatum(
        construct_md_array(values, nulls, 1, &count, &lower, TEXTOID, -1, false, TYPALIGN_INT));
}

void run_query(ReturnSetInfo* result, const char* query, const Arguments& arguments, int64 most) {
    SPIPlanPtr plan = prepare_one(query, arguments.count, arguments.types, false);
    const int code =
        SPI_execute_plan(plan, arguments.values, arguments.nulls, false, static_cast<long>(most));
    if (code < 0) elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(code));
    for (uint64 i = 0; SPI_tuptable != nullptr && i < SPI_processed; ++i) {
        Datum row[] = {row_as_texts(SPI_tuptable->vals[i], SPI_tuptable->tupdesc)};
        bool nulls[] = {false};
        tuplestore_putvalues(result->setResult, result->setDesc, row, nulls);
    }
}

// An error of a row that the query reads comes without the row's values: it goes to the log, too.
void run_query_without_values(ReturnSetInfo* result, const char* query, const Arguments& arguments,
                              int64 most) {
    ErrorData* error = pg::try_in_subtransaction([&] { run_query(result, query, arguments, most); });
    if (error == nullptr) return;
    const int category = ERRCODE_TO_CATEGORY(error->sqlerrcode);
    if (category != ERRCODE_DATA_EXCEPTION && category != ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION)
        ReThrowError(error);
    ereport(ERROR, (errcode(error->sqlerrcode), errmsg_internal("%s", message_without_values(error))));
}

// A relation's name with its schema, as the caller's search_path finds it; a query in parentheses as it is.
char* source_text(const char* given) {
    while (isspace(static_cast<unsigned char>(*given))) ++given;
    if (*given == '(') return pstrdup(given);
    List* name = pg::compat::qualified_name_list(given);
    const Oid relation = RangeVarGetRelid(makeRangeVarFromNameList(name), NoLock, false);
    return pg::qualified_name(relation);
}

}  // namespace

void pin_owner_settings() {
    pg::set_local("row_security", "off");
    pg::set_local("jit", "off");
    for (const core::SessionSetting& setting : core::kTextSettings)
        pg::set_local(setting.name, setting.value);
}

SPIPlanPtr prepare_one(const char* query, int count, Oid* types, bool is_select) {
    SPIPlanPtr plan = SPI_prepare(query, count, types);
    if (plan == nullptr) elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
    (void)only_source(plan);
    if (is_select && !SPI_is_cursor_plan(plan))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the query gives no rows")));
    return plan;
}

}  // namespace gpsync::migration

using namespace gpsync::migration;

// migration_source(source text) -> text. As the caller, with the caller's search_path.
GPSYNC_FUNCTION(gpsync_migration_source) {
    return gpsync::pg::guarded([&]() -> Datum {
        Datum result = 0;
        gpsync::pg::server_call(
            [&] { result = CStringGetTextDatum(source_text(text_to_cstring(PG_GETARG_TEXT_PP(0)))); });
        return result;
    });
}

// describe_query(role oid, query text) -> setof (name name, type oid, modifier int)
GPSYNC_FUNCTION(gpsync_describe_query) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::pg::server_call([&] {
            const char* query = text_to_cstring(PG_GETARG_TEXT_PP(1));
            ReturnSetInfo* result = result_of(fcinfo);
            as_role(PG_GETARG_OID(0), [&] {
                with_schema_hint([&] { describe(result, prepare_one(query, 0, nullptr, false)); });
            });
        });
        return Datum(0);
    });
}

// source_columns_read(role oid, query text) -> int[]
GPSYNC_FUNCTION(gpsync_source_columns_read) {
    return gpsync::pg::guarded([&]() -> Datum {
        Datum numbers = 0;
        gpsync::pg::server_call([&] {
            MemoryContext context = CurrentMemoryContext;
            as_role(PG_GETARG_OID(0), [&] {
                List* read = NIL;
                with_schema_hint([&] {
                    const char* query = text_to_cstring(PG_GETARG_TEXT_PP(1));
                    read = columns_read(only_query(prepare_one(query, 0, nullptr, true)));
                });
                MemoryContext before = MemoryContextSwitchTo(context);
                numbers = column_numbers(read);
                MemoryContextSwitchTo(before);
            });
        });
        return numbers;
    });
}

// owner_query(role oid, query text, arguments text[], types oid[], max_rows bigint) -> setof text[]
GPSYNC_FUNCTION(gpsync_owner_query) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::pg::server_call([&] {
            const char* query = text_to_cstring(PG_GETARG_TEXT_PP(1));
            ReturnSetInfo* result = result_of(fcinfo);
            as_role(PG_GETARG_OID(0), [&] {
                run_query_without_values(result, query,
                                         read_arguments(PG_GETARG_ARRAYTYPE_P(2), PG_GETARG_ARRAYTYPE_P(3)),
                                         PG_GETARG_INT64(4));
            });
        });
        return Datum(0);
    });
}

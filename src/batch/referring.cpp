// Whether a row of another role's refers to a row, by a foreign key: that table is its owner's, with all its
// code, so it is read as that role, as the foreign key itself reads it.
#include "migration/owner_query.h"
#include "pg/guard.h"
#include "pg/kept_plan.h"
#include "pg/subtransaction.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
GPSYNC_SERVER_HEADERS_END

// REQUIRES (all of this file): nothing with a destructor alive where the server is called.
namespace gpsync::batch {

namespace {

enum Parameter { kConstraint, kTakenBackWith, kAfter, kKey };
constexpr int kAsked = 3;  // those that say which rows refer, and not to what

// What is asked of one foreign key. A call site asks for many rows.
struct Reference {
    Oid caller;
    Oid role;           // the owner of the rows that refer
    const char* query;  // null: there is no such foreign key
};

// Statements of a roll-back name the foreign key and the batch by constants.
bool asks_the_same(FmgrInfo* call_site) {
    for (int i = 0; i < kAsked; ++i)
        if (!get_fn_expr_arg_stable(call_site, i)) return false;
    return true;
}

// As the extension's owner, who alone may ask for the query.
void make_query(Reference* reference, FunctionCallInfo fcinfo, MemoryContext context) {
    const Oid types[] = {OIDOID, TEXTOID, INT8OID, OIDOID};
    Datum values[] = {fcinfo->args[kConstraint].value, fcinfo->args[kTakenBackWith].value,
                      fcinfo->args[kAfter].value, ObjectIdGetDatum(reference->caller)};
    char nulls[] = "    ";
    for (int i = 0; i < kAsked; ++i)
        if (PG_ARGISNULL(i)) nulls[i] = 'n';
    SPI_connect();
    const int code = SPI_execute_with_args(
        "SELECT r.role, r.query FROM gpsync_internal.reference_query($4, $1, $2, $3) AS r", 4,
        const_cast<Oid*>(types), values, nulls, true, 1);
    if (code != SPI_OK_SELECT || SPI_processed != 1)
        elog(ERROR, "reference_query() gave nothing: %s", SPI_result_code_string(code));
    bool is_null = false;
    HeapTuple row = SPI_tuptable->vals[0];
    reference->role = DatumGetObjectId(SPI_getbinval(row, SPI_tuptable->tupdesc, 1, &is_null));
    const char* query = SPI_getvalue(row, SPI_tuptable->tupdesc, 2);
    reference->query = query == nullptr ? nullptr : MemoryContextStrdup(context, query);
    SPI_finish();
}

const Reference& reference_of(FunctionCallInfo fcinfo) {
    FmgrInfo* call_site = fcinfo->flinfo;
    const bool keeps = asks_the_same(call_site);
    auto* kept = static_cast<Reference*>(call_site->fn_extra);
    if (keeps && kept != nullptr && kept->caller == GetUserId()) return *kept;
    MemoryContext context = keeps ? call_site->fn_mcxt : CurrentMemoryContext;
    auto* reference = static_cast<Reference*>(MemoryContextAllocZero(context, sizeof(Reference)));
    reference->caller = GetUserId();
    pg::as_user(pg::owner_of_function(call_site->fn_oid), 0, [&] { make_query(reference, fcinfo, context); });
    if (keeps) call_site->fn_extra = reference;
    return *reference;
}

bool refers(const Reference& reference, Datum key) {
    bool found = false;
    migration::as_role(reference.role, [&] {
        const Oid types[] = {JSONBOID};
        const bool was_read_only = XactReadOnly;
        XactReadOnly = true;
        if (pg::execute_kept(reference.query, 1, types, &key, true, 1) != SPI_OK_SELECT)
            elog(ERROR, "\"%s\" is no query", reference.query);
        found = SPI_processed > 0;
        XactReadOnly = was_read_only;
    });
    return found;
}

bool must_leave(const ErrorData& error) {
    switch (ERRCODE_TO_CATEGORY(error.sqlerrcode)) {
        case ERRCODE_TRANSACTION_ROLLBACK:
        case ERRCODE_INSUFFICIENT_RESOURCES:
        case ERRCODE_OPERATOR_INTERVENTION:
            return true;
        default:
            return false;
    }
}

// Code of that role's that fails is no answer: the row counts as referred to, and is left.
Datum is_referred_to(FunctionCallInfo fcinfo) {
    const Reference& reference = reference_of(fcinfo);
    if (reference.query == nullptr || PG_ARGISNULL(kKey)) PG_RETURN_NULL();
    const Datum key = PG_GETARG_DATUM(kKey);
    bool found = true;
    ErrorData* error = pg::try_in_subtransaction([&] { found = refers(reference, key); });
    if (error != nullptr && must_leave(*error)) ReThrowError(error);
    PG_RETURN_BOOL(error != nullptr || found);
}

}  // namespace

}  // namespace gpsync::batch

// is_referred_to(of_constraint oid, taken_back_with text, after bigint, key jsonb) -> boolean
GPSYNC_FUNCTION(gpsync_is_referred_to) {
    return gpsync::pg::guarded([&]() -> Datum {
        Datum result = 0;
        gpsync::pg::server_call([&] { result = gpsync::batch::is_referred_to(fcinfo); });
        return result;
    });
}

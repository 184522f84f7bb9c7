#include "row_filter.h"

#include "pg/compat/decoding.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_publication.h"
#include "catalog/pg_publication_rel.h"
#include "executor/executor.h"
#include "executor/tuptable.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

constexpr int index_of(core::EventType action) {
    return static_cast<int>(action);
}
static_assert(index_of(core::EventType::kInserted) == 0 && index_of(core::EventType::kUpdated) == 1 &&
              index_of(core::EventType::kDeleted) == 2);

// The filters of each action, as the text of their node trees.
struct Conditions {
    List* texts[kFilteredActions];
    bool unfiltered[kFilteredActions];
};

// A publication of all tables, or of the table's schema, has no filter, whatever it has for the table itself.
bool covers_schema(const Publication* publication, Oid schema) {
    return publication->alltables || SearchSysCacheExists2(PUBLICATIONNAMESPACEMAP, ObjectIdGetDatum(schema),
                                                           ObjectIdGetDatum(publication->oid));
}

// Null: none.
char* filter_text(const Publication* publication, Relation shown) {
    if (covers_schema(publication, RelationGetNamespace(shown))) return nullptr;
    HeapTuple entry = SearchSysCache2(PUBLICATIONRELMAP, ObjectIdGetDatum(RelationGetRelid(shown)),
                                      ObjectIdGetDatum(publication->oid));
    if (!HeapTupleIsValid(entry)) return nullptr;
    bool is_null = false;
    const Datum filter = SysCacheGetAttr(PUBLICATIONRELMAP, entry, Anum_pg_publication_rel_prqual, &is_null);
    char* result = is_null ? nullptr : TextDatumGetCString(filter);
    ReleaseSysCache(entry);
    return result;
}

void add_publication(Conditions& conditions, const Publication* publication, Relation shown) {
    char* text = filter_text(publication, shown);
    const bool actions[kFilteredActions] = {publication->pubactions.pubinsert,
                                            publication->pubactions.pubupdate,
                                            publication->pubactions.pubdelete};
    for (int i = 0; i < kFilteredActions; ++i) {
        if (!actions[i]) continue;
        if (text == nullptr)
            conditions.unfiltered[i] = true;
        else
            conditions.texts[i] = lappend(conditions.texts[i], text);
    }
}

// REQUIRES: the estate's memory context is the current one.
ExprState* prepare_condition(EState* estate, Relation shown, const List* texts) {
    List* nodes = NIL;
    const ListCell* cell;
    foreach (cell, texts) {
        Node* node = static_cast<Node*>(stringToNode(static_cast<const char*>(lfirst(cell))));
        nodes = lappend(nodes, pg::compat::expand_virtual_columns(node, shown));
    }
    return ExecPrepareExpr(make_orclause(nodes), estate);
}

// An error's own text may show what is in the row ("invalid input syntax for type …"), so it gives way to
// this one. Not where it never does: a division, and what comes from outside, or for want of memory.
void hide_values(void*) {
    const int code = geterrcode();
    const int category = ERRCODE_TO_CATEGORY(code);
    if (code == ERRCODE_DIVISION_BY_ZERO || category == ERRCODE_TO_CATEGORY(ERRCODE_OPERATOR_INTERVENTION) ||
        category == ERRCODE_TO_CATEGORY(ERRCODE_INSUFFICIENT_RESOURCES))
        return;
    errmsg("the row filter of a publication fails for a row, with SQLSTATE %s", unpack_sql_state(code));
    errdetail("The error's own text is not shown, since it may have values of the row in it.");
    errhint("Evaluate the filter on the table to see which rows it fails for.");
}

// NULL is false.
bool matches(RowFilter& filter, ExprState* condition, const TupleFields& row) {
    TupleTableSlot* slot = filter.slot;
    const int natts = slot->tts_tupleDescriptor->natts;
    ExecClearTuple(slot);
    for (int i = 0; i < natts; ++i) {
        const int attnum = filter.map == nullptr ? i + 1 : filter.map->attnums[i];
        slot->tts_isnull[i] = attnum == InvalidAttrNumber || row.nulls[attnum - 1];
        slot->tts_values[i] = slot->tts_isnull[i] ? Datum{0} : row.values[attnum - 1];
    }
    ExecStoreVirtualTuple(slot);
    ExprContext* context = GetPerTupleExprContext(filter.estate);
    ResetExprContext(context);
    context->ecxt_scantuple = slot;
    bool is_null = false;
    ErrorContextCallback callback = {error_context_stack, hide_values, nullptr};
    error_context_stack = &callback;
    const Datum result = ExecEvalExprSwitchContext(condition, context, &is_null);
    error_context_stack = callback.previous;
    return !is_null && DatumGetBool(result);
}

}  // namespace

void take_over_unchanged(TupleDesc changed, const TupleFields& old_row, const TupleFields& new_row) {
    for (int i = 0; i < changed->natts; ++i) {
        if (TupleDescAttr(changed, i)->attlen != -1 || new_row.nulls[i] || old_row.nulls[i]) continue;
        if (VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(new_row.values[i])) &&
            !VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(old_row.values[i])))
            new_row.values[i] = old_row.values[i];
    }
}

RowFilter* make_row_filter(const List* through, Relation shown, const AttrMap* map, MemoryContext context) {
    Conditions conditions{};
    const ListCell* cell;
    foreach (cell, through) add_publication(conditions, static_cast<const Publication*>(lfirst(cell)), shown);
    bool any = false;
    for (int i = 0; i < kFilteredActions; ++i) {
        if (conditions.unfiltered[i]) conditions.texts[i] = NIL;
        any |= conditions.texts[i] != NIL;
    }
    if (!any) return nullptr;

    MemoryContext before = MemoryContextSwitchTo(context);
    auto* filter = static_cast<RowFilter*>(palloc0(sizeof(RowFilter)));
    filter->map = map;
    filter->estate = CreateExecutorState();
    MemoryContextSwitchTo(filter->estate->es_query_cxt);
    filter->slot = MakeSingleTupleTableSlot(CreateTupleDescCopy(RelationGetDescr(shown)), &TTSOpsVirtual);
    for (int i = 0; i < kFilteredActions; ++i)
        if (conditions.texts[i] != NIL)
            filter->conditions[i] = prepare_condition(filter->estate, shown, conditions.texts[i]);
    MemoryContextSwitchTo(before);
    return filter;
}

FilterResult filter_change(RowFilter& filter, core::EventType action, TupleDesc changed,
                           const TupleFields& old_row, const TupleFields& new_row) {
    ExprState* condition = filter.conditions[index_of(action)];
    if (condition == nullptr) return FilterResult::kKept;
    // A deleted row of which the WAL holds nothing.
    if (old_row.values == nullptr && new_row.values == nullptr) return FilterResult::kDropped;
    if (old_row.values == nullptr || new_row.values == nullptr) {
        const TupleFields& row = new_row.values != nullptr ? new_row : old_row;
        return matches(filter, condition, row) ? FilterResult::kKept : FilterResult::kDropped;
    }
    take_over_unchanged(changed, old_row, new_row);
    const bool old_matches = matches(filter, condition, old_row);
    if (matches(filter, condition, new_row)) return old_matches ? FilterResult::kKept : FilterResult::kInsert;
    return old_matches ? FilterResult::kDelete : FilterResult::kDropped;
}

}  // namespace gpsync::decoder

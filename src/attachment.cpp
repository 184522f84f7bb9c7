#include "attachment.h"

#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "nodes/nodes.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

extern "C" Datum gpsync_transition_refused(PG_FUNCTION_ARGS);

namespace gpsync {

namespace {

const Trigger* find_trigger(Relation relation, const char* name) noexcept {
    const TriggerDesc* triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
        if (std::strcmp(triggers->triggers[i].tgname, name) == 0) return &triggers->triggers[i];
    return nullptr;
}

bool is_transition_check(const FuncExpr* call) {
    FmgrInfo info;
    fmgr_info(call->funcid, &info);
    return info.fn_addr == gpsync_transition_refused && list_length(call->args) == 3;
}

}  // namespace

bool has_trigger(Relation relation, const char* name) noexcept {
    return find_trigger(relation, name) != nullptr;
}

// WHEN (gpsync.transition_refused(machine, OLD.status::text, NEW.status::text))
CheckClause check_clause(const Trigger* trigger) {
    CheckClause clause;
    if (trigger == nullptr || trigger->tgqual == nullptr) return clause;
    auto* call = static_cast<FuncExpr*>(stringToNode(trigger->tgqual));
    if (!IsA(call, FuncExpr) || !is_transition_check(call)) return clause;
    auto* machine = static_cast<Const*>(linitial(call->args));
    List* columns = pull_var_clause(static_cast<Node*>(lsecond(call->args)), 0);
    if (!IsA(machine, Const) || machine->constisnull || list_length(columns) != 1) return clause;
    AttrNumber column = static_cast<Var*>(linitial(columns))->varattno;
    if (column <= 0) return clause;  // a clause made by hand may look at a system column or the whole row
    clause.machine = pg::text_view(machine->constvalue);
    clause.column = column;
    return clause;
}

AttrNumber state_column(Relation relation) {
    return check_clause(find_trigger(relation, kCheckUpdateTrigger)).column;
}

std::string_view state_text(HeapTuple tuple, TupleDesc descriptor, AttrNumber column) {
    bool is_null;
    Datum value = heap_getattr(tuple, column, descriptor, &is_null);
    if (is_null) return {};
    Oid type = getBaseType(TupleDescAttr(descriptor, column - 1)->atttypid);
    if (type == TEXTOID || type == VARCHAROID) return pg::text_view(value);

    Oid output;
    bool is_varlena;
    getTypeOutputInfo(type, &output, &is_varlena);
    std::string_view text = OidOutputFunctionCall(output, value);
    if (type == BPCHAROID) text = text.substr(0, text.find_last_not_of(' ') + 1);
    return text;
}

}  // namespace gpsync

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

namespace gpsync {

namespace {

const Trigger* find_trigger(Relation relation, const char* name) noexcept {
    const TriggerDesc* triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
        if (std::strcmp(triggers->triggers[i].tgname, name) == 0) return &triggers->triggers[i];
    return nullptr;
}

// WHEN (gpsync.transition_refused(machine, OLD.status::text, NEW.status::text)): the column of the second
// argument.
AttrNumber column_in_qual(const char* qual) {
    Node* expression = static_cast<Node*>(stringToNode(qual));
    if (!IsA(expression, FuncExpr)) return 0;
    List* arguments = reinterpret_cast<FuncExpr*>(expression)->args;
    if (list_length(arguments) < 2) return 0;
    List* columns = pull_var_clause(static_cast<Node*>(lsecond(arguments)), 0);
    return columns == NIL ? 0 : static_cast<Var*>(linitial(columns))->varattno;
}

}  // namespace

bool has_trigger(Relation relation, const char* name) noexcept {
    return find_trigger(relation, name) != nullptr;
}

AttrNumber state_column(Relation relation) {
    const Trigger* trigger = find_trigger(relation, kCheckUpdateTrigger);
    return trigger == nullptr || trigger->tgqual == nullptr ? 0 : column_in_qual(trigger->tgqual);
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

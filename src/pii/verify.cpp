// What stands behind scrub_row(): AFTER INSERT OR UPDATE, each row, once the row is as it is stored. A BEFORE
// trigger that fires later can have put PII back; the WHEN clause finds that out, and scans the document
// only where there is such a trigger.
#include "pii/document.h"
#include "pii/session_cache.h"

#include "pg/own_table.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// Of one relation, for the length of a query: the triggers that it fires stay the same until it ends.
struct Order {
    Oid relation;
    bool scrubbed_last;
};

bool is_scrub_row(Oid function) {
    const char* name = get_func_name(function);
    return name != nullptr && std::strcmp(name, "scrub_row") == 0 &&
           pg::is_own_schema(get_func_namespace(function));
}

bool fires_before_write(const Trigger& trigger) {
    constexpr int16 kWrites = TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE;
    return TRIGGER_FOR_BEFORE(trigger.tgtype) && TRIGGER_FOR_ROW(trigger.tgtype) &&
           (trigger.tgtype & kWrites) != 0 && trigger.tgenabled != TRIGGER_DISABLED;
}

bool fires_always(const Trigger& trigger) {
    constexpr int16 kWrites = TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE;
    return fires_before_write(trigger) && (trigger.tgtype & kWrites) == kWrites &&
           trigger.tgenabled == TRIGGER_FIRES_ALWAYS;
}

// What gpsync's own triggers for other columns write.
bool leaves_alone(const Trigger& trigger, const char* column) {
    if (!is_scrub_row(trigger.tgfoid)) return false;
    for (int i = 0; i < trigger.tgnargs; i += 2)
        if (std::strcmp(trigger.tgargs[i], column) == 0) return false;
    return true;
}

const Trigger* find_trigger(const TriggerDesc* triggers, const char* name) {
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
        if (std::strcmp(triggers->triggers[i].tgname, name) == 0) return &triggers->triggers[i];
    return nullptr;
}

// The trigger that fires after the one named and may write the column; nullptr: there is none.
const Trigger* later_writer(const TriggerDesc* triggers, const char* scrubber, const char* column) {
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
        const Trigger& trigger = triggers->triggers[i];
        if (fires_before_write(trigger) && std::strcmp(trigger.tgname, scrubber) > 0 &&
            !leaves_alone(trigger, column))
            return &trigger;
    }
    return nullptr;
}

// The column that the call's first argument is, 0 if it is anything else.
AttrNumber argument_column(const FmgrInfo* function) {
    if (function->fn_expr == nullptr || !IsA(function->fn_expr, FuncExpr)) return 0;
    auto* argument = static_cast<Node*>(linitial(reinterpret_cast<FuncExpr*>(function->fn_expr)->args));
    while (argument != nullptr && IsA(argument, RelabelType))
        argument = reinterpret_cast<Node*>(reinterpret_cast<RelabelType*>(argument)->arg);
    return argument != nullptr && IsA(argument, Var) ? reinterpret_cast<Var*>(argument)->varattno : 0;
}

// Raises server errors. "" when it is no column of that relation.
const char* column_name(const FmgrInfo* function, Oid relation) {
    const AttrNumber attnum = argument_column(function);
    const char* name = attnum > 0 ? get_attname(relation, attnum, true) : nullptr;
    return name != nullptr ? name : "";
}

bool is_scrubbed_last(Relation relation, AttrNumber attnum, const char* policy, const char* scrubber) {
    if (attnum <= 0 || attnum > RelationGetNumberOfAttributes(relation)) return false;
    const char* column = NameStr(TupleDescAttr(RelationGetDescr(relation), attnum - 1)->attname);
    const Trigger* trigger = find_trigger(relation->trigdesc, scrubber);
    return trigger != nullptr && fires_always(*trigger) && is_scrub_row(trigger->tgfoid) &&
           trigger->tgnargs >= 2 && std::strcmp(trigger->tgargs[0], column) == 0 &&
           std::strcmp(trigger->tgargs[1], policy) == 0 &&
           later_writer(relation->trigdesc, scrubber, column) == nullptr;
}

// Raises server errors. Arguments: the document, the policy, the name of the trigger that has scrubbed it,
// the relation.
bool scrubbed_last(FunctionCallInfo fcinfo) {
    FmgrInfo* function = fcinfo->flinfo;
    const Oid relation_id = PG_GETARG_OID(3);
    auto* order = static_cast<Order*>(function->fn_extra);
    if (order == nullptr)
        function->fn_extra = order =
            static_cast<Order*>(MemoryContextAllocZero(function->fn_mcxt, sizeof(Order)));
    if (order->relation == relation_id) return order->scrubbed_last;
    Relation relation = try_relation_open(relation_id, AccessShareLock);
    order->scrubbed_last = relation != nullptr && is_scrubbed_last(relation, argument_column(function),
                                                                   text_to_cstring(PG_GETARG_TEXT_PP(1)),
                                                                   text_to_cstring(PG_GETARG_TEXT_PP(2)));
    order->relation = relation_id;
    if (relation != nullptr) relation_close(relation, AccessShareLock);
    return order->scrubbed_last;
}

const TriggerData& called_as_check(FunctionCallInfo fcinfo) {
    if (CALLED_AS_TRIGGER(fcinfo)) {
        const auto& trigger = *reinterpret_cast<const TriggerData*>(fcinfo->context);
        if (TRIGGER_FIRED_AFTER(trigger.tg_event) && TRIGGER_FIRED_FOR_ROW(trigger.tg_event) &&
            trigger.tg_trigger->tgnargs == 2)
            return trigger;
    }
    throw pg::Error(pg::Sqlstate::kTriggerProtocol,
                    "gpsync_internal.refuse_unscrubbed() can only be called as a trigger AFTER INSERT OR "
                    "UPDATE FOR EACH ROW")
        .hint("gpsync.scrub_on_write() creates it.");
}

struct Names {
    const char *schema, *table, *later;
};

[[noreturn]] void refuse(const TriggerData& data) {
    const std::string column = data.tg_trigger->tgargs[0], scrubber = data.tg_trigger->tgargs[1];
    Names names{};
    pg::server_call([&] {
        names.schema = get_namespace_name(RelationGetNamespace(data.tg_relation));
        names.table = RelationGetRelationName(data.tg_relation);
        const Trigger* later = later_writer(data.tg_relation->trigdesc, scrubber.c_str(), column.c_str());
        names.later = later != nullptr ? later->tgname : nullptr;
    });
    pg::Error error(pg::Sqlstate::kIllegalTransition, "column \"" + column + "\" of table \"" + names.table +
                                                          "\" holds PII that was not scrubbed");
    error.object(names.schema, names.table, column, data.tg_trigger->tgname);
    if (names.later != nullptr) {
        const std::string later = names.later;
        error.detail("Trigger \"" + later + "\" fires after \"" + scrubber + "\" and changed the document.");
        error.hint("Give it a name that sorts before: ALTER TRIGGER ... RENAME TO ...");
    } else {
        error.detail("Trigger \"" + scrubber + "\" is missing, disabled, or of another column or policy.");
        error.hint("gpsync.scrub_on_write() makes it anew.");
    }
    throw error;
}

}  // namespace

}  // namespace gpsync

// not_scrubbed(document "any", policy text, scrubber text, relation oid) -> boolean
GPSYNC_FUNCTION(gpsync_not_scrubbed) {
    if (PG_ARGISNULL(0)) PG_RETURN_BOOL(false);
    for (int i = 1; i < 4; ++i)
        if (PG_ARGISNULL(i)) PG_RETURN_BOOL(true);
    if (gpsync::scrubbed_last(fcinfo)) PG_RETURN_BOOL(false);
    const Oid type = getBaseType(get_fn_expr_argtype(fcinfo->flinfo, 0));
    if (!gpsync::is_document_type(type))
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("%s", gpsync::kDocumentTypes)));
    const Datum document = PointerGetDatum(PG_DETOAST_DATUM(PG_GETARG_DATUM(0)));
    const char* column = gpsync::column_name(fcinfo->flinfo, PG_GETARG_OID(3));
    return gpsync::pg::guarded([&]() -> Datum {
        const auto policy = gpsync::pg::text_view(PG_GETARG_DATUM(1));
        const auto name = gpsync::suspicious_name(gpsync::require_policy(policy), type, column);
        auto& scrubber = gpsync::scrubber_of(policy, gpsync::core::pii::Mode::kTest);
        return BoolGetDatum(gpsync::value_has_pii(scrubber, type, document, name));
    });
}

// refuse_unscrubbed() -> trigger; its arguments are the document's column and the trigger that scrubs it
GPSYNC_FUNCTION(gpsync_refuse_unscrubbed) {
    return gpsync::pg::guarded([&]() -> Datum { gpsync::refuse(gpsync::called_as_check(fcinfo)); });
}

#include "pg/attachment.h"

#include <charconv>

#include "core/event_message.hpp"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/objectaddress.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "commands/seclabel.h"
#include "nodes/nodes.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "optimizer/optimizer.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

const Trigger* find_trigger(Relation relation, const char* name) noexcept {
    const TriggerDesc* triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i)
        if (std::strcmp(triggers->triggers[i].tgname, name) == 0) return &triggers->triggers[i];
    return nullptr;
}

bool has_attached_label(Oid relation) {
    ObjectAddress object;
    ObjectAddressSet(object, RelationRelationId, relation);
    return GetSecurityLabel(&object, kLabelProvider) != nullptr;
}

// Of a positive whole number; 0: there is none.
int64 shard_of(JsonbContainer* record) {
    JsonbValue value;
    constexpr std::string_view kName = "shard";
    if (getKeyJsonValueFromContainer(record, kName.data(), static_cast<int>(kName.size()), &value) ==
            nullptr ||
        value.type != jbvNumeric)
        return 0;
    const char* text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value.val.numeric)));
    int64 number = 0;
    const auto parsed = std::from_chars(text, text + std::strlen(text), number);
    return parsed.ec == std::errc{} && *parsed.ptr == '\0' && number > 0 ? number : 0;
}

// The label of an attached table as a JSON object, in the current memory context; nullptr: none.
JsonbContainer* record_of(Oid attached) {
    ObjectAddress object;
    ObjectAddressSet(object, RelationRelationId, attached);
    const char* label = GetSecurityLabel(&object, kLabelProvider);
    if (label == nullptr) return nullptr;
    JsonbContainer* root = &DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(label)))->root;
    return JsonContainerIsObject(root) ? root : nullptr;
}

const char* topic_of(JsonbContainer* record) {
    JsonbValue value;
    constexpr std::string_view kName = "history_topic";
    if (getKeyJsonValueFromContainer(record, kName.data(), static_cast<int>(kName.size()), &value) ==
            nullptr ||
        value.type != jbvString)
        return nullptr;
    return pnstrdup(value.val.string.val, static_cast<Size>(value.val.string.len));
}

}  // namespace

Oid attached_root(Oid relation) {
    if (has_attached_label(relation)) return relation;
    if (!get_rel_relispartition(relation)) return InvalidOid;
    ListCell* cell = nullptr;
    foreach (cell, get_partition_ancestors(relation)) {
        if (has_attached_label(lfirst_oid(cell))) return lfirst_oid(cell);
    }
    return InvalidOid;
}

void check_attachment_record(const char* record) {
    Datum parsed = DirectFunctionCall1(jsonb_in, CStringGetDatum(record));
    JsonbContainer* root = &DatumGetJsonbP(parsed)->root;
    const auto is_one_of = [root](const char* name, jbvType one, jbvType other) {
        JsonbValue value;
        return getKeyJsonValueFromContainer(root, name, static_cast<int>(std::strlen(name)), &value) !=
                   nullptr &&
               (value.type == one || value.type == other);
    };
    const char* topic = JsonContainerIsObject(root) ? topic_of(root) : nullptr;
    const bool is_shard = JsonContainerIsObject(root) && shard_of(root) != 0;
    const bool valid =
        JsonContainerIsObject(root) && JsonContainerSize(root) == 4u + (topic != nullptr) + is_shard &&
        (topic == nullptr || core::is_topic(topic)) && is_one_of("machine", jbvString, jbvNull) &&
        is_one_of("status_column", jbvString, jbvNull) && is_one_of("publication", jbvString, jbvString) &&
        is_one_of("check_replicated", jbvBool, jbvBool);
    if (!valid)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("\"%s\" is no record of an attachment", record)));
}

const char* history_topic(Oid attached) {
    JsonbContainer* record = record_of(attached);
    return record != nullptr ? topic_of(record) : nullptr;
}

int64 shard_in_record(const char* record) {
    return shard_of(&DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(record)))->root);
}

int64 attached_shard(Oid attached) {
    JsonbContainer* record = record_of(attached);
    return record != nullptr ? shard_of(record) : 0;
}

bool has_trigger(Relation relation, const char* name) noexcept {
    return find_trigger(relation, name) != nullptr;
}

// WHEN (gpsync_internal.transition_refused(machine, OLD.status::text, NEW.status::text))
CheckClause check_clause(const Trigger* trigger) {
    CheckClause clause;
    if (trigger == nullptr || trigger->tgqual == nullptr) return clause;
    auto* call = static_cast<FuncExpr*>(stringToNode(trigger->tgqual));
    if (!IsA(call, FuncExpr) || list_length(call->args) != 3 ||
        !is_own_function(call->funcid, "transition_refused"))
        return clause;
    auto* machine = static_cast<Const*>(linitial(call->args));
    List* columns = pull_var_clause(static_cast<Node*>(lsecond(call->args)), 0);
    if (!IsA(machine, Const) || machine->constisnull || list_length(columns) != 1) return clause;
    AttrNumber column = static_cast<Var*>(linitial(columns))->varattno;
    if (column <= 0) return clause;  // a clause made by hand may look at a system column or the whole row
    clause.machine = text_view(machine->constvalue);
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
    return state_text(value, TupleDescAttr(descriptor, column - 1)->atttypid);
}

std::string_view state_text(Datum value, Oid type) {
    type = getBaseType(type);
    if (type == TEXTOID || type == VARCHAROID) return text_view(value);

    Oid output;
    bool is_varlena;
    getTypeOutputInfo(type, &output, &is_varlena);
    std::string_view text = OidOutputFunctionCall(output, value);
    if (type == BPCHAROID) text = text.substr(0, text.find_last_not_of(' ') + 1);
    return text;
}

}  // namespace gpsync::pg

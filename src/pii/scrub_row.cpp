// scrub_row(): BEFORE INSERT OR UPDATE, each row; its arguments are the document's column, the policy and,
// optionally, the column of its metadata.
#include "pii/document.h"
#include "pii/session_cache.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

const TriggerData& called_as_scrub_trigger(FunctionCallInfo fcinfo) {
    if (CALLED_AS_TRIGGER(fcinfo)) {
        const auto& trigger = *reinterpret_cast<const TriggerData*>(fcinfo->context);
        const TriggerEvent event = trigger.tg_event;
        if (TRIGGER_FIRED_BEFORE(event) && TRIGGER_FIRED_FOR_ROW(event) &&
            (TRIGGER_FIRED_BY_INSERT(event) || TRIGGER_FIRED_BY_UPDATE(event)) &&
            (trigger.tg_trigger->tgnargs == 2 || trigger.tg_trigger->tgnargs == 3))
            return trigger;
    }
    throw pg::Error(
        pg::Sqlstate::kTriggerProtocol,
        "gpsync_internal.scrub_row() can only be called as a trigger BEFORE INSERT OR UPDATE FOR EACH ROW")
        .hint("gpsync.scrub_on_write() creates it.");
}

int column_number(Relation relation, const char* name) {
    const TupleDesc descriptor = RelationGetDescr(relation);
    for (int i = 0; i < descriptor->natts; ++i) {
        const FormData_pg_attribute* attribute = TupleDescAttr(descriptor, i);
        if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0) return i + 1;
    }
    const char* table = RelationGetRelationName(relation);
    throw pg::Error(pg::Sqlstate::kUndefinedColumn, "column \"" + std::string(name) + "\" of relation \"" +
                                                        table + "\", which is to be scrubbed, does not exist")
        .hint(
            "If it was renamed, call gpsync.scrub_on_write() for the new name; if it is gone, "
            "gpsync.stop_scrub_on_write() for the old one.");
}

struct ColumnType {
    Oid declared, base;  // the same unless it is a domain
    int32 typmod;
};

ColumnType column_type(Relation relation, int column) {
    const FormData_pg_attribute* attribute = TupleDescAttr(RelationGetDescr(relation), column - 1);
    ColumnType type{attribute->atttypid, InvalidOid, attribute->atttypmod};
    pg::server_call([&] { type.base = getBaseTypeAndTypmod(type.declared, &type.typmod); });
    if (is_document_type(type.base)) return type;
    throw pg::Error(pg::Sqlstate::kWrongObjectType, kDocumentTypes);
}

// scrub_on_write() makes sure of it, but anybody can write a trigger, or change the type of a column.
ColumnType metadata_type(Relation relation, int column, const ColumnType& document) {
    const FormData_pg_attribute* attribute = TupleDescAttr(RelationGetDescr(relation), column - 1);
    ColumnType type{attribute->atttypid, InvalidOid, attribute->atttypmod};
    pg::server_call([&] { type.base = getBaseTypeAndTypmod(type.declared, &type.typmod); });
    if (type.base == JSONBOID && (document.base == JSONBOID || document.base == JSONOID)) return type;
    throw pg::Error(pg::Sqlstate::kWrongObjectType,
                    "metadata are of type jsonb, and those of a document of type jsonb or json");
}

// Nobody checks again what a trigger gives: whether it is too long for a varchar, or what a domain does not
// allow.
Datum checked(const ScrubbedValue& scrubbed, const ColumnType& type) {
    Datum value = scrubbed.value;
    pg::server_call([&] {
        if (type.base == VARCHAROID && type.typmod >= 0 && !scrubbed.null)
            value = DirectFunctionCall3(varchar, value, Int32GetDatum(type.typmod), BoolGetDatum(false));
        if (type.declared != type.base)
            domain_check(value, scrubbed.null, type.declared, nullptr, CurrentMemoryContext);
    });
    return value;
}

// REQUIRES: column is not null in tuple.
Datum detoasted(HeapTuple tuple, int column, Relation relation) {
    Datum value = 0;
    pg::server_call([&] {
        bool null;
        value = heap_getattr(tuple, column, RelationGetDescr(relation), &null);
        value = PointerGetDatum(PG_DETOAST_DATUM(value));
    });
    return value;
}

HeapTuple with_column(HeapTuple tuple, Relation relation, int column, Datum value, bool null) {
    HeapTuple result = nullptr;
    pg::server_call([&] {
        result = heap_modify_tuple_by_cols(tuple, RelationGetDescr(relation), 1, &column, &value, &null);
    });
    return result;
}

HeapTuple scrubbed_row(const TriggerData& trigger) {
    Relation relation = trigger.tg_relation;
    HeapTuple tuple = TRIGGER_FIRED_BY_UPDATE(trigger.tg_event) ? trigger.tg_newtuple : trigger.tg_trigtuple;
    char** arguments = trigger.tg_trigger->tgargs;
    const int column = column_number(relation, arguments[0]);
    const int metadata = trigger.tg_trigger->tgnargs > 2 ? column_number(relation, arguments[2]) : 0;
    const ColumnType type = column_type(relation, column);
    ColumnType about{};
    if (metadata != 0) about = metadata_type(relation, metadata, type);
    if (heap_attisnull(tuple, column, RelationGetDescr(relation)))
        return metadata == 0 ? tuple
                             : with_column(tuple, relation, metadata, checked({0, true, true}, about), true);

    const Datum document = detoasted(tuple, column, relation);
    const std::string_view name = suspicious_name(require_policy(arguments[1]), type.base, arguments[0]);
    auto& scrubber = scrubber_of(arguments[1], core::pii::Mode::kScrub);
    const ScrubbedValue scrubbed = scrub_value(scrubber, type.base, document, name);
    if (scrubbed.changed)
        tuple = with_column(tuple, relation, column, checked(scrubbed, type), scrubbed.null);
    if (metadata != 0)
        tuple =
            with_column(tuple, relation, metadata,
                        checked({metadata_of_value(type.base, scrubbed.value), false, true}, about), false);
    return tuple;
}

}  // namespace

}  // namespace gpsync

GPSYNC_FUNCTION(gpsync_scrub_row) {
    return gpsync::pg::guarded([&]() -> Datum {
        return PointerGetDatum(gpsync::scrubbed_row(gpsync::called_as_scrub_trigger(fcinfo)));
    });
}

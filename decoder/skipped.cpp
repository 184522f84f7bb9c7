// What stands in the place of a change that an operator has skipped (gpsync.skip_change()). It may be skipped
// because anything of it cannot be written: a value, the key, a label that cannot be followed. So nothing is
// asked that could fail again, and nothing of the row is shown but a key that no label covers.
#include "core/json_writer.hpp"
#include "decoder.h"
#include "pg/compat/decoding.h"
#include "pg/pg_buffer.h"
#include "pg/row_key.h"
#include "pg/utf8.h"
#include "redaction_catalog.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

using core::ByteBuffer;

struct SkippedRow {
    HeapTuple tuple;
    TupleDesc descriptor;
};

SkippedRow row_of(Relation relation, ReorderBufferChange* change) {
    if (change->action == REORDER_BUFFER_CHANGE_TRUNCATE) return {nullptr, nullptr};
    HeapTuple tuple = pg::compat::new_tuple(change);
    return {tuple != nullptr ? tuple : pg::compat::old_tuple(change), RelationGetDescr(relation)};
}

std::string_view utf8_name(const char* name) {
    return name != nullptr && pg::has_utf8_form(name) ? pg::to_utf8(name) : std::string_view("?");
}

bool has_label(Relation relation, AttrNumber attnum) {
    ListCell* cell;
    const char* name = NameStr(TupleDescAttr(RelationGetDescr(relation), attnum - 1)->attname);
    foreach (cell, labelled_relations(relation, relation)) {
        const AttrNumber there = get_attnum(lfirst_oid(cell), name);
        if (there != InvalidAttrNumber && current_label(lfirst_oid(cell), there) != nullptr) return true;
    }
    return false;
}

// False: the key cannot be shown.
bool append_key(ByteBuffer& key, ByteBuffer& subject, Relation relation, const SkippedRow& row) {
    const pg::RowKey row_key = pg::row_key(relation);
    if (row.tuple == nullptr || row_key.natts == 0) return false;
    for (int i = 0; i < row_key.natts; ++i) {
        bool is_null = false;
        Form_pg_attribute attribute = TupleDescAttr(row.descriptor, row_key.attnums[i] - 1);
        const Datum value = heap_getattr(row.tuple, row_key.attnums[i], row.descriptor, &is_null);
        if (is_null || has_label(relation, row_key.attnums[i])) return false;
        key.append(i > 0 ? std::string_view(",") : std::string_view("{"));
        core::append_json_string(key, NameStr(attribute->attname));
        key.append(':');
        const size_t start = key.size;
        pg::RenderPlan plan;
        pg::make_render_plan(&plan, attribute->atttypid, CurrentMemoryContext);
        pg::render_value(key, plan, value);
        if (!pg::has_utf8_form(key.view())) return false;
        core::append_subject_part(subject, pg::to_utf8(key.view().substr(start)), i == 0);
    }
    key.append('}');
    return true;
}

std::optional<int64_t> revision_of(Relation relation, const SkippedRow& row) {
    const AttrNumber attnum = get_attnum(RelationGetRelid(relation), "sync_revision");
    if (row.tuple == nullptr || attnum == InvalidAttrNumber ||
        TupleDescAttr(row.descriptor, attnum - 1)->atttypid != INT8OID)
        return std::nullopt;
    bool is_null = false;
    const Datum value = heap_getattr(row.tuple, attnum, row.descriptor, &is_null);
    if (is_null) return std::nullopt;
    return DatumGetInt64(value);
}

}  // namespace

void write_skipped(Decoder& decoder, Relation relation, ReorderBufferChange* change) {
    ByteBuffer& key = decoder.key;
    ByteBuffer& subject_key = decoder.subject_key;
    key.size = subject_key.size = 0;
    const SkippedRow row = row_of(relation, change);
    const bool has_key = append_key(key, subject_key, relation, row);
    if (!has_key) key.size = subject_key.size = 0;

    const std::string_view schema = utf8_name(get_namespace_name(RelationGetNamespace(relation))),
                           table = utf8_name(RelationGetRelationName(relation));
    ByteBuffer subject = pg::make_buffer(CurrentMemoryContext, 256),
               storage = pg::make_buffer(CurrentMemoryContext);
    core::append_event_subject(subject, schema, table);
    const core::EventTemplate text =
        core::make_event_template(storage, {decoder.relations.source, schema, table, subject.view()});
    ByteBuffer& out = decoder.output.begin_event();
    core::append_event_head(
        out, decoder.transaction, text,
        {core::EventType::kSkipped, decoder.ordinal,
         has_key ? std::optional(subject_key.view()) : std::nullopt,
         has_key ? key.view() : std::string_view("{}"), has_key ? revision_of(relation, row) : std::nullopt});
    core::append_event_end(out);
    decoder.output.end_event();
}

}  // namespace gpsync::decoder

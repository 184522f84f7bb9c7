// The event that replaces a change that an operator has skipped (gpsync.skip_change()). It may be skipped
// because anything of it cannot be written: a value, the key, a label that cannot be followed. So nothing is
// asked that could fail again, and nothing of the row is shown but a key that no label covers.
#include "book_line.h"
#include "core/json_writer.hpp"
#include "decoder.h"
#include "pg/compat/decoding.h"
#include "pg/pg_buffer.h"
#include "pg/row_key.h"
#include "pg/shown_name.h"
#include "pg/sync_columns.h"
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
    return name != nullptr && pg::has_utf8_form(name) ? std::string_view(name) : std::string_view("?");
}

bool has_label(Relation relation, AttrNumber attnum) {
    ListCell* cell;
    const char* name = NameStr(TupleDescAttr(RelationGetDescr(relation), attnum - 1)->attname);
    List* relations = labelled_relations(relation, relation);
    if (const Oid distributed = pg::shown_name(relation).distributed; OidIsValid(distributed))
        relations = list_append_unique_oid(relations, distributed);
    foreach (cell, relations) {
        const AttrNumber there = get_attnum(lfirst_oid(cell), name);
        if (there != InvalidAttrNumber && current_label(lfirst_oid(cell), there) != nullptr) return true;
    }
    return false;
}

// The row's key as the event, its subject, and the line before it show it.
struct SkippedKey {
    ByteBuffer& json;
    ByteBuffer& subject;
    ByteBuffer book = pg::make_buffer(CurrentMemoryContext, 64);
    ByteBuffer text = pg::make_buffer(CurrentMemoryContext, 64);
    bool as_text = false;
    bool hidden = false;  // a column list leaves out a column of it: only the line before the event has it
};

void append_column(SkippedKey& key, Form_pg_attribute attribute, Datum value, bool first) {
    ByteBuffer label = pg::make_buffer(CurrentMemoryContext, 64);
    if (!first) label.append(',');
    core::append_json_string(label, NameStr(attribute->attname));
    label.append(':');
    key.json.append(label.view());
    const size_t start = key.json.size;
    pg::RenderPlan plan;
    pg::make_render_plan(&plan, attribute->atttypid, CurrentMemoryContext);
    pg::render_value(key.json, plan, value);
    append_book_column(key.book, label.view(), attribute->attnum, attribute->atttypid);
    key.text.append(label.view());
    if (const Oid output = text_output_of(attribute->atttypid); OidIsValid(output)) {
        core::append_json_string(key.text, OidOutputFunctionCall(output, value));
        key.as_text = true;
    } else {
        key.text.append(key.json.view().substr(start));
    }
    if (pg::has_utf8_form(key.json.view()))
        core::append_subject_part(key.subject, pg::to_utf8(key.json.view().substr(start)), first);
}

// False: the key cannot be shown.
bool append_key(SkippedKey& key, const PublicationSet& publications, Relation relation,
                const SkippedRow& row) {
    const pg::RowKey row_key = pg::row_key(relation);
    if (row.tuple == nullptr || row_key.natts == 0) return false;
    append_book_start(key.book, RelationGetRelid(relation));
    key.json.append('{');
    key.text.append('{');
    for (int i = 0; i < row_key.natts; ++i) {
        bool is_null = false;
        Form_pg_attribute attribute = TupleDescAttr(row.descriptor, row_key.attnums[i] - 1);
        const Datum value = heap_getattr(row.tuple, row_key.attnums[i], row.descriptor, &is_null);
        if (is_null || has_label(relation, row_key.attnums[i])) return false;
        key.hidden |= may_leave_out(publications, relation, NameStr(attribute->attname));
        append_column(key, attribute, value, i == 0);
        if (!pg::has_utf8_form(key.json.view()) || !pg::has_utf8_form(key.text.view())) return false;
    }
    append_book_end(key.book);
    key.json.append('}');
    key.text.append("}\t");
    return true;
}

std::optional<int64_t> revision_of(Relation relation, const SkippedRow& row) {
    const AttrNumber attnum = get_attnum(RelationGetRelid(relation), pg::kSyncRevisionColumn);
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
    pin_settings(decoder);
    load_publications(decoder.publications);
    SkippedKey key{decoder.key, decoder.subject_key};
    key.json.size = key.subject.size = 0;
    const SkippedRow row = row_of(relation, change);
    const bool has_key = append_key(key, decoder.publications, relation, row);
    const std::optional<int64_t> revision = has_key ? revision_of(relation, row) : std::nullopt;
    const bool shows_key = has_key && !key.hidden;
    const bool shows_revision =
        revision && !may_leave_out(decoder.publications, relation, pg::kSyncRevisionColumn);

    const pg::ShownName name = pg::shown_name(relation);
    const std::string_view schema = utf8_name(name.schema), table = utf8_name(name.table);
    ByteBuffer subject = pg::make_buffer(CurrentMemoryContext, 256),
               storage = pg::make_buffer(CurrentMemoryContext);
    core::append_event_subject(subject, pg::to_utf8(schema), pg::to_utf8(table));
    const core::EventTemplate text =
        core::make_event_template(storage, {decoder.relations.source, schema, table, subject.view()});
    ByteBuffer& out = decoder.output.begin_event();
    if (decoder.relations.book_lines && revision) {
        const bool in_book_only = !shows_key || !shows_revision;
        out.append(key.book.view());
        if (key.as_text || in_book_only) out.append(key.text.view());
        if (in_book_only) append_book_revision(out, *revision);
        append_echo(out, decoder.echo, revision);
    }
    core::append_event_head(
        out, decoder.transaction, text,
        {core::EventType::kSkipped, decoder.ordinal,
         shows_key ? std::optional(key.subject.view()) : std::nullopt,
         shows_key ? key.json.view() : std::string_view("{}"), shows_revision ? revision : std::nullopt});
    core::append_event_end(out);
    decoder.output.end_event();
}

}  // namespace gpsync::decoder

#include "columns.h"

#include "core/json_writer.hpp"
#include "pg/pg_buffer.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_type_d.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder::wal2json {

namespace {

using core::ByteBuffer;

bool append_number(ByteBuffer& out, const Options& options, std::string_view value) {
    if (options.numbers_as_strings)
        core::append_json_string(out, value);
    else if (value.find_first_of("NI") != value.npos)  // NaN, Infinity: JSON has none
        out.append("null");
    else
        out.append(value);
    return true;
}

// Numbers that JSON does not have are strings in json.
void append_json_value(ByteBuffer& out, std::string_view json, ValueKind kind) {
    out.append(kind == ValueKind::kNumber && json.starts_with('"') ? std::string_view("null") : json);
}

void append_rendered(ByteBuffer& out, Column& column, ValueKind kind, Datum value) {
    const size_t start = out.size;
    pg::render_value(out, column.value, value);
    if (kind != ValueKind::kNumber || out.data[start] != '"') return;
    out.size = start;
    out.append("null");
}

void append_document(ByteBuffer& out, Datum value) {
    ByteBuffer text = pg::make_buffer(CurrentMemoryContext);
    pg::append_jsonb_text(text, DatumGetJsonbP(value));
    core::append_json_string(out, text.view());
    pfree(text.data);
}

bool append_plain(ByteBuffer& out, const Options& options, Column& column, ColumnText& text,
                  const Field& field) {
    if (field.state != FieldState::kValue) {
        out.append("null");
        return true;
    }
    if (text.as_json) {
        append_rendered(out, column, text.kind, field.value);
        return true;
    }
    if (text.kind == ValueKind::kBoolean) {
        out.append(DatumGetBool(field.value) ? std::string_view("true") : std::string_view("false"));
        return true;
    }
    if (column.value.type == JSONBOID) {
        append_document(out, field.value);
        return true;
    }
    const std::string_view value = OutputFunctionCall(&text.output, field.value);
    if (text.kind == ValueKind::kNumber) return append_number(out, options, value);
    core::append_json_string(out, text.kind == ValueKind::kBytes ? value.substr(2) : value);  // behind the \x
    return true;
}

// Values that are redacted were judged, and are written, as JSON, in which an array or composite value's
// own text cannot be mended: of these, one with PII in it is left out. A document is shown as its text.
bool append_changed(ByteBuffer& out, const Options& options, const Column& column, ValueKind kind,
                    std::string_view json) {
    const pg::Probe probe = column.value.probe;
    if (column.redaction.redaction == core::Redaction::kScrub) {
        if (probe == pg::Probe::kArray || probe == pg::Probe::kComposite) return false;
        if (kind == ValueKind::kBytes && json.starts_with(R"("\\x)")) {
            out.append('"');
            json.remove_prefix(4);
        }
        const bool is_number = probe == pg::Probe::kInteger || probe == pg::Probe::kNumber;
        if (probe == pg::Probe::kJson || probe == pg::Probe::kJsonb ||
            (is_number && options.numbers_as_strings && !json.starts_with('"'))) {
            core::append_json_string(out, json);
            return true;
        }
    }
    out.append(json);
    return true;
}

}  // namespace

void begin_row(Decoder& decoder, const RowSiblings& columns) {
    pg::begin_scrubbed_row(row_scrub(*decoder.redaction), &columns);
}

void end_row(Decoder& decoder) {
    pg::end_scrubbed_row(row_scrub(*decoder.redaction));
    decoder.column = nullptr;
}

bool append_value(ByteBuffer& out, const Options& options, Column& column, ColumnText& text, Field field) {
    if (column.redaction.drops()) return false;
    if (field.state == FieldState::kValue) field.value = pg::detoasted(column.value, field.value);
    if (field.state == FieldState::kValue && !column.redaction.plain &&
        !is_clean(column.value, field.value, column.redaction)) {
        ByteBuffer json = pg::make_buffer(CurrentMemoryContext);
        bool changed = false;
        if (!append_redacted(json, column.value, field.value, column.redaction, &changed)) return false;
        if (changed) return append_changed(out, options, column, text.kind, json.view());
        if (text.as_json) {
            append_json_value(out, json.view(), text.kind);
            return true;
        }
    }
    return append_plain(out, options, column, text, field);
}

bool is_identified(RelationText& text, const RelationEntry& entry, const RowChange& change) {
    const bool needs = change.type == core::EventType::kUpdated || change.type == core::EventType::kDeleted;
    if (!needs || text.identified || change.has_old) return true;
    if (!text.warned)
        ereport(WARNING,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("updates and deletes of table \"%s.%s\" are not shown: it has no replica identity",
                        entry.schema_name, entry.table_name),
                 errhint("Give it a primary key, or use ALTER TABLE ... REPLICA IDENTITY.")));
    text.warned = true;
    return false;
}

}  // namespace gpsync::decoder::wal2json

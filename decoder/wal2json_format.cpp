// format 'wal2json': what wal2json writes with format-version 2 and no other option, for consumers that read
// it already. Values are the types' own text, numbers and booleans unquoted; TOASTed values that the WAL does
// not hold are left out. Unlike wal2json, a transaction without a streamed change gives no lines, and the
// text does not depend on the session's settings.
#include "core/json_writer.hpp"
#include "decoder.h"
#include "pg/pg_buffer.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

using core::ByteBuffer;
using core::EventType;

enum class ValueKind : uint8_t { kNumber, kBoolean, kBytes, kString };

struct ColumnText {
    ValueKind kind;
    FmgrInfo output;
    std::string_view start;  // {"name":…,"type":…,"value":
};

// What the format keeps with a relation.
struct RelationText {
    std::string_view table;  // ,"schema":…,"table":…
    ColumnText* columns;     // as entry.columns
};

ValueKind kind_of(Oid type) {
    switch (type) {
        case INT2OID:
        case INT4OID:
        case INT8OID:
        case OIDOID:
        case FLOAT4OID:
        case FLOAT8OID:
        case NUMERICOID:
            return ValueKind::kNumber;
        case BOOLOID:
            return ValueKind::kBoolean;
        case BYTEAOID:
            return ValueKind::kBytes;
        default:
            return ValueKind::kString;
    }
}

// As format_type() names it with schema public in the search path, and without quotes around the whole.
std::string_view type_name(const Column& column) {
    constexpr std::string_view kPublic = "public.";
    std::string_view name = format_type_with_typemod(column.type, column.typmod);
    if (name.starts_with(kPublic)) name.remove_prefix(kPublic.size());
    if (name.size() > 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    return name;
}

std::string_view keep(MemoryContext context, const ByteBuffer& text) {
    char* kept = static_cast<char*>(MemoryContextAlloc(context, text.size + 1));
    std::memcpy(kept, text.data, text.size);
    return {kept, text.size};
}

void make_column_text(ColumnText& text, const Column& column, MemoryContext context, ByteBuffer& scratch) {
    Oid function;
    bool is_varlena;
    getTypeOutputInfo(column.type, &function, &is_varlena);
    fmgr_info_cxt(function, &text.output, context);
    text.kind = kind_of(column.type);
    scratch.size = 0;
    scratch.append(R"({"name":)");
    scratch.append(column.quoted_name());
    scratch.append(R"(,"type":)");
    core::append_json_string(scratch, type_name(column));
    scratch.append(R"(,"value":)");
    text.start = keep(context, scratch);
}

// REQUIRES: settings are pinned, since the search path shows in the names of types.
RelationText& text_of(Decoder& decoder, RelationEntry& entry) {
    if (entry.format_data != nullptr) return *static_cast<RelationText*>(entry.format_data);
    ByteBuffer& scratch = decoder.key;
    auto* text = static_cast<RelationText*>(MemoryContextAllocZero(entry.context, sizeof(RelationText)));
    scratch.size = 0;
    scratch.append(R"(,"schema":)");
    core::append_json_string(scratch, entry.schema_name);
    scratch.append(R"(,"table":)");
    core::append_json_string(scratch, entry.table_name);
    text->table = keep(entry.context, scratch);
    text->columns = static_cast<ColumnText*>(
        MemoryContextAllocZero(entry.context, sizeof(ColumnText) * static_cast<size_t>(entry.ncolumns + 1)));
    for (int i = 0; i < entry.ncolumns; ++i)
        make_column_text(text->columns[i], entry.columns[i], entry.context, scratch);
    entry.format_data = text;
    return *text;
}

void append_value(ByteBuffer& out, ColumnText& text, const Field& field) {
    if (field.state != FieldState::kValue) return out.append("null");
    if (text.kind == ValueKind::kBoolean)
        return out.append(DatumGetBool(field.value) ? std::string_view("true") : std::string_view("false"));
    std::string_view value = OutputFunctionCall(&text.output, field.value);
    const bool finite = value.find_first_of("NI") == value.npos;
    switch (text.kind) {
        case ValueKind::kNumber:
            return out.append(finite ? value : "null");
        case ValueKind::kBytes:
            return core::append_json_string(out, value.substr(2));  // behind the \x
        default:
            return core::append_json_string(out, value);
    }
}

// Values that are redacted were judged, and are written, as JSON, in which an array or composite value's
// own text cannot be mended: of these, one with PII in it is left out. A document is shown as its text.
bool append_changed_value(ByteBuffer& out, Column& column, std::string_view json) {
    const pg::Probe probe = column.value.probe;
    if (column.redaction.redaction == core::Redaction::kScrub) {
        if (probe == pg::Probe::kArray || probe == pg::Probe::kComposite) return false;
        if (probe == pg::Probe::kBytes && json.starts_with(R"("\\x)")) {
            out.append('"');
            json.remove_prefix(4);
        }
        if (probe == pg::Probe::kJson || probe == pg::Probe::kJsonb) {
            core::append_json_string(out, json);
            return true;
        }
    }
    out.append(json);
    return true;
}

// False: it is left out, and what stands in out behind its size at the call is to be forgotten.
bool append_value_redacted(ByteBuffer& out, Column& column, ColumnText& text, const Field& field) {
    if (column.redaction.drops()) return false;
    if (field.state == FieldState::kValue && !column.redaction.plain) {
        ByteBuffer json = pg::make_buffer(CurrentMemoryContext);
        bool changed = false;
        if (!append_redacted(json, column.value, field.value, column.redaction, &changed)) return false;
        if (changed) return append_changed_value(out, column, json.view());
    }
    append_value(out, text, field);
    return true;
}

bool append_column(ByteBuffer& out, Column& column, ColumnText& text, const Field& field, bool first) {
    const size_t start = out.size;
    if (!first) out.append(',');
    out.append(text.start);
    if (!append_value_redacted(out, column, text, field)) {
        out.size = start;
        return false;
    }
    out.append('}');
    return true;
}

void append_columns(ByteBuffer& out, RelationEntry& entry, RelationText& text, const RowChange& change) {
    bool first = true;
    out.append(R"(,"columns":[)");
    for (int i = 0; i < entry.ncolumns; ++i) {
        const Field field = new_field(entry, change, entry.columns[i]);
        if (field.state == FieldState::kUnchanged) continue;
        if (append_column(out, entry.columns[i], text.columns[i], field, first)) first = false;
    }
    out.append(']');
}

// The old values of the replica identity; an UPDATE that left them alone logs none, and the new ones are
// they.
void append_identity(ByteBuffer& out, RelationEntry& entry, RelationText& text, const RowChange& change) {
    if (entry.nidentity == 0) return;
    bool first = true;
    out.append(R"(,"identity":[)");
    for (int i = 0; i < entry.nidentity; ++i) {
        Column& column = entry.columns[entry.identity[i]];
        const Field field = change.has_old ? old_field(entry, column) : new_field(entry, change, column);
        if (append_column(out, column, text.columns[entry.identity[i]], field, first)) first = false;
    }
    out.append(']');
}

void append_line(Decoder& decoder, std::string_view line) {
    decoder.output.begin_event().append(line);
    decoder.output.end_event();
}

void begin_once(Decoder& decoder) {
    if (decoder.begin_written) return;
    decoder.begin_written = true;
    append_line(decoder, R"({"action":"B"})");
}

std::string_view action_of(EventType type) {
    switch (type) {
        case EventType::kInserted:
            return R"({"action":"I")";
        case EventType::kUpdated:
            return R"({"action":"U")";
        case EventType::kDeleted:
            return R"({"action":"D")";
        default:
            return R"({"action":"T")";
    }
}

void write_change(Decoder& decoder, RelationEntry& entry, const RowChange& change) {
    pin_settings(decoder);
    begin_once(decoder);
    RelationText& text = text_of(decoder, entry);
    ByteBuffer& out = decoder.output.begin_event();
    out.append(action_of(change.type));
    out.append(text.table);
    pg::begin_scrubbed_row(row_scrub(*decoder.redaction));
    if (change.has_new) append_columns(out, entry, text, change);
    pg::begin_scrubbed_row(row_scrub(*decoder.redaction));
    if (change.type != EventType::kInserted) append_identity(out, entry, text, change);
    out.append('}');
    decoder.output.end_event();
}

void write_truncate(Decoder& decoder, RelationEntry& entry, TruncateFlags) {
    pin_settings(decoder);
    begin_once(decoder);
    RelationText& text = text_of(decoder, entry);
    ByteBuffer& out = decoder.output.begin_event();
    out.append(action_of(EventType::kTruncated));
    out.append(text.table);
    out.append('}');
    decoder.output.end_event();
}

void write_commit(Decoder& decoder) {
    if (decoder.begin_written) append_line(decoder, R"({"action":"C"})");
}

}  // namespace

const Format kWal2JsonFormat = {write_change, write_truncate, write_commit, nullptr, nullptr};

}  // namespace gpsync::decoder

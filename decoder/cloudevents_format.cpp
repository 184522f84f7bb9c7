// format 'cloudevents': one CloudEvents 1.0 document a change; docs/wire-format.md describes it.
#include "book_line.h"
#include "core/json_writer.hpp"
#include "decoder.h"
#include "pg/pg_buffer.h"
#include "pg/utf8.h"

namespace gpsync::decoder {

using core::ByteBuffer;
using core::EventType;

namespace {

Field key_field(const RelationEntry& entry, const RowChange& change, const Column& column) {
    return change.has_new ? new_field(entry, change, column) : old_field(entry, column);
}

// Fills decoder.key and decoder.subject_key. False: the row has no key (a deleted one whose old tuple the WAL
// does not hold; a table without a key).
bool write_key(Decoder& decoder, RelationEntry& entry, const RowChange& change) {
    ByteBuffer& key = decoder.key;
    ByteBuffer& subject = decoder.subject_key;
    key.size = subject.size = 0;
    key.append('{');
    const int count = change.has_new || change.has_old ? entry.nkey : 0;
    for (int i = 0; i < count; ++i) {
        Column& column = entry.columns[entry.key[i]];
        decoder.column = &column;
        key.append(i > 0 ? column.label : column.first_label());
        const size_t start = key.size;
        append_key_value(key, column, key_field(entry, change, column));
        core::append_subject_part(subject, pg::to_utf8(key.view().substr(start)), i == 0);
    }
    key.append('}');
    return count > 0;
}

std::optional<int64_t> revision_in(const RelationEntry& entry, AttrNumber attnum) {
    if (attnum == InvalidAttrNumber || entry.nulls[attnum - 1]) return std::nullopt;
    return DatumGetInt64(entry.values[attnum - 1]);
}

// What the event shows.
std::optional<int64_t> revision_of(const RelationEntry& entry, const RowChange& change) {
    return change.has_new ? revision_in(entry, entry.shown_revision) : std::nullopt;
}

// That of the row as it is in the table now; none: it is gone.
std::optional<int64_t> booked_revision(const RelationEntry& entry, const RowChange& change) {
    return change.has_new || change.row_remains ? revision_in(entry, entry.revision) : std::nullopt;
}

// False: the column is left out, and nothing is appended.
bool append_field(ByteBuffer& out, Column& column, const Field& field, bool first) {
    const size_t start = out.size;
    out.append(first ? column.first_label() : column.label);
    if (column.redaction.plain && field.state == FieldState::kValue) {
        pg::render_value(out, column.value, field.value);
        return true;
    }
    bool changed = false;
    if (field.state != FieldState::kValue && !column.redaction.drops())
        out.append("null");
    else if (column.redaction.drops() ||
             !append_redacted(out, column.value, field.value, column.redaction, &changed)) {
        out.size = start;
        return false;
    }
    return true;
}

// Returns how many columns are left out because the WAL does not hold them.
int append_row(Decoder& decoder, ByteBuffer& out, RelationEntry& entry, const RowChange& change) {
    int unchanged = 0;
    bool first = true;
    out.append(R"(,"row":{)");
    for (int i = 0; i < entry.ncolumns; ++i) {
        Column& column = entry.columns[i];
        if (!column.in_row) continue;
        decoder.column = &column;
        const Field field = new_field(entry, change, column);
        if (field.state == FieldState::kUnchanged) {
            unchanged += !column.redaction.drops();
            continue;
        }
        if (append_field(out, column, field, first)) first = false;
        decoder.output.check_length();
    }
    out.append('}');
    return unchanged;
}

void append_old(Decoder& decoder, ByteBuffer& out, RelationEntry& entry) {
    bool first = true;
    out.append(R"(,"old":{)");
    for (int i = 0; i < entry.nidentity; ++i) {
        Column& column = entry.columns[entry.identity[i]];
        if (!column.in_row) continue;
        decoder.column = &column;
        if (append_field(out, column, old_field(entry, column), first)) first = false;
        decoder.output.check_length();
    }
    out.append('}');
}

void append_unchanged(ByteBuffer& out, RelationEntry& entry, const RowChange& change) {
    bool first = true;
    out.append(R"(,"unchanged":[)");
    for (int i = 0; i < entry.ncolumns; ++i) {
        const Column& column = entry.columns[i];
        if (!column.in_row || column.redaction.drops() ||
            new_field(entry, change, column).state != FieldState::kUnchanged)
            continue;
        if (!first) out.append(',');
        first = false;
        out.append(column.quoted_name());
    }
    out.append(']');
}

// The event has no form in UTF-8: raises the error with the column whose value it is.
[[noreturn]] void raise_for_column(Decoder& decoder, RelationEntry& entry, const RowChange& change) {
    for (int i = 0; i < entry.ncolumns; ++i) {
        Column& column = entry.columns[i];
        decoder.column = &column;
        for (const Field& field :
             {change.has_new ? new_field(entry, change, column) : Field{FieldState::kNull, 0},
              change.has_old ? old_field(entry, column) : Field{FieldState::kNull, 0}}) {
            ByteBuffer scratch = pg::make_buffer(CurrentMemoryContext);
            if (field.state == FieldState::kValue) pg::render_value(scratch, column.value, field.value);
            if (!pg::has_utf8_form(scratch.view())) pg::raise_no_utf8_form();
        }
    }
    decoder.column = nullptr;
    pg::raise_no_utf8_form();
}

// Its column as the books know the row: the new tuple, where there is one.
Field book_field(const RelationEntry& entry, const RowChange& change, const Column& column) {
    return change.row_remains ? new_field(entry, change, column) : key_field(entry, change, column);
}

void append_book_key(ByteBuffer& out, RelationEntry& entry, const RowChange& change) {
    out.append('{');
    for (int i = 0; i < entry.nbook_key; ++i) {
        Column& column = *entry.book_key[i];
        const Field field = book_field(entry, change, column);
        out.append(i > 0 ? column.label : column.first_label());
        if (field.state == FieldState::kValue && OidIsValid(column.text_output))
            core::append_json_string(out, OidOutputFunctionCall(column.text_output, field.value));
        else
            append_key_value(out, column, field);
    }
    out.append("}\t");
}

// The books' fields up to the one that says who gets the event. in_book_only: the event does not show the
// row's key and revision.
void append_book_row(ByteBuffer& out, RelationEntry& entry, const RowChange& change, bool in_book_only) {
    out.append(entry.book);
    if (entry.key_as_text || in_book_only) append_book_key(out, entry, change);
    if (const auto revision = booked_revision(entry, change); in_book_only && revision)
        append_book_revision(out, *revision);
}

// With book_lines a line begins with where the row is, for relay_book(), and with who gets it, where that is
// not everybody: see docs/wire-format.md.
void append_book(ByteBuffer& out, const Echo& echo, const Reverts& reverts, RelationEntry& entry,
                 const RowChange& change) {
    if (!(change.has_new || change.has_old) || entry.book.empty()) return;
    append_book_row(out, entry, change, entry.in_book_only || change.row_remains);
    append_echo(out, echo, booked_revision(entry, change));
    const std::string_view endpoints = change.has_new || change.row_remains
                                           ? std::string_view()
                                           : reverts.endpoints_of_deletion(entry.relid);
    if (!endpoints.empty()) append_book_endpoints(out, endpoints);
}

// The row is in the table and no endpoint is to get it: the books mark it, so that it does not stay PENDING.
// Its event is sent to nobody and shows nothing of it.
void write_filtered(Decoder& decoder, RelationEntry& entry, const RowChange& change) {
    if (entry.book.empty() || !booked_revision(entry, change)) return;
    ByteBuffer& out = decoder.output.begin_event();
    append_book_row(out, entry, change, true);
    append_book_endpoints(out, "[]");
    core::append_event_head(out, decoder.transaction, entry.text,
                            {change.type, decoder.ordinal, std::nullopt, "{}", std::nullopt});
    core::append_event_end(out);
    decoder.output.end_event();
}

void write_change(Decoder& decoder, RelationEntry& entry, const RowChange& change) {
    const bool has_key = write_key(decoder, entry, change);
    ByteBuffer& out = decoder.output.begin_event();
    append_book(out, decoder.echo, decoder.reverts, entry, change);
    const core::EventHead head{change.type, decoder.ordinal,
                               has_key ? std::optional(decoder.subject_key.view()) : std::nullopt,
                               decoder.key.view(), revision_of(entry, change)};
    if (change.moved_away) [[unlikely]]
        core::append_event_head(out, core::with_other_id(decoder.transaction), entry.text, head);
    else
        core::append_event_head(out, decoder.transaction, entry.text, head);
    const RowSiblings columns(entry, change, false), old_columns(entry, change, true);
    pg::begin_scrubbed_row(row_scrub(*decoder.redaction), &columns);
    const int unchanged = change.has_new ? append_row(decoder, out, entry, change) : 0;
    pg::begin_scrubbed_row(row_scrub(*decoder.redaction), &old_columns);
    if (change.has_old && entry.nidentity > 0) append_old(decoder, out, entry);
    pg::end_scrubbed_row(row_scrub(*decoder.redaction));
    if (unchanged > 0) append_unchanged(out, entry, change);
    append_reverts(out, decoder.reverts);
    core::append_event_end(out);
    decoder.column = nullptr;
    if (decoder.output.to_utf8 && !pg::has_utf8_form(out.view().substr(decoder.output.event_start)))
        raise_for_column(decoder, entry, change);
    decoder.output.end_event();
}

void append_flag(ByteBuffer& out, std::string_view name, bool value) {
    out.append(name);
    out.append(value ? std::string_view("true") : std::string_view("false"));
}

void write_truncate(Decoder& decoder, RelationEntry& entry, TruncateFlags flags) {
    ByteBuffer& out = decoder.output.begin_event();
    core::append_event_head(out, decoder.transaction, entry.text,
                            {EventType::kTruncated, decoder.ordinal, std::nullopt, "{}", std::nullopt});
    append_flag(out, R"(,"cascade":)", flags.cascade);
    append_flag(out, R"(,"restart_identity":)", flags.restart_identity);
    core::append_event_end(out);
    decoder.output.end_event();
}

}  // namespace

const Format kCloudEventsFormat = {
    write_change, write_truncate, nullptr, write_skipped,  &kTopicFormat,
    nullptr,      nullptr,        nullptr, write_filtered,
};

}  // namespace gpsync::decoder

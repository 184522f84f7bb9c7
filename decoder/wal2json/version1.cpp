// Format version 1: one JSON document for each transaction, with a list of its changes; sent as a whole, or
// in a piece for each change (write-in-chunks).
#include "columns.h"
#include "core/json_writer.hpp"
#include "pg/pg_buffer.h"

namespace gpsync::decoder::wal2json {

namespace {

using core::ByteBuffer;
using core::EventType;

// The white space of pretty-print.
struct Layout {
    ByteBuffer& out;
    bool pretty;

    void indent(int depth) const {
        for (int i = 0; pretty && i < depth; ++i) out.append('\t');
    }
    void end_of_line() const {
        if (pretty) out.append('\n');
    }
    void space() const {
        if (pretty) out.append(' ');
    }
    void name(int depth, std::string_view name) const {
        indent(depth);
        out.append('"');
        out.append(name);
        out.append("\":");
        space();
    }
    void member(int depth, std::string_view key, std::string_view json, bool more = true) const {
        name(depth, key);
        out.append(json);
        end(more);
    }
    void end(bool more) const {
        if (more) out.append(',');
        end_of_line();
    }
    void open() const {
        out.append('{');
        end_of_line();
    }
    void close(int depth) const {
        indent(depth);
        out.append('}');
    }
    void separate(bool first) const {
        if (first) return;
        out.append(',');
        space();
    }
};

// The document is open in output.pending from its beginning to its end, unless it is sent in pieces.
Layout layout_of(Decoder& decoder) {
    return {decoder.output.pending, options_of(decoder).pretty_print};
}

void begin_piece(Decoder& decoder) {
    if (options_of(decoder).write_in_chunks) (void)decoder.output.begin_event();
    state_of(decoder).piece = decoder.output.pending.size;
}

// What is too large for a message by itself is so in every version. To be asked behind each column, as
// Output::check_length() is; waiting: bytes that are not in output.pending yet.
void check_piece(const Decoder& decoder, size_t waiting = 0) {
    const size_t bytes = decoder.output.pending.size - state_of(decoder).piece + waiting;
    if (bytes > kMostMessageBytes) [[unlikely]]
        decoder.output.raise_too_large(bytes);
}

void end_piece(Decoder& decoder) {
    if (options_of(decoder).write_in_chunks) return end_line(decoder);
    check_piece(decoder);
    if (decoder.output.pending.size > kMostMessageBytes)
        ereport(ERROR,
                (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                 errmsg("a transaction is too large for one document of format version 1"),
                 errdetail("The limit is that of a message of the server, %zu bytes.", kMostMessageBytes),
                 errhint("Set write-in-chunks, or use format-version 2.")));
}

void write_begin(Decoder& decoder) {
    const Options& options = options_of(decoder);
    State& state = state_of(decoder);
    state.changes = 0;
    ByteBuffer& out = decoder.output.begin_event();
    state.piece = out.size;
    const Layout layout = layout_of(decoder);
    layout.open();
    if (options.xids) {
        layout.name(1, "xid");
        core::append_integer(out, decoder.replayed->xid);
        layout.end(true);
    }
    if (options.lsn) {
        layout.name(1, "nextlsn");
        append_lsn(out, decoder.replayed->end_lsn);
        layout.end(true);
    }
    if (options.timestamp) {
        layout.name(1, "timestamp");
        core::append_json_string(out, state.timestamp);
        layout.end(true);
    }
    if (options.origin) {
        layout.name(1, "origin");
        core::append_integer(out, decoder.replayed->origin_id);
        layout.end(true);
    }
    layout.name(1, "change");
    out.append('[');
    end_piece(decoder);
}

void write_commit(Decoder& decoder) {
    begin_piece(decoder);
    const Layout layout = layout_of(decoder);
    if (!options_of(decoder).write_in_chunks) layout.end_of_line();
    layout.indent(1);
    layout.out.append(']');
    layout.end_of_line();
    layout.out.append('}');
    end_line(decoder);
}

// The next element of the list of changes.
void begin_element(Decoder& decoder, const Layout& layout) {
    if (!options_of(decoder).write_in_chunks) layout.end_of_line();
    layout.indent(2);
    if (state_of(decoder).changes++ > 0) layout.out.append(',');
    layout.open();
}

struct PartName {
    Part part;
    std::string_view of_row;
    std::string_view of_key;  // empty: a key does not show it
    bool Options::*shown;     // null: always
};
constexpr PartName kPartNames[] = {
    {kName, "columnnames", "keynames", nullptr},
    {kType, "columntypes", "keytypes", &Options::types},
    {kTypeOid, "columntypeoids", "keytypeoids", &Options::type_oids},
    {kPosition, "columnpositions", "", &Options::column_positions},
    {kOptional, "columnoptionals", "", &Options::not_null},
    {kDefault, "columndefaults", "", &Options::defaults},
};

// A row, or the key of one. Which columns are shown is known when their values are written.
struct Row {
    Decoder& decoder;
    RelationEntry& entry;
    RelationText& text;
    const RowChange& change;
    bool is_key;
    bool* shown;
    ByteBuffer values;

    Field field(const Column& column) const {
        return is_key && change.has_old ? old_field(entry, column) : written_field(entry, column);
    }
    bool append_value_of(int i, bool first) {
        const Field value = field(entry.columns[i]);
        if (value.state == FieldState::kUnchanged) return false;
        if (is_key && (!text.columns[i].in_identity || value.state == FieldState::kNull)) return false;
        const size_t start = values.size;
        Layout{values, options_of(decoder).pretty_print}.separate(first);
        if (append_value(values, options_of(decoder), entry.columns[i], text.columns[i], value)) return true;
        values.size = start;
        return false;
    }
    void make_values() {
        bool first = true;
        const RowSiblings columns(entry, change, is_key && change.has_old);
        begin_row(decoder, columns);
        for (int i = 0; i < entry.ncolumns; ++i) {
            decoder.column = &entry.columns[i];
            shown[i] = append_value_of(i, first);
            first &= !shown[i];
            check_piece(decoder, values.size);
        }
        end_row(decoder);
    }
};

void append_part(const Layout& layout, const Row& row, Part part) {
    bool first = true;
    for (int i = 0; i < row.entry.ncolumns; ++i) {
        const std::string_view text = row.text.columns[i].part[part];
        if (!row.shown[i] || text.empty()) continue;
        layout.separate(first);
        layout.out.append(text);
        first = false;
    }
}

void append_parts(const Layout& layout, const Row& row) {
    for (const PartName& it : kPartNames) {
        const std::string_view name = row.is_key ? it.of_key : it.of_row;
        if (name.empty() || (it.shown != nullptr && !(options_of(row.decoder).*it.shown))) continue;
        layout.name(row.is_key ? 4 : 3, name);
        layout.out.append('[');
        append_part(layout, row, it.part);
        layout.out.append(']');
        layout.end(true);
    }
}

Row make_row(Decoder& decoder, RelationEntry& entry, RelationText& text, const RowChange& change,
             bool is_key) {
    Row row{decoder, entry, text, change, is_key, nullptr, pg::make_buffer(CurrentMemoryContext)};
    row.shown = static_cast<bool*>(palloc(static_cast<size_t>(entry.ncolumns) + 1));
    row.make_values();
    return row;
}

void append_columns(const Layout& layout, const Row& row, bool more) {
    append_parts(layout, row);
    layout.name(3, "columnvalues");
    layout.out.append('[');
    layout.out.append(row.values.view());
    layout.out.append(']');
    layout.end(more);
}

void append_old_keys(const Layout& layout, const Row& row) {
    layout.member(3, "oldkeys", "{", false);
    append_parts(layout, row);
    layout.name(4, "keyvalues");
    layout.out.append('[');
    layout.out.append(row.values.view());
    layout.out.append(']');
    layout.end_of_line();
    layout.close(3);
    layout.end_of_line();
}

void append_pk_list(const Layout& layout, const RelationEntry& entry, const RelationText& text, Part part) {
    bool first = true;
    layout.out.append('[');
    for (int i = 0; i < entry.ncolumns; ++i) {
        const std::string_view shown = text.columns[i].part[part];
        if (!text.columns[i].in_pk || shown.empty() || entry.columns[i].redaction.drops()) continue;
        layout.separate(first);
        layout.out.append(shown);
        first = false;
    }
    layout.out.append(']');
}

void append_pk(const Layout& layout, const RelationEntry& entry, const RelationText& text, bool more) {
    layout.member(3, "pk", "{", false);
    layout.name(4, "pknames");
    append_pk_list(layout, entry, text, kName);
    layout.end(true);
    layout.name(4, "pktypes");
    append_pk_list(layout, entry, text, kType);
    layout.end_of_line();
    layout.close(3);
    layout.end(more);
}

std::string_view kind_of(EventType type) {
    switch (type) {
        case EventType::kInserted:
            return R"("insert")";
        case EventType::kUpdated:
            return R"("update")";
        default:
            return R"("delete")";
    }
}

void write_change(Decoder& decoder, RelationEntry& entry, const RowChange& change) {
    RelationText& text = text_of(decoder, entry);
    if (!is_identified(text, entry, change)) return;
    const bool has_key = change.type != EventType::kInserted;
    const bool has_pk = options_of(decoder).pk && text.has_pk;
    begin_piece(decoder);
    const Layout layout = layout_of(decoder);
    begin_element(decoder, layout);
    layout.member(3, "kind", kind_of(change.type));
    if (options_of(decoder).schemas) layout.member(3, "schema", text.schema);
    layout.member(3, "table", text.table);
    if (change.has_new)
        append_columns(layout, make_row(decoder, entry, text, change, false), has_key || has_pk);
    if (has_pk) append_pk(layout, entry, text, has_key);
    if (has_key) append_old_keys(layout, make_row(decoder, entry, text, change, true));
    layout.close(2);
    end_piece(decoder);
}

void append_message(Decoder& decoder, const Layout& layout, const LogicalMessage& message) {
    layout.member(3, "kind", R"("message")");
    layout.member(3, "transactional", message.transactional ? "true" : "false");
    layout.name(3, "prefix");
    append_scrubbed_text(decoder, layout.out, message.prefix);
    layout.end(true);
    layout.name(3, "content");
    append_message_content(decoder, layout.out, message);
    layout.end_of_line();
    layout.close(2);
}

// One of no transaction is a document of its own.
void write_lone_message(Decoder& decoder, const LogicalMessage& message) {
    (void)decoder.output.begin_event();
    const Layout layout = layout_of(decoder);
    layout.open();
    layout.member(1, "change", "[", false);
    layout.indent(2);
    layout.open();
    append_message(decoder, layout, message);
    layout.end_of_line();
    layout.indent(1);
    layout.out.append(']');
    layout.end_of_line();
    layout.out.append('}');
    end_line(decoder);
}

void write_message(Decoder& decoder, const LogicalMessage& message) {
    if (!message.transactional) return write_lone_message(decoder, message);
    begin_piece(decoder);
    const Layout layout = layout_of(decoder);
    begin_element(decoder, layout);
    append_message(decoder, layout, message);
    end_piece(decoder);
}

}  // namespace

// wal2json's version 1 shows no TRUNCATE: the options select none.
const Version kVersion1 = {write_begin, write_change, nullptr, write_message, write_commit};

}  // namespace gpsync::decoder::wal2json

// Format version 2: a line for each change, and one for the beginning and the end of the transaction.
#include "columns.h"
#include "core/json_writer.hpp"

namespace gpsync::decoder::wal2json {

namespace {

using core::ByteBuffer;
using core::EventType;

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

// What include-xids, include-timestamp and include-origin add; null in a message of no transaction.
void append_transaction(const Decoder& decoder, ByteBuffer& out, bool transactional = true) {
    const Options& options = options_of(decoder);
    if (options.xids) {
        out.append(R"(,"xid":)");
        transactional ? core::append_integer(out, decoder.replayed->xid) : out.append("null");
    }
    if (options.timestamp) {
        out.append(R"(,"timestamp":)");
        transactional ? core::append_json_string(out, state_of(decoder).timestamp) : out.append("null");
    }
    if (options.origin) {
        out.append(R"(,"origin":)");
        transactional ? core::append_integer(out, decoder.replayed->origin_id) : out.append("null");
    }
}

void append_lsn_member(const Decoder& decoder, ByteBuffer& out, std::string_view name, XLogRecPtr lsn) {
    if (!options_of(decoder).lsn) return;
    out.append(name);
    append_lsn(out, lsn);
}

void write_boundary(Decoder& decoder, std::string_view action) {
    if (!options_of(decoder).transaction) return;
    ByteBuffer& out = decoder.output.begin_event();
    out.append(action);
    append_transaction(decoder, out);
    append_lsn_member(decoder, out, R"(,"lsn":)", decoder.commit_lsn);
    append_lsn_member(decoder, out, R"(,"nextlsn":)", decoder.replayed->end_lsn);
    out.append('}');
    end_line(decoder);
}

void write_begin(Decoder& decoder) {
    write_boundary(decoder, R"({"action":"B")");
}

void write_commit(Decoder& decoder) {
    write_boundary(decoder, R"({"action":"C")");
}

bool append_column(ByteBuffer& out, const Options& options, Column& column, ColumnText& text,
                   const Field& field, std::string_view separator) {
    const size_t start = out.size;
    out.append(separator);
    out.append(text.head);
    if (append_value(out, options, column, text, field)) return true;
    out.size = start;
    return false;
}

void append_columns(Decoder& decoder, ByteBuffer& out, RelationEntry& entry, RelationText& text,
                    const RowChange& change) {
    std::string_view separator;
    const RowSiblings columns(entry, change, false);
    begin_row(decoder, columns);
    out.append(R"(,"columns":[)");
    for (int i = 0; i < entry.ncolumns; ++i) {
        const Field field = written_field(entry, entry.columns[i]);
        if (field.state == FieldState::kUnchanged) continue;
        decoder.column = &entry.columns[i];
        if (!append_column(out, options_of(decoder), entry.columns[i], text.columns[i], field, separator))
            continue;
        out.append(text.columns[i].tail);
        out.append('}');
        separator = ",";
        decoder.output.check_length();
    }
    end_row(decoder);
    out.append(']');
}

// An UPDATE that left the replica identity alone logs no old values, and the new ones are they.
void append_identity(Decoder& decoder, ByteBuffer& out, RelationEntry& entry, RelationText& text,
                     const RowChange& change) {
    std::string_view separator;
    const RowSiblings columns(entry, change, change.has_old);
    begin_row(decoder, columns);
    out.append(R"(,"identity":[)");
    for (int i = 0; i < entry.ncolumns; ++i) {
        if (!text.columns[i].in_identity) continue;
        Column& column = entry.columns[i];
        const Field field = change.has_old ? old_field(entry, column) : written_field(entry, column);
        if (field.state == FieldState::kUnchanged) continue;
        decoder.column = &column;
        if (!append_column(out, options_of(decoder), column, text.columns[i], field, separator)) continue;
        out.append('}');
        separator = ",";
        decoder.output.check_length();
    }
    end_row(decoder);
    out.append(']');
}

ByteBuffer& begin_change(Decoder& decoder, EventType type, const RelationText& text) {
    ByteBuffer& out = decoder.output.begin_event();
    out.append(action_of(type));
    append_transaction(decoder, out);
    append_lsn_member(decoder, out, R"(,"lsn":)", decoder.change_lsn);
    out.append(text.names);
    return out;
}

void write_change(Decoder& decoder, RelationEntry& entry, const RowChange& change) {
    RelationText& text = text_of(decoder, entry);
    if (!is_identified(text, entry, change)) return;
    ByteBuffer& out = begin_change(decoder, change.type, text);
    if (change.has_new) append_columns(decoder, out, entry, text, change);
    if (change.has_old || change.type == EventType::kUpdated)
        append_identity(decoder, out, entry, text, change);
    out.append(text.pk);
    out.append('}');
    end_line(decoder);
}

void write_truncate(Decoder& decoder, RelationEntry& entry) {
    begin_change(decoder, EventType::kTruncated, text_of(decoder, entry)).append('}');
    end_line(decoder);
}

void write_message(Decoder& decoder, const LogicalMessage& message) {
    ByteBuffer& out = decoder.output.begin_event();
    out.append(R"({"action":"M")");
    append_transaction(decoder, out, message.transactional);
    append_lsn_member(decoder, out, R"(,"lsn":)", message.lsn);
    out.append(message.transactional ? std::string_view(R"(,"transactional":true,"prefix":)")
                                     : std::string_view(R"(,"transactional":false,"prefix":)"));
    append_scrubbed_text(decoder, out, message.prefix);
    out.append(R"(,"content":)");
    append_message_content(decoder, out, message);
    out.append('}');
    end_line(decoder);
}

}  // namespace

const Version kVersion2 = {write_begin, write_change, write_truncate, write_message, write_commit};

}  // namespace gpsync::decoder::wal2json

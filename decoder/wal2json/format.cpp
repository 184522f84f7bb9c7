// format 'wal2json': what wal2json 2.6 writes, PII aside. docs/wire-format.md says what else differs.
#include "format.h"

#include <charconv>

#include "core/json_writer.hpp"
#include "pg/echo_message.h"
#include "pg/guard.h"
#include "pg/pg_buffer.h"
#include "pg/revert_message.h"
#include "pg/utf8.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder::wal2json {

namespace {

using core::ByteBuffer;

const Version& version_of(const Decoder& decoder) {
    return options_of(decoder).version == 1 ? kVersion1 : kVersion2;
}

RepOriginId origin_of(const char* name) {
    const std::string_view text = name;
    RepOriginId number = InvalidRepOriginId;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) return number;
    const RepOriginId found = replorigin_by_name(name, true);
    if (found == InvalidRepOriginId)
        throw pg::Error(pg::Sqlstate::kUndefinedObject,
                        "replication origin \"" + std::string(text) + "\" does not exist")
            .detail("Option \"filter-origins\" names it.")
            .hint("Give names or numbers of pg_replication_origin.");
    return found;
}

void start(Decoder& decoder, MemoryContext context) {
    auto* state = static_cast<State*>(MemoryContextAllocZero(context, sizeof(State)));
    decoder.format_state = state;
    state->every_transaction = decoder.options.publication_names == NIL;
    pg::RenderPlan plan{};
    pg::make_render_plan(&plan, TEXTOID, context);
    state->text = pg::make_scrub_member(row_scrub(*decoder.redaction), "content", true, plan, context);
    ListCell* cell;
    foreach (cell, options_of(decoder).filtered_origins)
        filter_origin(decoder.origins, origin_of(static_cast<const char*>(lfirst(cell))));
}

void write_begin_once(Decoder& decoder) {
    State& state = state_of(decoder);
    if (state.begun) return;
    state.begun = true;
    version_of(decoder).begin(decoder);
}

void begin(Decoder& decoder) {
    State& state = state_of(decoder);
    state.begun = false;
    if (options_of(decoder).timestamp) {
        pin_settings(decoder);
        strlcpy(state.timestamp, timestamptz_to_str(decoder.replayed->xact_time.commit_time),
                sizeof state.timestamp);
    }
    if (state.every_transaction) write_begin_once(decoder);
}

void write_change(Decoder& decoder, RelationEntry& entry, const RowChange& change) {
    pin_settings(decoder);
    write_begin_once(decoder);
    version_of(decoder).change(decoder, entry, change);
}

void write_truncate(Decoder& decoder, RelationEntry& entry, TruncateFlags) {
    pin_settings(decoder);
    write_begin_once(decoder);
    version_of(decoder).truncate(decoder, entry);
}

// What gpsync's parts tell each other is no message of an application.
bool is_shown(const Options& options, std::string_view prefix) {
    if (prefix == pg::kEchoMessagePrefix || prefix == pg::kRevertMessagePrefix) return false;
    return !has_item(options.filtered_prefixes, prefix) &&
           (options.added_prefixes == NIL || has_item(options.added_prefixes, prefix));
}

void write_message(Decoder& decoder, const LogicalMessage& message) {
    if (!is_shown(options_of(decoder), message.prefix)) return;
    if (message.transactional) write_begin_once(decoder);
    version_of(decoder).message(decoder, message);
    if (!message.transactional) decoder.output.flush();
}

void write_commit(Decoder& decoder) {
    if (state_of(decoder).begun) version_of(decoder).commit(decoder);
}

// A default may name objects of any kind.
bool keeps_name(const Decoder& decoder, int syscache, uint32 hash) {
    const Options& options = options_of(decoder);
    if (options.defaults) return true;
    return options.types && syscache == TYPEOID && (hash == 0 || state_of(decoder).types.may_have(hash));
}

}  // namespace

void end_line(Decoder& decoder) {
    decoder.output.end_event();
    if (decoder.output.pack_bytes == 0) decoder.output.flush();
}

void append_lsn(ByteBuffer& out, XLogRecPtr lsn) {
    char text[32];
    const int length =
        snprintf(text, sizeof text, "\"%X/%X\"", static_cast<uint32>(lsn >> 32), static_cast<uint32>(lsn));
    out.append(std::string_view(text, static_cast<size_t>(length)));
}

namespace {

// Anybody may write bytes into a message: no text stops the stream.
bool is_text(const Decoder& decoder, std::string_view text) {
    return pg_verifymbstr(text.data(), static_cast<int>(text.size()), true) &&
           (!decoder.output.to_utf8 || pg::has_utf8_form(text));
}

}  // namespace

void append_scrubbed_text(Decoder& decoder, ByteBuffer& out, std::string_view text) {
    if (!is_text(decoder, text)) return out.append("null");
    ByteBuffer json = pg::make_buffer(CurrentMemoryContext, text.size() + 16);
    core::append_json_string(json, text);
    pg::Scrub& scrub = row_scrub(*decoder.redaction);
    pg::begin_scrubbed_row(scrub);
    const size_t start = out.size;
    if (pg::scrub_json_member(out, json.view(), state_of(decoder).text, scrub)) return;
    out.size = start;
    out.append("null");
}

namespace {

void append_member(ByteBuffer& out, std::string_view name, std::string_view text) {
    out.append(name);
    core::append_json_string(out, text);
}

// It was scrubbed before it was written.
bool append_own_event(ByteBuffer& out, std::string_view content) {
    const std::optional<core::EventMessage> event = core::parse_event_message(content);
    if (!event) return false;
    ByteBuffer document = pg::make_buffer(CurrentMemoryContext);
    append_member(document, R"({"type":)", event->type);
    append_member(document, R"(,"topic":)", event->topic);
    if (!event->key.empty()) append_member(document, R"(,"key":)", event->key);
    document.append(R"(,"data":)");
    document.append(event->data);
    document.append('}');
    core::append_json_string(out, document.view());
    return true;
}

}  // namespace

// As in wal2json, the content ends at its first zero byte.
void append_message_content(Decoder& decoder, ByteBuffer& out, const LogicalMessage& message) {
    if (message.transactional && message.prefix == core::kEventMessagePrefix &&
        append_own_event(out, message.content))
        return;
    append_scrubbed_text(decoder, out, message.content.substr(0, message.content.find('\0')));
}

}  // namespace gpsync::decoder::wal2json

namespace gpsync::decoder {

const Format kWal2JsonFormat = {
    wal2json::write_change, wal2json::write_truncate, wal2json::write_commit,  nullptr, nullptr,
    wal2json::start,        wal2json::begin,          wal2json::write_message, nullptr, wal2json::keeps_name,
};

}  // namespace gpsync::decoder

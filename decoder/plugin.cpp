// gpsync_decoder.so: the output plugin's callbacks. It makes no network call and writes nothing; what fails
// raises an error and stops the stream.
#include "core/position.hpp"
#include "decoder.h"
#include "partition.h"
#include "pg/compat/decoding.h"
#include "pg/compat/module_magic.h"
#include "pg/event_message.h"
#include "pg/guard.h"
#include "pg/one_copy.h"
#include "pg/pg_buffer.h"
#include "pg/revert_message.h"
#include "pg/scrub/key_file.h"
#include "pg/utf8.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlogreader.h"
#include "commands/dbcommands.h"
#include "replication/origin.h"
#include "replication/output_plugin.h"
#include "utils/inval.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

extern "C" {
GPSYNC_MODULE_MAGIC("gpsync_decoder");
PGDLLEXPORT void _PG_output_plugin_init(OutputPluginCallbacks* callbacks);
}

namespace gpsync::decoder {

Field new_field(const RelationEntry& entry, const RowChange& change, const Column& column) {
    const int i = column.attnum - 1;
    if (entry.nulls[i]) return {FieldState::kNull, 0};
    if (!column.may_be_toasted || !VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(entry.values[i]))) [[likely]]
        return {FieldState::kValue, entry.values[i]};
    return change.has_old && !entry.old_nulls[i] ? old_field(entry, column)
                                                 : Field{FieldState::kUnchanged, 0};
}

Field old_field(const RelationEntry& entry, const Column& column) {
    const int i = column.attnum - 1;
    if (entry.old_nulls[i]) return {FieldState::kNull, 0};
    if (column.may_be_toasted && VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(entry.old_values[i])))
        return {FieldState::kUnchanged, 0};
    return {FieldState::kValue, entry.old_values[i]};
}

void RowSiblings::show_all(const pg::Siblings& self, pg::Scrub& scrub) {
    const auto& row = static_cast<const RowSiblings&>(self);
    for (int i = 0; i < row.entry->ncolumns; ++i) {
        Column& column = row.entry->columns[i];
        const Field field =
            row.old ? old_field(*row.entry, column) : new_field(*row.entry, *row.change, column);
        const std::string_view quoted = column.quoted_name();
        pg::show_sibling(scrub, quoted.substr(1, quoted.size() - 2), column.value,
                         field.state == FieldState::kValue ? &field.value : nullptr);
    }
}

void pin_settings(Decoder& decoder) {
    if (decoder.settings_pinned) return;
    pg::pin_render_settings();
    decoder.settings_pinned = true;
}

void count_change(Decoder& decoder) {
    if (decoder.ordinal == PG_UINT32_MAX)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                        errmsg("a transaction of more than %u changes cannot be streamed", PG_UINT32_MAX)));
    ++decoder.ordinal;
}

bool is_skipped(const Decoder& decoder) {
    ListCell* cell;
    foreach (cell, decoder.options.skipped) {
        const auto* skipped = static_cast<const SkippedChange*>(lfirst(cell));
        if (skipped->commit_lsn == decoder.commit_lsn && skipped->ordinal == decoder.ordinal) return true;
    }
    return false;
}

namespace {

constexpr int64_t kMicrosTo2000 = (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;

// Invalidation callbacks cannot be unregistered, so they outlive the decoding session they were made for:
// they read it here, and find nothing once it is over.
Decoder*& current_decoder() {
    static Decoder* current = nullptr;
    return current;
}

bool keeps_name(const Decoder& decoder, int syscache, uint32 hash) {
    return decoder.format->keeps_name != nullptr && decoder.format->keeps_name(decoder, syscache, hash);
}

void on_relation_invalidated(Datum, Oid relid) {
    Decoder* decoder = current_decoder();
    if (decoder == nullptr) return;
    decoder->relations.invalidate(keeps_name(*decoder, RELOID, 0) ? InvalidOid : relid);
}

void on_name_changed(Datum, int syscache, uint32 hash) {
    Decoder* decoder = current_decoder();
    if (decoder != nullptr && keeps_name(*decoder, syscache, hash)) decoder->relations.invalidate(InvalidOid);
}

void on_publication_changed(Datum, int, uint32) {
    Decoder* decoder = current_decoder();
    if (decoder == nullptr) return;
    decoder->publications.valid = false;
    decoder->relations.invalidate(InvalidOid);
}

void on_schema_changed(Datum, int, uint32) {
    if (Decoder* decoder = current_decoder()) decoder->relations.invalidate(InvalidOid);
}

void on_origin_changed(Datum, int, uint32) {
    if (Decoder* decoder = current_decoder()) decoder->origins.stale = true;
}

// Of what a type's name and a default's text name, besides relations and schemas.
constexpr int kSyscachesOfNames[] = {TYPEOID, PROCOID, ENUMOID, OPEROID, COLLOID};

void register_invalidation_once() {
    static bool registered = false;
    if (registered) return;
    registered = true;
    CacheRegisterRelcacheCallback(on_relation_invalidated, 0);
    CacheRegisterSyscacheCallback(PUBLICATIONOID, on_publication_changed, 0);
    CacheRegisterSyscacheCallback(PUBLICATIONRELMAP, on_publication_changed, 0);
    CacheRegisterSyscacheCallback(PUBLICATIONNAMESPACEMAP, on_publication_changed, 0);
    CacheRegisterSyscacheCallback(NAMESPACEOID, on_schema_changed, 0);
    CacheRegisterSyscacheCallback(REPLORIGIDENT, on_origin_changed, 0);
    for (const int syscache : kSyscachesOfNames) CacheRegisterSyscacheCallback(syscache, on_name_changed, 0);
}

// Runs also when an error ends the session and no shutdown callback is called.
void forget_decoder(void* decoder) {
    if (current_decoder() == decoder) current_decoder() = nullptr;
}

void remember_decoder(LogicalDecodingContext* logical, Decoder* decoder) {
    auto* callback = static_cast<MemoryContextCallback*>(
        MemoryContextAllocZero(logical->context, sizeof(MemoryContextCallback)));
    callback->func = forget_decoder;
    callback->arg = decoder;
    MemoryContextRegisterResetCallback(logical->context, callback);
    register_invalidation_once();
    current_decoder() = decoder;
}

// What is read from the catalogs before any change is: a walsender has no transaction then.
std::string_view read_catalogs(MemoryContext context, Decoder& decoder) {
    const bool own_transaction = !IsTransactionState();
    if (own_transaction) StartTransactionCommand();
    core::ByteBuffer source = pg::make_buffer(context, 128);
    core::append_event_source(source, GetSystemIdentifier(), pg::to_utf8(get_database_name(MyDatabaseId)));
    resolve_origins(decoder.origins);
    decoder.redaction = read_redaction(context);
    if (decoder.format->start != nullptr) decoder.format->start(decoder, context);
    if (own_transaction) CommitTransactionCommand();
    MemoryContextSwitchTo(context);
    return source.view();
}

// A slot that is only being created decodes no change, and must not: CREATE_REPLICATION_SLOT … USE_SNAPSHOT
// wants a transaction that has not taken a snapshot yet.
void start_up(LogicalDecodingContext* logical, OutputPluginOptions* plugin_options, bool creating_slot) {
    plugin_options->output_type = OUTPUT_PLUGIN_TEXTUAL_OUTPUT;
    plugin_options->receive_rewrites = false;

    MemoryContext context = AllocSetContextCreate(logical->context, "gpsync decoder", ALLOCSET_DEFAULT_SIZES);
    MemoryContext before = MemoryContextSwitchTo(context);
    auto* decoder = static_cast<Decoder*>(palloc0(sizeof(Decoder)));
    decoder->context = context;
    decoder->change_context = AllocSetContextCreate(context, "gpsync change", ALLOCSET_DEFAULT_SIZES);
    decoder->options = parse_options(logical->output_plugin_options);
    decoder->format =
        decoder->options.format == FormatName::kWal2Json ? &kWal2JsonFormat : &kCloudEventsFormat;
    decoder->output = make_output(logical, context, decoder->options.pack_bytes);
    decoder->key = pg::make_buffer(context);
    decoder->subject_key = pg::make_buffer(context);
    decoder->publications = make_publication_set(context, decoder->options.publication_names);
    decoder->origins = make_origin_filter(context);
    decoder->echo = make_echo(context);
    decoder->reverts = make_reverts(context);
    const std::string_view source = creating_slot ? "" : read_catalogs(context, *decoder);
    decoder->relations =
        make_relation_cache(context, source, decoder->redaction, decoder->options.book_lines);
    if (decoder->options.format == FormatName::kWal2Json) {
        decoder->relations.all_tables = decoder->options.publication_names == NIL;
        decoder->relations.selection = &decoder->options.wal2json.selection;
    }
    logical->output_plugin_private = decoder;
    remember_decoder(logical, decoder);
    MemoryContextSwitchTo(before);
}

Decoder& decoder_of(LogicalDecodingContext* logical) {
    return *static_cast<Decoder*>(logical->output_plugin_private);
}

// The time in the commit record, which is being read while its transaction is replayed. For a transaction
// with a replication origin the server hands over the origin's time instead, which may be none at all.
TimestampTz commit_time(const LogicalDecodingContext* logical, const ReorderBufferTXN* txn) {
    XLogReaderState* reader = logical->reader;
    const uint8 operation = XLogRecGetInfo(reader) & XLOG_XACT_OPMASK;
    if (XLogRecGetRmid(reader) != RM_XACT_ID ||
        (operation != XLOG_XACT_COMMIT && operation != XLOG_XACT_COMMIT_PREPARED))
        return txn->xact_time.commit_time;
    return reinterpret_cast<const xl_xact_commit*>(XLogRecGetData(reader))->xact_time;
}

void begin(Decoder& decoder, const LogicalDecodingContext* logical, const ReorderBufferTXN* txn) {
    decoder.transaction =
        core::make_event_transaction(txn->final_lsn, commit_time(logical, txn) + kMicrosTo2000, txn->xid);
    decoder.commit_lsn = txn->final_lsn;
    decoder.ordinal = 0;
    decoder.echo.begin_transaction();
    decoder.reverts.begin_transaction();
    decoder.settings_pinned = false;
    decoder.replayed = txn;
    decoder.output.begin_transaction();
    sweep(decoder.relations);
    if (decoder.format->begin == nullptr) return;
    MemoryContext before = MemoryContextSwitchTo(decoder.change_context);
    decoder.format->begin(decoder);
    MemoryContextSwitchTo(before);
    MemoryContextReset(decoder.change_context);
}

bool is_streamed(const RelationEntry& entry, core::EventType type) {
    if (!entry.published.any) return false;
    const PublicationActions& actions = entry.published.actions;
    switch (type) {
        case core::EventType::kInserted:
            return actions.pubinsert;
        case core::EventType::kUpdated:
            return actions.pubupdate;
        case core::EventType::kDeleted:
            return actions.pubdelete;
        default:
            return actions.pubtruncate;
    }
}

RelationEntry& entry_of(Decoder& decoder, Relation relation, const ReorderBufferChange* change) {
    load_publications(decoder.publications);
    note_change(*decoder.redaction, change->lsn);
    RelationEntry* entry = look_up(decoder.relations, decoder.publications, relation);
    decoder.origins.stale |= entry->is_stream_table;
    return *entry;
}

core::EventType type_of(const ReorderBufferChange* change) {
    switch (change->action) {
        case REORDER_BUFFER_CHANGE_INSERT:
            return core::EventType::kInserted;
        case REORDER_BUFFER_CHANGE_UPDATE:
            return core::EventType::kUpdated;
        case REORDER_BUFFER_CHANGE_DELETE:
            return core::EventType::kDeleted;
        default:
            elog(ERROR, "unexpected change of kind %d", static_cast<int>(change->action));
    }
}

// Turns the change into what the filter makes of it. False: nothing is streamed.
bool passes_filter(Decoder& decoder, RelationEntry& entry, Relation relation, RowChange& row) {
    const TupleFields old_row{row.has_old ? entry.old_values : nullptr, entry.old_nulls},
        new_row{row.has_new ? entry.values : nullptr, entry.nulls};
    switch (filter_change(*entry.filter, row.type, RelationGetDescr(relation), old_row, new_row)) {
        case FilterResult::kDropped:
            if (decoder.format->filtered != nullptr) decoder.format->filtered(decoder, entry, row);
            return false;
        case FilterResult::kKept:
            return true;
        case FilterResult::kInsert:
            row = {core::EventType::kInserted, false, true, false};
            return true;
        case FilterResult::kDelete:
            row = {core::EventType::kDeleted, true, false, true};
            return true;
    }
    pg_unreachable();
}

// What writes to a shard with an origin is Citus, which copies a shard to another server or splits it: an
// application's writes have none. The rows are those of another shard, which streams their changes.
bool is_copy_of_shard(const RelationEntry& entry, const ReorderBufferChange* change) {
    return entry.is_shard && change->origin_id != InvalidRepOriginId;
}

void write_row_change(Decoder& decoder, RelationEntry& entry, Relation relation,
                      ReorderBufferChange* change) {
    RowChange row{type_of(change), false, false, false};
    if (HeapTuple tuple = pg::compat::new_tuple(change)) {
        heap_deform_tuple(tuple, RelationGetDescr(relation), entry.values, entry.nulls);
        row.has_new = true;
    }
    if (HeapTuple tuple = pg::compat::old_tuple(change)) {
        heap_deform_tuple(tuple, RelationGetDescr(relation), entry.old_values, entry.old_nulls);
        row.has_old = true;
    }
    if (entry.settings_matter) pin_settings(decoder);
    if (decoder.options.partition.count > 1 &&
        !keep_partition(decoder, RelationGetDescr(relation), entry, row))
        return;
    if (entry.filter != nullptr && !passes_filter(decoder, entry, relation, row)) return;
    decoder.format->change(decoder, entry, row);
}

// An error says of which change it is, and how to get past it: table and column, and the position in the
// stream. Never a value, nor the key, which may be what cannot be written.
struct ErrorContext {
    Decoder& decoder;
    Relation relation;
    ErrorContextCallback callback;

    const char* text() const {
        const Column* column = decoder.column;
        const std::string_view name = column != nullptr ? column->quoted_name() : std::string_view();
        return psprintf("change of table \"%s\"%s%.*s; %s leaves it out", RelationGetRelationName(relation),
                        name.empty() ? "" : ", column ", static_cast<int>(name.size()), name.data(), skip());
    }
    // wal2json's consumers have no stream of gpsync.
    const char* skip() const {
        if (decoder.options.format == FormatName::kCloudEvents)
            return psprintf("gpsync.skip_change(stream, '%X/%X', %u, reason)",
                            static_cast<uint32>(decoder.commit_lsn >> 32),
                            static_cast<uint32>(decoder.commit_lsn), decoder.ordinal);
        char sequence[core::kSequenceLength + 1] = "";
        core::write_sequence(sequence, {decoder.commit_lsn, decoder.ordinal});
        return psprintf("option skip_changes '%s'", sequence);
    }
    static void describe(void* argument) { errcontext("%s", static_cast<ErrorContext*>(argument)->text()); }
};

// Runs body with the context of its errors: those of the server, and those of ours, which leave as
// exceptions.
template <class Body>
void with_error_context(Decoder& decoder, Relation relation, Body&& body) {
    ErrorContext context{decoder, relation, {}};
    context.callback = {error_context_stack, ErrorContext::describe, &context};
    error_context_stack = &context.callback;
    decoder.column = nullptr;
    try {
        body();
    } catch (pg::Error& error) {
        error_context_stack = context.callback.previous;
        throw error.detail(error.detail_ + (error.detail_.empty() ? "" : " ") + "It is the " +
                           context.text() + ".");
    } catch (...) {
        error_context_stack = context.callback.previous;
        throw;
    }
    error_context_stack = context.callback.previous;
}

void take_change(Decoder& decoder, Relation relation, ReorderBufferChange* change) {
    count_change(decoder);
    decoder.change_lsn = change->lsn;
    MemoryContext before = MemoryContextSwitchTo(decoder.change_context);
    if (is_skipped(decoder)) {
        if (decoder.format->skip != nullptr) decoder.format->skip(decoder, relation, change);
    } else {
        with_error_context(decoder, relation, [&] {
            RelationEntry& entry = entry_of(decoder, relation, change);
            if (is_streamed(entry, type_of(change)) && !is_copy_of_shard(entry, change))
                write_row_change(decoder, entry, relation, change);
        });
    }
    decoder.output.note_change();
    MemoryContextSwitchTo(before);
    MemoryContextReset(decoder.change_context);
}

// One shard is not the distributed table; and the other shards' streams deliver rows of it at the same time.
[[noreturn]] void raise_truncate_of_shard() {
    throw pg::Error(pg::Sqlstate::kFeatureNotSupported, "TRUNCATE of a shard cannot be delivered")
        .detail("It is streamed under the name of its distributed table, which has other shards.")
        .hint(
            "Publish insert, update and delete alone, and delete the rows at the endpoints; "
            "gpsync.skip_change() leaves this one out.");
}

// A partition that is shown as its root is not shown as truncated: the root still has the other partitions'
// rows. When all are truncated, TRUNCATE names the root too.
bool is_shown_as_itself(const RelationEntry& entry) {
    return entry.published.as == entry.relid;
}

void take_truncate(Decoder& decoder, int count, Relation* relations, ReorderBufferChange* change) {
    const TruncateFlags flags{change->data.truncate.cascade, change->data.truncate.restart_seqs};
    decoder.change_lsn = change->lsn;
    MemoryContext before = MemoryContextSwitchTo(decoder.change_context);
    for (int i = 0; i < count; ++i) {
        count_change(decoder);
        if (is_skipped(decoder)) {
            if (decoder.format->skip != nullptr) decoder.format->skip(decoder, relations[i], change);
        } else {
            with_error_context(decoder, relations[i], [&] {
                RelationEntry& entry = entry_of(decoder, relations[i], change);
                if (!is_streamed(entry, core::EventType::kTruncated) || !is_shown_as_itself(entry)) return;
                if (is_copy_of_shard(entry, change)) return;
                if (entry.is_shard) raise_truncate_of_shard();
                if (decoder.options.partition.count > 1) raise_truncate_of_partition(decoder.options.format);
                decoder.format->truncate(decoder, entry, flags);
            });
        }
        decoder.output.note_change();
    }
    MemoryContextSwitchTo(before);
    MemoryContextReset(decoder.change_context);
}

// A transactional message: an event of a topic, or what an import or a roll-back says of its changes. Other
// messages are shown in format wal2json alone. None but events are changes and have an ordinal.
void take_message(Decoder& decoder, const LogicalMessage& message) {
    const bool is_event = message.prefix == core::kEventMessagePrefix;
    if (message.prefix == pg::kRevertMessagePrefix) return decoder.reverts.note_message(message.content);
    if (!is_event) decoder.echo.note_message(message.lsn, message.prefix, message.content);
    if (is_event) count_change(decoder);
    MemoryContext before = MemoryContextSwitchTo(decoder.change_context);
    if (decoder.format->message != nullptr) {
        if (!is_event || !is_skipped(decoder)) decoder.format->message(decoder, message);
    } else if (is_event && decoder.format->topics != nullptr) {
        take_topic_event(decoder, message.lsn, message.content);
    }
    decoder.output.note_change();
    MemoryContextSwitchTo(before);
    MemoryContextReset(decoder.change_context);
}

// A message of no transaction, which is decoded as it is read. There may be no transaction of the server's
// either, which the conversion of text wants.
void take_lone_message(Decoder& decoder, const LogicalMessage& message) {
    if (decoder.format->message == nullptr) return;
    const bool own_transaction = !IsTransactionState() && !pg::server_is_utf8();
    if (own_transaction) StartTransactionCommand();
    MemoryContext before = MemoryContextSwitchTo(decoder.change_context);
    decoder.format->message(decoder, message);
    MemoryContextSwitchTo(before);
    MemoryContextReset(decoder.change_context);
    if (own_transaction) CommitTransactionCommand();
}

void commit(Decoder& decoder) {
    MemoryContext before = MemoryContextSwitchTo(decoder.change_context);
    if (decoder.format->commit != nullptr) decoder.format->commit(decoder);
    decoder.output.end_transaction();
    // The replay's transaction is still open, and its snapshot sees what this transaction wrote.
    if (decoder.origins.stale) resolve_origins(decoder.origins);
    MemoryContextSwitchTo(before);
    MemoryContextReset(decoder.change_context);
}

extern "C" {

void startup_callback(LogicalDecodingContext* logical, OutputPluginOptions* options, bool creating_slot) {
    // The server takes any of the callbacks of streaming for all of them: abort_streamed_callback() is there.
    logical->streaming = false;
    pg::guarded([&] { start_up(logical, options, creating_slot); });
}

void begin_callback(LogicalDecodingContext* logical, ReorderBufferTXN* txn) {
    pg::guarded([&] { begin(decoder_of(logical), logical, txn); });
}

void change_callback(LogicalDecodingContext* logical, ReorderBufferTXN*, Relation relation,
                     ReorderBufferChange* change) {
    pg::guarded([&] { take_change(decoder_of(logical), relation, change); });
}

void truncate_callback(LogicalDecodingContext* logical, ReorderBufferTXN*, int count, Relation relations[],
                       ReorderBufferChange* change) {
    pg::guarded([&] { take_truncate(decoder_of(logical), count, relations, change); });
}

void message_callback(LogicalDecodingContext* logical, ReorderBufferTXN*, XLogRecPtr lsn, bool transactional,
                      const char* prefix, Size size, const char* content) {
    const LogicalMessage message{lsn, transactional, prefix, {content, size}};
    pg::guarded([&] {
        transactional ? take_message(decoder_of(logical), message)
                      : take_lone_message(decoder_of(logical), message);
    });
}

void commit_callback(LogicalDecodingContext* logical, ReorderBufferTXN*, XLogRecPtr) {
    pg::guarded([&] { commit(decoder_of(logical)); });
}

// It is asked for every record, before anything is kept of it.
bool filter_by_origin_callback(LogicalDecodingContext* logical, RepOriginId origin) {
    if (is_own_message(logical->reader)) [[unlikely]]
        return origin != pg::kEventMessageOrigin;
    return origin != InvalidRepOriginId && decoder_of(logical).origins.filters(origin);
}

// PostgreSQL 18 calls it without streaming, when a subtransaction with changes that did not fit into
// logical_decoding_work_mem has rolled back, and without the callback it ends decoding. Nothing of it was
// sent.
void abort_streamed_callback(LogicalDecodingContext*, ReorderBufferTXN*, XLogRecPtr) {}

void shutdown_callback(LogicalDecodingContext* logical) {
    forget_decoder(logical->output_plugin_private);
}

}  // extern "C"

}  // namespace

}  // namespace gpsync::decoder

void _PG_output_plugin_init(OutputPluginCallbacks* callbacks) {
    using namespace gpsync::decoder;
    (void)gpsync::pg::claim_library("gpsync_decoder");
    gpsync::pg::let_scrubbing_stop();
    callbacks->startup_cb = startup_callback;
    callbacks->begin_cb = begin_callback;
    callbacks->change_cb = change_callback;
    callbacks->truncate_cb = truncate_callback;
    callbacks->commit_cb = commit_callback;
    callbacks->message_cb = message_callback;
    callbacks->filter_by_origin_cb = filter_by_origin_callback;
    callbacks->stream_abort_cb = abort_streamed_callback;
    callbacks->shutdown_cb = shutdown_callback;
}

// The state of one decoding session, and what the callbacks and the formats share of it. It is trivial: it
// lives in the decoding context's memory and goes with it.
#pragma once

#include "pg/prelude.h"

#include "core/cloudevents.hpp"
#include "echo.h"
#include "options.h"
#include "origins.h"
#include "output.h"
#include "publications.h"
#include "relations.h"
#include "reverts.h"
#include "topics.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "replication/logical.h"
#include "replication/reorderbuffer.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

struct Decoder;

// One change of one row; the tuples are taken apart in the entry.
struct RowChange {
    core::EventType type;
    bool has_old;
    bool has_new;
    // An UPDATE that is a deletion for the reader, since the row does not pass the publication's filter any
    // more: the new tuple, which is not shown, is the row that the books mark.
    bool row_remains;
    // The deletion that a change of key is where the new key belongs to another partition: the insertion
    // there has the change's id, this another.
    bool moved_away = false;
};

struct TruncateFlags {
    bool cascade;
    bool restart_identity;
};

// The prefix ends in a zero byte behind the view. Outside a transaction it is shown when it is read.
struct LogicalMessage {
    XLogRecPtr lsn;
    bool transactional;
    std::string_view prefix;
    std::string_view content;
};

// How changes become text. Each function may write events to decoder.output.
struct Format {
    void (*change)(Decoder& decoder, RelationEntry& entry, const RowChange& change);
    void (*truncate)(Decoder& decoder, RelationEntry& entry, TruncateFlags flags);
    void (*commit)(Decoder& decoder);
    // A change that an operator skips; null: nothing replaces it.
    void (*skip)(Decoder& decoder, Relation relation, ReorderBufferChange* change);
    // Events of topics; null: the format has none.
    const TopicFormat* topics;
    // When streaming begins, in a transaction; called directly under guarded(). Null: nothing to do.
    void (*start)(Decoder& decoder, MemoryContext context);
    // When a transaction begins; null: nothing to do.
    void (*begin)(Decoder& decoder);
    // A message of pg_logical_emit_message(), gpsync's own included; null: the format shows none.
    void (*message)(Decoder& decoder, const LogicalMessage& message);
    // A change of a row that the publication's filter leaves out; null: nothing is written for it.
    void (*filtered)(Decoder& decoder, RelationEntry& entry, const RowChange& change) = nullptr;
    // An object changed: in a syscache, with this hash (0: any of them). Whether its name may be in what the
    // format keeps of relations; null: it keeps no name but theirs and their columns'.
    bool (*keeps_name)(const Decoder& decoder, int syscache, uint32 hash) = nullptr;
};
extern const Format kCloudEventsFormat;
extern const Format kWal2JsonFormat;

struct Decoder {
    Options options;
    const Format* format;
    void* format_state;  // what the format keeps of the session
    MemoryContext context;
    MemoryContext change_context;  // of one change, reset after it
    PublicationSet publications;
    RelationCache relations;
    OriginFilter origins;
    RedactionState* redaction;
    Output output;
    core::ByteBuffer key;          // scratch: a row's key as JSON
    core::ByteBuffer subject_key;  // scratch: the same for the subject

    // The transaction being replayed.
    core::EventTransaction transaction;
    XLogRecPtr commit_lsn;
    Echo echo;
    Reverts reverts;
    uint32_t ordinal;  // of the last change seen: every change counts, streamed or not
    bool settings_pinned;
    const ReorderBufferTXN* replayed;
    XLogRecPtr change_lsn;

    // What is being written, for the context of an error.
    const Column* column;
};

// Format::skip of the CloudEvents format: an event of type gpsync.change.skipped. It names table and, where
// that can be written, key and revision; nothing else of the row.
void write_skipped(Decoder& decoder, Relation relation, ReorderBufferChange* change);

// A change or an event of a topic is seen: each counts, streamed or not. The ordinal has eight hex digits in
// an event's id.
void count_change(Decoder& decoder);
// Whether an operator skips what was counted last.
bool is_skipped(const Decoder& decoder);

// Makes what output functions write independent of the session, once a transaction.
void pin_settings(Decoder& decoder);

// What became of a column in a row's new or old tuple.
enum class FieldState : uint8_t { kNull, kValue, kUnchanged };
struct Field {
    FieldState state;
    Datum value;
};
// A column of the new tuple. A TOASTed value that the UPDATE did not touch is not in the WAL; it is known all
// the same when the old tuple has it. It is never fetched from the table: that would give another version.
Field new_field(const RelationEntry& entry, const RowChange& change, const Column& column);
Field old_field(const RelationEntry& entry, const Column& column);
// All columns of the new or the old row, for the judgement of one.
struct RowSiblings : pg::Siblings {
    const RelationEntry* entry;
    const RowChange* change;
    bool old;

    RowSiblings(const RelationEntry& row, const RowChange& of, bool is_old)
        : entry(&row), change(&of), old(is_old) {
        show = show_all;
    }
    static void show_all(const pg::Siblings& self, pg::Scrub& scrub);
};
// What a row's key shows of a column, as JSON: the value, or null.
inline void append_key_value(core::ByteBuffer& out, Column& column, const Field& field) {
    if (field.state == FieldState::kValue)
        pg::render_value(out, column.value, field.value);
    else
        out.append("null");
}

}  // namespace gpsync::decoder

#include "trigger/status_event.h"

#include <unordered_map>

#include "core/cloudevents.hpp"
#include "core/json_writer.hpp"
#include "core/utc_time.hpp"
#include "pg/event_message.h"
#include "pg/pg_buffer.h"
#include "pg/row_key.h"
#include "pg/shown_name.h"
#include "pg/stream_topics.h"
#include "pg/sync_columns.h"
#include "pg/text.h"
#include "pg/utf8.h"
#include "trigger/import_mode.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

constexpr int64_t kMicrosTo2000 = (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;
constexpr std::string_view kStatusChanged = "gpsync.status.changed";

struct CatalogFacts {
    Oid root = InvalidOid;
    const char *topic = nullptr, *schema = nullptr, *table = nullptr;
    AttrNumber status = 0, revision = 0;
    pg::RowKey key;
};

// REQUIRES: nothing with a destructor alive.
void read_facts(Relation relation, CatalogFacts* facts) {
    facts->root = pg::attached_root(RelationGetRelid(relation));
    if (!OidIsValid(facts->root)) return;
    facts->topic = pg::history_topic(facts->root);
    if (facts->topic == nullptr) return;
    const pg::ShownName shown = pg::shown_name(facts->root);
    facts->schema = shown.schema;
    facts->table = shown.table;
    facts->status = pg::state_column(relation);
    facts->revision = get_attnum(RelationGetRelid(relation), pg::kSyncRevisionColumn);
    facts->key = pg::row_key(relation);
}

void add_key_column(StatusEvents& events, Form_pg_attribute attribute, AttrNumber attnum) {
    StatusEvents::KeyColumn& column = events.key.emplace_back();
    column.attnum = attnum;
    core::HeapBuffer label;
    if (events.key.size() > 1) label.append(',');
    core::append_json_string(label, NameStr(attribute->attname));
    label.append(':');
    column.label = label.view();
    pg::server_call([&] { pg::make_render_plan(&column.plan, attribute->atttypid, events.context); });
    events.settings_matter |= column.plan.settings_matter;
}

void build(StatusEvents& events, Relation relation, uint64_t version) {
    CatalogFacts facts;
    pg::server_call([&] {
        read_facts(relation, &facts);
        if (events.context == nullptr)
            events.context =
                AllocSetContextCreate(TopMemoryContext, "gpsync status events", ALLOCSET_SMALL_SIZES);
        MemoryContextReset(events.context);
    });
    MemoryContext context = events.context;
    events = StatusEvents{};
    events.context = context;
    events.root = facts.root;
    if (facts.topic != nullptr && facts.status != 0 && facts.key.natts > 0) {
        core::HeapBuffer subject;
        std::string_view schema, table;
        pg::server_call([&] {
            schema = pg::to_utf8(facts.schema);
            table = pg::to_utf8(facts.table);
        });
        core::append_event_subject(subject, schema, table);
        events.subject = subject.view();
        events.status = facts.status;
        events.revision = facts.revision;
        for (int i = 0; i < facts.key.natts; ++i)
            add_key_column(events, TupleDescAttr(RelationGetDescr(relation), facts.key.attnums[i] - 1),
                           facts.key.attnums[i]);
        events.topic = facts.topic;
    }
    events.version = version;
}

StatusEvents& status_events_of(Relation relation) {
    static std::unordered_map<Oid, StatusEvents> all;
    static StatusEvents* last = nullptr;  // nothing is taken out of the map
    static Oid last_relation = InvalidOid;
    const StampLayout& layout = stamp_layout(relation);
    if (last == nullptr || layout.relation != last_relation) [[unlikely]] {
        last = &all[layout.relation];
        last_relation = layout.relation;
    }
    if (last->version != layout.version) build(*last, relation, layout.version);
    return *last;
}

// An UPDATE that moves a row to another partition is a DELETE and an INSERT there, one behind the other: what
// the first says for the second.
struct Departure {
    Oid root = InvalidOid;
    TransactionId xid = InvalidTransactionId;
    std::string subject;  // of the row
    std::string state;
    bool is_null = false;
};
Departure& departure() {
    static Departure the_departure;
    return the_departure;
}

// Only server calls: what it is made of has no destructor.
struct EventText {
    core::ByteBuffer data, subject, content;
};

EventText& event_text() {
    static EventText text;
    for (core::ByteBuffer* buffer : {&text.data, &text.subject, &text.content}) pg::reuse_buffer(*buffer);
    return text;
}

void append_state(core::ByteBuffer& out, std::string_view name, std::string_view state) {
    out.append(name);
    if (state.data() == nullptr)
        out.append("null");
    else
        core::append_json_string(out, state);
}

// The key as row events have it, and the subject of the row's events.
void append_key(EventText& text, StatusEvents& events, HeapTuple row, TupleDesc descriptor) {
    text.subject.append(events.subject);
    text.subject.append('/');
    text.data.append(R"({"key":{)");
    bool first = true;
    for (StatusEvents::KeyColumn& column : events.key) {
        text.data.append(column.label);
        const size_t start = text.data.size;
        bool is_null = false;
        const Datum value = heap_getattr(row, column.attnum, descriptor, &is_null);
        if (is_null)
            text.data.append("null");
        else
            pg::render_value(text.data, column.plan, value);
        core::append_subject_part(text.subject, pg::to_utf8(text.data.view().substr(start)), first);
        first = false;
    }
    text.data.append('}');
}

struct Change {
    HeapTuple row;  // as it is now, or was
    std::string_view from, to;
    bool deleted;
};

// As text, which is the same for all rows of a transaction.
std::string_view transaction_time() {
    static TimestampTz last = DT_NOBEGIN;
    static char text[core::kUtcTimeLength];
    const TimestampTz now = GetCurrentTransactionStartTimestamp();
    if (now != last) {
        core::write_utc_time(text, now + kMicrosTo2000);
        last = now;
    }
    return {text, sizeof text};
}

void append_data(EventText& text, StatusEvents& events, const Change& change, TupleDesc descriptor) {
    append_key(text, events, change.row, descriptor);
    append_state(text.data, R"(,"from":)", change.from);
    append_state(text.data, R"(,"to":)", change.to);
    text.data.append(R"(,"at":")");
    text.data.append(transaction_time());
    text.data.append('"');
    bool is_null = true;
    const Datum revision = change.deleted || events.revision == 0
                               ? Datum(0)
                               : heap_getattr(change.row, events.revision, descriptor, &is_null);
    if (!is_null) {
        text.data.append(R"(,"revision":)");
        core::append_integer(text.data, DatumGetInt64(revision));
    }
    text.data.append('}');
}

// REQUIRES: nothing with a destructor alive.
void write_event(StatusEvents& events, const Change& change, TupleDesc descriptor) {
    EventText& text = event_text();
    if (events.settings_matter) {
        const int level = NewGUCNestLevel();
        pg::pin_render_settings();
        append_data(text, events, change, descriptor);
        AtEOXact_GUC(true, level);
    } else {
        append_data(text, events, change, descriptor);
    }
    core::EventMessage message;
    message.type = kStatusChanged;
    message.topic = events.topic;
    message.key_kind = core::EventMessage::Key::kRow;
    message.key = text.subject.view();
    message.data = text.data.view();
    (void)pg::write_event_message(text.content, message);
}

std::string subject_of(StatusEvents& events, HeapTuple row, TupleDesc descriptor) {
    std::string_view subject;
    pg::server_call([&] {
        EventText& text = event_text();
        append_key(text, events, row, descriptor);
        subject = text.subject.view();
    });
    return std::string(subject);
}

// The state that a row had in the partition it comes from; nullopt: it comes from none.
std::optional<std::string_view> take_departure(StatusEvents& events, HeapTuple row, TupleDesc descriptor) {
    Departure& left = departure();
    if (!OidIsValid(left.root)) [[likely]]
        return std::nullopt;
    const bool fits = left.root == events.root && left.xid == GetTopTransactionIdIfAny();
    left.root = InvalidOid;
    if (!fits || left.subject != subject_of(events, row, descriptor)) return std::nullopt;
    return left.is_null ? std::string_view() : std::string_view(left.state);
}

void note_departure(StatusEvents& events, HeapTuple row, TupleDesc descriptor, std::string_view state) {
    departure() = {events.root, GetTopTransactionIdIfAny(), subject_of(events, row, descriptor),
                   std::string(state), state.data() == nullptr};
}

const TriggerData& called_as_trigger(FunctionCallInfo fcinfo) {
    if (CALLED_AS_TRIGGER(fcinfo)) {
        const auto& data = *reinterpret_cast<const TriggerData*>(fcinfo->context);
        if (TRIGGER_FIRED_FOR_ROW(data.tg_event) && TRIGGER_FIRED_AFTER(data.tg_event)) return data;
    }
    throw pg::Error(pg::Sqlstate::kTriggerProtocol,
                    "gpsync_internal.status_event() can only be called as the trigger it is made for")
        .hint("gpsync.stream_history() creates the triggers a table needs.");
}

// REQUIRES: nothing with a destructor alive.
std::string_view state_of(StatusEvents& events, HeapTuple row, TupleDesc descriptor) {
    return pg::state_text(row, descriptor, events.status);
}

// A row that was written, and the one before it where that was an UPDATE.
struct WrittenRow {
    Relation relation;
    HeapTuple row, old_row;
    TriggerEvent event;
};

// Nothing here has a destructor.
void take(const WrittenRow& written) {
    StatusEvents& events = status_events_of(written.relation);
    if (events.topic.empty()) return;
    const TupleDesc descriptor = RelationGetDescr(written.relation);
    const bool updated = TRIGGER_FIRED_BY_UPDATE(written.event);
    Change change{written.row, {}, {}, TRIGGER_FIRED_BY_DELETE(written.event)};
    const std::string_view state = state_of(events, change.row, descriptor);
    const std::optional<std::string_view> came_from = take_departure(events, change.row, descriptor);
    if (change.deleted && HeapTupleHeaderIndicatesMovedPartitions(change.row->t_data))
        return note_departure(events, change.row, descriptor, state);
    (change.deleted ? change.from : change.to) = state;
    if (updated) change.from = state_of(events, written.old_row, descriptor);
    const bool moved = came_from && TRIGGER_FIRED_BY_INSERT(written.event);
    if (moved) change.from = *came_from;
    if ((updated || moved) && same_state(change.from, change.to)) return;
    // What an import brings has had its history elsewhere.
    if (importing_revision % 8 == kImportRemainder && !change.deleted &&
        row_revision(stamp_layout(written.relation), change.row, descriptor) == importing_revision)
        return;
    if (!XLogLogicalInfoActive() || !pg::topic_is_taken(events.topic)) return;
    write_event(events, change, descriptor);
}

// Instead of the WHEN clause of gpsync_status_update. The server evaluates it once for each row, when
// the row is written and its index entries are.
Datum write_instead_of_queueing(ExprState* state, ExprContext* context, bool* is_null) {
    *is_null = false;
    pg::guarded([&] {
        bool free_row = false, free_old_row = false;
        take({static_cast<Relation>(state->evalfunc_private),
              ExecFetchSlotHeapTuple(context->ecxt_outertuple, false, &free_row),
              ExecFetchSlotHeapTuple(context->ecxt_innertuple, false, &free_old_row), TRIGGER_EVENT_UPDATE});
        return true;  // copies, if any, go with the row's memory context
    });
    return BoolGetDatum(false);
}

}  // namespace

void write_status_events_at_once(ResultRelInfo* target, Oid function, MemoryContext context) {
    const TriggerDesc* triggers = target->ri_TrigDesc;
    for (int i = 0; i < triggers->numtriggers; ++i) {
        const Trigger& trigger = triggers->triggers[i];
        if (trigger.tgfoid != function || trigger.tgqual == nullptr ||
            std::strcmp(trigger.tgname, pg::kStatusUpdateTrigger) != 0)
            continue;
        auto* when = static_cast<ExprState*>(MemoryContextAllocZero(context, sizeof(ExprState)));
        NodeSetTag(when, T_ExprState);
        when->flags = EEO_FLAG_IS_QUAL;
        when->evalfunc = write_instead_of_queueing;
        when->evalfunc_private = target->ri_RelationDesc;
        target->ri_TrigWhenExprs[i] = when;
    }
}

}  // namespace gpsync

// status_event() -> trigger
GPSYNC_FUNCTION(gpsync_status_event) {
    return gpsync::pg::guarded([&]() -> Datum {
        const TriggerData& data = gpsync::called_as_trigger(fcinfo);
        const bool updated = TRIGGER_FIRED_BY_UPDATE(data.tg_event);
        gpsync::take({data.tg_relation, updated ? data.tg_newtuple : data.tg_trigtuple, data.tg_trigtuple,
                      data.tg_event});
        return PointerGetDatum(nullptr);
    });
}

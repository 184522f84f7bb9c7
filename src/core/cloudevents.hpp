// Writes the events of the stream: one CloudEvents 1.0 JSON document a line, as docs/wire-format.md describes
// it (REQUIRES of that document: the order of the fields, which tests and readers may rely on).
//
// Most of an event's envelope is the same for all events of a transaction or of a table, so both parts are
// written once (EventTransaction, EventTemplate) and an event is put together from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/byte_buffer.hpp"
#include "core/position.hpp"
#include "core/utc_time.hpp"

namespace gpsync::core {

// kSkipped: a change that an operator has skipped; the relay keeps a dead letter for it, and no
// endpoint sees it.
enum class EventType : uint8_t { kInserted, kUpdated, kDeleted, kTruncated, kSkipped };
inline constexpr size_t kEventTypes = 5;

// The parts of the envelope that all events of one transaction share.
struct EventTransaction {
    char id[kEventIdLength];    // with ordinal 0, which each event replaces
    char time[kUtcTimeLength];  // commit time
    char xid[10];
    uint8_t xid_length;
};
EventTransaction make_event_transaction(uint64_t commit_lsn, int64_t commit_time_us, uint32_t xid);

// The same for an event whose change has another event, with the transaction's own id: its time, in the
// id too, is one microsecond later.
EventTransaction with_other_id(const EventTransaction& transaction);

// The parts that all events of one table share, as text in the buffer they were made in. Trivial.
struct EventTemplate {
    std::string_view head[kEventTypes];  // ","source":… up to the subject's schema.table
    std::string_view partition_key;      // ","partitionkey":"schema.table
    std::string_view data;               // ","data":{"schema":…,"table":…,"key":
};
// What a template is made of. schema and table are plain names; subject is what append_event_subject made.
struct EventTable {
    std::string_view source, schema, table, subject;
};
// Appends the text to storage, which must not move or change while the template is used.
EventTemplate make_event_template(ByteBuffer& storage, const EventTable& table);

// The subject of a table: schema.table, both percent-encoded (a dot in a name too). Names in UTF-8.
void append_event_subject(ByteBuffer& out, std::string_view schema, std::string_view table);

// One column of a row's key as its subject shows it: the text of the value, percent-encoded, behind a comma
// unless it is the first. json is what the event's key has for the column, in UTF-8.
void append_subject_part(ByteBuffer& out, std::string_view json, bool first);
// What the subjects of all rows of a table begin with, "schema.table/", given one of them; empty for the
// subject of a table.
std::string_view subject_prefix(std::string_view subject);

// CloudEvents source of a database: /gpsync/<system identifier>/<database, percent-encoded>.
void append_event_source(ByteBuffer& out, uint64_t system_identifier, std::string_view database);

struct EventHead {
    EventType type;
    uint32_t ordinal;
    // What append_subject_part has made of the key; none: the table, or a row without a known key.
    std::optional<std::string_view> subject_key;
    std::string_view key;  // JSON object
    std::optional<int64_t> revision;
};
// Everything up to and including data.xid. The caller appends what else data holds (,"row":{…} and so on)
// and ends the event with append_event_end.
void append_event_head(ByteBuffer& out, const EventTransaction& transaction, const EventTemplate& table,
                       const EventHead& head);
inline void append_event_end(ByteBuffer& out) {
    out.append("}}");
}

// An event of a topic: emitted, or of gpsync's own, not of a change of a row. Text in UTF-8.
struct TopicEvent {
    uint32_t ordinal;
    std::string_view source, type, topic;
    std::string_view subject;        // plain
    std::string_view partition_key;  // percent-encoded where that is needed
    std::string_view request_id;
    std::string_view data;  // JSON; empty: the event has none
};
void append_topic_event(ByteBuffer& out, const EventTransaction& transaction, const TopicEvent& event);

// The partitionkey of events of a topic that have a key, or none.
void append_topic_partition_key(ByteBuffer& out, std::string_view topic, std::string_view key);

// The type of the event that replaces one that an operator has skipped.
std::string_view skipped_type();

}  // namespace gpsync::core

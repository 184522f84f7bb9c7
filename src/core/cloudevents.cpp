#include "core/cloudevents.hpp"

#include <charconv>
#include <cstring>

#include "core/hex.hpp"
#include "core/json_writer.hpp"
#include "core/percent_encoding.hpp"

namespace gpsync::core {

namespace {

constexpr std::string_view kTypes[kEventTypes] = {"gpsync.row.inserted", "gpsync.row.updated",
                                                  "gpsync.row.deleted", "gpsync.table.truncated",
                                                  "gpsync.change.skipped"};
constexpr std::string_view kStart = R"({"specversion":"1.0","id":")";
constexpr std::string_view kTime = R"(","time":")";
constexpr std::string_view kSequence = R"(","datacontenttype":"application/json","sequence":")";
constexpr std::string_view kRevision = R"(,"revision":)";
constexpr std::string_view kXid = R"(,"xid":)";
constexpr char kKeySeparator = '/';  // percent-encoded in the names and in the key
constexpr size_t kLongestInteger = 20;
constexpr size_t kOrdinalAt = 16 + 1;  // behind the commit LSN and '-'

char* put(char* to, std::string_view text) {
    std::memcpy(to, text.data(), text.size());
    return to + text.size();
}

void write_ordinal(char* id, uint32_t ordinal) {
    hex::put_number(id + kOrdinalAt, ordinal, 8, hex::kUpper);
}

// "/" and the key, also an empty one; a table without a key is its own subject.
char* put_subject_key(char* to, std::optional<std::string_view> key) {
    if (!key) return to;
    *to++ = kKeySeparator;
    return put(to, *key);
}

size_t head_bound(const EventTemplate& table, const EventHead& head) {
    return kStart.size() + kEventIdLength + table.head[static_cast<size_t>(head.type)].size() +
           2 * (head.subject_key.value_or("").size() + 1) + kTime.size() + kUtcTimeLength + kSequence.size() +
           kSequenceLength + table.partition_key.size() + table.data.size() + head.key.size() +
           kRevision.size() + kXid.size() + 2 * kLongestInteger;
}

}  // namespace

EventTransaction make_event_transaction(uint64_t commit_lsn, int64_t commit_time_us, uint32_t xid) {
    EventTransaction transaction;
    write_event_id(transaction.id, Position{commit_lsn, 0}, commit_time_us);
    write_utc_time(transaction.time, commit_time_us);
    char* end = std::to_chars(transaction.xid, transaction.xid + sizeof transaction.xid, xid).ptr;
    transaction.xid_length = static_cast<uint8_t>(end - transaction.xid);
    return transaction;
}

EventTransaction with_other_id(const EventTransaction& transaction) {
    EventTransaction other = transaction;
    const std::string_view id(transaction.id, kEventIdLength);
    const auto position = parse_sequence(id);
    const auto commit_time = parse_commit_time(id);
    if (position && commit_time) {
        write_event_id(other.id, *position, *commit_time + 1);
        write_utc_time(other.time, *commit_time + 1);
    }
    return other;
}

void append_event_source(ByteBuffer& out, uint64_t system_identifier, std::string_view database) {
    out.append("/gpsync/");
    append_integer(out, system_identifier);
    out.append('/');
    append_percent_encoded(out, database);
}

void append_event_subject(ByteBuffer& out, std::string_view schema, std::string_view table) {
    append_percent_encoded(out, schema, true);
    out.append('.');
    append_percent_encoded(out, table, true);
}

void append_subject_part(ByteBuffer& out, std::string_view json, bool first) {
    if (!first) out.append(',');
    JsonScalarText text(json);
    for (std::string_view piece; text.next(piece);) append_percent_encoded(out, piece);
}

std::string_view subject_prefix(std::string_view subject) {
    return subject.substr(0, subject.find(kKeySeparator) + 1);  // npos + 1 is 0
}

EventTemplate make_event_template(ByteBuffer& storage, const EventTable& table) {
    // Lengths first, views last: appending may move the storage.
    size_t starts[kEventTypes + 3];
    for (size_t type = 0; type < kEventTypes; ++type) {
        starts[type] = storage.size;
        storage.append(R"(","source":)");
        append_json_string(storage, table.source);
        storage.append(R"(,"type":")");
        storage.append(kTypes[type]);
        storage.append(R"(","subject":")");
        storage.append(table.subject);
    }
    starts[kEventTypes] = storage.size;
    storage.append(R"(","partitionkey":")");
    storage.append(table.subject);
    starts[kEventTypes + 1] = storage.size;
    storage.append(R"(","data":{"schema":)");
    append_json_string(storage, table.schema);
    storage.append(R"(,"table":)");
    append_json_string(storage, table.table);
    storage.append(R"(,"key":)");
    starts[kEventTypes + 2] = storage.size;

    auto part = [&](size_t i) { return storage.view().substr(starts[i], starts[i + 1] - starts[i]); };
    EventTemplate made;
    for (size_t type = 0; type < kEventTypes; ++type) made.head[type] = part(type);
    made.partition_key = part(kEventTypes);
    made.data = part(kEventTypes + 1);
    return made;
}

void append_event_head(ByteBuffer& out, const EventTransaction& transaction, const EventTemplate& table,
                       const EventHead& head) {
    char* to = out.reserve(head_bound(table, head));
    to = put(to, kStart);
    char* id = to;
    to = put(to, {transaction.id, kEventIdLength});
    write_ordinal(id, head.ordinal);
    to = put(to, table.head[static_cast<size_t>(head.type)]);
    to = put_subject_key(to, head.subject_key);
    to = put(to, kTime);
    to = put(to, {transaction.time, kUtcTimeLength});
    to = put(to, kSequence);
    to = put(to, {id, kSequenceLength});
    to = put(to, table.partition_key);
    to = put_subject_key(to, head.subject_key);
    to = put(to, table.data);
    to = put(to, head.key);
    if (head.revision) {
        to = put(to, kRevision);
        to = std::to_chars(to, to + kLongestInteger, *head.revision).ptr;
    }
    to = put(to, kXid);
    to = put(to, {transaction.xid, transaction.xid_length});
    out.advance_to(to);
}

void append_topic_event(ByteBuffer& out, const EventTransaction& transaction, const TopicEvent& event) {
    char id[kEventIdLength];
    std::memcpy(id, transaction.id, sizeof id);
    write_ordinal(id, event.ordinal);
    out.append(kStart);
    out.append({id, kEventIdLength});
    out.append(R"(","source":)");
    append_json_string(out, event.source);
    out.append(R"(,"type":)");
    append_json_string(out, event.type);
    out.append(R"(,"subject":)");
    append_json_string(out, event.subject);
    out.append(R"(,"time":")");
    out.append({transaction.time, kUtcTimeLength});
    out.append(kSequence);
    out.append({id, kSequenceLength});
    out.append(R"(","partitionkey":")");
    out.append(event.partition_key);
    out.append(R"(","topic":")");
    out.append(event.topic);
    out.append(R"(","requestid":")");
    out.append(event.request_id);
    out.append('"');
    if (!event.data.empty()) {
        out.append(R"(,"data":)");
        out.append(event.data);
    }
    out.append('}');
}

void append_topic_partition_key(ByteBuffer& out, std::string_view topic, std::string_view key) {
    out.append(topic);
    if (key.empty()) return;
    out.append(kKeySeparator);
    append_percent_encoded(out, key);
}

std::string_view skipped_type() {
    return kTypes[static_cast<size_t>(EventType::kSkipped)];
}

}  // namespace gpsync::core

#include "relay/books/held_change.hpp"

#include "relay/base/clock.hpp"
#include "relay/base/json_text.hpp"
#include "relay/base/lsn.hpp"
#include "relay/source/event_parser.hpp"

namespace gpsync::relay {

namespace {

const char* name_of(HeldChange::Kind kind) {
    switch (kind) {
        case HeldChange::added:
            return "added";
        case HeldChange::tried:
            return "tried";
        case HeldChange::gone:
            break;
    }
    return "gone";
}

void put_added(JsonWriter& writer, const HeldChange& change) {
    put(writer, "event_id", change.event_id);
    put(writer, "schema_name", change.schema);
    put(writer, "table_name", change.table);
    put(writer, "partition_key", change.partition_key);
    if (!change.old_partition_key.empty()) put(writer, "old_partition_key", change.old_partition_key);
    put(writer, "committed_at", format_time(change.commit_time_us));
    if (change.revision) put(writer, "revision", *change.revision);
    writer.Key("key");
    writer.RawValue(change.key.data(), change.key.size(), rapidjson::kObjectType);
}

void put_change(JsonWriter& writer, const HeldChange& change, const EndpointNames& endpoints) {
    put(writer, "change", std::string_view(name_of(change.kind)));
    put(writer, "endpoint", endpoints[change.endpoint]);
    put(writer, "commit_lsn", format_lsn(change.position.commit_lsn));
    put(writer, "ordinal", change.position.ordinal);
    if (change.kind == HeldChange::gone) return;
    put(writer, "attempts", change.attempts);
    if (change.due_us != 0) put(writer, "next_attempt", format_time(change.due_us));
    if (change.http_status != 0) put(writer, "http_status", change.http_status);
    if (!change.error.empty()) put(writer, "error", change.error);
    if (change.kind == HeldChange::added) put_added(writer, change);
}

}  // namespace

HeldChange make_held_change(const Event& event, const Relation& relation) {
    HeldChange change;
    change.kind = HeldChange::added;
    change.position = event.position;
    change.event_id = event_id(event);
    change.schema = relation.schema;
    change.table = relation.table;
    change.key = books_key(event);
    PartitionKeys keys = partition_keys(event);
    change.partition_key = std::move(keys.key);
    change.old_partition_key = std::move(keys.old_key);
    change.line = event.line();
    change.commit_time_us = event.commit_time_us;
    if (event.has_revision) change.revision = event.revision;
    return change;
}

std::string held_json(const std::vector<HeldChange>& changes, const EndpointNames& endpoints) {
    return json_array(changes, [&](JsonWriter& writer, const HeldChange& change) {
        put_change(writer, change, endpoints);
    });
}

}  // namespace gpsync::relay

#include "relay/source/event_parser.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <utility>

#include "core/cloudevents.hpp"
#include "relay/source/json_cursor.hpp"

namespace gpsync::relay {

namespace {

// Commit times, µs: the next 146,000 years. Sums and differences with one have no overflow.
constexpr int64_t kLastCommitTime = int64_t{1} << 62;

struct Parsed {
    std::string_view id, type, partition_key, topic, schema, table, key, revision, old;
};

// What the decoder's option book_lines puts before an event, without its marks:
// @oid TAB key columns TAB [key as text TAB] [#revision TAB] [endpoints TAB] event. No JSON text has a tab in
// it.
struct BookLine {
    std::string_view oid, key_columns, key, revision, echo, event;
};

// Takes the text before the first tab from a line.
bool take_field(std::string_view& line, std::string_view& field) {
    const size_t tab = line.find('\t');
    if (tab == line.npos) return false;
    field = line.substr(0, tab);
    line.remove_prefix(tab + 1);
    return true;
}

std::optional<BookLine> split_line(std::string_view line) {
    BookLine parts;
    if (line.empty() || line.front() != '@') {
        parts.event = line;
        return parts;
    }
    line.remove_prefix(1);
    bool valid = take_field(line, parts.oid) && take_field(line, parts.key_columns) && !parts.oid.empty() &&
                 parts.key_columns.starts_with('{') && parts.key_columns.ends_with('}');
    if (line.starts_with('{') && take_field(line, parts.key)) valid = valid && parts.key.ends_with('}');
    // Only with a key of its own.
    if (line.starts_with('#'))
        valid = valid && !parts.key.empty() && take_field(line, parts.revision) && parts.revision.size() > 1;
    if (!parts.revision.empty()) parts.revision.remove_prefix(1);
    if (line.starts_with('[')) valid = valid && take_field(line, parts.echo) && parts.echo.ends_with(']');
    parts.event = line;
    return valid ? std::optional(parts) : std::nullopt;
}

bool is_update(std::string_view type) {
    return type == "gpsync.row.updated";
}
bool is_skipped(std::string_view type) {
    return type == "gpsync.change.skipped";
}
bool is_truncate(std::string_view type) {
    return type == "gpsync.table.truncated";
}

// The decoder writes key and revision before row, and old behind it: only an update is read to its end.
void read_data(JsonCursor& cursor, Parsed& event) {
    cursor.for_each_member([&](std::string_view name) {
        if (name == "schema")
            event.schema = cursor.string();
        else if (name == "table")
            event.table = cursor.string();
        else if (name == "key")
            event.key = cursor.value();
        else if (name == "revision")
            event.revision = cursor.value();
        else if (name == "old")
            event.old = cursor.value();
        else
            cursor.value();
        bool complete =
            !event.id.empty() && !event.type.empty() && !event.key.empty() && !event.revision.empty();
        return !complete || is_update(event.type);
    });
}

Parsed read_event(std::string_view line) {
    Parsed event;
    JsonCursor cursor(line);
    cursor.for_each_member([&](std::string_view name) {
        if (name == "id")
            event.id = cursor.string();
        else if (name == "type")
            event.type = cursor.string();
        else if (name == "partitionkey")
            event.partition_key = cursor.string();
        else if (name == "topic")
            event.topic = cursor.string();
        else if (name == "data" && event.topic.empty())
            read_data(cursor, event);
        else
            cursor.value();
        return name != "data" || event.id.empty() || event.type.empty() || event.partition_key.empty();
    });
    if (!cursor.ok()) event.id = {};
    return event;
}

std::string_view member(std::string_view object, std::string_view wanted) {
    std::string_view found;
    JsonCursor cursor(object);
    cursor.for_each_member([&](std::string_view name) {
        std::string_view value = cursor.value();
        if (name == wanted) found = value;
        return found.empty();
    });
    return found;
}

enum class OldKey : uint8_t { same, changed, unknown };

// Compares the key of an update with that in its old row. Key columns are never redacted, so equal keys are
// equal text.
OldKey compare_keys(std::string_view key, std::string_view old) {
    if (old.front() != '{') return OldKey::unknown;
    OldKey result = OldKey::same;
    JsonCursor cursor(key);
    cursor.for_each_member([&](std::string_view name) {
        const std::string_view value = cursor.value(), old_value = member(old, name);
        if (old_value.empty())
            result = OldKey::unknown;
        else if (old_value != value)
            result = OldKey::changed;
        return result != OldKey::unknown;
    });
    return result;
}

// The partitionkey that the row had under its old key: what the decoder made of it then.
void append_old_partition_key(core::HeapBuffer& old_key, std::string_view partition_key, std::string_view key,
                              std::string_view old) {
    old_key.append(core::subject_prefix(partition_key));
    bool first = true;
    JsonCursor cursor(key);
    cursor.for_each_member([&](std::string_view name) {
        cursor.value();
        core::append_subject_part(old_key, member(old, name), std::exchange(first, false));
        return true;
    });
}

// Decides the lanes of an update from its old row.
void fill_old_key(Event& event, const Parsed& parsed) {
    switch (compare_keys(parsed.key, parsed.old)) {
        case OldKey::same:
            return;
        case OldKey::unknown:
            event.scope = Scope::all_keys;
            return;
        case OldKey::changed: {
            core::HeapBuffer old_key;
            append_old_partition_key(old_key, parsed.partition_key, parsed.key, parsed.old);
            event.old_key_hash = key_hash(old_key.view());
            if (event.old_key_hash != event.key_hash) event.scope = Scope::two_keys;
            return;
        }
    }
}

[[noreturn]] void malformed(std::string_view id) {
    throw MalformedEvent("malformed event in the replication stream" +
                         (core::parse_sequence(id) ? ": " + std::string(id) : std::string()));
}

uint32_t offset_in(const Message& message, std::string_view part) {
    return static_cast<uint32_t>(part.data() - message.text.data());
}

void fill_target(Event& event, const BookLine& line, const Parsed& parsed, RelationTable& relations,
                 KeyShapes& shapes) {
    event.target = relations.target_of(event.relation, line.oid, line.key_columns);
    // The text of a key may be another one from here on (a timestamp with a zone now, a column that is the
    // key now), and the name of the table: no event overtakes the first such.
    if (relations.key_changes(event.target, shapes)) event.scope = Scope::all_keys;
    const std::string_view key = line.key.empty() ? parsed.key : line.key;
    event.mark_key_offset = offset_in(*event.message, key);
    event.mark_key_length = static_cast<uint32_t>(key.size());
    // The event does not show the row's key, or that of an earlier one: dead letters are booked by this one.
    if (line.revision.empty()) return;
    event.key_offset = event.mark_key_offset;
    event.key_length = event.mark_key_length;
}

// The decoder writes the topic before the data, which is the emitter's and not looked at.
void fill_topic_event(Event& event, const Parsed& parsed, RelationTable& relations) {
    if (parsed.partition_key.empty()) malformed(parsed.id);
    event.topic = true;
    event.relation = relations.index_of("", parsed.topic);
    event.skipped = is_skipped(parsed.type);
    event.key_hash = key_hash(parsed.partition_key);
}

void fill_event(Event& event, const BookLine& line, const Parsed& parsed, RelationTable& relations,
                KeyShapes& shapes) {
    if (!parsed.topic.empty()) return fill_topic_event(event, parsed, relations);
    if (parsed.schema.data() == nullptr || parsed.table.empty() || parsed.partition_key.empty())
        malformed(parsed.id);
    event.relation = relations.index_of(parsed.schema, parsed.table);
    event.skipped = is_skipped(parsed.type);
    if (is_truncate(parsed.type)) {
        event.scope = Scope::all_keys;
        return;
    }
    if (parsed.key.empty() || parsed.key.front() != '{') malformed(parsed.id);
    event.key_hash = key_hash(parsed.partition_key);
    event.key_offset = static_cast<uint32_t>(parsed.key.data() - event.message->text.data());
    event.key_length = static_cast<uint32_t>(parsed.key.size());
    if (is_update(parsed.type) && !parsed.old.empty()) fill_old_key(event, parsed);
    const std::string_view revision = line.revision.empty() ? parsed.revision : line.revision;
    if (!revision.empty()) {
        const char* end = revision.data() + revision.size();
        auto [rest, error] = std::from_chars(revision.data(), end, event.revision);
        if (error != std::errc{} || rest != end) malformed(parsed.id);
        event.has_revision = true;
    }
    if (event.has_revision || !line.oid.empty()) fill_target(event, line, parsed, relations, shapes);
}

}  // namespace

void parse_events(Message& message, RelationTable& relations, KeyShapes& shapes,
                  const core::Position& settled) {
    std::string_view text = message.text;
    message.events.reserve(static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
    for (size_t begin = 0; begin < text.size();) {
        size_t end = std::min(text.find('\n', begin), text.size());
        const std::optional<BookLine> parts = split_line(text.substr(begin, end - begin));
        if (!parts) malformed({});
        const std::string_view line = parts->event;
        if (line.empty() || line.front() != '{' || line.back() != '}') malformed({});
        Parsed parsed = read_event(line);
        auto position = core::parse_sequence(parsed.id);
        auto commit_time = core::parse_commit_time(parsed.id);
        if (!position || !commit_time || parsed.type.empty()) malformed({});
        if (*commit_time > kLastCommitTime || *commit_time < -kLastCommitTime) malformed(parsed.id);
        message.last = *position;
        message.last_time_us = *commit_time;
        if (*position > settled) {
            Event& event = message.events.emplace_back();
            event.message = &message;
            event.position = *position;
            event.commit_time_us = *commit_time;
            event.line_offset = static_cast<uint32_t>(begin);
            event.json_offset = offset_in(message, line);
            event.json_length = static_cast<uint32_t>(line.size());
            fill_event(event, *parts, parsed, relations, shapes);
            message.has_echo = message.has_echo || !parts->echo.empty();
        } else {
            ++message.skipped;
        }
        begin = end + 1;
    }
}

uint64_t key_hash(std::string_view partition_key) {
    return std::hash<std::string_view>{}(partition_key);
}

PartitionKeys partition_keys(const Event& event) {
    const Parsed parsed = read_event(event.json());
    PartitionKeys keys{std::string(parsed.partition_key), {}};
    if (event.scope != Scope::two_keys) return keys;
    core::HeapBuffer old_key;
    append_old_partition_key(old_key, parsed.partition_key, parsed.key, parsed.old);
    keys.old_key = old_key.view();
    return keys;
}

std::string_view event_member(std::string_view json, std::string_view name) {
    std::string_view value = member(json, name);
    if (value.size() >= 2 && value.front() == '"') return value.substr(1, value.size() - 2);
    return value;
}

std::string books_key(const Event& event) {
    if (!event.topic) return std::string(event.key());
    const std::string_view row = member(member(event.json(), "data"), "key");
    if (event_member(event.json(), "type") == "gpsync.status.changed" && row.starts_with('{'))
        return std::string(row);
    const std::string_view subject = member(event.json(), "subject");
    const bool has_key = event_member(event.json(), "partitionkey").find('/') != std::string_view::npos;
    return has_key ? R"({"key":)" + std::string(subject) + "}" : "{}";
}

std::string unescape_json(std::string_view text) {
    if (text.find('\\') == std::string_view::npos) return std::string(text);
    rapidjson::Document document;
    std::string quoted = '"' + std::string(text) + '"';
    document.Parse(quoted.data(), quoted.size());
    if (!document.IsString()) throw MalformedEvent("malformed text in the replication stream");
    return {document.GetString(), document.GetStringLength()};
}

}  // namespace gpsync::relay

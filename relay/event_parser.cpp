#include "relay/event_parser.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>

#include "relay/json_cursor.hpp"

namespace gpsync::relay {

namespace {

// Commit times, µs: the next 146,000 years. Sums and differences with one have no overflow.
constexpr int64_t kLastCommitTime = int64_t{1} << 62;

struct Parsed {
    std::string_view id, type, schema, table, key, revision, old;
};

// What the decoder's option book_lines puts before an event, without its marks:
// @oid TAB key columns TAB [key as text TAB] event. No JSON text has a tab in it.
struct BookLine {
    std::string_view oid, key_columns, key, event;
};

std::optional<BookLine> split_line(std::string_view line) {
    BookLine parts;
    if (line.empty() || line.front() != '@') {
        parts.event = line;
        return parts;
    }
    std::string_view* const fields[] = {&parts.oid, &parts.key_columns, &parts.key};
    size_t begin = 1, count = 0;
    for (size_t tab; count < 3 && (tab = line.find('\t', begin)) != line.npos; begin = tab + 1)
        *fields[count++] = line.substr(begin, tab - begin);
    parts.event = line.substr(begin);
    const bool valid = count >= 2 && !parts.oid.empty() && parts.key_columns.starts_with('{') &&
                       parts.key_columns.ends_with('}') &&
                       (count == 2 || (parts.key.starts_with('{') && parts.key.ends_with('}')));
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
        else if (name == "data")
            read_data(cursor, event);
        else
            cursor.value();
        return name != "data" || event.id.empty() || event.type.empty();
    });
    if (!cursor.ok()) event.id = {};
    return event;
}

uint64_t mix(uint64_t hash, uint64_t value) {
    hash ^= value + 0x9E3779B97F4A7C15ULL + (hash << 6) + (hash >> 2);
    return hash * 0xFF51AFD7ED558CCDULL;
}

uint64_t hash_text(std::string_view text) {
    return std::hash<std::string_view>{}(text);
}

uint64_t hash_key(uint32_t relation, std::string_view key) {
    uint64_t hash = relation + 1;
    JsonCursor cursor(key);
    cursor.for_each_member([&](std::string_view) {
        hash = mix(hash, hash_text(cursor.value()));
        return true;
    });
    return hash;
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

// Decides the lanes of an update from its old row. Key columns are never redacted, so equal keys are equal
// text.
void compare_keys(Event& event, std::string_view key, std::string_view old) {
    uint64_t hash = event.relation + 1;
    bool known = old.front() == '{';
    if (known) {
        JsonCursor cursor(key);
        cursor.for_each_member([&](std::string_view name) {
            cursor.value();
            std::string_view value = member(old, name);
            known = !value.empty();
            hash = mix(hash, hash_text(value));
            return known;
        });
    }
    if (!known) {
        event.scope = Scope::all_keys;  // no telling which key it had
    } else if (hash != event.key_hash) {
        event.scope = Scope::two_keys;
        event.old_key_hash = hash;
    }
}

[[noreturn]] void malformed(std::string_view id) {
    throw MalformedEvent("malformed event in the replication stream" +
                         (core::parse_sequence(id) ? ": " + std::string(id) : std::string()));
}

uint32_t offset_in(const Message& message, std::string_view part) {
    return static_cast<uint32_t>(part.data() - message.text.data());
}

void fill_place(Event& event, const BookLine& line, const Parsed& parsed, RelationTable& relations) {
    event.place = relations.place_of(event.relation, line.oid, line.key_columns);
    const std::string_view key = line.key.empty() ? parsed.key : line.key;
    event.mark_key_offset = offset_in(*event.message, key);
    event.mark_key_length = static_cast<uint32_t>(key.size());
}

void fill_event(Event& event, const BookLine& line, const Parsed& parsed, RelationTable& relations) {
    if (parsed.schema.data() == nullptr || parsed.table.empty()) malformed(parsed.id);
    event.relation = relations.index_of(parsed.schema, parsed.table);
    event.skipped = is_skipped(parsed.type);
    if (is_truncate(parsed.type)) {
        event.scope = Scope::all_keys;
        return;
    }
    if (parsed.key.empty() || parsed.key.front() != '{') malformed(parsed.id);
    event.key_hash = hash_key(event.relation, parsed.key);
    event.key_offset = static_cast<uint32_t>(parsed.key.data() - event.message->text.data());
    event.key_length = static_cast<uint32_t>(parsed.key.size());
    if (!parsed.revision.empty()) {
        const char* end = parsed.revision.data() + parsed.revision.size();
        auto [rest, error] = std::from_chars(parsed.revision.data(), end, event.revision);
        if (error != std::errc{} || rest != end) malformed(parsed.id);
        event.has_revision = true;
        fill_place(event, line, parsed, relations);
    }
    if (is_update(parsed.type) && !parsed.old.empty()) compare_keys(event, parsed.key, parsed.old);
}

std::string quote_identifier(std::string_view name) {
    std::string quoted = "\"";
    for (char c : name) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace

void parse_events(Message& message, RelationTable& relations, const core::Position& settled) {
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
            event.json_offset = offset_in(message, line);
            event.json_length = static_cast<uint32_t>(line.size());
            fill_event(event, *parts, parsed, relations);
        } else {
            ++message.skipped;
        }
        begin = end + 1;
    }
}

std::string_view event_member(std::string_view json, std::string_view name) {
    std::string_view value = member(json, name);
    if (value.size() >= 2 && value.front() == '"') return value.substr(1, value.size() - 2);
    return value;
}

std::string unescape_json(std::string_view text) {
    if (text.find('\\') == std::string_view::npos) return std::string(text);
    rapidjson::Document document;
    std::string quoted = '"' + std::string(text) + '"';
    document.Parse(quoted.data(), quoted.size());
    if (!document.IsString()) throw MalformedEvent("malformed text in the replication stream");
    return {document.GetString(), document.GetStringLength()};
}

uint32_t RelationTable::index_of(std::string_view schema, std::string_view table) {
    // A line feed is no part of a JSON string, so it keeps the two apart.
    if (!relations_.empty() && last_text_.size() == schema.size() + table.size() + 1 &&
        last_text_.starts_with(schema) && last_text_.ends_with(table) && last_text_[schema.size()] == '\n')
        return last_;
    std::string text = std::string(schema).append("\n").append(table);
    auto entry = by_text_.find(text);
    if (entry == by_text_.end()) {
        // Throws where a name is malformed; then nothing knows of it.
        Relation relation{unescape_json(schema), unescape_json(table), {}};
        relation.quoted = quote_identifier(relation.schema) + '.' + quote_identifier(relation.table);
        relations_.push_back(std::move(relation));
        entry = by_text_.emplace(text, static_cast<uint32_t>(relations_.size() - 1)).first;
    }
    last_text_ = std::move(text);
    return last_ = entry->second;
}

uint32_t RelationTable::place_of(uint32_t relation, std::string_view oid, std::string_view key_columns) {
    char number[16];
    const char* end = std::to_chars(number, number + sizeof number, relation).ptr;
    const std::string_view index(number, static_cast<size_t>(end - number));
    // No tab is in any of them.
    std::string& text = place_text_;
    text.assign(index).append("\t").append(oid).append("\t").append(key_columns);
    if (!places_.empty() && text == last_place_text_) return last_place_;
    auto [entry, added] = places_by_text_.try_emplace(text, static_cast<uint32_t>(places_.size()));
    if (added) {
        Place place{relation, 0, std::string(key_columns)};
        const auto [rest, error] = std::from_chars(oid.data(), oid.data() + oid.size(), place.oid);
        if (!oid.empty() && (error != std::errc{} || rest != oid.data() + oid.size())) {
            places_by_text_.erase(entry);
            malformed({});
        }
        places_.push_back(std::move(place));
    }
    last_place_text_ = text;
    return last_place_ = entry->second;
}

}  // namespace gpsync::relay

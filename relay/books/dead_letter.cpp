#include "relay/books/dead_letter.hpp"

#include "relay/base/json_text.hpp"
#include "relay/source/event_parser.hpp"

namespace gpsync::relay {

namespace {

void put_json(JsonWriter& writer, const char* name, const std::string& json) {
    writer.Key(name);
    if (json.empty())
        writer.Null();
    else
        writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
}

void put_members(JsonWriter& writer, const DeadLetter& letter) {
    put(writer, "endpoint", letter.endpoint);
    put(writer, "event_id", letter.event_id);
    put(writer, "subject", letter.subject);
    put(writer, "schema_name", letter.schema);
    put(writer, "table_name", letter.table);
    put_json(writer, "key", letter.key);
    writer.Key("revision");
    if (letter.revision)
        writer.Int64(*letter.revision);
    else
        writer.Null();
    put(writer, "attempts", letter.attempts);
    put(writer, "http_status", letter.http_status);
    put(writer, "error", letter.error);
    put(writer, "payload", letter.payload);  // as text: the server need not understand what is in it
}

}  // namespace

DeadLetter make_dead_letter(const Event& event, const Relation& relation) {
    DeadLetter letter;
    letter.event_id = event_id(event);
    letter.subject = unescape_json(event_member(event.json(), "subject"));
    letter.schema = relation.schema;
    letter.table = relation.table;
    letter.key = books_key(event);
    letter.payload = event.json();
    if (event.has_revision) letter.revision = event.revision;
    return letter;
}

std::string dead_letters_json(const std::vector<DeadLetter>& letters) {
    return json_array(letters, put_members);
}

}  // namespace gpsync::relay

#include "relay/books/cursors.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "relay/base/lsn.hpp"

namespace gpsync::relay {

std::string cursors_json(const std::vector<Cursor>& cursors, const EndpointNames& endpoints) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    auto put = [&](const char* name, const std::string& text) {
        writer.Key(name);
        writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    };
    writer.StartArray();
    for (const Cursor& cursor : cursors) {
        writer.StartObject();
        put("endpoint", endpoints[cursor.endpoint]);
        put("feed", cursor.behind ? "behind" : "live");
        put("commit_lsn", format_lsn(cursor.position.commit_lsn));
        writer.Key("ordinal");
        writer.Uint(cursor.position.ordinal);
        writer.EndObject();
    }
    writer.EndArray();
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace gpsync::relay

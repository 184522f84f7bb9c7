#include "relay/books/cursors.hpp"

#include "relay/base/json_text.hpp"
#include "relay/base/lsn.hpp"

namespace gpsync::relay {

std::string cursors_json(const std::vector<Cursor>& cursors, const EndpointNames& endpoints) {
    return json_array(cursors, [&](JsonWriter& writer, const Cursor& cursor) {
        put(writer, "endpoint", endpoints[cursor.endpoint]);
        put(writer, "feed", std::string_view(cursor.behind ? "behind" : "live"));
        put(writer, "commit_lsn", format_lsn(cursor.position.commit_lsn));
        put(writer, "ordinal", cursor.position.ordinal);
    });
}

}  // namespace gpsync::relay

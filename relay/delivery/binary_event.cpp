#include "relay/delivery/binary_event.hpp"

#include "core/hex.hpp"
#include "relay/source/event_parser.hpp"
#include "relay/source/json_cursor.hpp"

namespace gpsync::relay {

namespace {

// Blanks, quotes, percent signs and what is no visible ASCII (3.1.3.2).
void append_encoded(std::string& header, std::string_view value) {
    for (const char c : value) {
        if (c > 0x20 && c < 0x7F && c != '"' && c != '%') {
            header += c;
            continue;
        }
        header += '%';
        core::hex::append(header, {&c, 1}, core::hex::kUpper);
    }
}

// An attribute is a string, a number or a boolean.
std::string text_of(std::string_view value) {
    return value.front() == '"' ? unescape_json(value.substr(1, value.size() - 2)) : std::string(value);
}

}  // namespace

void append_binary_event(std::string_view json, HttpRequest& request) {
    JsonCursor cursor(json);
    cursor.for_each_member([&](std::string_view name) {
        const std::string_view value = cursor.value();
        if (value.empty() || value == "null") return true;
        if (name == "data") {
            request.body = value;
        } else if (name == "datacontenttype") {
            request.headers.push_back("Content-Type: " + text_of(value));
        } else {
            std::string header("ce-");
            header.append(name).append(": ");
            append_encoded(header, text_of(value));
            request.headers.push_back(std::move(header));
        }
        return true;
    });
    if (!cursor.ok()) throw MalformedEvent("malformed event in the replication stream");
}

}  // namespace gpsync::relay

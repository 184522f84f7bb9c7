// Messages of the replication protocol: any bytes are either refused as a protocol error, or give what lies
// in the message; a change's text is then read as the relay reads it.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <variant>

#include "relay/postgres/pg_connection.hpp"
#include "relay/source/event_parser.hpp"
#include "relay/source/replication_message.hpp"

namespace {

using namespace gpsync;

void require(bool condition) {
    if (!condition) std::abort();
}

void read_text(const relay::StreamData& data, std::string_view bytes) {
    require(data.text.size() + 25 == bytes.size() && data.text.data() + data.text.size() == bytes.end());
    relay::RelationTable relations;
    relay::KeyShapes shapes;
    relay::Message message;
    message.text = data.text;
    try {
        relay::parse_events(message, relations, shapes, core::Position{data.data_start, 0});
    } catch (const relay::MalformedEvent&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    try {
        const auto message = relay::read_replication_message(bytes);
        require(bytes.front() == 'w' || bytes.front() == 'k');
        if (const auto* change = std::get_if<relay::StreamData>(&message)) read_text(*change, bytes);
    } catch (const relay::PgError& error) {
        require(error.sqlstate == "08P01");
    }
    return 0;
}

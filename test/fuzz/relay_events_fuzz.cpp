// What the relay reads: lines of the stream, and answers of endpoints. Any bytes are either refused or give
// events that lie in the message; where the emulator takes an event too, both read the same of it.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "emulator/event.hpp"
#include "relay/delivery/answer.hpp"
#include "relay/delivery/settlement.hpp"
#include "relay/source/event_parser.hpp"

namespace {

using namespace gpsync;

void require(bool condition) {
    if (!condition) std::abort();
}

bool parse(relay::Message& message, relay::RelationTable& relations) {
    try {
        relay::KeyShapes shapes;
        relay::parse_events(message, relations, shapes, core::Position{});
        return true;
    } catch (const relay::MalformedEvent&) {
        return false;
    }
}

void compare(const relay::Message& message, const relay::Event& event) {
    emulator::Batch batch;
    const std::string body = "[" + std::string(event.json()) + "]";
    if (batch.read(body)) return;
    const emulator::Event& other = batch.events().front();
    require(event.position == other.position && event.commit_time_us == other.commit_time);
    require(event.has_revision == other.has_revision &&
            (!event.has_revision || event.revision == other.revision));
    require(event.key() == other.key_json || event.scope == relay::Scope::all_keys);
    (void)message;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    relay::RelationTable relations;
    relay::Message message;
    message.text = text;
    std::vector<relay::Event*> events;
    if (parse(message, relations)) {
        for (relay::Event& event : message.events) {
            event.message = &message;
            require(event.json_offset + size_t{event.json_length} <= text.size());
            require(event.key_offset + size_t{event.key_length} <= text.size());
            require(event.relation < relations.size());
            require(event.mark_key_offset + size_t{event.mark_key_length} <= text.size());
            require(!event.has_revision || event.target < relations.targets());
            compare(message, event);
            events.push_back(&event);
        }
    }
    relay::HttpResult result;
    result.status = 200;
    result.body = text;
    const relay::Answer answer = relay::judge(result, events, {});
    const relay::BatchSettlement batch = relay::settle(answer, events);
    bool held = false;
    for (size_t i = 0; i < events.size(); ++i) held = held || batch[i].kind == relay::Settlement::waits;
    require(events.empty() || held == (batch.failed || batch.split != relay::Split::none));
    return 0;
}

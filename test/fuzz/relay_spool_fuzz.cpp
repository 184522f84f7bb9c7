// Segments of the spool: what the stream brought is packed, and each pack read back gives the same events;
// packs that are not what was written are refused. The first two bytes say how much of a pack is left, and
// which of its bytes is another one.
#include <rapidjson/document.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "relay/source/event_parser.hpp"
#include "relay/spool/pack.hpp"

namespace {

using namespace gpsync;

void require(bool condition) {
    if (!condition) std::abort();
}

// The events of a text; of one that is refused those before the error are not counted.
struct Parsed {
    explicit Parsed(const std::string& text) : text(text) {
        message.text = this->text;
        try {
            relay::parse_events(message, relations, shapes, core::Position{});
            good = true;
        } catch (const relay::MalformedEvent&) {
        }
    }
    const std::string text;
    relay::RelationTable relations;
    relay::KeyShapes shapes;
    relay::Message message;
    bool good = false;
};

void require_same(const relay::Event& read, const relay::Event& written) {
    require(read.position == written.position && read.commit_time_us == written.commit_time_us);
    require(read.json() == written.json() && read.line() == written.line() && read.key() == written.key());
    require(read.key_hash == written.key_hash && read.has_revision == written.has_revision);
    require(!read.has_revision ||
            (read.revision == written.revision && read.mark_key() == written.mark_key()));
}

void require_heads(const std::vector<relay::Pack>& packs, const relay::RelationTable& relations) {
    rapidjson::Document heads;
    const std::string json = relay::heads_json(packs, relations);
    heads.Parse(json.data(), json.size());
    require(!heads.HasParseError() && heads.IsArray() && heads.Size() == packs.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 2) return 0;
    Parsed stream(std::string(reinterpret_cast<const char*>(data) + 2, size - 2));
    if (!stream.good) return 0;
    relay::Packer packer;
    for (const relay::Event& event : stream.message.events) packer.add(event);
    require_heads(packer.packs(), stream.relations);
    size_t next = 0;
    for (const relay::Pack& pack : packer.packs()) {
        Parsed read(pack.lines);
        require(read.good && read.message.events.size() == pack.events);
        for (const relay::Event& event : read.message.events)
            require_same(event, stream.message.events[next++]);
        require(read.message.events.front().position == pack.first && read.message.last == pack.last);
        std::string damaged = pack.lines.substr(0, pack.lines.size() * data[0] / 255);
        if (!damaged.empty()) damaged[data[1] % damaged.size()] ^= 0x11;
        const Parsed other(damaged);
    }
    require(next == stream.message.events.size());
    return 0;
}

#include "relay/spool/pack.hpp"

#include <algorithm>

#include "core/request_id.hpp"
#include "relay/base/clock.hpp"
#include "relay/base/json_text.hpp"
#include "relay/base/lsn.hpp"

namespace gpsync::relay {

namespace {

// 0 where it cannot be read.
uint64_t emitted_lsn(std::string_view line) {
    constexpr std::string_view kName = R"("requestid":")";
    const size_t at = line.find(kName);
    if (at == line.npos) return 0;
    const auto request = core::parse_request_id(line.substr(at + kName.size(), core::kRequestIdLength));
    return request ? request->lsn : 0;
}

void note_emitted(Pack& pack, uint64_t lsn) {
    if (lsn == 0) return;
    if (pack.first_emitted == 0 || lsn < pack.first_emitted) pack.first_emitted = lsn;
    pack.last_emitted = std::max(pack.last_emitted, lsn);
}

}  // namespace

void Packer::add(const Event& event) {
    const std::string_view line = event.line();
    if (packs_.empty() || packs_.back().lines.size() + line.size() > kPackBytes) {
        Pack& pack = packs_.emplace_back();
        pack.first = event.position;
        pack.first_commit_us = event.commit_time_us;
        pack.lines.reserve(std::max(line.size(), kPackBytes));
    }
    Pack& pack = packs_.back();
    if (!pack.lines.empty()) pack.lines += '\n';
    pack.lines += line;
    pack.last = event.position;
    ++pack.events;
    ++pack.tables[event.relation];
    if (event.topic) note_emitted(pack, emitted_lsn(line));
    bytes_ += line.size();
}

std::string heads_json(const std::vector<Pack>& packs, const RelationTable& relations) {
    return json_array(packs, [&](JsonWriter& writer, const Pack& pack) {
        put(writer, "first_lsn", format_lsn(pack.first.commit_lsn));
        put(writer, "first_ordinal", pack.first.ordinal);
        put(writer, "last_lsn", format_lsn(pack.last.commit_lsn));
        put(writer, "last_ordinal", pack.last.ordinal);
        put(writer, "first_commit", format_time(pack.first_commit_us));
        put(writer, "events", pack.events);
        put(writer, "bytes", pack.lines.size());
        if (pack.first_emitted != 0) {
            put(writer, "first_emitted", format_lsn(pack.first_emitted));
            put(writer, "last_emitted", format_lsn(pack.last_emitted));
        }
        writer.Key("tables");
        writer.StartObject();
        for (const auto& [relation, events] : pack.tables) {
            const Relation& of = relations[relation];
            put(writer, of.shown().c_str(), events);
        }
        writer.EndObject();
    });
}

}  // namespace gpsync::relay

// Packs: what the spool keeps of the stream, the decoder's lines of some changes that follow each other.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "relay/source/message.hpp"
#include "relay/source/relation_table.hpp"

namespace gpsync::relay {

struct Pack {
    core::Position first, last;
    int64_t first_commit_us = 0;
    uint32_t events = 0;
    std::map<uint32_t, uint32_t> tables;  // how many events of each relation
    // Between which LSNs its events of topics were emitted, as their request ids say; 0: it has none.
    uint64_t first_emitted = 0, last_emitted = 0;
    std::string lines;  // one for each event, a line feed between
};

// Packs events in stream order.
class Packer {
  public:
    // A pack is full at so many bytes; a larger event has one of its own.
    static constexpr size_t kPackBytes = size_t{64} << 10;

    void add(const Event& event);
    size_t bytes() const { return bytes_; }
    const std::vector<Pack>& packs() const { return packs_; }

  private:
    std::vector<Pack> packs_;
    size_t bytes_ = 0;
};

// An array of objects as relay_spool_write() takes them.
std::string heads_json(const std::vector<Pack>& packs, const RelationTable& relations);

}  // namespace gpsync::relay

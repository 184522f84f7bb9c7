// What becomes of events that an endpoint holds, as the books keep it (gpsync.held_event).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/position.hpp"
#include "relay/books/dead_letter.hpp"
#include "relay/source/endpoint_set.hpp"

namespace gpsync::relay {

// Complete: it outlives the event.
struct HeldChange {
    enum Kind : uint8_t {
        added,  // it is held
        tried,  // once more, and not taken
        gone,   // taken, refused, or discarded
    };
    Kind kind = gone;
    uint16_t endpoint = 0;
    core::Position position;
    int attempts = 0;
    int64_t due_us = 0;  // when it is tried next, µs since 1970; 0: once it is the first of its key
    long http_status = 0;
    std::string error;
    // With added:
    std::string event_id, schema, table, key, partition_key, old_partition_key, line;
    std::optional<int64_t> revision;
    int64_t commit_time_us = 0;
};

// With everything that the event itself says.
HeldChange make_held_change(const Event& event, const Relation& relation);

// An array of objects as relay_keep_held() takes them.
std::string held_json(const std::vector<HeldChange>& changes, const EndpointNames& endpoints);

}  // namespace gpsync::relay

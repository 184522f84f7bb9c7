// What is kept of an event that an endpoint refused for good.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "relay/source/message.hpp"
#include "relay/source/relation_table.hpp"

namespace gpsync::relay {

// Complete: it outlives the event.
struct DeadLetter {
    std::string endpoint, event_id, subject, schema, table;
    std::string key, payload;  // JSON text; key may be empty
    std::optional<int64_t> revision;
    int attempts = 0;
    long http_status = 0;
    std::string error;
};

// With everything that the event itself says.
DeadLetter make_dead_letter(const Event& event, const Relation& relation);

// An array of objects with the columns of gpsync.dead_letter.
std::string dead_letters_json(const std::vector<DeadLetter>& letters);

}  // namespace gpsync::relay

// A batch as it goes over the wire.
#pragma once

#include <span>
#include <string>

#include "relay/source/message.hpp"

namespace gpsync::relay {

struct Payload {
    std::string body;             // a JSON array of the events, or that gzipped
    std::string idempotency_key;  // the same whenever the same events are sent as one batch
};

// The strings keep their capacity from batch to batch, as far as release_memory() lets them.
void build_payload(std::span<Event* const> events, bool gzip, Payload& payload);
// The batch is through: memory beyond what ordinary batches need is freed.
void release_memory(Payload& payload);

}  // namespace gpsync::relay

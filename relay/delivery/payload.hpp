// A batch as it goes over the wire.
#pragma once

#include <span>
#include <string>

#include "relay/source/message.hpp"

namespace gpsync::relay {

// Appends a JSON array of the events.
void append_batch(std::span<Event* const> events, std::string& body);
// Makes a gzip file of the text.
void compress(std::string& body);
// The same whenever the same events are sent as one batch, and another one for any other batch.
std::string idempotency_key(std::span<Event* const> events);
// Frees the memory of a text that is larger than ordinary batches are; else its capacity is kept.
void free_large(std::string& body);

}  // namespace gpsync::relay

// From the decoder's lines to events: what the relay must know of each, nothing else is read.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "relay/source/message.hpp"
#include "relay/source/relation_table.hpp"

namespace gpsync::relay {

// The stream is not what the decoder sends. The text of the error names the event, never its content.
struct MalformedEvent : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Fills message.events from message.text, leaving out the events up to and including `settled`, and
// message.last with the position of the last event, left out or not. shapes: of what was read before it.
// Throws MalformedEvent.
void parse_events(Message& message, RelationTable& relations, KeyShapes& shapes,
                  const core::Position& settled);

// The partitionkeys of an event, as they stand in JSON without quotes. old_key: where it is of another key
// too.
struct PartitionKeys {
    std::string key, old_key;
};
PartitionKeys partition_keys(const Event& event);
// What an event's key_hash is of its partitionkey.
uint64_t key_hash(std::string_view partition_key);

// A member of the event's JSON text by name ("subject"), as it stands there without quotes; empty when
// missing.
std::string_view event_member(std::string_view json, std::string_view name);

// The key under which the books have an event, a JSON object: that of its row, or what an event of a topic
// was given. Empty: none.
std::string books_key(const Event& event);

// The text of a JSON string, given what stands between its quotes. Throws MalformedEvent.
std::string unescape_json(std::string_view text);

}  // namespace gpsync::relay

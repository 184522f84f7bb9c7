// What is in the WAL of an event that is no change of a row: the content of a transactional logical message
// of prefix "gpsync.event". emit() writes it, the check of a status too (stream_history()), the decoder reads
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/byte_buffer.hpp"

namespace gpsync::core {

inline constexpr char kEventMessagePrefix[] = "gpsync.event";

// Bounds of what emit() takes, bytes.
inline constexpr size_t kMostTypeBytes = 128;
inline constexpr size_t kMostTopicBytes = 63;
inline constexpr size_t kMostKeyBytes = 512;
inline constexpr size_t kMostDataBytes = 1024 * 1024;  // as JSON text
// Of a whole message: a status event's key may be as long as a row of an index, percent-encoded.
inline constexpr size_t kMostEventMessageBytes = 2 * kMostDataBytes;

// Types and topics of gpsync's own events begin with this; what emit() takes does not.
inline constexpr std::string_view kOwnTypePrefix = "gpsync.";

// A letter or digit, then letters, digits and . _ - : / +
bool is_event_type(std::string_view type);
bool is_topic(std::string_view topic);
inline constexpr std::string_view kTopicRule =
    "A topic is 1 to 63 lower-case letters, digits and . _ -, and does not begin with . or -.";
static_assert(kMostTopicBytes == 63);

struct EventMessage {
    uint64_t xid = 0;  // of the (sub)transaction that wrote it, with its epoch
    std::string_view type, topic;
    // What the order of events is by: none, a text that the caller gave, or the subject of a row as its
    // events have it (append_event_subject(), '/' and append_subject_part()).
    enum class Key : uint8_t { kNone, kText, kRow } key_kind = Key::kNone;
    std::string_view key;
    std::string_view data;  // JSON on one line
};

// Text in the encoding of the database. REQUIRES: lengths within the bounds.
void append_event_message(ByteBuffer& out, const EventMessage& message);
// Nothing where content is not such a message. Views into content.
std::optional<EventMessage> parse_event_message(std::string_view content);

}  // namespace gpsync::core

// What came over the replication connection: messages of one or more events, kept in libpq's own buffer and
// read in place.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/position.hpp"
#include "relay/source/endpoint_set.hpp"

namespace gpsync::relay {

struct Message;

// Which lanes an event belongs to.
enum class Scope : uint8_t {
    one_key,   // the lane of its key
    two_keys,  // a change of key: the lanes of the old and the new one
    all_keys,  // a TRUNCATE, or an event whose keys are not known, the first one under another shape of key
};

// One change on its way. Its text lies in the message it came with.
struct Event {
    core::Position position;
    int64_t commit_time_us = 0;  // since 1970
    int64_t revision = 0;        // meaningful when has_revision
    uint64_t key_hash = 0;       // of its partitionkey
    uint64_t old_key_hash = 0;   // scope two_keys
    EndpointSet unsent_at = 0;   // a row of an import: these have it already (EchoLists)
    Message* message = nullptr;
    uint32_t line_offset = 0;  // the decoder's line in the message, which ends with the event
    uint32_t json_offset = 0, json_length = 0;  // the event in the message
    uint32_t key_offset = 0, key_length = 0;    // data.key in the message
    uint32_t relation = 0;                      // index into the RelationTable
    uint32_t target = 0;                        // where relay_book finds its row: index into its targets
    uint32_t mark_key_offset = 0, mark_key_length = 0;  // its key as relay_book wants it, in the message
    Scope scope = Scope::one_key;
    bool has_revision = false;  // without one there is no row to mark: deletes, tables not attached
    bool topic = false;         // of a topic, which stands for its table: not of a row
    bool skipped = false;       // by an operator: no endpoint gets it, each keeps a dead letter

    // An event that an endpoint is not to get is settled there at once. One of all keys is not: nothing may
    // overtake it, so it takes its place in the lanes, and is not sent from there.
    bool is_left_out_at(uint16_t endpoint) const {
        return (unsent_at & only(endpoint)) != 0 && scope != Scope::all_keys;
    }
    std::string_view json() const;
    std::string_view line() const;
    std::string_view key() const;
    std::string_view mark_key() const;
    // The names of the endpoints that get it, a JSON array; empty: all do.
    std::string_view echo() const;
};

// Text that libpq allocated.
class PgBuffer {
  public:
    PgBuffer() = default;
    PgBuffer(char* data, size_t size) : data_(data), size_(size) {}
    static PgBuffer copy_of(std::string_view text);
    std::string_view view() const { return {data_.get(), size_}; }
    size_t size() const { return size_; }

  private:
    struct Free {
        void operator()(char* data) const { PQfreemem(data); }
    };
    std::unique_ptr<char, Free> data_;
    size_t size_ = 0;
};

// Where a message comes from: the stream; a dead letter that is sent again as it was; an event that an
// endpoint held; or the spool, read for one endpoint (its number).
inline constexpr uint16_t kFromStream = UINT16_MAX;
inline constexpr uint16_t kFromDeadLetters = UINT16_MAX - 1;
inline constexpr uint16_t kFromHeld = UINT16_MAX - 2;

struct Message {
    PgBuffer buffer;
    std::string_view text;      // the events, a line each; part of buffer
    std::vector<Event> events;  // those the position does not cover yet
    uint16_t feed = kFromStream;
    uint64_t number = 0;       // in the order in which its ledger got them
    uint64_t end_lsn = 0;      // end of the transaction whose last message this is; 0 within one
    uint32_t skipped = 0;      // events left out of `events`
    bool has_echo = false;     // some events have an echo()
    core::Position last;       // of its last event
    int64_t last_time_us = 0;  // commit time of its last event
};

std::string event_id(const Event& event);

inline std::string_view Event::json() const {
    return message->text.substr(json_offset, json_length);
}
inline std::string_view Event::line() const {
    return message->text.substr(line_offset, json_offset + json_length - line_offset);
}
inline std::string_view Event::key() const {
    return message->text.substr(key_offset, key_length);
}

inline std::string_view Event::mark_key() const {
    return message->text.substr(mark_key_offset, mark_key_length);
}

}  // namespace gpsync::relay

// One CloudEvent of a batch, as views into the batch's buffers, and the reading of a whole batch.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/position.hpp"

namespace gpsync::emulator {

// The context attributes that mean something here; kExtension stands for any other.
enum Attribute : uint8_t {
    kSpecversion,
    kId,
    kSource,
    kType,
    kSubject,
    kTime,
    kDatacontenttype,
    kDataschema,
    kSequence,
    kPartitionkey,
    kTopic,
    kRequestid,
    kExtension,
    kAttributes = kExtension
};

// Topic: emitted, no change of a row; its data is anything, and its table the topic.
enum class EventType : uint8_t { Inserted, Updated, Deleted, Truncated, Topic };

// A column and its value: the decoded text of a string, the raw text of any other JSON value.
using Part = std::pair<std::string_view, std::string_view>;

struct Event {
    std::array<std::string_view, kAttributes> attributes;  // empty data() where absent
    std::string_view raw;                                  // the event as it was sent

    bool has_data = false;
    std::string_view schema, table;
    std::string_view key_json, row_json, old_json;  // raw objects, empty where absent
    std::vector<Part> key, old;
    std::vector<std::string_view> unchanged;
    int64_t revision = 0;
    bool has_revision = false, has_xid = false;

    // Filled in by check_event().
    EventType type = EventType::Inserted;
    core::Position position;
    int64_t commit_time = 0;  // µs since 1970

    std::string_view operator[](Attribute attribute) const { return attributes[attribute]; }
    void clear();
};

// Why a batch is refused: the event's place in it (or -1) and the reason.
struct Refusal {
    int event = -1;
    std::string reason;
    explicit operator bool() const { return !reason.empty(); }
};

// The events of a request body. Reuse one object for many batches: it keeps its buffers.
class Batch {
  public:
    // Reads and checks a body, which must outlive the events. Gives a refusal, or none.
    Refusal read(std::string_view body);
    const std::vector<Event>& events() const { return events_; }

  private:
    std::string scratch_;  // a copy of the body that strings are decoded in
    std::vector<Event> events_;
};

}  // namespace gpsync::emulator

// What an endpoint has taken: the last state of every key, every event id, and counters. Kept in memory and
// in an append-only file of the events themselves, one a line, from which a restart (also after kill -9)
// reads it back.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "event.hpp"

namespace gpsync::emulator {

struct Counters {
    uint64_t requests = 0;       // POSTs of events, whatever the answer
    uint64_t batches = 0;        // of them taken, wholly or in part
    uint64_t accepted = 0;       // events taken, first deliveries
    uint64_t duplicates = 0;     // events dropped because their id is known
    uint64_t refused = 0;        // batches that broke a rule
    uint64_t rejected = 0;       // events rejected by a fault, one by one
    uint64_t faulted = 0;        // requests that met a fault
    uint64_t largest_batch = 0;  // events in the largest batch taken
};

// What becomes of each event of a batch.
enum class Outcome : uint8_t { Accepted, Duplicate, Rejected };

class Ledger {
  public:
    // Opens or creates the file and reads it back. Throws std::runtime_error.
    explicit Ledger(const std::string& file);

    // Takes a batch: outcomes holds Rejected for the events to leave out, and gets Duplicate where an id is
    // known. A refusal (an event out of its key's order, a key used for another batch) takes nothing.
    // Thread-safe.
    Refusal take(const std::vector<Event>& events, std::string_view idempotency_key,
                 std::vector<Outcome>& outcomes);

    // Counts what take() does not see. Thread-safe.
    void count(uint64_t Counters::*counter, uint64_t n = 1);

    // JSON lines, one a key; of one subject where it is not empty.
    std::string render_ledger(std::string_view subject);
    std::string render_stats(const std::string& name, uint64_t in_progress);
    // The events taken, in the order of arrival, one a line; those that hold a text where it is not empty.
    std::string read_events(std::string_view text);

    // Takes the lock for good, so that the process can exit between two batches.
    void close() { mutex_.lock(); }

  private:
    struct Table {
        std::string schema, name;
        core::Position truncated;  // keys of this table must come later
    };
    struct Entry {
        uint32_t table = 0;
        EventType type = EventType::Inserted;
        bool deleted = true;
        bool has_revision = false;
        uint32_t events = 0;  // taken; 0 for an entry that a refused batch left behind
        int64_t revision = 0;
        core::Position last;     // of the last event taken
        core::Position checked;  // of the last event of the batch being checked
        std::string key, row;
        std::vector<std::string> unchanged;  // columns whose value was never sent
    };
    struct EventId {
        core::Position position;
        int64_t commit_time;
        uint32_t source;
        bool operator==(const EventId&) const = default;
    };
    struct EventIdHash {
        size_t operator()(const EventId& id) const;
    };

    void replay();
    EventId id_of(const Event& event);
    uint32_t table_of(const Event& event);
    Entry& entry_of(std::string_view subject, uint32_t table);
    Refusal check_key(const std::vector<Event>& events, std::string_view idempotency_key);
    bool first_delivery(const Event& event, Refusal& refusal);
    Refusal check_order(const std::vector<Event>& events, std::vector<Outcome>& outcomes);
    void append(const std::vector<Event>& events, const std::vector<Outcome>& outcomes);
    void apply(const Event& event);
    void apply_row(const Event& event, Entry& entry);
    void truncate(const Event& event, uint32_t table);

    std::mutex mutex_;
    int file_ = -1;
    std::string line_buffer_;
    Counters counters_;
    std::vector<Table> tables_;
    std::vector<std::string> sources_;
    std::unordered_map<std::string, Entry> entries_;          // by subject
    std::unordered_map<EventId, uint32_t, EventIdHash> ids_;  // → hash of the subject it stands for
    std::unordered_map<std::string, size_t> keys_used_;       // Idempotency-Key → hash of its batch's ids
};

}  // namespace gpsync::emulator

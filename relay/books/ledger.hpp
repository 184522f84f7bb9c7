// What is on its way, what is settled, and how far that lets the stream's position and the slot move.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "relay/books/dead_letter.hpp"
#include "relay/source/message.hpp"

namespace gpsync::relay {

// An event that every endpoint has taken or refused.
struct SettledEvent {
    const Event* event;
    bool refused;  // by an endpoint at least
};

// What one call of relay_book writes. The events stay valid until Ledger::booked().
struct Booking {
    std::vector<SettledEvent> events;
    std::vector<DeadLetter> dead_letters;
    std::optional<core::Position> position;  // where the settled prefix now ends, if it moved
    int64_t commit_time_us = 0;              // of the event there
    uint64_t confirmed_lsn = 0;              // up to where the slot may be confirmed once this is booked

    bool empty() const { return events.empty() && dead_letters.empty() && !position; }
};

// Keeps the messages in stream order. An event is settled once every endpoint has taken or refused it;
// settled events are handed to bookings in the order they settle, while the position follows the longest
// prefix of the stream that bookings have. The slot may be confirmed up to the end of the last
// transaction all of whose events are durably booked.
class Ledger {
  public:
    explicit Ledger(uint16_t endpoints) : endpoints_(endpoints) {}

    // Takes a message, next in stream order. Gives it back for its events to be delivered; nullptr when it
    // has none, since then it may be gone already.
    Message* add(std::unique_ptr<Message> message);
    // Everything that committed before lsn has been sent (a keepalive says so).
    void note_keepalive(uint64_t lsn);

    // One endpoint is through with the event: took it, or refused it for good.
    void settle(const Event& event, bool refused);
    void add_dead_letter(DeadLetter letter) { dead_letters_.push_back(std::move(letter)); }

    // Something that a booking would write.
    bool has_booking() const { return !settled_.empty() || !dead_letters_.empty(); }
    // The next booking, of at most max_events. REQUIRES: the one before was given to booked().
    Booking take_booking(size_t max_events);
    // The booking is durable. Its events are gone afterwards.
    void booked(const Booking& booking);

    // Up to where the slot may be confirmed; 0 before anything is.
    uint64_t confirmed_lsn() const { return confirmed_lsn_; }
    // Nothing is on its way and nothing waits to be booked.
    bool empty() const { return entries_.empty(); }
    // Bytes held, and events not yet booked.
    size_t bytes() const { return bytes_; }
    size_t events() const { return events_; }
    // Commit time of the first event that no booking has yet.
    std::optional<int64_t> oldest_unsettled_us() const;

  private:
    struct EventState {
        uint16_t pending = 0;  // endpoints it is not settled at yet
        bool refused = false;
        bool in_booking = false;
    };
    // A message, until it is at the front and all its events are durably booked.
    struct Entry {
        std::unique_ptr<Message> message;
        std::vector<EventState> states;  // one for each of its events
        uint64_t end_lsn = 0;            // the message's, or what a keepalive said comes after it
        uint32_t unclaimed = 0;          // events that no booking has
        uint32_t unbooked = 0;           // events whose booking is not durable
        uint32_t first = 0;              // the first event that no booking has is here or later
        bool covered = false;            // by the position from the start: it has no events
        size_t cost = 0;                 // bytes that its buffer and events take
    };

    Entry& entry_of(const Event& event) { return entries_[event.message->number - first_number_]; }
    static EventState& state_of(Entry& entry, const Event& event) {
        return entry.states[static_cast<size_t>(&event - entry.message->events.data())];
    }
    void advance(Booking* booking);
    void pop_durable();
    void release(Entry& entry);

    const uint16_t endpoints_;
    std::deque<Entry> entries_;
    uint64_t first_number_ = 0;  // of the message in the first entry
    size_t passed_ = 0;          // entries at the front all of whose events bookings have
    std::vector<SettledEvent> settled_;
    std::vector<DeadLetter> dead_letters_;
    uint64_t confirmed_lsn_ = 0;
    bool in_transaction_ = false;  // the last message was not the last of its transaction
    size_t bytes_ = 0;
    size_t events_ = 0;
};

}  // namespace gpsync::relay

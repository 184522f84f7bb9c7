// What is on its way, what is settled, and how far that lets the stream's position and the slot move.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "relay/books/booking.hpp"
#include "relay/source/endpoint_set.hpp"

namespace gpsync::relay {

// Which endpoints an event is for.
struct Audience {
    EndpointSet pending = 0;  // it is to be delivered to these
    EndpointSet spooled = 0;  // it waits in the spool for these
    EndpointSet held = 0;     // these hold it, or held it: it was theirs to take from the books
};

// Keeps the messages of one reading of the stream, in its order. An event is settled here once every endpoint
// of its audience has taken or refused it, or it is in the spool for it. Settled events are handed to
// bookings in the order they settle, while the position follows the longest prefix of the stream that
// bookings have. The slot may be confirmed up to the end of the last transaction all of whose events are
// durably booked.
class Ledger : public BookingSource {
  public:
    // Whether a settled event is through at every endpoint, those included that get it from elsewhere: from
    // the spool, or from what they hold.
    using Complete = std::function<bool(const Event&, EndpointSet elsewhere)>;

    // start: the place before the first message.
    explicit Ledger(size_t endpoints, core::Position start = {}, Complete complete = {})
        : everybody_(all_of(endpoints)),
          complete_(std::move(complete)),
          passed_at_(endpoints),
          popped_(start),
          last_(start) {}

    // Takes a message, next in stream order. Gives it back for its events to be delivered; nullptr when it
    // has none, since then it may be gone already.
    Message* add(std::unique_ptr<Message> message) { return add(std::move(message), nullptr); }
    using AudienceOf = std::function<Audience(const Event&)>;
    Message* add(std::unique_ptr<Message> message, const AudienceOf& audience);
    // Everything that committed before lsn has been sent (a keepalive says so).
    void note_keepalive(uint64_t lsn);

    // One endpoint is through with the event: took it, or refused it for good.
    void settle(uint16_t endpoint, const Event& event, bool refused);
    // The endpoint holds the event.
    void note_held(uint16_t endpoint, const Event& event);
    void add_dead_letter(DeadLetter letter) { dead_letters_.push_back(std::move(letter)); }
    // Up to that place everything is in the spool: what these endpoints have not settled waits for them
    // there.
    void note_spooled(const core::Position& end, EndpointSet endpoints);

    bool has_booking() const override { return !settled_.empty() || !dead_letters_.empty(); }
    Booking take_booking(size_t max_events) override;
    void booked(const Booking& booking) override;

    // Up to where the slot may be confirmed; 0 before anything is.
    uint64_t confirmed_lsn() const { return confirmed_lsn_; }
    // Nothing is on its way and nothing waits to be booked.
    bool empty() const { return entries_.empty(); }
    // Bytes held, and events not yet booked.
    size_t bytes() const { return bytes_; }
    size_t events() const { return events_; }
    // Commit time of the first event that no booking has yet.
    std::optional<int64_t> oldest_unsettled_us() const;

    // The audience that the event at a place has left; nothing when there is no such event, or no longer.
    std::optional<Audience> audience_at(const core::Position& position) const;
    // The end of the longest prefix without an event that is pending at the endpoint; the place before all
    // that was added where that is empty.
    core::Position settled_up_to(uint16_t endpoint);
    // Nothing is pending at the endpoint.
    bool idle_at(uint16_t endpoint);
    // An event of the oldest message is pending at the endpoint.
    bool holds_front(uint16_t endpoint);

    // The events that are not booked and lie behind a place, in stream order: f(event, audience left, whether
    // an endpoint has refused it).
    template <typename F>
    void for_each_behind(const core::Position& position, F&& f);
    // Whether an event that is held lies behind a place.
    bool has_behind(const core::Position& position) const;
    // What was settled at the endpoint before an earlier event was.
    std::vector<core::Position> settled_ahead(uint16_t endpoint);
    // The place of the last message that was added, and of the last one that is booked with all before it.
    const core::Position& last() const { return last_; }
    const core::Position& left() const { return popped_; }

  private:
    struct EventState {
        Audience audience;
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
    // How far an endpoint's prefix is known to go.
    struct Prefix {
        uint64_t number = 0;  // of the message it ends in
        size_t event = 0;     // the first event of it that was not passed yet
    };

    Entry& entry_of(const Event& event) { return entries_[event.message->number - first_number_]; }
    static EventState& state_of(Entry& entry, const Event& event) {
        return entry.states[static_cast<size_t>(&event - entry.message->events.data())];
    }
    void fill_states(Entry& entry, const AudienceOf& audience);
    void settle_if_through(EventState& state, const Event& event);
    size_t entry_at(const core::Position& position) const;
    Prefix& follow_prefix(uint16_t endpoint);
    void advance(Booking* booking);
    void pop_durable();
    void release(Entry& entry);

    const EndpointSet everybody_;
    const Complete complete_;
    std::deque<Entry> entries_;
    uint64_t first_number_ = 0;  // of the message in the first entry
    size_t passed_ = 0;          // entries at the front all of whose events bookings have
    std::vector<SettledEvent> settled_;
    std::vector<DeadLetter> dead_letters_;
    std::vector<Prefix> passed_at_;  // by endpoint
    core::Position popped_, last_;   // the last event that has left, and that was added
    uint64_t confirmed_lsn_ = 0;
    bool in_transaction_ = false;  // the last message was not the last of its transaction
    size_t bytes_ = 0;
    size_t events_ = 0;
};

template <typename F>
void Ledger::for_each_behind(const core::Position& position, F&& f) {
    for (size_t i = entry_at(position); i < entries_.size(); ++i) {
        Entry& entry = entries_[i];
        for (size_t e = 0; e < entry.states.size(); ++e) {
            Event& event = entry.message->events[e];
            const EventState& state = entry.states[e];
            if (event.position > position) f(event, state.audience, state.refused);
        }
    }
}

}  // namespace gpsync::relay

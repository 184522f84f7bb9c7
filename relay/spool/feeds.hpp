// Which endpoint is fed from what: decides who falls behind and who comes back, and when an event is through
// at every endpoint, so that its row is marked. docs/design.md, "The spool".
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relay/books/cursors.hpp"
#include "relay/books/ledger.hpp"
#include "relay/delivery/endpoint.hpp"
#include "relay/source/echo_lists.hpp"
#include "relay/source/event_parser.hpp"
#include "relay/spool/endpoint_feed.hpp"
#include "relay/spool/held_state.hpp"
#include "relay/spool/spool_state.hpp"

namespace gpsync::relay {

class Feeds : public BookingSource {
  public:
    // start: up to here everything is settled or spooled. skip_changes: sequences that an operator skips,
    // separated by commas. books: what they say of the spool.
    Feeds(size_t endpoints, const core::Position& start, std::string_view skip_changes, SpoolState books,
          RelationTable& relations);
    // The endpoints and what they are configured with, in the same order. Those that were behind when the
    // relay ended are again. held: what they hold, and what was discarded there.
    void begin(const std::vector<std::unique_ptr<Endpoint>>& endpoints,
               const std::vector<EndpointConfig>& configs, const std::vector<HeldState>& held);

    // Finds the events of a message of the stream, next in its order; then it is added.
    void parse(Message& message) {
        parse_events(message, relations_, shapes_, start_);
        note_echo(message);
    }
    // Finds who is not to get the events of a message that was read otherwise.
    void note_echo(Message& message) { echo_.resolve(message); }
    void add(std::unique_ptr<Message> message);
    void settle(const Endpoint& endpoint, const Event& event, const Settlement& settlement);
    // An event that an endpoint held, the only one of its message, was tried once more.
    void note_tried(const EndpointFeed& feed, const Event& event, const Settlement& settlement);
    // It is through: taken or refused, and not held any more. refused_before: by another endpoint.
    void settle_held(const EndpointFeed& feed, std::unique_ptr<Message> message, const Settlement& settlement,
                     bool refused_before);
    // It is not delivered: an operator has discarded it. Its row counts as refused.
    void discard_held(const EndpointFeed& feed, std::unique_ptr<Message> message);
    // Changes of what is held that no booking has.
    size_t unbooked_held() const { return held_changes_.size(); }
    // Lets endpoints fall behind and come back, as far as that is due. memory_full: the stream is not read
    // further, since an endpoint does not take what is in memory. retains_much: and the slot keeps much WAL.
    void follow(bool memory_full, bool retains_much);
    // Everything is booked that an orderly end can book: with the next booking the books get every cursor.
    void write_all_cursors() { cursors_due_ = everyone_ = true; }

    Ledger& ledger() { return ledger_; }
    const Ledger& ledger() const { return ledger_; }
    // Events and bytes in memory, also of what was read from the spool.
    size_t events() const;
    size_t bytes() const;

    std::vector<EndpointFeed>& all() { return feeds_; }

    // --- for whoever writes and reads the spool ---
    bool anyone_behind() const;
    // Somebody does not get what the stream sends from memory.
    bool anyone_spools() const;
    // Segments may be emptied: somebody has come back, or has passed much.
    bool take_trim_request();
    void request_trim() { trim_due_ = true; }
    // Why nothing may be spooled now; empty when it may.
    std::string limit_reached() const;
    bool is_at_limit(const std::string& endpoint) const;
    const core::Position& spool_end() const { return spool_end_; }
    void note_spooled(const core::Position& end, int64_t bytes);
    // The endpoint that reads next; nullptr when none has anything to read.
    EndpointFeed* next_reader();
    // A pack that was read for it. refused: sequences of events that are dead letters, separated by commas.
    void take_in(EndpointFeed& feed, std::string_view lines, std::string_view refused);

    bool has_booking() const override;
    Booking take_booking(size_t max_events) override;
    void booked(const Booking& booking) override;

  private:
    using State = EndpointFeed::State;

    void begin_held(EndpointFeed& feed, const std::vector<HeldState>& held);
    EndpointFeed& feed_of(const Endpoint& endpoint);
    void end_held(const EndpointFeed& feed, std::unique_ptr<Message> message, bool refused);
    void hold(const EndpointFeed& feed, Ledger& ledger, const Event& event, const Settlement& settlement);
    DeadLetter letter_of(const EndpointFeed& feed, const Event& event, const Settlement& settlement);
    Audience audience_of(const Event& event) const;
    bool is_through(uint16_t endpoint, const core::Position& position) const;
    bool is_complete(uint16_t settled_at, const Event& event, EndpointSet elsewhere) const;
    bool should_fall_behind(EndpointFeed& feed, bool memory_full, bool retains_much);
    void fall_behind(EndpointFeed& feed);
    bool is_booking(const EndpointFeed& feed) const;
    bool may_join(const EndpointFeed& feed);
    void join(EndpointFeed& feed);
    void forget_refused();
    void add_cursors(Booking& booking);
    void add_held(Booking& booking);

    const core::Position start_;
    const SpoolState books_;
    RelationTable& relations_;
    KeyShapes shapes_;
    EchoLists echo_;
    Ledger ledger_;  // of what the stream sends
    std::vector<EndpointFeed> feeds_;
    core::Position spool_end_;
    core::Position known_until_;  // beyond it the books had no endpoint when the relay began
    std::set<core::Position> skipped_, refused_;
    size_t last_reader_ = 0;
    // What became of events that endpoints hold, and is not in a booking.
    std::vector<HeldChange> held_changes_;
    std::vector<SettledEvent> held_settled_;
    std::vector<std::unique_ptr<Message>> held_messages_;
    // Of the booking under way.
    std::vector<std::unique_ptr<Message>> held_booking_;
    Booking from_stream_;
    std::vector<Booking> from_spool_;
    std::vector<Cursor> booking_cursors_, booked_cursors_;
    int64_t passed_bytes_ = 0;  // since segments were emptied last
    bool cursors_due_ = false, everyone_ = false, trim_due_ = false;
};

}  // namespace gpsync::relay

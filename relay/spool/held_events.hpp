// Events that their endpoint holds: each is tried again when it is due, in the order of its keys.
// docs/design.md, "Held keys".
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/books/call_queue.hpp"
#include "relay/delivery/settlement.hpp"
#include "relay/spool/feeds.hpp"

namespace gpsync::relay {

// Fetches them from the books and offers each to its endpoint alone. What is not settled in the books is
// fetched again, so whatever happens to the relay it is repeated at worst.
class HeldEvents : public CallQueue::Client {
  public:
    HeldEvents(EventLoop& loop, CallQueue& queue, const std::string& stream, Feeds& feeds,
               RelationTable& relations);

    // Looks for what is due.
    void follow();
    // Operators have asked something about held events: the books have it.
    void request();
    // An endpoint has answered for an event whose message is from here, or has not sent it.
    void settle(const Event& event, const Settlement& settlement);
    // Fetches nothing more.
    void finish() { finishing_ = true; }
    // Bytes of events in memory.
    size_t bytes() const;

    bool has_call() override;
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    void failed(const PgError& error) override;
    void stop() override;

  private:
    struct Sent {
        EndpointFeed* feed = nullptr;
        std::unique_ptr<Message> message;  // with the event
        uint64_t generation = 0;           // of the endpoint when the event was offered
        bool refused = false;              // another endpoint has refused it
    };
    struct Wanted {
        EndpointFeed* feed = nullptr;
        core::Position position;
    };

    bool may_get_held(const EndpointFeed& feed) const;
    bool is_served(const EndpointFeed& feed) const;
    void take_back_given_back();
    bool has_due() const;
    int send_fetch(PGconn* connection);
    void take_in(const PGresult* result);
    void take_in_requests(const PGresult* result);
    void take_in_event(const PGresult* result, int row);
    std::unique_ptr<Message> read_message(const PGresult* result, int row);
    EndpointFeed* feed_named(std::string_view name);

    CallQueue& queue_;
    const std::string stream_;
    Feeds& feeds_;
    RelationTable& relations_;
    Timer due_, retry_;
    std::vector<Sent> sent_;      // endpoints have pointers to their events
    std::vector<Wanted> wanted_;  // of the call under way
    bool request_due_ = false;    // to ask what operators want
    bool requesting_ = false;     // the call under way does
    bool finishing_ = false;
    int failures_ = 0;
};

}  // namespace gpsync::relay

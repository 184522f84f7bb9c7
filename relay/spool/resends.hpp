// Dead letters that go to their endpoint once more, as they were. docs/design.md, "Dead letters that go as
// they were".
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/books/call_queue.hpp"
#include "relay/delivery/settlement.hpp"
#include "relay/spool/feeds.hpp"

namespace gpsync::relay {

// Fetches the letters, offers each to its endpoint alone, and writes back what became of it. A letter that is
// not settled in the books is fetched again, so whatever happens to the relay it is repeated at worst.
class Resends : public CallQueue::Client {
  public:
    // settled: the books have what became of letters.
    Resends(EventLoop& loop, CallQueue& queue, const std::string& stream, Feeds& feeds,
            RelationTable& relations, std::function<void()> settled);

    // The books have letters to be sent.
    void request();
    // An endpoint took or refused an event whose message is from a dead letter. Its memory stays for now.
    void settle(const Event& event, const Settlement& settlement);
    // Fetches nothing more. What is settled is still written.
    void finish() { finishing_ = true; }
    // Bytes of letters in memory.
    size_t bytes() const;

    bool has_call() override;
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    void failed(const PgError& error) override;
    void stop() override { retry_.stop(); }

  private:
    struct Letter {
        EndpointFeed* feed = nullptr;
        std::string event_id;
        std::unique_ptr<Message> message;  // with the letter's event
        uint64_t generation = 0;           // of the endpoint when the event was offered
        const char* outcome = nullptr;     // as relay_resend_settle() calls it, once that is known
        Settlement settlement;
    };

    bool may_get_letters(const EndpointFeed& feed) const;
    // It has letters on their way.
    bool is_served(const EndpointFeed& feed) const;
    void forget_given_back();
    int send_fetch(PGconn* connection);
    int send_settle(PGconn* connection);
    void take_in(const PGresult* result);
    // Nothing where the payload is no event: the letter is refused then.
    std::optional<Letter> read_letter(const PGresult* result, int row);
    void offer(Letter letter);
    void note_outcome(Letter letter, const char* outcome);
    static std::string results_json(const std::vector<Letter>& letters);

    CallQueue& queue_;
    const std::string stream_;
    Feeds& feeds_;
    RelationTable& relations_;
    const std::function<void()> settled_callback_;
    Timer retry_;
    std::vector<Letter> offered_;   // endpoints have pointers to their events
    std::vector<Letter> settled_;   // to be written
    std::vector<Letter> settling_;  // of the call under way
    bool due_ = false;
    bool finishing_ = false;
    int failures_ = 0;
};

}  // namespace gpsync::relay

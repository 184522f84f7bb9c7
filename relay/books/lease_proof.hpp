// Asks the server whether this session still has the stream: another relay may have it after a sleep, or a
// time without the server. The question is a sign of life, too, by which relays that stand by know that this
// one runs.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "relay/books/call_queue.hpp"

namespace gpsync::relay {

// So often it is asked. Once a second is left for an answer: after that the relay sends nothing until there
// is one. Nobody else takes the stream before kLeaseEnds, by the server's clock, after the last call began.
inline constexpr std::chrono::milliseconds kLeaseInterval{250}, kLeaseHolds{1000}, kLeaseEnds{1200};

class LeaseProof : public CallQueue::Client {
  public:
    // answered: gets whether the session has the stream, and the number that was given with the request.
    LeaseProof(const std::string& stream, std::function<void(bool held, uint64_t number)> answered)
        : stream_(stream), answered_(std::move(answered)) {}

    // Asks, unless a question of that number waits or is under way.
    void request(uint64_t number);

    bool has_call() override { return due_; }
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    // Whoever needs the proof asks again.
    void failed(const PgError& error) override;
    void stop() override { due_ = false; }

  private:
    const std::string stream_;
    const std::function<void(bool, uint64_t)> answered_;
    bool due_ = false;
    uint64_t wanted_ = 0;
    std::optional<uint64_t> asked_;  // the question under way
};

}  // namespace gpsync::relay

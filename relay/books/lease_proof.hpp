// Asks the server whether this session still has the stream: after a sleep another relay may have it.
#pragma once

#include <functional>
#include <string>

#include "relay/books/call_queue.hpp"

namespace gpsync::relay {

class LeaseProof : public CallQueue::Client {
  public:
    // answered: gets whether the session has the stream, and the number that was given with the request.
    LeaseProof(const std::string& stream, std::function<void(bool held, uint64_t number)> answered)
        : stream_(stream), answered_(std::move(answered)) {}

    // Answers whether this asks for something that is not on its way already.
    bool request(uint64_t number);

    bool has_call() override { return due_; }
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    // Whoever needs the proof asks again.
    void failed(const PgError& error) override;
    void stop() override {}

  private:
    const std::string stream_;
    const std::function<void(bool, uint64_t)> answered_;
    bool due_ = false;
    uint64_t wanted_ = 0, asked_ = 0;
};

}  // namespace gpsync::relay

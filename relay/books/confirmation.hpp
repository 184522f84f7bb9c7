// Up to where the slot may be confirmed. The books must say so first, durably: each booking does, and where
// there is nothing to book, a call of relay_confirm().
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "relay/base/event_loop.hpp"
#include "relay/books/call_queue.hpp"
#include "relay/books/ledger.hpp"

namespace gpsync::relay {

class Confirmation : public CallQueue::Client {
  public:
    // confirmed: called when a call of its own has moved lsn().
    Confirmation(EventLoop& loop, CallQueue& queue, const std::string& stream, const Ledger& ledger,
                 std::function<void()> confirmed);

    uint64_t lsn() const { return lsn_; }
    // A booking that says so is durable.
    void note_booked(uint64_t lsn);
    // The ledger's confirmed_lsn() may have moved.
    void note_ledger();

    bool has_call() override;
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    void failed(const PgError& error) override;
    void stop() override { timer_.stop(); }

  private:
    CallQueue& queue_;
    const std::string stream_;
    const Ledger& ledger_;
    const std::function<void()> confirmed_;
    Timer timer_;
    bool due_ = false, soon_ = false;
    std::chrono::steady_clock::time_point written_{};  // when the books said lsn_
    uint64_t lsn_ = 0;                                 // what the books say
    uint64_t calling_ = 0;                             // what the call under way writes into them
    uint64_t own_wal_end_ = 0;  // up to here the WAL beyond lsn_ is only what its booking wrote
};

}  // namespace gpsync::relay

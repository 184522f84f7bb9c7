// Up to where a slot that is synchronised to standbys may be confirmed: never ahead of the books that they
// have.
//
// The server sends of such a slot only what the standbys of synchronized_standby_slots have flushed. So once
// it has sent the stream beyond the end of the commit that booked a position, the standbys have that booking,
// and the position may be confirmed. A standby takes over a slot's position only after that, so whichever
// position it is promoted with, it has the books for all that lies before.
#pragma once

#include <functional>
#include <optional>

#include "relay/books/call_queue.hpp"

namespace gpsync::relay {

class StandbyBound : public CallQueue::Client {
  public:
    // enabled: the slot is synchronised; else what is booked is the bound. moved: called when lsn() has moved
    // some time after the booking.
    StandbyBound(CallQueue& queue, bool enabled, std::function<void()> moved)
        : queue_(queue), enabled_(enabled), moved_(std::move(moved)) {}

    uint64_t lsn() const { return lsn_; }
    // The books say so, durably.
    void note_booked(uint64_t lsn);
    // The server has sent the stream up to there.
    void note_received(uint64_t lsn);

    bool has_call() override { return due_; }
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    void failed(const PgError& error) override;
    void stop() override { due_ = false; }

  private:
    // A position, and where the commit that booked it has ended for sure.
    struct Booked {
        uint64_t lsn = 0, committed_before = 0;
    };
    void follow();

    CallQueue& queue_;
    const bool enabled_;
    const std::function<void()> moved_;
    uint64_t booked_ = 0, received_ = 0;
    uint64_t lsn_ = 0;
    bool due_ = false;
    std::optional<Booked> waits_;  // for the server to send so much; without committed_before, for its answer
};

}  // namespace gpsync::relay

// Books what is settled: the marks of rows, the position, the dead letters.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "relay/base/event_loop.hpp"
#include "relay/books/booking.hpp"
#include "relay/books/call_queue.hpp"
#include "relay/books/cursors.hpp"
#include "relay/observe/metrics.hpp"
#include "relay/source/relation_table.hpp"

namespace gpsync::relay {

class Bookings : public CallQueue::Client {
  public:
    // A booking is durable: up to where it lets the slot be confirmed (0: it says nothing of that), and how
    // many of its marks are deferred.
    using Booked = std::function<void(uint64_t confirmed_lsn, int64_t deferred)>;

    // with_marks: false leaves the marks out.
    Bookings(EventLoop& loop, CallQueue& queue, const std::string& stream, const EndpointNames& endpoints,
             bool with_marks, BookingSource& source, const RelationTable& relations, Metrics& metrics,
             Booked booked);

    // Waits before it tries again.
    bool waits() const { return retry_.active(); }
    bool idle() const { return !booking_ && !source_.has_booking(); }

    bool has_call() override { return !waits() && !idle(); }
    int send(PGconn* connection) override;
    void succeeded(const PGresult* result) override;
    void failed(const PgError& error) override;
    void stop() override { retry_.stop(); }

  private:
    const std::string stream_;
    const EndpointNames endpoints_;
    const bool with_marks_;
    BookingSource& source_;
    const RelationTable& relations_;
    Metrics& metrics_;
    const Booked booked_;
    Timer retry_;
    std::optional<Booking> booking_;  // taken from the source, not durable yet
    int failures_ = 0;                // of this booking, in a row
    std::chrono::steady_clock::time_point started_;
};

}  // namespace gpsync::relay

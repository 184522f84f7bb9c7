#include "relay/books/bookings.hpp"

#include <utility>

#include "core/backoff.hpp"
#include "relay/books/book_call.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;

// Rows of one call: enough for its fixed cost to vanish, few enough to keep the next ones from waiting long.
constexpr size_t kMaxRows = 4096;
constexpr core::Backoff kRetry{milliseconds{250}, milliseconds{30000}};
// A deadlock or serialization failure goes away by itself.
constexpr int kRetriesAtOnce = 3;

}  // namespace

Bookings::Bookings(EventLoop& loop, CallQueue& queue, const std::string& stream,
                   const EndpointNames& endpoints, bool with_marks, BookingSource& source,
                   const RelationTable& relations, Metrics& metrics, Booked booked)
    : stream_(stream),
      endpoints_(endpoints),
      with_marks_(with_marks),
      source_(source),
      relations_(relations),
      metrics_(metrics),
      booked_(std::move(booked)),
      retry_(loop, [&queue] { queue.run_next(); }) {
    queue.connection().command(kPrepareBook);
}

int Bookings::send(PGconn* connection) {
    if (!booking_) booking_ = source_.take_booking(kMaxRows);
    started_ = std::chrono::steady_clock::now();
    const BookCall call(stream_, endpoints_, *booking_, relations_, with_marks_);
    return PQsendQueryPrepared(connection, kBookStatement, BookCall::kParameters, call.values().data(),
                               call.lengths().data(), call.formats().data(), 0);
}

void Bookings::succeeded(const PGresult* result) {
    failures_ = 0;
    const int64_t deferred = number_in(result, 1);
    metrics_.marked_rows.Increment(static_cast<double>(number_in(result, 0)));
    metrics_.superseded_marks.Increment(static_cast<double>(number_in(result, 2)));
    metrics_.deferred_marks.Increment(static_cast<double>(deferred));
    metrics_.booked_events.Increment(static_cast<double>(booking_->events.size()));
    metrics_.booking_seconds.Observe(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count());
    const uint64_t confirmed_lsn = booking_->position ? booking_->confirmed_lsn : 0;
    source_.booked(*booking_);
    booking_.reset();
    booked_(confirmed_lsn, deferred);
}

void Bookings::failed(const PgError& error) {
    log_failed_call("booking failed, will be tried again", error);
    const bool at_once = error.in_class("40") && failures_ < kRetriesAtOnce;
    ++failures_;
    if (!at_once) retry_.start(kRetry.wait(failures_));
}

}  // namespace gpsync::relay

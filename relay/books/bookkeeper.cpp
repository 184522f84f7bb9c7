#include "relay/books/bookkeeper.hpp"

#include <utility>

namespace gpsync::relay {

namespace {

// What is booked must be durable before the slot is confirmed; of the levels at which it is, the
// administrator chooses.
PgConnection made_durable(PgConnection connection) {
    PgResult level = connection.query("SHOW synchronous_commit");
    if (value(level.get(), 0, 0) == "off") connection.query("SET synchronous_commit = on");
    return connection;
}

}  // namespace

Bookkeeper::Bookkeeper(EventLoop& loop, PgConnection connection, const std::string& stream,
                       const EndpointNames& endpoints, bool bookkeeping, BookingSource& source,
                       const Ledger& ledger, const RelationTable& relations, Metrics& metrics,
                       bool synchronised, Handler& handler)
    : handler_(handler),
      queue_(loop, made_durable(std::move(connection)), *this),
      lease_(stream, [this](bool held, uint64_t number) { handler_.on_lease(held, number); }),
      reports_(
          stream, [this] { return handler_.make_report(); },
          [this](const std::string& json) { handler_.on_report_answer(json); }),
      deferred_marks_(loop, queue_, stream, metrics),
      bookings_(loop, queue_, stream, endpoints, bookkeeping, source, relations, metrics,
                [this](uint64_t confirmed_lsn, int64_t deferred) { note_booked(confirmed_lsn, deferred); }),
      standby_bound_(queue_, synchronised, [this] { handler_.on_confirmable(); }),
      confirmation_(loop, queue_, stream, ledger, [this] { note_confirmed(); }) {
    // The rare ones first: bookings can follow each other without end.
    queue_.add(lease_);
    queue_.add(reports_);
    queue_.add(deferred_marks_);
    // While the spool is read bookings say nothing of the slot, and what they write would be kept for it.
    queue_.add(confirmation_);
    queue_.add(standby_bound_);
    queue_.add(bookings_);
}

void Bookkeeper::kick() {
    if (!bookings_.waits()) queue_.run_next();
}

void Bookkeeper::request_report() {
    reports_.request();
    queue_.run_next();
}

void Bookkeeper::prove_lease(uint64_t number) {
    lease_.request(number);
    queue_.run_next();
}

void Bookkeeper::note_booked(uint64_t confirmed_lsn, int64_t deferred) {
    if (deferred > 0) deferred_marks_.note_deferred(deferred);
    confirmation_.note_booked(confirmed_lsn);
    standby_bound_.note_booked(confirmation_.lsn());
    handler_.on_booked();
    confirmation_.note_ledger();
}

void Bookkeeper::note_confirmed() {
    standby_bound_.note_booked(confirmation_.lsn());
    handler_.on_confirmable();
}

}  // namespace gpsync::relay

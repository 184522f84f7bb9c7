// Writes back what became of the events: the calls of the extension on the connection that has acquired the
// stream.
#pragma once

#include <string>

#include "relay/books/bookings.hpp"
#include "relay/books/call_queue.hpp"
#include "relay/books/confirmation.hpp"
#include "relay/books/deferred_marks.hpp"
#include "relay/books/lease_proof.hpp"
#include "relay/books/ledger.hpp"
#include "relay/books/reports.hpp"
#include "relay/books/standby_bound.hpp"

namespace gpsync::relay {

class Bookkeeper : CallQueue::Listener {
  public:
    struct Handler {
        virtual ~Handler() = default;
        virtual void on_booked() = 0;
        // confirmed_lsn() has moved without a booking.
        virtual void on_confirmable() = 0;
        // The text of the next report for relay_report().
        virtual std::string make_report() = 0;
        virtual void on_report_answer(const std::string& json) = 0;
        // What prove_lease() asked for: whether the session still has the stream.
        virtual void on_lease(bool held, uint64_t number) = 0;
        // A call failed; the booking is kept and tried again unless the handler closes the bookkeeper.
        virtual void on_call_failed(const PgError& error) = 0;
        virtual void on_connection_lost(const PgError& error) = 0;
    };

    // The connection has acquired the stream. Throws PgError and Stopped.
    // source: what is booked; ledger: of what the stream sends; synchronised: the slot is, to standbys.
    Bookkeeper(EventLoop& loop, PgConnection connection, const std::string& stream,
               const EndpointNames& endpoints, bool bookkeeping, BookingSource& source, const Ledger& ledger,
               const RelationTable& relations, Metrics& metrics, bool synchronised, Handler& handler);

    // For calls of others on the same connection; they go before bookings, which can follow each other
    // without end.
    void add_client(CallQueue::Client& client) { queue_.add_before(bookings_, client); }
    CallQueue& queue() { return queue_; }

    // Something may be there to book.
    void kick();
    void request_report();
    // Asks the server whether this session still has the stream. number: comes back with the answer.
    void prove_lease(uint64_t number);
    // The server has answered, so that no other relay can have the stream yet.
    bool lease_holds() const { return queue_.heard_within(kLeaseHolds); }
    bool ever_heard() const { return queue_.ever_heard(); }
    // The ledger's confirmed_lsn() may have moved: what is not in the books yet is written there.
    void note_confirmable() { confirmation_.note_ledger(); }
    // The server has sent the stream up to there.
    void note_received(uint64_t lsn) { standby_bound_.note_received(lsn); }
    // Up to where the slot may be confirmed: the books say so, durably, and those of its standbys too.
    uint64_t confirmed_lsn() const { return standby_bound_.lsn(); }
    // Marks were deferred a moment ago and may well succeed in the next.
    bool marks_may_follow() const { return !queue_.closed() && deferred_marks_.may_follow(); }
    // Nothing is under way and nothing waits to be booked.
    bool idle() const { return queue_.closed() || (!queue_.busy() && bookings_.idle()); }

  private:
    void on_call_failed(const PgError& error) override { handler_.on_call_failed(error); }
    void on_connection_lost(const PgError& error) override { handler_.on_connection_lost(error); }
    void note_booked(uint64_t confirmed_lsn, int64_t deferred);
    void note_confirmed();

    Handler& handler_;
    CallQueue queue_;
    LeaseProof lease_;
    Reports reports_;
    DeferredMarks deferred_marks_;
    Bookings bookings_;
    StandbyBound standby_bound_;
    Confirmation confirmation_;
};

}  // namespace gpsync::relay

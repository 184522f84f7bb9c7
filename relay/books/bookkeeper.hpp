// Writes back what became of the events, on the loop: one call at a time, the next as soon as it is durable.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/backoff.hpp"
#include "relay/base/event_loop.hpp"
#include "relay/books/book_call.hpp"
#include "relay/books/ledger.hpp"
#include "relay/observe/metrics.hpp"
#include "relay/postgres/pg_connection.hpp"

namespace gpsync::relay {

class Bookkeeper {
  public:
    struct Handler {
        virtual ~Handler() = default;
        virtual void on_booked() = 0;
        // confirmed_lsn() has moved without a booking.
        virtual void on_confirmable() = 0;
        // The text of the next report for relay_report().
        virtual std::string make_report() = 0;
        virtual void on_report_answer(const std::string& json) = 0;
        // A call failed; the booking is kept and tried again unless the handler closes the bookkeeper.
        virtual void on_call_failed(const PgError& error) = 0;
        virtual void on_connection_lost(const PgError& error) = 0;
    };

    // The connection has acquired the stream. Throws PgError and Stopped.
    Bookkeeper(EventLoop& loop, PgConnection connection, const std::string& stream, bool bookkeeping,
               Ledger& ledger, const RelationTable& relations, Metrics& metrics, Handler& handler);

    // Something may be there to book.
    void kick();
    void request_report();
    // The ledger's confirmed_lsn() may have moved: what is not in the books yet is written there.
    void note_confirmable();
    // Up to where the slot may be confirmed: the books say so, durably.
    uint64_t confirmed_lsn() const { return confirmed_; }
    // Marks were deferred a moment ago and may well succeed in the next: a row is often only locked because
    // the transaction that wrote it has its commit in the WAL, but not let go of its locks yet.
    bool marks_may_follow() const;
    // Nothing is under way and nothing waits to be booked.
    bool idle() const { return closed_ || (work_ == Work::none && !booking_ && !ledger_.has_booking()); }
    // Sends nothing any more.
    void close();

  private:
    enum class Work { none, booking, deferred, report, confirm };

    void start_next();
    void send_booking();
    void send_deferred();
    void send_report();
    void send_confirm();
    void sent(int ok, Work work);
    void ready(int events);
    void finish();
    void succeeded(Work work, const PGresult* result);
    void note_booked(const PGresult* result);
    void note_confirmed(const PGresult* result);
    void note_deferred_left(int64_t left);
    void failed(Work work, const PgError& error);
    void lose(const PgError& error);
    void watch(bool for_write);

    PgConnection connection_;
    const std::string stream_;
    const bool bookkeeping_;
    Ledger& ledger_;
    const RelationTable& relations_;
    Metrics& metrics_;
    Handler& handler_;
    SocketWatch socket_;
    Timer retry_, deferred_retry_, confirm_;

    Work work_ = Work::none;
    std::optional<Booking> booking_;  // taken from the ledger, not durable yet
    bool report_due_ = false;
    bool deferred_due_ = true;  // marks of an earlier life may be left
    int64_t deferred_left_ = 0;
    int deferred_tries_ = 0;  // without success, in a row
    std::chrono::steady_clock::time_point deferred_since_{};
    uint64_t confirmed_ = 0, confirming_ = 0;  // booked; in the call that is under way
    uint64_t own_wal_end_ = 0;  // up to here the WAL beyond confirmed_ is only what its booking wrote
    bool confirm_due_ = false, confirm_soon_ = false;
    bool closed_ = false;
    int failures_ = 0;  // of the present booking, in a row
    PgResult result_;
    std::chrono::steady_clock::time_point started_;
};

}  // namespace gpsync::relay

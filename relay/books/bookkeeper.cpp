#include "relay/books/bookkeeper.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "relay/base/lsn.hpp"
#include "relay/base/text.hpp"
#include "relay/observe/log.hpp"
#include "relay/observe/report.hpp"

namespace gpsync::relay {

namespace {

// Rows of one call: enough for its fixed cost to vanish, few enough to keep the next ones from waiting long.
constexpr size_t kMaxRows = 4096;
constexpr const char* kRetryStatement = "SELECT gpsync.relay_retry_deferred($1::pg_catalog.text)";
constexpr core::Backoff kRetry{std::chrono::milliseconds{250}, std::chrono::milliseconds{30000}};

// A lock that a committing transaction holds is gone at once, one that somebody waits with may stay for
// hours.
constexpr core::Backoff kDeferredRetry{std::chrono::milliseconds{2}, std::chrono::milliseconds{1000}};
constexpr std::chrono::milliseconds kMarksMayFollow{200};

// Where nothing is unsettled the slot follows the WAL's end, and the books must say so before. That writes
// WAL itself, so that where nobody else writes any it is done once a second.
constexpr std::chrono::milliseconds kConfirmSoon{20}, kConfirmOwn{1000};
constexpr uint64_t kCommitRecord = 512;  // more than the commit record of a call that wrote one row takes

// What is booked must be durable before the slot is confirmed; of the levels at which it is, the
// administrator chooses.
void make_durable(PgConnection& connection) {
    PgResult level = connection.query("SHOW synchronous_commit");
    if (value(level.get(), 0, 0) == "off") connection.query("SET synchronous_commit = on");
}

int64_t number(const PGresult* result, int column) {
    auto number = parse_number(value(result, 0, column));
    if (!number) throw std::runtime_error("a function of the extension answered no number");
    return *number;
}

uint64_t lsn(const PGresult* result, int column) {
    auto lsn = parse_lsn(value(result, 0, column));
    if (!lsn) throw std::runtime_error("a function of the extension answered no position in the WAL");
    return *lsn;
}

}  // namespace

Bookkeeper::Bookkeeper(EventLoop& loop, PgConnection connection, const std::string& stream, bool bookkeeping,
                       Ledger& ledger, const RelationTable& relations, Metrics& metrics, Handler& handler)
    : connection_(std::move(connection)),
      stream_(stream),
      bookkeeping_(bookkeeping),
      ledger_(ledger),
      relations_(relations),
      metrics_(metrics),
      handler_(handler),
      socket_(loop, PQsocket(connection_.get()), [this](int events) { ready(events); }),
      retry_(loop, [this] { start_next(); }),
      deferred_retry_(loop,
                      [this] {
                          deferred_due_ = true;
                          start_next();
                      }),
      confirm_(loop, [this] {
          confirm_due_ = true;
          start_next();
      }) {
    make_durable(connection_);
    connection_.command(kPrepareBook);
    watch(false);
}

void Bookkeeper::watch(bool for_write) {
    socket_.watch(UV_READABLE | (for_write ? UV_WRITABLE : 0));
}

void Bookkeeper::kick() {
    if (work_ == Work::none && !retry_.active()) start_next();
}

void Bookkeeper::request_report() {
    report_due_ = true;
    if (work_ == Work::none) start_next();
}

void Bookkeeper::note_confirmable() {
    const uint64_t lsn = ledger_.confirmed_lsn();
    if (closed_ || confirm_due_ || lsn <= std::max(confirmed_, confirming_)) return;
    const bool soon = lsn > own_wal_end_;
    if (confirm_.active() && (confirm_soon_ || !soon)) return;
    confirm_soon_ = soon;
    confirm_.start(soon ? kConfirmSoon : kConfirmOwn);
}

bool Bookkeeper::marks_may_follow() const {
    return !closed_ && deferred_left_ > 0 &&
           std::chrono::steady_clock::now() - deferred_since_ < kMarksMayFollow;
}

void Bookkeeper::start_next() {
    if (closed_ || work_ != Work::none) return;
    // The rare ones first: bookings can follow each other without end.
    if (report_due_)
        send_report();
    else if (deferred_due_)
        send_deferred();
    else if (!retry_.active() && (booking_ || ledger_.has_booking()))
        send_booking();
    else if (confirm_due_)
        send_confirm();
}

void Bookkeeper::send_booking() {
    if (!booking_) booking_ = ledger_.take_booking(kMaxRows);
    if (booking_->empty()) {
        booking_.reset();
        return;
    }
    started_ = std::chrono::steady_clock::now();
    BookCall call(stream_, *booking_, relations_, bookkeeping_);
    sent(PQsendQueryPrepared(connection_.get(), kBookStatement, BookCall::kParameters, call.values().data(),
                             call.lengths().data(), call.formats().data(), 0),
         Work::booking);
}

void Bookkeeper::send_deferred() {
    deferred_due_ = false;
    const char* values[] = {stream_.c_str()};
    sent(PQsendQueryParams(connection_.get(), kRetryStatement, 1, nullptr, values, nullptr, nullptr, 0),
         Work::deferred);
}

void Bookkeeper::send_report() {
    report_due_ = false;
    std::string report = handler_.make_report();
    const char* values[] = {stream_.c_str(), report.c_str()};
    sent(PQsendQueryParams(connection_.get(), kReportStatement, 2, nullptr, values, nullptr, nullptr, 0),
         Work::report);
}

void Bookkeeper::send_confirm() {
    confirm_due_ = false;
    confirming_ = ledger_.confirmed_lsn();
    if (confirming_ <= confirmed_) return;
    const std::string lsn = format_lsn(confirming_);
    const char* values[] = {stream_.c_str(), lsn.c_str()};
    sent(PQsendQueryParams(connection_.get(), "SELECT began, ended FROM gpsync.relay_confirm($1, $2)", 2,
                           nullptr, values, nullptr, nullptr, 0),
         Work::confirm);
}

void Bookkeeper::sent(int ok, Work work) {
    work_ = work;
    if (ok == 0) return lose(error_of(nullptr, connection_.get()));
    ready(UV_WRITABLE);
}

void Bookkeeper::ready(int events) {
    if (closed_) return;
    if (events & UV_WRITABLE) {
        int unsent = PQflush(connection_.get());
        if (unsent < 0) return lose(error_of(nullptr, connection_.get()));
        watch(unsent > 0);
    }
    if (!(events & UV_READABLE) && events != 0) return;
    if (PQconsumeInput(connection_.get()) == 0) return lose(error_of(nullptr, connection_.get()));
    while (work_ != Work::none && PQisBusy(connection_.get()) == 0) {
        PgResult result(PQgetResult(connection_.get()));
        if (!result) return finish();
        result_ = std::move(result);
    }
    if (work_ == Work::none && PQstatus(connection_.get()) == CONNECTION_BAD)
        lose(error_of(nullptr, connection_.get()));
}

void Bookkeeper::finish() {
    Work work = std::exchange(work_, Work::none);
    PgResult result = std::move(result_);
    if (PQresultStatus(result.get()) == PGRES_TUPLES_OK) {
        succeeded(work, result.get());
    } else {
        PgError error = error_of(result.get(), connection_.get());
        if (PQstatus(connection_.get()) == CONNECTION_BAD || error.in_class("57P")) return lose(error);
        failed(work, error);
    }
    start_next();
}

void Bookkeeper::succeeded(Work work, const PGresult* result) {
    if (work == Work::report) return handler_.on_report_answer(value(result, 0, 0));
    if (work == Work::deferred) return note_deferred_left(number(result, 0));
    if (work == Work::confirm) return note_confirmed(result);
    note_booked(result);
    confirmed_ = std::max(confirmed_, booking_->position ? booking_->confirmed_lsn : 0);
    ledger_.booked(*booking_);
    booking_.reset();
    handler_.on_booked();
    note_confirmable();
}

void Bookkeeper::note_booked(const PGresult* result) {
    failures_ = 0;
    metrics_.marked_rows.Increment(static_cast<double>(number(result, 0)));
    metrics_.superseded_marks.Increment(static_cast<double>(number(result, 2)));
    metrics_.booked_events.Increment(static_cast<double>(booking_->events.size()));
    metrics_.booking_seconds.Observe(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count());
    int64_t deferred = number(result, 1);
    if (deferred == 0) return;
    metrics_.deferred_marks.Increment(static_cast<double>(deferred));
    if (deferred_left_ == 0) deferred_since_ = std::chrono::steady_clock::now();
    deferred_left_ += deferred;
    deferred_tries_ = 0;
    deferred_retry_.start(kDeferredRetry.wait(1));
}

void Bookkeeper::note_confirmed(const PGresult* result) {
    // Somebody's WAL from before the call is not to wait for the second that our own waits.
    if (lsn(result, 0) <= confirming_ + kCommitRecord) own_wal_end_ = lsn(result, 1) + kCommitRecord;
    confirmed_ = confirming_;
    handler_.on_confirmable();
    note_confirmable();
}

void Bookkeeper::note_deferred_left(int64_t left) {
    deferred_tries_ = left < deferred_left_ ? 0 : deferred_tries_ + 1;
    deferred_left_ = left;
    metrics_.deferred_marks_left.Set(static_cast<double>(left));
    if (left > 0) deferred_retry_.start(kDeferredRetry.wait(deferred_tries_ + 1));
}

void Bookkeeper::failed(Work work, const PgError& error) {
    log::warning(
        work == Work::booking ? "booking failed, will be tried again" : "call of the extension failed",
        {{"error", error.what()}, {"sqlstate", error.sqlstate}, {"detail", error.detail}});
    if (work == Work::booking) {
        // A deadlock or serialization failure goes away by itself.
        bool at_once = error.in_class("40") && failures_ < 3;
        ++failures_;
        if (!at_once) retry_.start(kRetry.wait(failures_));
    }
    if (work == Work::deferred) deferred_retry_.start(kRetry.cap);
    if (work == Work::confirm) confirming_ = 0, confirm_.start(kConfirmOwn);
    handler_.on_call_failed(error);
}

void Bookkeeper::lose(const PgError& error) {
    if (closed_) return;
    close();
    handler_.on_connection_lost(error);
}

void Bookkeeper::close() {
    closed_ = true;
    work_ = Work::none;
    retry_.stop();
    deferred_retry_.stop();
    confirm_.stop();
    socket_.watch(0);
}

}  // namespace gpsync::relay

#include "relay/books/confirmation.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "relay/base/lsn.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// Where nothing is unsettled the slot follows the WAL's end, and the books must say so before, every 20 ms at
// most. That writes WAL itself, so that where nobody else writes any it is done once a second.
constexpr milliseconds kInterval{20}, kAfterOwn{1000};
// More than the commit record of a call that wrote one row takes, and less than the message of
// wait_for_sync().
constexpr uint64_t kCommitRecord = 512;

uint64_t lsn_in(const PGresult* result, int column) {
    const auto lsn = parse_lsn(value(result, 0, column));
    if (!lsn) throw std::runtime_error("a function of the extension answered no position in the WAL");
    return *lsn;
}

}  // namespace

Confirmation::Confirmation(EventLoop& loop, CallQueue& queue, const std::string& stream, const Ledger& ledger,
                           std::function<void()> confirmed)
    : queue_(queue), stream_(stream), ledger_(ledger), confirmed_(std::move(confirmed)), timer_(loop, [this] {
          due_ = true;
          queue_.run_next();
      }) {}

void Confirmation::note_booked(uint64_t lsn) {
    lsn_ = std::max(lsn_, lsn);
    written_ = Clock::now();
}

void Confirmation::note_ledger() {
    const uint64_t lsn = ledger_.confirmed_lsn();
    if (queue_.closed() || due_ || lsn <= std::max(lsn_, calling_)) return;
    const bool soon = lsn > own_wal_end_;
    if (timer_.active() && (soon_ || !soon)) return;
    soon_ = soon;
    const auto since = std::chrono::duration_cast<milliseconds>(Clock::now() - written_);
    timer_.start(!soon ? kAfterOwn : std::max(milliseconds{0}, kInterval - since));
}

bool Confirmation::has_call() {
    if (due_ && ledger_.confirmed_lsn() <= lsn_) due_ = false;  // a booking has said it since
    return due_;
}

int Confirmation::send(PGconn* connection) {
    due_ = false;
    calling_ = ledger_.confirmed_lsn();
    const std::string lsn = format_lsn(calling_);
    return send_call(connection, "SELECT began, ended FROM gpsync_internal.relay_confirm($1, $2)",
                     {stream_.c_str(), lsn.c_str()});
}

void Confirmation::succeeded(const PGresult* result) {
    // Somebody's WAL from before the call is not to wait for the second that our own waits.
    if (lsn_in(result, 0) <= calling_ + kCommitRecord) own_wal_end_ = lsn_in(result, 1) + kCommitRecord;
    lsn_ = calling_;
    written_ = Clock::now();
    confirmed_();
    note_ledger();
}

void Confirmation::failed(const PgError& error) {
    log_failed_call("call of the extension failed", error);
    calling_ = 0;
    timer_.start(kAfterOwn);
}

}  // namespace gpsync::relay

#include "relay/books/standby_bound.hpp"

#include <algorithm>
#include <stdexcept>

#include "relay/base/lsn.hpp"

namespace gpsync::relay {

void StandbyBound::note_booked(uint64_t lsn) {
    booked_ = std::max(booked_, lsn);
    if (!enabled_) {
        lsn_ = booked_;
        return;
    }
    follow();
}

void StandbyBound::note_received(uint64_t lsn) {
    received_ = std::max(received_, lsn);
    if (!waits_ || waits_->committed_before == 0 || received_ < waits_->committed_before) return;
    lsn_ = waits_->lsn;
    waits_.reset();
    follow();
    moved_();
}

// One position at a time: what is booked meanwhile is in the next one.
void StandbyBound::follow() {
    if (waits_ || due_ || queue_.closed() || booked_ <= lsn_) return;
    due_ = true;
    queue_.run_next();
}

int StandbyBound::send(PGconn* connection) {
    due_ = false;
    waits_ = Booked{booked_, 0};
    return send_call(connection, "SELECT pg_catalog.pg_current_wal_flush_lsn()", {});
}

void StandbyBound::succeeded(const PGresult* result) {
    const auto lsn = parse_lsn(value(result, 0, 0));
    if (!lsn) throw std::runtime_error("the server answered no position in the WAL");
    if (waits_) waits_->committed_before = *lsn;
    note_received(received_);
}

// The next booking asks again.
void StandbyBound::failed(const PgError& error) {
    log_failed_call("could not ask where the WAL ends", error);
    waits_.reset();
}

}  // namespace gpsync::relay

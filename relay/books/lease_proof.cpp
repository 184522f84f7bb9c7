#include "relay/books/lease_proof.hpp"

#include <utility>

namespace gpsync::relay {

bool LeaseProof::request(uint64_t number) {
    if (number == wanted_) return false;
    wanted_ = number;
    due_ = true;
    return true;
}

int LeaseProof::send(PGconn* connection) {
    due_ = false;
    asked_ = wanted_;
    const char* values[] = {stream_.c_str()};
    return PQsendQueryParams(connection, "SELECT gpsync_internal.relay_acquire($1::pg_catalog.text)", 1,
                             nullptr, values, nullptr, nullptr, 0);
}

void LeaseProof::succeeded(const PGresult* result) {
    answered_(value(result, 0, 0) == "t", asked_);
}

void LeaseProof::failed(const PgError& error) {
    wanted_ = 0;
    log_failed_call("could not ask whether the stream is still this relay's", error);
}

}  // namespace gpsync::relay

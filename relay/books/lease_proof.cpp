#include "relay/books/lease_proof.hpp"

#include <utility>

namespace gpsync::relay {

void LeaseProof::request(uint64_t number) {
    wanted_ = number;
    due_ = asked_ != number;
}

int LeaseProof::send(PGconn* connection) {
    due_ = false;
    asked_ = wanted_;
    return send_call(connection, "SELECT gpsync_internal.relay_acquire($1::pg_catalog.text)",
                     {stream_.c_str()});
}

void LeaseProof::succeeded(const PGresult* result) {
    const uint64_t number = std::exchange(asked_, std::nullopt).value_or(0);
    answered_(value(result, 0, 0) == "t", number);
}

void LeaseProof::failed(const PgError& error) {
    asked_.reset();
    log_failed_call("could not ask whether the stream is still this relay's", error);
}

}  // namespace gpsync::relay

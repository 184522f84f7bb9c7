// What the relay does: connect, take the stream or stand by, stream, and begin again whenever that ends.
#pragma once

#include <chrono>
#include <string>

#include "core/backoff.hpp"
#include "relay/postgres/known_server.hpp"
#include "relay/session.hpp"

namespace gpsync::relay {

class Relay {
  public:
    // known: takes which server was reached.
    Relay(std::string conninfo, std::string stream, StopSignal& stop, Metrics& metrics, Health& health,
          KnownServer& known);

    // Returns after SIGTERM. Throws ConfigError when trying again is of no use.
    void run();

  private:
    void run_once();
    RelayConfig read_config(PgConnection& connection);
    RelayConfig wait_until_ours(PgConnection& connection);
    RelayConfig wait_while_paused(PgConnection& connection, RelayConfig config);
    PgConnection start_replication(PgConnection& connection, const RelayConfig& config);
    // Ends the session of a relay that has the stream and gives no sign of life. Answers whether there was
    // one.
    bool seize(PgConnection& connection);
    void report(PgConnection& connection, State state);
    [[noreturn]] void give_up(const PgError& error);
    void set_state(State state, Role role, const std::string& reason);

    const std::string conninfo_, stream_;
    StopSignal& stop_;
    Metrics& metrics_;
    Health& health_;
    KnownServer& known_;
    RelayStatus status_;
    SecretsByEndpoint secrets_;
    core::Backoff backoff_{std::chrono::milliseconds{125}, std::chrono::milliseconds{10000}};
    int failures_ = 0;
    int seizures_ = 0;  // each makes the relay more patient
    std::chrono::steady_clock::time_point seized_{};
    bool had_session_ = false;  // has streamed: who it connects as was right once
};

}  // namespace gpsync::relay

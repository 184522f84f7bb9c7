// RAII over libpq. Connecting and set-up calls wait, but wake for SIGTERM; what runs while events are on
// their way uses the connection from the event loop instead (bookkeeper, replication_stream).
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "relay/base/stop_signal.hpp"

namespace gpsync::relay {

// An error of the server, or of the connection to it.
struct PgError : std::runtime_error {
    PgError(const std::string& message, std::string state)
        : std::runtime_error(message), sqlstate(std::move(state)) {}
    // Its SQLSTATE begins like this.
    bool in_class(const char* prefix) const { return sqlstate.starts_with(prefix); }

    std::string sqlstate;  // empty: the connection is gone, or was never made
    std::string detail, hint;
    bool needs_password = false;
    bool while_connecting = false;
    // The server may not use one of its files, or does not find it: 42501 and 58P01, as for a right that the
    // role lacks and a library that is not installed. A file system that is read-only or gone is the cause.
    bool of_a_file = false;
};

struct FreeResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, FreeResult>;

// One server of those that a conninfo may name; empty: whichever it names.
struct ServerAddress {
    std::string host, hostaddr, port;
};
ServerAddress address_of(const PGconn* connection);
// The servers that the connection's conninfo and environment name, in their order.
std::vector<ServerAddress> servers_of(PGconn* connection);

// Begins to connect, as PQconnectStartParams() does: with the settings every connection of the relay has. at:
// where no name is to be looked up. REQUIRES: conninfo is valid.
PGconn* start_connecting(const std::string& conninfo, bool replication, const ServerAddress& at);
// Why a connection could not be made.
PgError connection_error(PGconn* connection);
// A pooler's: it takes no connections for replication, or none with settings.
bool is_refused_parameter(const PgError& error);
// The error a result is, if it is one; the connection's message where the result has none.
PgError error_of(const PGresult* result, PGconn* connection);
std::string value(const PGresult* result, int row, int column);
// The same in place.
std::string_view value_view(const PGresult* result, int row, int column);

class PgConnection {
  public:
    enum class Kind { ordinary, replication };

    // at: one of the servers that conninfo names, where it is to be this one. Throws PgError, ConfigError
    // (conninfo is not valid, or leads to a connection pooler) and Stopped.
    PgConnection(const std::string& conninfo, Kind kind, StopSignal& stop, const ServerAddress& at = {});
    // Takes over a connection that connecting.hpp has made.
    PgConnection(PGconn* connected, StopSignal& stop) : connection_(connected), stop_(stop) {}

    PGconn* get() const { return connection_.get(); }
    // Runs one statement with text parameters. Throws PgError and Stopped.
    PgResult query(const std::string& sql, const std::vector<std::string>& parameters = {});
    // As START_REPLICATION: the result may be PGRES_COPY_BOTH.
    PgResult command(const std::string& text);
    std::string quote_literal(const std::string& text) const;
    std::string quote_identifier(const std::string& text) const;

  private:
    struct Finish {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    void connect(const std::string& conninfo, Kind kind, const ServerAddress& at);
    void try_servers(const std::string& conninfo, Kind kind, const std::vector<ServerAddress>& servers);
    bool finish_connecting(std::chrono::milliseconds patience);
    void require_own_session();
    PgResult wait_for_result();

    std::unique_ptr<PGconn, Finish> connection_;
    StopSignal& stop_;
};

}  // namespace gpsync::relay

// A connection that is made on the event loop: nothing waits for it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "relay/base/event_loop.hpp"
#include "relay/postgres/pg_connection.hpp"

namespace gpsync::relay {

class Connecting {
  public:
    // Called once, from the loop and never from within the constructor. Whoever is called may delete the
    // object. error: null when it is made.
    using Done = std::function<void(std::unique_ptr<PgConnection> made, const PgError* error)>;

    // at: of another connection of the same relay, address_of(): no name is looked up, which would wait.
    Connecting(EventLoop& loop, const std::string& conninfo, const ServerAddress& at, StopSignal& stop,
               Done done);

  private:
    void step(PostgresPollingStatusType status);
    void watch(int events);
    void finish();
    void fail(const PgError& error);

    struct Finish {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };

    EventLoop& loop_;
    StopSignal& stop_;
    std::unique_ptr<PGconn, Finish> connection_;
    std::unique_ptr<SocketWatch> socket_;
    Timer next_, deadline_;
    Done done_;
};

}  // namespace gpsync::relay

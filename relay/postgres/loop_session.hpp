// An ordinary session of the server that is made, and made anew, on the event loop: nothing else waits for
// it.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/postgres/pg_connection.hpp"

namespace gpsync::relay {

class LoopSession {
  public:
    // Exactly one of the two is set. result: nullptr after an error.
    using Done = std::function<void(const PGresult* result, const PgError* error)>;

    // at: the server, so that it is the one that other connections lead to. timeout: of a statement, also of
    // connecting.
    LoopSession(EventLoop& loop, std::string conninfo, ServerAddress at, std::chrono::milliseconds timeout);
    ~LoopSession();
    LoopSession(const LoopSession&) = delete;
    LoopSession& operator=(const LoopSession&) = delete;

    // Runs one statement with text parameters, behind connecting where there is no session. done is called
    // from the loop, never from within call(). REQUIRES: no call under way.
    void call(const char* statement, std::vector<std::string> values, Done done);
    bool busy() const { return done_ != nullptr; }
    // The call under way has not gone out yet.
    bool unsent() const { return busy() && state_ != State::running; }
    // Forgets the call under way, and the session with it if the call has gone out.
    void cancel();

  private:
    enum class State { none, connecting, pinning, idle, running };
    struct Finish {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    struct Clear {
        void operator()(PGresult* result) const { PQclear(result); }
    };

    void advance();
    void begin();
    void poll();
    void ready(int events);
    void send();
    void watch(int events);
    void drop();
    void fail(const PgError& error);
    void finish(const PGresult* result, const PgError* error);

    EventLoop& loop_;
    const std::string conninfo_;
    const ServerAddress at_;
    const std::chrono::milliseconds timeout_;
    std::unique_ptr<PGconn, Finish> connection_;
    std::unique_ptr<SocketWatch> watch_;
    std::vector<std::unique_ptr<SocketWatch>> unwatched_;  // until their callback has surely returned
    int socket_ = -1;
    State state_ = State::none;
    const char* statement_ = nullptr;
    std::vector<std::string> values_;
    std::unique_ptr<PGresult, Clear> result_;
    Done done_;
    Timer advance_, deadline_;
};

}  // namespace gpsync::relay

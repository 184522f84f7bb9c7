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
    // connecting. settings: statements that every session begins with.
    LoopSession(EventLoop& loop, std::string conninfo, ServerAddress at, std::chrono::milliseconds timeout,
                std::string settings = {});
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
    // connectable: connecting, and libpq is to take the next step.
    enum class State { none, connecting, connectable, pinning, idle, running };
    struct Finish {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    struct Clear {
        void operator()(PGresult* result) const { PQclear(result); }
    };

    void advance();
    void begin();
    void step();
    void pin();
    void ready(int events);
    void send();
    void watch(int events);
    void watch_connecting(int events);
    void drop();
    void fail(const PgError& error);
    void finish(const PGresult* result, const PgError* error);

    // A session that is given up. Its watch goes when no callback of it runs any more, and before the socket
    // is closed: libuv would let go of whatever socket has the number then.
    struct Dropped {
        std::unique_ptr<PGconn, Finish> connection;
        std::unique_ptr<SocketWatch> watch;
    };

    EventLoop& loop_;
    const std::string conninfo_;
    const ServerAddress at_;
    const std::chrono::milliseconds timeout_;
    const std::string settings_;
    std::unique_ptr<PGconn, Finish> connection_;
    std::unique_ptr<SocketWatch> watch_;
    std::vector<Dropped> dropped_;
    State state_ = State::none;
    const char* statement_ = nullptr;
    std::vector<std::string> values_;
    std::unique_ptr<PGresult, Clear> result_;
    Done done_;
    Timer advance_, deadline_;
};

}  // namespace gpsync::relay

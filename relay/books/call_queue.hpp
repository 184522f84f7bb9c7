// The connection for bookkeeping, on the loop: one call of an extension's function at a time, asked of the
// queue's clients in their order.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/postgres/pg_connection.hpp"

namespace gpsync::relay {

class CallQueue {
  public:
    // One kind of call.
    class Client {
      public:
        virtual ~Client() = default;
        // It has a call that may go now.
        virtual bool has_call() = 0;
        // Sends it with one of libpq's PQsend functions, and gives what that returned. REQUIRES: has_call().
        virtual int send(PGconn* connection) = 0;
        virtual void succeeded(const PGresult* result) = 0;
        virtual void failed(const PgError& error) = 0;
        // Nothing is sent any more.
        virtual void stop() = 0;
    };
    struct Listener {
        virtual ~Listener() = default;
        // The client knows of it already.
        virtual void on_call_failed(const PgError& error) = 0;
        virtual void on_connection_lost(const PgError& error) = 0;
    };

    CallQueue(EventLoop& loop, PgConnection connection, Listener& listener);

    // REQUIRES: the client outlives the queue's last call. The first one added is the first one asked.
    void add(Client& client) { clients_.push_back(&client); }
    // Asked just before another one.
    void add_before(Client& other, Client& client);
    PgConnection& connection() { return connection_; }

    // Sends the next call, unless one is under way.
    void run_next();
    bool busy() const { return running_ != nullptr; }
    // The last call that succeeded was sent less than so long ago: until then at least the session was alive.
    bool heard_within(std::chrono::nanoseconds time) const;
    bool ever_heard() const { return heard_.has_value(); }
    bool closed() const { return closed_; }
    void close();

  private:
    void ready(int events);
    void finish();
    void lose(const PgError& error);

    PgConnection connection_;
    Listener& listener_;
    SocketWatch socket_;
    std::vector<Client*> clients_;
    Client* running_ = nullptr;
    PgResult result_;                                // of the call that is under way
    std::chrono::nanoseconds sent_{0};               // when the call under way was sent
    std::optional<std::chrono::nanoseconds> heard_;  // when the last one that succeeded was sent
    bool closed_ = false;
};

// Sends a statement with its parameters as text. result_format: 0 text, 1 binary. Gives what libpq returned.
int send_call(PGconn* connection, const char* statement, std::initializer_list<const char*> values,
              int result_format = 0);
// The whole number in a column of the result's first row; throws std::runtime_error where there is none.
int64_t number_in(const PGresult* result, int column);
void log_failed_call(const char* message, const PgError& error);

}  // namespace gpsync::relay

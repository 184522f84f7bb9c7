// The look-ups of a stream's relay, on a connection of their own: it has no replication origin, since what it
// writes is streamed, and what is slow there keeps no booking waiting. It is there while there are look-ups.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/books/call_queue.hpp"
#include "relay/lookup/lookup.hpp"
#include "relay/postgres/connecting.hpp"

namespace gpsync::relay {

class Lookups : CallQueue::Listener, Lookup::Host {
  public:
    struct Settings {
        std::string conninfo, stream;
        std::function<std::vector<LookupConfig>(std::string_view json)> parse;  // throws ConfigError
        std::function<bool()> may_ask;                                          // the stream is this relay's
    };

    Lookups(EventLoop& loop, Resolver& resolver, Settings settings, StopSignal& stop);
    ~Lookups() override;

    // Whether there are any, as the server says. like: see connecting.hpp.
    void follow(bool wanted, PGconn* like);
    void stop();

  private:
    // A call that some look-up wants: the look-up stays until it is answered.
    class LookupCall : public CallQueue::Client {
      public:
        LookupCall(Lookups& owner, const char* statement) : owner_(owner), statement_(statement) {}
        bool has_call() override { return !owner_.stopped_ && next() != nullptr; }
        int send(PGconn* connection) override;
        void succeeded(const PGresult* result) override;
        void failed(const PgError& error) override;
        void stop() override { running_.reset(); }

      protected:
        virtual bool wants(const Lookup& lookup) const = 0;
        virtual std::vector<std::string> arguments(Lookup& lookup) = 0;
        virtual void take(Lookup& lookup, const std::string& json) = 0;
        virtual void take_error(Lookup& lookup, const PgError& error) = 0;

      private:
        std::shared_ptr<Lookup> next() const;
        Lookups& owner_;
        const char* const statement_;
        std::shared_ptr<Lookup> running_;
        mutable std::string last_;  // the look-up that had its turn
    };
    class NextCall;
    class ApplyCall;
    class ConfigCall;

    bool may_ask() override { return settings_.may_ask(); }
    void on_call_due() override;
    void on_call_failed(const PgError&) override {}
    void on_connection_lost(const PgError& error) override;

    void connected(std::unique_ptr<PgConnection> made, const PgError* error);
    void close();
    void on_tick();
    void take_configs(const std::string& json);
    std::string reports() const;

    EventLoop& loop_;
    Resolver& resolver_;
    const Settings settings_;
    StopSignal& stop_;
    std::map<std::string, std::shared_ptr<Lookup>> lookups_;
    std::vector<std::shared_ptr<Lookup>> left_;  // until none of their callbacks runs
    std::unique_ptr<Connecting> connecting_;
    std::vector<std::unique_ptr<CallQueue::Client>> clients_;
    std::unique_ptr<CallQueue> queue_;
    Timer tick_, kick_;
    std::chrono::steady_clock::time_point try_at_{};
    int ticks_ = 0;
    bool configs_due_ = false;
    bool lost_ = false;  // the connection, to be cleared away
    bool logged_ = false;
    bool stopped_ = false;
};

}  // namespace gpsync::relay

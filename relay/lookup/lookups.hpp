// The look-ups of a stream's relay, on a session of their own: it has no replication origin, since what it
// writes is streamed, and what is slow there keeps no booking waiting. It is there while there are look-ups.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/lookup/lookup.hpp"
#include "relay/observe/problem_log.hpp"
#include "relay/postgres/loop_session.hpp"

namespace gpsync::relay {

class Lookups : Lookup::Host {
  public:
    struct Settings {
        std::string conninfo, stream;
        std::function<std::vector<LookupConfig>(std::string_view json)> parse;  // throws ConfigError
        std::function<bool()> may_ask;                                          // the stream is this relay's
    };

    Lookups(EventLoop& loop, Resolver& resolver, Settings settings);
    ~Lookups() override;

    // Whether there are any, as the server says. at: that server. REQUIRES: not called by a look-up.
    void follow(bool wanted, const ServerAddress& at);
    void stop();

  private:
    using Clock = std::chrono::steady_clock;
    // A call of the extension for one look-up, and the look-up that had the last one of its kind.
    struct Call {
        const char* statement;
        bool (Lookup::*wants)() const;
        std::vector<std::string> (Lookup::*arguments)();
        void (Lookup::*take)(const std::string& json);
        void (Lookup::*take_error)(const PgError& error);
        std::string last = {};
    };

    bool may_ask() override { return settings_.may_ask(); }
    void on_call_due() override;

    void close();
    void on_tick();
    // Makes the next call, unless one is under way.
    void run_next();
    void ask_configs();
    void run(Call& call, std::shared_ptr<Lookup> lookup);
    std::shared_ptr<Lookup> next_of(const Call& call) const;
    void note_call(const PgError* error);
    void take_configs(const std::string& json);
    // It stays until none of its callbacks runs.
    void leave(std::shared_ptr<Lookup> lookup);
    std::string reports() const;

    EventLoop& loop_;
    Resolver& resolver_;
    const Settings settings_;
    std::map<std::string, std::shared_ptr<Lookup>> lookups_;
    std::vector<std::shared_ptr<Lookup>> left_;
    std::unique_ptr<LoopSession> session_;
    Call apply_, next_;
    const Call* last_call_ = nullptr;
    Timer tick_, kick_;
    ProblemLog problems_;
    int failures_ = 0;  // of calls, in a row
    Clock::time_point try_at_{};
    int ticks_ = 0;
    bool configs_due_ = false;
    bool stopped_ = false;
};

}  // namespace gpsync::relay

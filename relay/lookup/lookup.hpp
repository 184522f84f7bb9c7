// One look-up: asks the token system for the tokens that the extension names, batch by batch, and collects
// its answers. As many batches are under way as the endpoint has lanes; a breaker as deliveries have one.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/base/json_text.hpp"
#include "relay/base/secrets.hpp"
#include "relay/delivery/bearer_token.hpp"
#include "relay/delivery/breaker.hpp"
#include "relay/delivery/http_client.hpp"
#include "relay/lookup/lookup_answer.hpp"
#include "relay/lookup/lookup_config.hpp"
#include "relay/lookup/pace.hpp"
#include "relay/lookup/period.hpp"
#include "relay/observe/problem_log.hpp"
#include "relay/postgres/pg_connection.hpp"

namespace gpsync::relay {

// A warning, unless the same one was written less than a minute ago.
void log_repeated(ProblemLog& problems, const char* message, const PgError& error);

class Lookup {
  public:
    // A token system takes no more in one request.
    static constexpr size_t kMostTokens = Pace::kBatch;

    struct Host {
        virtual ~Host() = default;
        // Asked before every request. Whoever says no pumps when it may.
        virtual bool may_ask() = 0;
        // There may be a call to be made.
        virtual void on_call_due() = 0;
    };

    Lookup(EventLoop& loop, Resolver& resolver, const LookupConfig& config, Host& host);

    const LookupConfig& config() const { return config_; }

    // Looks for what is due, also where there was nothing a moment ago.
    void poll();
    // Sends what may go.
    void pump();
    // Sends nothing any more; what is on its way is abandoned.
    void stop();

    // relay_lookup_next()
    bool wants_next() const;
    std::vector<std::string> next_arguments();
    void take_next(const std::string& json);
    void next_failed(const PgError& error);

    // relay_lookup_apply()
    bool wants_apply() const;
    std::vector<std::string> apply_arguments();
    void take_applied(const std::string& json);
    void apply_failed(const PgError& error);

    // An object with the columns of gpsync.lookup_report.
    void write_report(JsonWriter& writer) const;

  private:
    using Clock = std::chrono::steady_clock;
    // After a call of the extension that failed.
    static constexpr std::chrono::milliseconds kCallAgain{1000};
    struct Lane {
        Lane(ConnectionPool& pool, const EndpointConfig& config) : channel(pool, config) {}
        HttpChannel channel;
        TokenBatch batch;
        HttpRequest request;
        bool probe = false;
        bool token_renewed = false;
    };

    std::optional<TokenBatch> take_batch();
    std::optional<TokenBatch> take_waiting();
    TokenBatch take_fresh();
    bool may_take_fresh() const;
    void add_fresh(std::vector<Token> demanded, std::vector<Token> of_period);
    // Whether tokens of the period wait that no batch has.
    bool has_unclaimed() const { return !fresh_.empty() && fresh_.back().requests.empty(); }
    void drop_unclaimed();
    // Others have gone on with the pass.
    void restart_period();
    size_t most_wanted() const;
    // Few tokens wait for a lane: what waits long is an old revision by the time it is asked for.
    size_t smallest_call() const { return lanes_.size() * kMostTokens * 2; }
    void adapt_call();
    void ask(Lane& lane, TokenBatch batch);
    void post(Lane& lane);
    void answered(Lane& lane, const HttpResult& result);
    bool ask_with_new_token(Lane& lane, const HttpResult& result);
    void take_answers(TokenBatch batch, const LookupAnswer& answer);
    // The batch is asked for in two halves; of one token it is said that it cannot be asked for.
    void divide(TokenBatch batch, const std::string& why);
    void fail(TokenBatch batch, bool probe, const LookupAnswer& answer);
    void give_up(Token token, const std::string& problem, const std::string& detail);
    void wait(TokenBatch batch, std::chrono::milliseconds time);
    // What nobody has asked for yet is taken up later: rows change meanwhile.
    void release_fresh();
    void forget(const Token& token);
    bool may_apply(Clock::time_point now) const;
    void wait_to_gather();
    void arm_gate();
    // When something may go that may not go now, where that is a matter of time alone.
    std::optional<Clock::time_point> next_change(Clock::time_point now) const;
    size_t in_flight() const;
    void note_error(const std::string& error);

    const LookupConfig config_;
    Host& host_;
    Secrets secrets_;
    BearerToken bearer_token_;
    ConnectionPool pool_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    Breaker breaker_;
    Timer gate_;
    Timer gathered_;
    std::minstd_rand random_;

    Period period_;
    Pace pace_;
    size_t call_size_ = 0;  // tokens of the next call of relay_lookup_next()
    size_t filled_ = 0;     // so many there were when it answered
    Clock::time_point filled_at_{};
    std::deque<Token> fresh_;          // in no batch yet: on demand, and behind them those of the period
    std::vector<TokenBatch> waiting_;  // to be asked again
    std::deque<AnsweredToken> answers_;
    std::set<int64_t> busy_;  // requests on demand that are in one of these
    std::vector<AnsweredToken> applying_;
    bool asking_next_ = false, is_applying_ = false, applying_end_ = false;
    bool discard_next_ = false;  // what relay_lookup_next() is going to answer is not what is wanted any more
    bool due_ = true;            // there may be something to do
    Clock::time_point next_try_{}, apply_try_{};
    Clock::time_point gather_until_{};  // a call of relay_lookup_apply() that nobody waits for
    size_t one_by_one_ = 0;             // so many of the answers are applied one at a time
    int64_t asked_ = 0;                 // tokens of requests that have ended, not counted in the server yet
    int64_t asked_applied_ = 0;         // of the call under way
    Clock::time_point last_answered_{};
    bool stopped_ = false;
    int64_t requests_ = 0, failures_ = 0;
    std::string last_error_;
    int64_t last_error_us_ = 0;
    ProblemLog next_problems_, apply_problems_;
};

}  // namespace gpsync::relay

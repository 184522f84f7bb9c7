// Whether anything may be sent to an endpoint, and how long what failed waits.
#pragma once

#include <chrono>
#include <optional>

#include "core/backoff.hpp"
#include "relay/observe/report.hpp"

namespace gpsync::relay {

// Asked before every request.
//   closed     the endpoint does its work, or failed less often in a row than it may
//   open       it fails: nothing is sent before next_probe(); the waits grow, up to kLongestWait
//   half-open  one request at a time, a probe; so many that succeed close the breaker, one that fails opens
//   it
class Breaker {
  public:
    using State = BreakerState;
    using Time = std::chrono::steady_clock::time_point;

    struct Rules {
        int attempts = 3;                      // of one batch before the breaker opens
        std::chrono::milliseconds base{1000};  // of the back-off
        int successes = 3;                     // probes that close it
    };
    struct Failure {
        int attempt = 1;       // how often the batch was sent
        bool probe = false;    // what note_sent() answered for it
        bool lasting = false;  // trying again is of no use until somebody mends the endpoint
        // An event of the batch is the cause: the endpoint takes others.
        bool of_batch = false;
        std::optional<std::chrono::seconds> retry_after;  // the answer's
    };

    static constexpr std::chrono::milliseconds kLongestWait{60000};
    // A Retry-After beyond this is a mistake, or not worth believing.
    static constexpr std::chrono::seconds kLongestRetryAfter{3600};
    // Also when the endpoint says "at once".
    static constexpr std::chrono::milliseconds kShortestWait{100};

    // One that begins open may probe at once.
    Breaker(const Rules& rules, State state, Time now)
        : rules_(rules),
          backoff_{rules.base, kLongestWait},
          state_(state),
          since_(now),
          free_at_(now),
          failures_(rules.attempts) {}

    State state() const { return state_; }
    // When it came into this state.
    Time since() const { return since_; }

    bool may_send(Time now) const { return !probing_ && now >= free_at_; }
    // When the next request may go, where that is a matter of time alone: the next probe while open, the end
    // of a Retry-After while closed. Nothing while a probe is under way.
    std::optional<Time> free_at() const { return probing_ ? std::nullopt : std::optional<Time>(free_at_); }
    // A request goes out. Answers whether it is a probe. REQUIRES: may_send(now)
    bool note_sent(Time now);

    // The endpoint answered for a batch: took it, or refused events of it. probe: as in Failure.
    void note_success(bool probe, Time now);
    // Answers how long the batch waits before it is sent again. jitter: uniform in [0, 1).
    std::chrono::milliseconds note_failure(const Failure& failure, double jitter, Time now);
    // A request that was sent was taken back before anybody saw it. probe: as in Failure.
    void note_taken_back(bool probe) { probing_ = probing_ && !probe; }
    // All that waited is through: after a probe that succeeded there is nothing left to wait for.
    void note_drained(Time now);
    // An operator says that the endpoint is mended: it may be tried at once.
    void reset(Time now);

  private:
    void enter(State state, Time now);
    void open(int failures, std::chrono::milliseconds wait, Time now);

    const Rules rules_;
    const core::Backoff backoff_;
    State state_;
    Time since_;
    Time free_at_;          // nothing is sent before
    bool probing_ = false;  // a probe is under way
    int successes_ = 0;     // of probes since it is half-open
    int failures_;          // in a row, when it is not closed; after a probe that succeeded as when it opened
};

}  // namespace gpsync::relay

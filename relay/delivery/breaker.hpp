// Whether an endpoint counts as failing, and how long its lanes wait between attempts.
#pragma once

#include <chrono>
#include <optional>

#include "core/backoff.hpp"

namespace gpsync::relay {

// Closed: the endpoint does its work, or failed less often in a row than it may. Open: it counts as failing
// until it answers for a batch; each lane waits and goes on trying, with capped back-off.
class Breaker {
  public:
    enum class State { closed, open };
    using Time = std::chrono::steady_clock::time_point;

    struct Failure {
        int attempt = 1;       // how often the batch was sent
        bool lasting = false;  // trying again is of no use until somebody mends the endpoint
        std::optional<std::chrono::seconds> retry_after;  // the answer's
    };

    static constexpr std::chrono::milliseconds kLongestWait{60000};
    // A Retry-After beyond this is a mistake, or not worth believing.
    static constexpr std::chrono::seconds kLongestRetryAfter{3600};
    // Also when the endpoint says "at once".
    static constexpr std::chrono::milliseconds kShortestWait{100};

    // attempts: of one batch before the breaker opens; base: of the back-off between them.
    Breaker(int attempts, std::chrono::milliseconds base, State state, Time now)
        : attempts_(attempts), backoff_{base, kLongestWait}, state_(state), since_(now) {}

    State state() const { return state_; }
    // When it came into this state.
    Time since() const { return since_; }

    // The endpoint answered for a batch: took it, or refused events of it.
    void note_success(Time now) { enter(State::closed, now); }
    // Answers how long the batch waits before it is sent again. jitter: uniform in [0, 1).
    std::chrono::milliseconds note_failure(const Failure& failure, double jitter, Time now);

  private:
    void enter(State state, Time now);

    const int attempts_;
    const core::Backoff backoff_;
    State state_;
    Time since_;
};

}  // namespace gpsync::relay

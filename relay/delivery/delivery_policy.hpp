// What to do with a batch after an answer. The place where parking, circuit breakers and bisection belong.
#pragma once

#include "core/backoff.hpp"
#include "relay/delivery/answer.hpp"

namespace gpsync::relay {

enum class Action {
    settle,  // each event by its result; without results all are taken
    retry,   // the same batch after `wait`; nothing overtakes it in its lanes
    split,   // the events again in batches of at most `split_to`
    refuse,  // the one event of the batch becomes a dead letter
};

struct Decision {
    Action action = Action::settle;
    std::chrono::milliseconds wait{0};
    // The endpoint counts as failing (breaker "open") until it takes something: the attempts are used up, or
    // trying again is of no use until somebody mends it.
    bool open = false;
    size_t split_to = 0;
};

class DeliveryPolicy {
  public:
    virtual ~DeliveryPolicy() = default;
    // attempt: how often this batch was sent, from 1; events: how many are in it; jitter: uniform in [0, 1).
    virtual Decision decide(const Answer& answer, int attempt, size_t events, double jitter) const = 0;
};

// Retries as configured; then, or when the endpoint is misconfigured, the lane waits and goes on trying with
// capped back-off. A refused batch is sent again one by one, one that is too large in halves.
class WaitingPolicy : public DeliveryPolicy {
  public:
    WaitingPolicy(int attempts, std::chrono::milliseconds base)
        : attempts_(attempts), backoff_{base, kLongestWait} {}
    Decision decide(const Answer& answer, int attempt, size_t events, double jitter) const override;

    static constexpr std::chrono::milliseconds kLongestWait{60000};
    // A Retry-After beyond this is a mistake, or not worth believing.
    static constexpr std::chrono::seconds kLongestRetryAfter{3600};
    // Also when the endpoint says "at once".
    static constexpr std::chrono::milliseconds kShortestWait{100};

  private:
    Decision wait(const Answer& answer, int attempt, double jitter, bool open) const;

    int attempts_;
    core::Backoff backoff_;
};

}  // namespace gpsync::relay

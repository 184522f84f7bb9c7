#include "relay/delivery/delivery_policy.hpp"

namespace gpsync::relay {

Decision WaitingPolicy::decide(const Answer& answer, int attempt, size_t events, double jitter) const {
    switch (answer.kind) {
        case AnswerKind::taken:
        case AnswerKind::by_event:
            return {};
        case AnswerKind::refused:
            return events > 1 ? Decision{Action::split, {}, false, 1}
                              : Decision{Action::refuse, {}, false, 0};
        case AnswerKind::too_large:
            return events > 1 ? Decision{Action::split, {}, false, (events + 1) / 2}
                              : Decision{Action::refuse, {}, false, 0};
        case AnswerKind::retryable:
            return wait(answer, attempt, jitter, attempt >= attempts_);
        case AnswerKind::misconfigured:
            return wait(answer, attempt, jitter, true);
    }
    return {};
}

Decision WaitingPolicy::wait(const Answer& answer, int attempt, double jitter, bool open) const {
    Decision decision{Action::retry, backoff_.wait(attempt, jitter), open, 0};
    if (answer.retry_after) {
        // Bounded before it becomes milliseconds: an endpoint may ask for any number of seconds.
        auto asked = std::max<std::chrono::milliseconds>(
            std::clamp(*answer.retry_after, std::chrono::seconds{0}, kLongestRetryAfter), kShortestWait);
        // While attempts are left the endpoint knows best; after that it is not to be hammered.
        decision.wait = open ? std::max(decision.wait, asked) : asked;
    }
    return decision;
}

}  // namespace gpsync::relay

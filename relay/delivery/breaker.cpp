#include "relay/delivery/breaker.hpp"

#include <algorithm>

namespace gpsync::relay {

using std::chrono::milliseconds;
using std::chrono::seconds;

milliseconds Breaker::note_failure(const Failure& failure, double jitter, Time now) {
    const bool opens = failure.lasting || failure.attempt >= attempts_;
    if (opens) enter(State::open, now);
    const milliseconds wait = backoff_.wait(failure.attempt, jitter);
    if (!failure.retry_after) return wait;
    // Bounded before it becomes milliseconds: an endpoint may ask for any number of seconds.
    const auto asked = std::max<milliseconds>(
        std::clamp(*failure.retry_after, seconds{0}, kLongestRetryAfter), kShortestWait);
    // While attempts are left the endpoint knows best; after that it is not to be hammered.
    return opens ? std::max(wait, asked) : asked;
}

void Breaker::enter(State state, Time now) {
    if (state_ == state) return;
    state_ = state;
    since_ = now;
}

}  // namespace gpsync::relay

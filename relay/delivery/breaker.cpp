#include "relay/delivery/breaker.hpp"

#include <algorithm>

namespace gpsync::relay {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// What a Retry-After asks for, bounded before it becomes milliseconds: an endpoint may ask for any number.
milliseconds bounded(seconds asked) {
    return std::max<milliseconds>(std::clamp(asked, seconds{0}, Breaker::kLongestRetryAfter),
                                  Breaker::kShortestWait);
}

}  // namespace

bool Breaker::note_sent(Time now) {
    if (state_ == State::closed) return false;
    if (state_ == State::open) successes_ = 0;
    enter(State::half_open, now);
    probing_ = true;
    return true;
}

void Breaker::note_success(bool probe, Time now) {
    if (probe) {
        probing_ = false;
        failures_ = rules_.attempts - 1;
        if (++successes_ >= rules_.successes) enter(State::closed, now);
    } else if (state_ == State::open) {
        // Sent before it opened: the endpoint is worth a probe.
        free_at_ = now;
    }
}

milliseconds Breaker::note_failure(const Failure& failure, double jitter, Time now) {
    if (failure.probe) probing_ = false;
    milliseconds wait = backoff_.wait(failure.attempt, jitter);
    if (failure.of_batch) return wait;
    const bool used_up = failure.lasting || failure.attempt >= rules_.attempts;
    if (failure.retry_after) {
        // While attempts are left the endpoint knows best; after that it is not to be hammered.
        const milliseconds asked = bounded(*failure.retry_after);
        wait = used_up ? std::max(wait, asked) : asked;
        free_at_ = std::max(free_at_, now + asked);
    }
    if (failure.probe) {
        const milliseconds pause = backoff_.wait(failures_ + 1, jitter);
        open(failures_ + 1, failure.retry_after ? std::max(pause, bounded(*failure.retry_after)) : pause,
             now);
    } else if (state_ == State::closed && used_up) {
        open(failure.attempt, wait, now);
    }
    return wait;
}

void Breaker::note_drained(Time now) {
    if (state_ == State::half_open && !probing_ && successes_ > 0) enter(State::closed, now);
}

void Breaker::reset(Time now) {
    free_at_ = now;
    if (state_ != State::closed) failures_ = std::min(failures_, rules_.attempts);
}

void Breaker::open(int failures, milliseconds wait, Time now) {
    enter(State::open, now);
    failures_ = failures;
    free_at_ = std::max(free_at_, now + wait);
}

void Breaker::enter(State state, Time now) {
    if (state_ == state) return;
    state_ = state;
    since_ = now;
}

}  // namespace gpsync::relay

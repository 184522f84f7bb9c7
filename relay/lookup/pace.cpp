#include "relay/lookup/pace.hpp"

#include <algorithm>

namespace gpsync::relay {

namespace {

using Seconds = std::chrono::duration<double>;

// Of the period. The rest is for what an outage or a wrong estimate of the tokens has delayed.
constexpr double kShare = 0.8;

Pace::Time::duration whole(Seconds time) {
    return std::chrono::duration_cast<Pace::Time::duration>(time);
}

}  // namespace

void Pace::begin(const Pass& pass, Time now) {
    begun_ = true;
    const Seconds share = Seconds(pass.every) * kShare;
    end_ = now + whole(share - pass.elapsed);
    next_at_ = now;
    expected_ = pass.expected;
    taken_ = pass.passed;
    planned_ = expected_ > 0 ? share / static_cast<double>(expected_) : Seconds(0);
}

// As planned, or faster where that would not do. Where there are more tokens than expected, as planned.
Seconds Pace::pause_of_token(Time now) const {
    if (expected_ <= 0 || now >= end_) return Seconds(0);
    Seconds pause = std::min(planned_, Seconds(kLongestPause) / static_cast<double>(kBatch));
    if (taken_ < expected_)
        pause = std::min(pause, Seconds(end_ - now) / static_cast<double>(expected_ - taken_));
    return pause;
}

size_t Pace::room(size_t most, Time now) const {
    if (!begun_ || (now < next_at_ && now < end_)) return 0;
    const Seconds pause = pause_of_token(now) * static_cast<double>(kBatch);
    if (pause.count() <= 0) return most;
    const Seconds late = std::min(Seconds(now - next_at_), Seconds(kMadeUp));
    return std::min(most, kBatch * (1 + static_cast<size_t>(late / pause)));
}

void Pace::note_taken(size_t tokens, Time now) {
    next_at_ = std::max(next_at_, now - kMadeUp) + whole(pause_of_token(now) * static_cast<double>(tokens));
    taken_ += static_cast<int64_t>(tokens);
}

}  // namespace gpsync::relay

#include "relay/delivery/lane_limit.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gpsync::relay {

namespace {

constexpr double kOverloadFactor = 0.7, kSlowFactor = 0.9;

}  // namespace

void LaneLimit::note_answered(Time sent, Time now, size_t events, size_t in_flight) {
    const bool slow = is_slow(sent, now, events);
    if (sent < fell_) return;
    if (slow) return fall(kSlowFactor, now);
    // A limit that is not used up need not grow.
    if (in_flight >= limit()) limit_ = std::min(static_cast<double>(lanes_), limit_ + 1 / limit_);
}

void LaneLimit::note_overload(Time sent, Time now) {
    if (sent >= fell_) fall(kOverloadFactor, now);
}

bool LaneLimit::is_slow(Time sent, Time now, size_t events) {
    const Duration took = now - sent;
    const auto size = static_cast<size_t>(std::bit_width(std::max<size_t>(events, 1))) - 1;
    Shortest& shortest = shortest_[std::min(size, shortest_.size() - 1)];
    if (shortest.time > Duration{0} && now > shortest.at) {
        const double minutes = std::chrono::duration<double>(now - shortest.at) / kForget;
        // Not beyond what it takes now: the next comparison begins there.
        shortest.time =
            std::min(std::chrono::duration_cast<Duration>(shortest.time * std::exp2(std::min(minutes, 30.0))),
                     std::max(took, shortest.time));
    }
    shortest.at = now;
    if (shortest.time == Duration{0} || took < shortest.time) shortest.time = took;
    return took > 2 * shortest.time && took > shortest.time + kSlack;
}

void LaneLimit::fall(double factor, Time now) {
    limit_ = std::max(1.0, limit_ * factor);
    fell_ = now;
}

}  // namespace gpsync::relay

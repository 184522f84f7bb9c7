#include "relay/delivery/latency_samples.hpp"

#include <algorithm>

namespace gpsync::relay {

void LatencySamples::add(std::span<const double> milliseconds) {
    const auto added = milliseconds.first(std::min(milliseconds.size(), kMaxSamples - samples_.size()));
    samples_.insert(samples_.end(), added.begin(), added.end());
}

double LatencySamples::take_median() {
    if (samples_.empty()) return -1;
    auto middle = samples_.begin() + static_cast<ptrdiff_t>(samples_.size() / 2);
    std::nth_element(samples_.begin(), middle, samples_.end());
    double median = *middle;
    samples_.clear();
    return median;
}

}  // namespace gpsync::relay

// Times from commit to acknowledgement, of which a report shows the median.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace gpsync::relay {

class LatencySamples {
  public:
    static constexpr size_t kMaxSamples = 4096;  // of one report; further ones are left out

    void add(std::span<const double> milliseconds);
    // The median since the last call, ms; negative without any.
    double take_median();

  private:
    std::vector<float> samples_;
};

}  // namespace gpsync::relay

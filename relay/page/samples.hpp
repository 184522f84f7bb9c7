// How the stream did over the last half hour: samples of the relay's own metrics, the latest last.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "relay/base/json_text.hpp"
#include "relay/observe/metrics.hpp"

namespace gpsync::relay {

class Samples {
  public:
    static constexpr std::chrono::seconds kEvery{10};
    static constexpr size_t kMost = 180;

    // REQUIRES: called every kEvery.
    void take(const Metrics& metrics);
    // {"every_seconds", "lag_seconds": […], "endpoints": {NAME: {"latency_ms": […]}}}; null where there was
    // nothing to measure.
    void write(JsonWriter& writer) const;

  private:
    using Series = std::deque<std::optional<double>>;
    struct OfEndpoint {
        double sum = 0;  // of sync_latency_ms, as of the last sample
        uint64_t count = 0;
        Series latency_ms;
    };

    static void add(Series& series, std::optional<double> sample);

    Series lag_seconds_;
    std::map<std::string, OfEndpoint> endpoints_;
};

}  // namespace gpsync::relay

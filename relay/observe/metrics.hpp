// What /metrics shows. Counters are moved once a batch or once a second, not once an event.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <span>
#include <string>

namespace gpsync::relay {

// Of one endpoint. References stay valid as long as the Metrics they come from.
class EndpointMetrics {
  public:
    prometheus::Counter& delivered;
    prometheus::Counter& dead_letters;
    prometheus::Counter& errors;
    prometheus::Counter& retries;
    prometheus::Gauge& in_flight;
    prometheus::Gauge& waiting_lanes;
    prometheus::Gauge& lanes_in_use;
    prometheus::Gauge& held_events;
    prometheus::Gauge& up;
    prometheus::Histogram& request_seconds;

    // Time from commit to acknowledgement of each event of a batch, milliseconds.
    void observe_latencies(std::span<const double> milliseconds);
    // status: of the answer, 0 for none.
    void count_request(long status);

  private:
    friend class Metrics;
    EndpointMetrics(class Metrics& metrics, const std::string& endpoint);
    class Metrics& metrics_;
    const std::string endpoint_;
    prometheus::Histogram& latency_;
    std::map<long, prometheus::Counter*> requests_;
};

class Metrics {
  public:
    explicit Metrics(const std::string& stream);
    EndpointMetrics& endpoint(const std::string& name);
    // The Prometheus text format. Callable from any thread.
    std::string text() const;
    std::vector<prometheus::MetricFamily> collect() const { return registry_.Collect(); }

  private:
    template <typename Builder>
    auto& family(Builder builder, const char* name, const char* help);
    prometheus::Counter& counter(const char* name, const char* help);
    prometheus::Gauge& gauge(const char* name, const char* help);
    friend class EndpointMetrics;

    const std::string stream_;
    prometheus::Registry registry_;
    std::map<std::string, std::unique_ptr<EndpointMetrics>> endpoints_;

  public:
    prometheus::Counter& events_received;
    prometheus::Counter& events_skipped;
    prometheus::Counter& booked_events;
    prometheus::Counter& marked_rows;
    prometheus::Counter& superseded_marks;
    prometheus::Counter& deferred_marks;
    prometheus::Gauge& deferred_marks_left;
    prometheus::Counter& reconnects;
    prometheus::Gauge& unsettled_events;
    prometheus::Gauge& unsettled_bytes;
    prometheus::Gauge& oldest_unsettled_seconds;
    prometheus::Gauge& lag_bytes;
    prometheus::Gauge& retained_bytes;
    prometheus::Gauge& streaming;
    prometheus::Histogram& booking_seconds;
};

}  // namespace gpsync::relay

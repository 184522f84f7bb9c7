#include "relay/observe/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>

#include "relay/base/version.hpp"

namespace gpsync::relay {

namespace {

using prometheus::Histogram;

constexpr std::array<double, 6> kLatencyBuckets{10, 50, 100, 200, 500, 1000};
const Histogram::BucketBoundaries kSeconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                           0.25,  0.5,    1,     2.5,  5,     10};

auto& counters(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

auto& gauges(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

auto& histograms(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

prometheus::Labels labels(const std::string& stream, const std::string& endpoint) {
    return {{"stream", stream}, {"endpoint", endpoint}};
}

}  // namespace

prometheus::Counter& Metrics::counter(const char* name, const char* help) {
    return counters(registry_, name, help).Add({{"stream", stream_}});
}

prometheus::Gauge& Metrics::gauge(const char* name, const char* help) {
    return gauges(registry_, name, help).Add({{"stream", stream_}});
}

Metrics::Metrics(const std::string& stream)
    : stream_(stream),
      events_received(counter("gpsync_events_received_total", "Events read from the slot")),
      events_skipped(counter("gpsync_events_skipped_total", "Events read again that the position covers")),
      booked_events(
          counter("gpsync_booked_events_total", "Events settled at every endpoint and durably booked")),
      marked_rows(counter("gpsync_marked_rows_total", "Rows whose sync_status was set")),
      superseded_marks(
          counter("gpsync_superseded_marks_total", "Marks that a newer revision of the row made void")),
      deferred_marks(counter("gpsync_deferred_marks_total", "Marks that found their row locked")),
      deferred_marks_left(gauge("gpsync_deferred_marks", "Deferred marks that wait for their row")),
      reconnects(counter("gpsync_reconnects_total", "Times the relay began again after losing the server")),
      unsettled_events(gauge("gpsync_unsettled_events", "Events held that are not booked yet")),
      unsettled_bytes(gauge("gpsync_unsettled_bytes", "Memory of the events held that are not booked yet")),
      oldest_unsettled_seconds(gauge("gpsync_oldest_unsettled_seconds",
                                     "Age of the oldest event not settled everywhere, 0 without one")),
      lag_bytes(gauge("gpsync_lag_bytes", "WAL of the server behind what is confirmed")),
      retained_bytes(gauge("gpsync_retained_bytes", "WAL that the slot keeps on the server's disk")),
      streaming(gauge("gpsync_streaming", "1 while the relay holds the slot and reads it")),
      booking_seconds(histograms(registry_, "gpsync_booking_seconds", "Time of one call of relay_book")
                          .Add({{"stream", stream}}, kSeconds)) {
    gauges(registry_, "gpsync_relay_info", "Version of the relay")
        .Add({{"stream", stream}, {"version", kVersion}})
        .Set(1);
}

EndpointMetrics::EndpointMetrics(Metrics& m, const std::string& name)
    : delivered(counters(m.registry_, "gpsync_events_delivered_total", "Events the endpoint has taken")
                    .Add(labels(m.stream_, name))),
      dead_letters(counters(m.registry_, "gpsync_dead_letters_total", "Events the endpoint refused for good")
                       .Add(labels(m.stream_, name))),
      errors(counters(m.registry_, "sync_errors_total", "Requests that failed and events that were rejected")
                 .Add(labels(m.stream_, name))),
      retries(
          counters(m.registry_, "gpsync_retries_total", "Batches sent again").Add(labels(m.stream_, name))),
      in_flight(
          gauges(m.registry_, "gpsync_in_flight_events", "Events in requests that wait for their answer")
              .Add(labels(m.stream_, name))),
      waiting_lanes(gauges(m.registry_, "gpsync_waiting_lanes", "Lanes that wait before they try again")
                        .Add(labels(m.stream_, name))),
      lanes_in_use(gauges(m.registry_, "gpsync_lanes_in_use", "Lanes that may send side by side")
                       .Add(labels(m.stream_, name))),
      held_events(gauges(m.registry_, "gpsync_held_events",
                         "Events that are held, as the endpoint rejects them for now")
                      .Add(labels(m.stream_, name))),
      up(gauges(m.registry_, "gpsync_endpoint_up", "0 while the endpoint counts as failing")
             .Add(labels(m.stream_, name))),
      request_seconds(histograms(m.registry_, "gpsync_http_request_seconds", "Time of one HTTP request")
                          .Add(labels(m.stream_, name), kSeconds)),
      metrics_(m),
      endpoint_(name),
      latency_(histograms(m.registry_, "sync_latency_ms", "Milliseconds from commit to acknowledgement")
                   .Add(labels(m.stream_, name),
                        Histogram::BucketBoundaries(kLatencyBuckets.begin(), kLatencyBuckets.end()))) {
    up.Set(1);
}

EndpointMetrics& Metrics::endpoint(const std::string& name) {
    auto& metrics = endpoints_[name];
    if (!metrics) metrics.reset(new EndpointMetrics(*this, name));
    return *metrics;
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(registry_.Collect());
}

void EndpointMetrics::observe_latencies(std::span<const double> milliseconds) {
    std::vector<double> increments(kLatencyBuckets.size() + 1);
    double sum = 0;
    for (double value : milliseconds) {
        auto bucket = std::lower_bound(kLatencyBuckets.begin(), kLatencyBuckets.end(), value);
        ++increments[static_cast<size_t>(bucket - kLatencyBuckets.begin())];
        sum += value;
    }
    latency_.ObserveMultiple(increments, sum);
}

void EndpointMetrics::count_request(long status) {
    auto [found, added] = requests_.try_emplace(status, nullptr);
    if (added) {
        auto all = labels(metrics_.stream_, endpoint_);
        all.emplace("code", status == 0 ? "none" : std::to_string(status));
        found->second = &counters(metrics_.registry_, "gpsync_http_requests_total",
                                  "HTTP requests by status of the answer")
                             .Add(all);
    }
    found->second->Increment();
}

}  // namespace gpsync::relay

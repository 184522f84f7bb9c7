// Delivery to one endpoint: its lanes, the batch each of them has on its way, and what came back.
#pragma once

#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "relay/bearer_token.hpp"
#include "relay/config.hpp"
#include "relay/delivery_policy.hpp"
#include "relay/event_loop.hpp"
#include "relay/http_client.hpp"
#include "relay/lane_set.hpp"
#include "relay/ledger.hpp"
#include "relay/metrics.hpp"
#include "relay/secrets.hpp"

namespace gpsync::relay {

// What an endpoint's row in gpsync.endpoint_report says. Counts since the relay started.
struct EndpointStatus {
    bool failing = false;
    int64_t delivered = 0, rejected = 0, errors = 0;
    std::string last_error;
    int64_t last_error_us = 0;
    Secrets secrets{};  // all that it was sent, or may be sent next
};

class Endpoint {
  public:
    struct Listener {
        virtual ~Listener() = default;
        // Events were settled in the ledger; after stop(), also for every answer that comes back.
        virtual void on_settled() = 0;
        // The endpoint began or ceased to count as failing.
        virtual void on_failing_changed() = 0;
    };

    // status: outlives the endpoint object, which is made anew whenever the relay begins again.
    Endpoint(EventLoop& loop, Resolver& resolver, const EndpointConfig& config, Ledger& ledger,
             const RelationTable& relations, EndpointMetrics& metrics, EndpointStatus& status,
             Listener& listener);
    ~Endpoint();

    const std::string& name() const { return config_.name; }
    const EndpointStatus& status() const { return status_; }

    // Queues an event, next in stream order.
    void offer(Event& event) { lanes_.push(event); }
    // Sends what may go. Batches that are not full go when flush is set (nothing more is to be read now),
    // else when they have waited for the endpoint's linger.
    void pump(bool flush);
    // Sends nothing any more; what is on its way may come back.
    void stop();
    bool in_flight() const;
    size_t in_flight_events() const;
    // When the first waiting lane tries again, µs since 1970; 0 when none waits.
    int64_t waiting_until_us() const;
    // Median time from commit to acknowledgement since the last call, ms; negative without any.
    double take_median_latency_ms();

  private:
    struct Lane;

    void start_batch(size_t lane);
    // Changes that an operator has skipped become dead letters and leave the batch.
    void set_aside_skipped(Lane& lane);
    void send(Lane& lane);
    void answered(Lane& lane, const HttpResult& result);
    bool refresh_token();
    bool retry_with_new_token(Lane& lane, const Answer& answer);
    void apply(Lane& lane, const Answer& answer, const Decision& decision);
    void settle_taken(Lane& lane);
    void settle_by_event(Lane& lane, const Answer& answer);
    void refuse(Lane& lane, const Event& event, long http_status, const std::string& error);
    void wait(Lane& lane, const Decision& decision);
    void finish(Lane& lane);
    void note_delivered(std::span<Event* const> events);
    void note_error(const Lane& lane, const Answer& answer, const Decision& decision);
    void set_failing(bool failing);

    EventLoop& loop_;
    const EndpointConfig config_;
    Ledger& ledger_;
    const RelationTable& relations_;
    EndpointMetrics& metrics_;
    EndpointStatus& status_;
    Listener& listener_;
    std::unique_ptr<DeliveryPolicy> policy_;
    BearerToken token_;
    ConnectionPool pool_;
    LaneSet lanes_;
    std::vector<std::unique_ptr<Lane>> senders_;
    Timer linger_;
    bool flush_ = false;  // as of the last pump
    bool stopped_ = false;
    std::vector<float> latencies_ms_;  // a sample since the last report
    std::vector<double> scratch_;
    std::minstd_rand random_;
};

}  // namespace gpsync::relay

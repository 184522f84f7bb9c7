// Delivery to one endpoint: its lanes, the batch each of them has on its way, and what came back.
#pragma once

#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/base/secrets.hpp"
#include "relay/delivery/bearer_token.hpp"
#include "relay/delivery/delivery_policy.hpp"
#include "relay/delivery/endpoint_config.hpp"
#include "relay/delivery/http_client.hpp"
#include "relay/delivery/lane_set.hpp"
#include "relay/observe/metrics.hpp"
#include "relay/observe/report.hpp"

namespace gpsync::relay {

// An endpoint has refused an event for good.
struct Refusal {
    const std::string& endpoint;
    int attempts = 0;
    long http_status = 0;  // 0: it never got the event
    const std::string& error;
};

class Endpoint {
  public:
    struct Listener {
        virtual ~Listener() = default;
        virtual void on_taken(Event& event) = 0;
        virtual void on_refused(Event& event, const Refusal& refusal) = 0;
        // Events were taken or refused; after stop(), also for every answer that comes back.
        virtual void on_batch_settled() = 0;
        // The endpoint began or ceased to count as failing.
        virtual void on_failing_changed() = 0;
    };

    // status and secrets (all that it was sent, or may be sent next) outlive the endpoint object, which is
    // made anew whenever the relay begins again.
    Endpoint(EventLoop& loop, Resolver& resolver, const EndpointConfig& config, EndpointMetrics& metrics,
             EndpointStatus& status, Secrets& secrets, Listener& listener);
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
    void refuse(Lane& lane, Event& event, long http_status, const std::string& error);
    void wait(Lane& lane, const Decision& decision);
    void finish(Lane& lane);
    void note_delivered(std::span<Event* const> events);
    void note_error(const Lane& lane, const Answer& answer, const Decision& decision);
    void set_failing(bool failing);

    EventLoop& loop_;
    const EndpointConfig config_;
    EndpointMetrics& metrics_;
    EndpointStatus& status_;
    Secrets& secrets_;
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

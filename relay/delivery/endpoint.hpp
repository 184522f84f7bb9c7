// Delivery to one endpoint: the queue of each lane, the batch that each lane has on its way, and the breaker.
#pragma once

#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/base/secrets.hpp"
#include "relay/delivery/answer.hpp"
#include "relay/delivery/batch_size.hpp"
#include "relay/delivery/bearer_token.hpp"
#include "relay/delivery/breaker.hpp"
#include "relay/delivery/connection_pool.hpp"
#include "relay/delivery/endpoint_config.hpp"
#include "relay/delivery/held_keys.hpp"
#include "relay/delivery/lane_limit.hpp"
#include "relay/delivery/lane_set.hpp"
#include "relay/delivery/latency_samples.hpp"
#include "relay/delivery/protocol.hpp"
#include "relay/delivery/sender.hpp"
#include "relay/delivery/settlement.hpp"
#include "relay/observe/metrics.hpp"
#include "relay/observe/report.hpp"

namespace gpsync::relay {

class Endpoint {
  public:
    struct Listener {
        virtual ~Listener() = default;
        // Asked before every request. Whoever says no pumps when it may.
        virtual bool may_send() { return true; }
        // The event is taken, refused, or held now (a dead letter is not taken up in held(), all the same).
        // One that was held may also wait: it was not sent, as one before it was not taken.
        virtual void on_settled(const Endpoint& endpoint, Event& event, const Settlement& settlement) = 0;
        // Behind those of one answer; after stop(), also for every answer that comes back.
        virtual void on_batch_settled() = 0;
        // The endpoint began or ceased to count as failing: its breaker is not closed, or it holds too much.
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
    // Queues an event that is held, next of those of its keys.
    void offer_held(Event& event) { lanes_.push_held(event); }
    // What it holds.
    HeldKeys& held() { return held_; }
    const HeldKeys& held() const { return held_; }
    // Nothing can be sent but what it holds.
    bool only_held_may_go() const { return held_.full() || lanes_.only_held_may_go(); }
    // What it holds has changed otherwise than by its answers.
    void follow_held();
    // Sends what may go. Batches that are not full go when flush is set (nothing more is to be read now),
    // else when they have waited for the endpoint's linger.
    void pump(bool flush);
    // Gives back what waits: nothing is sent until take_up(), and nothing is held then. Requests under way
    // come back as ever; what they leave unsettled is given back too.
    void withdraw();
    void take_up();
    // Counts take_up(): events offered under another number are not held any more.
    uint64_t generation() const { return generation_; }
    // Sends nothing any more; what is on its way may come back.
    void stop();
    bool in_flight() const;
    // When something that waits is sent again, µs since 1970; 0 when nothing waits.
    int64_t waiting_until_us() const;
    // An operator says that the endpoint is mended: what waits is tried at once.
    void reset_breaker();
    // Median time from commit to acknowledgement since the last call, ms; negative without any.
    double take_median_latency_ms() { return latencies_.take_median(); }

  private:
    std::unique_ptr<Channel> make_channel(size_t lane);
    // Sends what the lane may send now. Answers whether it waits for a larger batch.
    bool pump_lane(size_t lane);
    bool waits_by_itself(const Sender& sender) const;
    bool may_send() const;
    // Whether the lane may have one more request under way.
    bool has_room(size_t lane) const;
    // For requests of the lane of held keys: they have no share in the limit of the others.
    void note_under_way(const Sender& sender, int requests);
    void stop(Sender& sender);
    // Comes back when time alone lets more be sent.
    void arm_gate();
    void start_batch(size_t lane);
    void ready(Sender& sender);
    // What is not to be sent leaves the batch: rows of an import that the endpoint has, changes that an
    // operator has skipped, events of held keys.
    void set_aside(Sender& sender);
    // before: what is left of the batch before the event.
    bool set_aside(Sender& sender, Event& event, std::span<Event* const> before);
    bool is_unsent(const Event& event) const { return (event.unsent_at & only(config_.number)) != 0; }
    bool is_of_held_lane(const Sender& sender) const {
        return sender.batch().lanes.front() == lanes_.held_lane();
    }
    void send(Sender& sender);
    void post(Sender& sender);
    // The attempt goes on with another request, if it still may.
    void post_next(Sender& sender);
    Channel::Done on_answer(Sender& sender);
    void answered(Sender& sender, const HttpResult& result);
    // What the answer says of the endpoint's load.
    void note_load(const Sender& sender, const HttpResult& result, size_t under_way);
    bool refresh_token();
    bool retry_with_new_token(Sender& sender, const Answer& answer);
    // Does with the batch what was decided. answer: nullptr when nothing was sent.
    void apply(Sender& sender, BatchSettlement batch, const Answer* answer);
    // Whether an event of the batch makes it fail, as the endpoint takes others.
    bool is_of_batch(const Sender& sender, const BatchSettlement& batch) const;
    // Has the batch searched for that event, or the event wait by itself.
    void search(Sender& sender, BatchSettlement& batch, bool of_batch);
    // Whether what is not taken for now is to be held.
    bool should_hold(const Sender& sender, const BatchSettlement& batch, bool of_batch) const;
    void hold(const Sender& sender, Event& event, Settlement settlement);
    std::chrono::milliseconds note_in_breaker(const Sender& sender, const BatchSettlement& batch,
                                              bool of_batch, const Answer* answer);
    std::vector<Event*> report_settled(Sender& sender, const BatchSettlement& batch);
    void refuse(Sender& sender, Event& event, Settlement settlement);
    void report(Event& event, const Settlement& settlement);
    void give_back(Sender& sender);
    void split(Sender& sender, Split why);
    void finish(Sender& sender);
    void note_delivered(std::span<Event* const> events);
    void note_error(const Sender& sender, const BatchSettlement& batch, long http_status,
                    std::chrono::milliseconds wait);
    // Makes known whether the endpoint counts as failing.
    void follow_state();
    void note_failing(bool failing);
    void wake_all();

    EventLoop& loop_;
    const EndpointConfig config_;
    EndpointMetrics& metrics_;
    EndpointStatus& status_;
    Secrets& secrets_;
    Listener& listener_;
    BearerToken token_;
    const std::unique_ptr<Protocol> protocol_;
    ConnectionPool pool_;
    LaneSet lanes_;
    BatchSize batch_size_;
    LaneLimit lane_limit_;
    size_t under_way_ = 0;   // requests, those of held events apart
    size_t held_batch_ = 1;  // how many held events go together: more after a success, one after a failure
    std::vector<std::unique_ptr<Sender>> senders_;  // one a lane, that of held keys last
    Breaker breaker_;
    HeldKeys held_;
    Timer linger_, gate_;
    size_t first_lane_ = 0;          // to be asked next: each has its turn
    Breaker::Time last_answered_{};  // when it took or refused a batch
    bool flush_ = false;             // as of the last pump
    bool stopped_ = false;
    bool withdrawn_ = false;
    uint64_t generation_ = 0;
    LatencySamples latencies_;
    std::vector<double> scratch_;
    std::minstd_rand random_;
};

}  // namespace gpsync::relay

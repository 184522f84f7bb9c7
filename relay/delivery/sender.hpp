// The batch that a lane has on its way: sent, waiting to be sent again, or answered.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/delivery/endpoint_config.hpp"
#include "relay/delivery/http_client.hpp"
#include "relay/delivery/lane_set.hpp"
#include "relay/delivery/payload.hpp"

namespace gpsync::relay {

class Sender {
  public:
    // resend: called when the batch has waited.
    Sender(EventLoop& loop, ConnectionPool& pool, const EndpointConfig& config, std::function<void()> resend);

    // Takes a batch to be sent. REQUIRES: none on its way.
    void load(Batch batch);
    // Only these events of the batch are left, in its order.
    void keep(std::vector<Event*> events);
    // An event of the batch was refused by itself.
    void note_found() { batch_.found = true; }
    // The batch is through; gives it back.
    Batch release();

    const Batch& batch() const { return batch_; }
    std::span<Event* const> events() const { return batch_.events; }
    bool empty() const { return batch_.events.empty(); }
    // How often the batch was sent, and how often its events were, also in a larger batch.
    int attempt() const { return attempt_; }
    int attempts() const { return batch_.earlier_attempts + attempt_; }

    // A new attempt begins.
    void begin_attempt();
    void post(const std::string& bearer_token, HttpChannel::Done done);
    // Since the attempt began.
    std::chrono::duration<double> elapsed() const { return std::chrono::steady_clock::now() - begun_; }

    void wait(std::chrono::milliseconds time);
    // Until when the batch waits, µs since 1970; 0 when it does not.
    int64_t waiting_until_us() const { return waiting_until_us_; }
    // Calls resend in the loop's next turn.
    void yield() { retry_.start(std::chrono::milliseconds{0}); }

    // Sends nothing any more; a request under way may come back.
    void stop();
    bool in_flight() const { return channel_.busy(); }

  private:
    HttpChannel channel_;
    Timer retry_;
    const bool gzip_;
    Batch batch_;  // without events: nothing is on its way
    Payload payload_;
    bool packed_ = false;  // payload_ is of batch_
    int attempt_ = 0;
    std::chrono::steady_clock::time_point begun_;
    int64_t waiting_until_us_ = 0;
};

}  // namespace gpsync::relay

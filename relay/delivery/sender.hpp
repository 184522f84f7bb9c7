// The batch that a lane has on its way: sent, waiting to be sent again, or answered.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relay/base/event_loop.hpp"
#include "relay/delivery/channel.hpp"
#include "relay/delivery/lane_set.hpp"
#include "relay/delivery/protocol.hpp"

namespace gpsync::relay {

class Sender {
  public:
    // ready: called when the batch has waited.
    Sender(EventLoop& loop, std::unique_ptr<Channel> channel, std::unique_ptr<Exchange> exchange,
           std::function<void()> ready);

    // Takes a batch to be sent. REQUIRES: none on its way.
    void load(Batch batch);
    // Only these events of the batch are left, in its order.
    void keep(std::vector<Event*> events);
    // What is wrong with the batch that this is a piece of lies in this one.
    void note_found() { batch_.found = true; }
    // It is one event, which fails while the endpoint takes others: it waits by itself.
    void blame() { blamed_ = true; }
    bool blamed() const { return blamed_; }
    // The batch goes in pieces, to be searched for the event that makes it fail.
    void note_search();
    // When that began with the batch that the present one is a piece of.
    std::chrono::steady_clock::time_point search_began() const { return search_began_; }
    // The batch is through; gives it back.
    Batch release();

    const Batch& batch() const { return batch_; }
    std::span<Event* const> events() const { return batch_.events; }
    bool empty() const { return batch_.events.empty(); }
    // It has a batch, if only one without events.
    bool loaded() const { return !batch_.lanes.empty(); }
    // How often the batch was sent, and how often its events were, also in a larger batch.
    int attempt() const { return attempt_; }
    int attempts() const { return batch_.earlier_attempts + attempt_; }

    // A new attempt begins. probe: as the breaker says.
    void begin_attempt(bool probe);
    bool probe() const { return probe_; }
    // When the attempt before this one began; this one, when it is the first.
    std::chrono::steady_clock::time_point attempt_before() const { return begun_before_; }
    // Sends the first request of the attempt, or the one that follows when its answer asks for another.
    void post(const std::string& bearer_token, Channel::Done done);
    void post_next(const std::string& bearer_token, Channel::Done done);
    // What an answer means; nothing when post_next() is to follow.
    std::optional<Answer> judge(const HttpResult& result, Secrets& secrets) {
        return exchange_->judge(result, secrets);
    }
    // When the present request was.
    std::chrono::steady_clock::time_point posted() const { return posted_; }

    void wait(std::chrono::milliseconds time);
    // The wait is over.
    void wake();
    // Until when the batch waits, µs since 1970; 0 when it does not.
    int64_t waiting_until_us() const { return waiting_until_us_; }
    // Calls ready in the loop's next turn.
    void yield() { retry_.start(std::chrono::milliseconds{0}); }

    // Sends nothing any more; a request under way may come back. Answers whether one was taken back instead.
    bool stop();
    bool in_flight() const { return channel_->busy(); }

  private:
    void send(const HttpRequest& request, const std::string& bearer_token, Channel::Done done);

    const std::unique_ptr<Channel> channel_;
    Timer retry_;
    const std::unique_ptr<Exchange> exchange_;
    Batch batch_;          // without events: nothing is on its way
    bool packed_ = false;  // exchange_ has batch_
    int attempt_ = 0;
    bool probe_ = false;
    bool blamed_ = false;
    std::chrono::steady_clock::time_point begun_, begun_before_, posted_, search_began_;
    int64_t waiting_until_us_ = 0;
};

}  // namespace gpsync::relay

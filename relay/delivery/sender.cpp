#include "relay/delivery/sender.hpp"

#include <utility>

#include "relay/base/clock.hpp"

namespace gpsync::relay {

namespace {

// An answer may name each event and say something of it.
size_t max_answer(size_t events) {
    return (size_t{1} << 20) + events * 1024;
}

}  // namespace

Sender::Sender(EventLoop& loop, std::unique_ptr<Channel> channel, std::unique_ptr<Exchange> exchange,
               std::function<void()> ready)
    : channel_(std::move(channel)),
      retry_(loop,
             [this, ready = std::move(ready)] {
                 waiting_until_us_ = 0;
                 ready();
             }),
      exchange_(std::move(exchange)) {}

void Sender::load(Batch batch) {
    batch_ = std::move(batch);
    packed_ = false;
    attempt_ = 0;
    blamed_ = false;
}

void Sender::keep(std::vector<Event*> events) {
    batch_.events = std::move(events);
    batch_.bytes = 0;
    for (const Event* event : batch_.events) batch_.bytes += event->json_length;
    packed_ = false;
}

Batch Sender::release() {
    exchange_->release();
    return std::exchange(batch_, {});
}

void Sender::note_search() {
    if (!batch_.failing) search_began_ = std::chrono::steady_clock::now();
}

void Sender::begin_attempt(bool probe) {
    wake();
    probe_ = probe;
    const auto now = std::chrono::steady_clock::now();
    begun_before_ = attempt_ == 0 ? now : begun_;
    begun_ = now;
    ++attempt_;
}

void Sender::post(const std::string& bearer_token, Channel::Done done) {
    if (!std::exchange(packed_, true)) exchange_->load(batch_.events);
    send(exchange_->begin(), bearer_token, std::move(done));
}

void Sender::post_next(const std::string& bearer_token, Channel::Done done) {
    send(exchange_->next(), bearer_token, std::move(done));
}

void Sender::send(const HttpRequest& request, const std::string& bearer_token, Channel::Done done) {
    posted_ = std::chrono::steady_clock::now();
    channel_->send(request, bearer_token, max_answer(batch_.events.size()), std::move(done));
}

void Sender::wait(std::chrono::milliseconds time) {
    waiting_until_us_ = now_us() + std::chrono::microseconds(time).count();
    retry_.start(time);
}

void Sender::wake() {
    if (waiting_until_us_ == 0) return;
    retry_.stop();
    waiting_until_us_ = 0;
}

bool Sender::stop() {
    retry_.stop();
    waiting_until_us_ = 0;
    if (!channel_->resolving()) return false;
    channel_->cancel();
    return true;
}

}  // namespace gpsync::relay

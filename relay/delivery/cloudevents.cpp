#include "relay/delivery/cloudevents.hpp"

#include "relay/base/clock.hpp"
#include "relay/delivery/binary_event.hpp"
#include "relay/delivery/payload.hpp"

namespace gpsync::relay {

namespace {

class CloudEventsExchange : public Exchange {
  public:
    CloudEventsExchange(EventMode mode, bool gzip, const WebhookSigner* signer)
        : mode_(mode), gzip_(gzip), signer_(signer) {}

    void load(std::span<Event* const> events) override;
    const HttpRequest& begin() override;
    std::optional<Answer> judge(const HttpResult& result, Secrets& secrets) override;
    const HttpRequest& next() override { return request_; }
    void release() override {
        free_large(request_.body);
        free_large(uncompressed_);
    }

  private:
    const EventMode mode_;
    const bool gzip_;
    const WebhookSigner* const signer_;
    std::span<Event* const> events_;
    std::string id_;
    HttpRequest request_;
    std::string uncompressed_;  // the body, where it is signed and compressed
    size_t fixed_headers_ = 0;  // those that are the same for every attempt
};

void CloudEventsExchange::load(std::span<Event* const> events) {
    events_ = events;
    id_ = idempotency_key(events);
    request_.body.clear();
    request_.headers = {"Accept: application/json", "Idempotency-Key: " + id_};
    switch (mode_) {
        case EventMode::batch:
            append_batch(events, request_.body);
            request_.headers.emplace_back("Content-Type: application/cloudevents-batch+json; charset=utf-8");
            break;
        case EventMode::structured:
            request_.body = events.front()->json();
            request_.headers.emplace_back("Content-Type: application/cloudevents+json; charset=utf-8");
            break;
        case EventMode::binary:
            append_binary_event(events.front()->json(), request_);
            break;
    }
    if (gzip_) {
        if (signer_ != nullptr) uncompressed_ = request_.body;
        compress(request_.body);
        request_.headers.emplace_back("Content-Encoding: gzip");
    }
    fixed_headers_ = request_.headers.size();
}

const HttpRequest& CloudEventsExchange::begin() {
    request_.headers.resize(fixed_headers_);
    if (signer_ != nullptr)
        signer_->sign(id_, now_us() / 1'000'000, gzip_ ? uncompressed_ : request_.body, request_.headers);
    return request_;
}

std::optional<Answer> CloudEventsExchange::judge(const HttpResult& result, Secrets& secrets) {
    Answer answer = relay::judge(result, events_, secrets);
    // Request Header Fields Too Large: they are the event's.
    if (mode_ == EventMode::binary && answer.http_status == 431) answer.kind = AnswerKind::refused;
    return answer;
}

}  // namespace

CloudEvents::CloudEvents(const EndpointConfig& config) : mode_(config.event_mode), gzip_(config.gzip) {
    if (config.sign) signer_ = std::make_unique<WebhookSigner>(config.credentials);
}

BatchLimits CloudEvents::limits(const BatchLimits& configured) const {
    BatchLimits limits = configured;
    if (mode_ != EventMode::batch) limits.max_events = 1;
    return limits;
}

std::unique_ptr<Exchange> CloudEvents::exchange() {
    return std::make_unique<CloudEventsExchange>(mode_, gzip_, signer_.get());
}

}  // namespace gpsync::relay

#include "relay/delivery/cloudevents.hpp"

#include "relay/delivery/payload.hpp"

namespace gpsync::relay {

namespace {

class CloudEventsExchange : public Exchange {
  public:
    explicit CloudEventsExchange(bool gzip) : gzip_(gzip) {}

    void load(std::span<Event* const> events) override {
        events_ = events;
        request_.body.clear();
        append_batch(events, request_.body);
        if (gzip_) compress(request_.body);
        request_.headers = {"Content-Type: application/cloudevents-batch+json; charset=utf-8",
                            "Accept: application/json", "Idempotency-Key: " + idempotency_key(events)};
        if (gzip_) request_.headers.emplace_back("Content-Encoding: gzip");
    }
    const HttpRequest& begin() override { return request_; }
    std::optional<Answer> judge(const HttpResult& result, Secrets& secrets) override {
        return relay::judge(result, events_, secrets);
    }
    const HttpRequest& next() override { return request_; }
    void release() override { free_large(request_.body); }

  private:
    const bool gzip_;
    std::span<Event* const> events_;
    HttpRequest request_;
};

}  // namespace

std::unique_ptr<Exchange> CloudEvents::exchange() {
    return std::make_unique<CloudEventsExchange>(gzip_);
}

}  // namespace gpsync::relay

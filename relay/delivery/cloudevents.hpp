// Protocol cloudevents-batch: CloudEvents as the decoder wrote them, in one of the modes of the HTTP protocol
// binding, signed if that is configured.
#pragma once

#include <memory>
#include <string>

#include "relay/delivery/protocol.hpp"
#include "relay/delivery/webhook_signer.hpp"

namespace gpsync::relay {

class CloudEvents : public Protocol {
  public:
    explicit CloudEvents(const EndpointConfig& config);
    BatchLimits limits(const BatchLimits& configured) const override;
    std::unique_ptr<Exchange> exchange() override;
    std::string problem(Secrets& secrets) override {
        return signer_ ? signer_->refresh(secrets) : std::string();
    }

  private:
    const EventMode mode_;
    const bool gzip_;
    std::unique_ptr<WebhookSigner> signer_;  // null: nothing is signed
};

}  // namespace gpsync::relay

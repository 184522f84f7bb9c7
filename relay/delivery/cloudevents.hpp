// Protocol cloudevents-batch: JSON arrays of CloudEvents, as the decoder wrote them.
#pragma once

#include <memory>

#include "relay/delivery/protocol.hpp"

namespace gpsync::relay {

class CloudEvents : public Protocol {
  public:
    explicit CloudEvents(const EndpointConfig& config) : gzip_(config.gzip) {}
    std::unique_ptr<Exchange> exchange() override;

  private:
    const bool gzip_;
};

}  // namespace gpsync::relay

#include "relay/delivery/protocol.hpp"

#include "relay/delivery/cloudevents.hpp"

namespace gpsync::relay {

std::unique_ptr<Protocol> make_protocol(const EndpointConfig& config) {
    return std::make_unique<CloudEvents>(config);
}

}  // namespace gpsync::relay

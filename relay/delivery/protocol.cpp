#include "relay/delivery/protocol.hpp"

#include "relay/delivery/cloudevents.hpp"
#include "relay/delivery/ibm_mq.hpp"
#include "relay/delivery/local.hpp"

namespace gpsync::relay {

std::unique_ptr<Protocol> make_protocol(const EndpointConfig& config) {
    switch (config.protocol) {
        case ProtocolName::ibm_mq_rest:
            return std::make_unique<IbmMq>(config);
        case ProtocolName::local:
            return std::make_unique<Local>();
        case ProtocolName::token_lookup:
        case ProtocolName::cloudevents_batch:
            break;
    }
    return std::make_unique<CloudEvents>(config);
}

}  // namespace gpsync::relay

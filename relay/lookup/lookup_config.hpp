// What gpsync_internal.relay_lookups() says of one look-up.
#pragma once

#include <string>

#include "relay/delivery/endpoint_config.hpp"

namespace gpsync::relay {

struct LookupConfig {
    std::string name;
    EndpointConfig endpoint;
    std::string identity;  // changes whenever something about it does
};

}  // namespace gpsync::relay

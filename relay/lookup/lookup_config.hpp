// What gpsync_internal.relay_lookups() says of one look-up.
#pragma once

#include <string>

#include "relay/delivery/endpoint_config.hpp"

namespace gpsync::relay {

struct LookupConfig {
    std::string name;
    EndpointConfig endpoint;
    std::string created_at;  // as the extension writes it; "": not known
    std::string identity;    // changes whenever something about it does
    bool failing = false;    // its endpoint, by the last report: one probe first
};

}  // namespace gpsync::relay

// One CloudEvent in binary mode (HTTP protocol binding 1.0.2, 3.1): attributes as headers, data as body.
#pragma once

#include <string_view>

#include "relay/delivery/http_message.hpp"

namespace gpsync::relay {

// Adds the headers and the body of an event, given as JSON. Members that are null are left out. Throws
// MalformedEvent when it is no such event.
void append_binary_event(std::string_view json, HttpRequest& request);

}  // namespace gpsync::relay

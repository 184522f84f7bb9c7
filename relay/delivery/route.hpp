// The way to an endpoint: which proxy the environment names for it, and which host names that takes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "relay/delivery/resolver.hpp"

namespace gpsync::relay {

struct Route {
    std::string proxy;            // as CURLOPT_PROXY takes it; empty: none. May hold a password
    std::vector<HostPort> names;  // to resolve; address literals and localhost are not among them
};

// The value of an environment variable, nullptr without one.
using Environment = std::function<const char*(const char* name)>;

// As libcurl decides: http_proxy (lower case alone), https_proxy, all_proxy, no_proxy.
Route route_to(const std::string& url, const Environment& environment);

// Whether a value of no_proxy has the host: "*", a name with all below it, an address, a network in CIDR
// notation.
bool is_exempt(std::string_view no_proxy, std::string_view host);

}  // namespace gpsync::relay

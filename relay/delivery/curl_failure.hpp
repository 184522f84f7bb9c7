// What libcurl's failures mean, for every protocol.
#pragma once

#include <curl/curl.h>

namespace gpsync::relay {

// The set-up is wrong (TLS, a certificate, the URL, an option), so that trying again is of no use until
// somebody mends it. Others (no connection, no answer) may pass by themselves.
bool is_configuration_failure(CURLcode code);

}  // namespace gpsync::relay

// What a connection has received, headers, framing and encryption included: what libcurl counts of an answer
// is only its body.
#pragma once

#include <cstdint>

namespace gpsync::relay {

// Bytes since the connection was made; 0 where that is not known.
uint64_t bytes_received(int socket);

}  // namespace gpsync::relay

// Breaking a connection the hard way, which the HTTP library offers no call for.
#pragma once

namespace gpsync::emulator {

// Sends a TCP reset on this process's connection to the peer's port; the HTTP library then fails to answer on
// it.
void reset_connection(int remote_port);

}  // namespace gpsync::emulator

// The home of a server: what distinguishes it from a copy of its files that is started beside it.
#pragma once

namespace gpsync {

// The setting gpsync.home, before anything reserves the prefix of settings.
void define_home_setting();

// The setting gpsync.home, or where it is not set the host's name and the data directory, as printable ASCII
// in palloc memory. The system identifier does not distinguish a copy, which has the same one. Raises server
// errors.
char* server_home();

}  // namespace gpsync

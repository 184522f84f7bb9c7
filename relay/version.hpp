// The relay's version, as --version and the User-Agent header show it.
#pragma once

namespace gpsync::relay {

extern const char* const kVersion;

}  // namespace gpsync::relay

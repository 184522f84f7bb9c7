#include "relay/version.hpp"

namespace gpsync::relay {

const char* const kVersion = "0.1.0";

}  // namespace gpsync::relay

// The relay's version, as --version and the User-Agent header show it, and whether it fits the database's
// extension.
#pragma once

#include <string_view>

#include "core/version.hpp"

namespace gpsync::relay {

using core::kVersion;

// Throws ConfigError when the extension is of another version than the relay.
void require_fitting_extension(std::string_view extension_version);

}  // namespace gpsync::relay

// How a connection of the relay gets the settings of core/session_settings.hpp: in the startup packet, where
// they outrank those of the database and the role from the first moment on, and once more as a statement, for
// a connection pooler that leaves the first out.
#pragma once

#include <string>

namespace gpsync::relay {

// The connection parameter "options": those of conninfo (else of PGOPTIONS or a service), ours behind them.
std::string startup_options(const std::string& conninfo);

// SET for each of them. It looks up no function and no operator, so nothing can be put in its way.
std::string pinning_statement();

}  // namespace gpsync::relay

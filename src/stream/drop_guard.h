// Refuses to drop the extension while streams exist, and to rename what they name.
#pragma once

namespace gpsync {

// Cannot fail.
void install_drop_guard();

}  // namespace gpsync

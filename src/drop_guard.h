// Refuses to drop the extension while streams exist, and to rename what they name.
#pragma once

namespace gpsync {

void register_drop_guard();

}  // namespace gpsync

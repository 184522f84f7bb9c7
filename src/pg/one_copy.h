// One copy of a library in a process. The server knows a library by its file, so the same library from
// another path is loaded beside the first one, with settings, hooks and callbacks of its own.
#pragma once

#include "pg/prelude.h"

namespace gpsync::pg {

// Claims a library's name for the copy this is called in: true the first time, false when this copy has it
// already. Raises 55000 when another copy has it; nothing of this copy may be registered by then.
bool claim_library(const char* name);

}  // namespace gpsync::pg

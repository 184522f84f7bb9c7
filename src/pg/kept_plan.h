// Statements whose text is made at run time, for any table, and which a session runs again and again.
#pragma once

#include "pg/prelude.h"

namespace gpsync::pg {

// SPI_execute_with_args() without null arguments, with the plan that the session has kept of an earlier call
// with the same text and types. The plans of the last 64 texts are kept. Gives SPI's result code; raises
// server errors. REQUIRES: SPI is connected; count is at most INDEX_MAX_KEYS; nothing with a destructor
// alive.
int execute_kept(const char* text, int count, const Oid* types, const Datum* values, bool read_only,
                 long limit);

}  // namespace gpsync::pg

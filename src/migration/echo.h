// An import whose rows some endpoints are to get: they are in some legacy systems and not in the others.
#pragma once

#include "pg/prelude.h"

namespace gpsync::migration {

// Tells the decoder that rows of this transaction with that revision go to these endpoints (a JSON array of
// names, on one line) and to no others. To be written before the first of these rows, and not under
// DoNotReplicateId: with that origin nobody gets anything. revision: of the chunk; the LSN of a WAL record
// written before, plus 1. REQUIRES: a transaction; nothing with a destructor alive.
void write_echo_message(int64 revision, const char* endpoints);

}  // namespace gpsync::migration

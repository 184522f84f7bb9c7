// An import whose rows some endpoints are to get: they are in some legacy systems and not in the others.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlogdefs.h"
#include "utils/array.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

// Tells the decoder that rows of this transaction with that revision go to these endpoints (text[]) and to no
// others. To be written before the first of these rows, and not under DoNotReplicateId: with that origin
// nobody gets anything. revision: the LSN of a WAL record written before, plus 1 (the chunk's). REQUIRES: a
// transaction; nothing with a destructor alive. Errors: 22004 a NULL among the names; 22023 a revision that
// is no chunk's.
void write_echo_message(int64 revision, ArrayType* endpoints);

}  // namespace gpsync::migration

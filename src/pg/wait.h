// Waits of a session that look again and again.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "datatype/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// These raise server errors. REQUIRES: nothing with a destructor alive.

// An argument "timeout" in microseconds, at most 100 years. Raises 22023 for a null or negative one.
int64 timeout_us(const Interval* timeout);

// Pauses for so long, or until the latch is set; in whole milliseconds from one on, which is what a latch
// counts. Obeys interrupts.
void pause_us(int64 us);

}  // namespace gpsync::pg

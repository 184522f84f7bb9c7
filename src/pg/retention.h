// What a setting of minutes says about how long something is kept.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "fmgr.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// The result of a function in SQL: an interval, or NULL for ever (0 minutes).
inline Datum return_retention(FunctionCallInfo fcinfo, int minutes) {
    if (minutes == 0) PG_RETURN_NULL();
    auto* interval = static_cast<Interval*>(palloc0(sizeof(Interval)));
    interval->time = int64{minutes} * USECS_PER_MINUTE;
    PG_RETURN_INTERVAL_P(interval);
}

}  // namespace gpsync::pg

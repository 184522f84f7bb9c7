#include "local/retention.h"

#include <climits>

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/guc.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

int retention_minutes = 0;  // 0: for ever

}  // namespace

void define_history_setting() {
    DefineCustomIntVariable(
        "gpsync.history_retention", "How long status history is kept.",
        "Whole months of it are dropped when they are older. 0: it is kept for ever. A table may have a "
        "retention of its own.",
        &retention_minutes, 0, 0, INT_MAX, PGC_SIGHUP, GUC_UNIT_MIN, nullptr, nullptr, nullptr);
}

}  // namespace gpsync

// history_retention() -> interval, NULL for ever
GPSYNC_FUNCTION(gpsync_history_retention) {
    if (gpsync::retention_minutes == 0) PG_RETURN_NULL();
    auto* interval = static_cast<Interval*>(palloc0(sizeof(Interval)));
    interval->time = int64{gpsync::retention_minutes} * USECS_PER_MINUTE;
    PG_RETURN_INTERVAL_P(interval);
}

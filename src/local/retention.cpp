#include "local/retention.h"

#include <climits>

#include "pg/guard.h"
#include "pg/retention.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/guc.h"
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
    return gpsync::pg::return_retention(fcinfo, gpsync::retention_minutes);
}

#include "ramp/log_retention.h"

#include <climits>

#include "pg/guard.h"
#include "pg/retention.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/guc.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::ramp {

namespace {

int retention_minutes = 0;  // 0: for ever

}  // namespace

void define_log_retention_setting() {
    DefineCustomIntVariable(
        "gpsync.ramp_log_retention", "How long decisions about ramps are kept.",
        "Those that are older are deleted, but for the last one of a ramp. 0: they are kept "
        "for ever.",
        &retention_minutes, 90 * 24 * 60, 0, INT_MAX, PGC_SIGHUP, GUC_UNIT_MIN, nullptr, nullptr, nullptr);
}

}  // namespace gpsync::ramp

// ramp_log_retention() -> interval, NULL for ever
GPSYNC_FUNCTION(gpsync_ramp_log_retention) {
    return gpsync::pg::return_retention(fcinfo, gpsync::ramp::retention_minutes);
}

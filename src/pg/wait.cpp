#include "pg/wait.h"

#include <algorithm>

GPSYNC_SERVER_HEADERS_BEGIN
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/latch.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

int64 timeout_us(const Interval* timeout) {
    constexpr int64 kMostDays = 36500, kMostUs = kMostDays * USECS_PER_DAY;
    int64 us = 0;
    if (timeout != nullptr) {
        const int64 days = timeout->day + int64{DAYS_PER_MONTH} * timeout->month;
        us = std::clamp(days, -kMostDays, kMostDays) * USECS_PER_DAY +
             std::clamp(timeout->time, -kMostUs, kMostUs);
    }
    if (timeout == nullptr || us < 0)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("timeout must not be %s", timeout == nullptr ? "null" : "negative")));
    return us;
}

void pause_us(int64 us) {
    if (us < 1000) {
        pg_usleep(static_cast<long>(us));
    } else {
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
                        static_cast<long>(us / 1000), PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
    }
    CHECK_FOR_INTERRUPTS();
}

}  // namespace gpsync::pg

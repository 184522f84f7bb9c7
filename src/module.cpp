// gpsync.so: the module's magic and what happens when a process loads it. Each feature has its own file
// and is only registered here.
#include "drop_guard.h"
#include "machine_cache.h"
#include "pg/guard.h"
#include "pii_engine.h"
#include "plan_stamp.h"
#include "security_label.h"
#include "stream_slot.h"
#include "supervisor.h"

extern "C" {
PG_MODULE_MAGIC;
PGDLLEXPORT void _PG_init(void);
}

void _PG_init(void) {
    gpsync::register_drop_guard();
    gpsync::register_invalidation_callback();
    gpsync::register_plan_stamp();
    gpsync::register_label_provider();
    gpsync::register_pii_engine();
    gpsync::register_slot_callbacks();
    gpsync::register_supervisor();
}

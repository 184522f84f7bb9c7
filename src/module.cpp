// gpsync.so: the module's magic and what happens when a process loads it. Each feature has its own file
// and is only registered here.
#include "batch/batch_name.h"
#include "core/version.hpp"
#include "emit/ops_event.h"
#include "in_step/executor_hook.h"
#include "local/retention.h"
#include "machine/cache.h"
#include "pg/compat/module_magic.h"
#include "pg/guard.h"
#include "pg/one_copy.h"
#include "pg/stream_topics.h"
#include "pii/security_label.h"
#include "pii/session_cache.h"
#include "ramp/cache.h"
#include "ramp/log_retention.h"
#include "stream/drop_guard.h"
#include "stream/home.h"
#include "stream/slot.h"
#include "supervisor/supervisor.h"
#include "trigger/in_plan/plan_stamp.h"

extern "C" {
GPSYNC_MODULE_MAGIC("gpsync");
PGDLLEXPORT void _PG_init(void);
}

// Settings first: defining them fails where another copy of this library has defined them. Hooks last, and
// they cannot fail: a library whose _PG_init() raised stays in the process, is initialised again by the next
// attempt to load it, and would then call itself as the hook before its own, for ever.
void _PG_init(void) {
    if (!gpsync::pg::claim_library("gpsync"))
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("library \"gpsync\" could not be initialized earlier in this session"),
                        errhint("Reconnect.")));
    gpsync::define_plan_stamp_setting();
    gpsync::define_home_setting();
    gpsync::define_history_setting();
    gpsync::define_ops_event_setting();
    gpsync::batch::define_batch_setting();
    gpsync::ramp::define_log_retention_setting();
    gpsync::register_supervisor();

    gpsync::register_machine_cache();
    gpsync::register_stamp_layouts();
    gpsync::register_label_provider();
    gpsync::register_pii_engine();
    gpsync::register_slot_callbacks();
    gpsync::pg::register_stream_topics();
    gpsync::ramp::register_ramp_cache();

    gpsync::install_plan_stamp();
    gpsync::in_step::install_executor_hook();
    gpsync::install_drop_guard();
}

// library_version() -> text
GPSYNC_FUNCTION(gpsync_library_version) {
    return gpsync::pg::guarded([]() -> Datum { return CStringGetTextDatum(gpsync::core::kVersion); });
}

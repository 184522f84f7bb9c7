// Jobs that go on when the session that began them is gone. A job of some kind ("resend", "import") has a
// function gpsync_internal.KIND_step(job text) -> text, which does one transaction's worth and answers
//   more       call it again at once
//   wait       call it again after a second;  wait N: after N milliseconds
//   done       the job is over, or is not to go on now
// Two things call it, a COMMIT after each step: the procedure gpsync.run_KIND(job text, for_at_most
// interval), in its caller's session (symbol gpsync_run_steps, which takes the kind from the procedure's
// name); and background workers that gpsync_internal.start_migration_worker(kind, job, owner) starts, which
// connect as the owner. When a step fails, a worker tries again if the error is one that passes; else it
// calls gpsync_internal.KIND_failed(job text, sqlstate text) and ends. Errors' messages may show rows, so
// that neither the call nor the server's log has them.
//
// Whoever runs a job has its lock (job_lock.h), which gpsync_internal.job_runners(kind, job) counts.
#pragma once

#include "pg/prelude.h"

namespace gpsync::migration {

// The arguments of a background worker, in bgw_extra.
struct WorkerArguments {
    Oid database;
    Oid owner;
    TransactionId starter;  // the job may be made in it: it is waited for
    char kind[20];
    char job[96];
};

}  // namespace gpsync::migration

#include "migration/job_lock.h"

#include "pg/guard.h"

namespace gpsync::migration {

LOCKTAG job_lock_tag(const char* kind, const char* job) {
    return pg::lock_tag(pg::LockClass::kJob, psprintf("%s/%s", kind, job));
}

bool with_session_lock(const LOCKTAG& tag, LOCKMODE mode, void (*body)(void*), void* closure) {
    if (LockAcquire(&tag, mode, true, true) == LOCKACQUIRE_NOT_AVAIL) return false;
    PG_TRY();
    { body(closure); }
    PG_FINALLY();
    { (void)LockRelease(&tag, mode, true); }
    PG_END_TRY();
    return true;
}

}  // namespace gpsync::migration

// lock_run(run text): one session at a time does a step of a verification; until the transaction ends. Not a
// row lock: that gives the transaction an xid, and wait_for_sync() refuses to run after it.
GPSYNC_FUNCTION(gpsync_lock_run) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::pg::server_call([&] {
            const LOCKTAG tag =
                gpsync::migration::job_lock_tag("verify", text_to_cstring(PG_GETARG_TEXT_PP(0)));
            (void)LockAcquire(&tag, ExclusiveLock, false, false);
        });
        PG_RETURN_VOID();
    });
}

// lock_work(name text, shared boolean, waits boolean) -> boolean: until the transaction ends; false: another
// one has it, and this one was not to wait
GPSYNC_FUNCTION(gpsync_lock_work) {
    return gpsync::pg::guarded([&]() -> Datum {
        bool taken = false;
        gpsync::pg::server_call([&] {
            const LOCKTAG tag =
                gpsync::pg::lock_tag(gpsync::pg::LockClass::kWork, text_to_cstring(PG_GETARG_TEXT_PP(0)));
            taken = LockAcquire(&tag, PG_GETARG_BOOL(1) ? ShareLock : ExclusiveLock, false,
                                !PG_GETARG_BOOL(2)) != LOCKACQUIRE_NOT_AVAIL;
        });
        PG_RETURN_BOOL(taken);
    });
}

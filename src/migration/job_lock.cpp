#include "migration/job_lock.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "common/hashfn.h"
#include "miscadmin.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

LOCKTAG lock_tag(uint16 lock_class, const char* name) {
    const uint64 key = hash_bytes_extended(reinterpret_cast<const unsigned char*>(name),
                                           static_cast<int>(std::strlen(name)), 0);
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, static_cast<uint32>(key >> 32), static_cast<uint32>(key),
                         lock_class);
    return tag;
}

LOCKTAG job_lock_tag(const char* kind, const char* job) {
    return lock_tag(kJobLockClass, psprintf("%s/%s", kind, job));
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

#include "stream/lock.h"

#include "pg/guard.h"
#include "pg/lock_tag.h"

namespace gpsync {

// The key is SQL's hashtextextended('gpsync.stream/' || stream, 0), as gpsync_internal.stream_lock_key()
// gives it.
LOCKTAG stream_lock_tag(std::string_view stream) {
    return pg::lock_tag(pg::LockClass::kStream, "gpsync.stream/" + std::string(stream));
}

void lock_stream_creation() {
    const LOCKTAG tag = stream_lock_tag("");  // no stream's name is empty
    (void)LockAcquire(&tag, ExclusiveLock, false, false);
}

}  // namespace gpsync

// try_lock_stream(stream text) -> boolean: until the transaction ends
GPSYNC_FUNCTION(gpsync_try_lock_stream) {
    return gpsync::pg::guarded([&]() -> Datum {
        const text* stream = PG_GETARG_TEXT_PP(0);
        const LOCKTAG tag =
            gpsync::stream_lock_tag({VARDATA_ANY(stream), static_cast<size_t>(VARSIZE_ANY_EXHDR(stream))});
        PG_RETURN_BOOL(LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL);
    });
}

// lock_stream_creation(): one create_stream() at a time, until the transaction ends
GPSYNC_FUNCTION(gpsync_lock_stream_creation) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::lock_stream_creation();
        PG_RETURN_VOID();
    });
}

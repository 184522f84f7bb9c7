#include "stream/lock.h"

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "common/hashfn.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// The key is SQL's hashtextextended('gpsync.stream/' || stream, 0), as gpsync_internal.stream_lock_key()
// gives it.
LOCKTAG stream_lock_tag(std::string_view stream) {
    const std::string text = "gpsync.stream/" + std::string(stream);
    const uint64 key = hash_bytes_extended(reinterpret_cast<const unsigned char*>(text.data()),
                                           static_cast<int>(text.size()), 0);
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, static_cast<uint32>(key >> 32), static_cast<uint32>(key), 3);
    return tag;
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

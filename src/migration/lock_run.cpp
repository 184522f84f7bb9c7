// One session at a time does a step of a verification. An advisory lock of a class (objsubid 4) that SQL's
// advisory lock functions cannot take. Not a row lock: that gives the transaction an xid, and
// wait_for_sync() refuses to run after it.
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "common/hashfn.h"
#include "storage/lock.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::migration {

namespace {

LOCKTAG run_lock_tag(std::string_view run) {
    const std::string text = "gpsync.verify/" + std::string(run);
    const uint64 key = hash_bytes_extended(reinterpret_cast<const unsigned char*>(text.data()),
                                           static_cast<int>(text.size()), 0);
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, static_cast<uint32>(key >> 32), static_cast<uint32>(key), 4);
    return tag;
}

}  // namespace

}  // namespace gpsync::migration

// lock_run(run text): waits for who has it; until the transaction ends
GPSYNC_FUNCTION(gpsync_lock_run) {
    return gpsync::pg::guarded([&]() -> Datum {
        const text* run = PG_GETARG_TEXT_PP(0);
        const LOCKTAG tag =
            gpsync::migration::run_lock_tag({VARDATA_ANY(run), static_cast<size_t>(VARSIZE_ANY_EXHDR(run))});
        gpsync::pg::server_call([&] { (void)LockAcquire(&tag, ExclusiveLock, false, false); });
        PG_RETURN_VOID();
    });
}

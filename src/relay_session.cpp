// relay_acquire(): makes one session the one that books a stream. Two things exclude others: an advisory
// lock, which everyone can see in pg_locks, and the replication origin, which one process can have. Both go
// with the session, and no pooler's DISCARD ALL gives the second away.
#include "relay_session.h"

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "replication/origin.h"
#include "storage/lock.h"
#include "utils/resowner.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using pg::Error;
using pg::server_call;
using pg::Sqlstate;

// Plain memory: what a backend holds for its whole life. An empty name: nothing.
struct AcquiredStream {
    char name[NAMEDATALEN];
    RepOriginId origin;
};
AcquiredStream acquired;

// SQL's pg_try_advisory_lock(hashtextextended('gpsync.stream/' || stream, 0)).
LOCKTAG stream_lock_tag(std::string_view stream) {
    const std::string text = "gpsync.stream/" + std::string(stream);
    const uint64 key = hash_bytes_extended(reinterpret_cast<const unsigned char*>(text.data()),
                                           static_cast<int>(text.size()), 0);
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, static_cast<uint32>(key >> 32), static_cast<uint32>(key), 1);
    return tag;
}

bool holds_lock(std::string_view stream) {
    const LOCKTAG tag = stream_lock_tag(stream);
    return LockHeldByMe(&tag, ExclusiveLock);
}

bool stream_exists(const std::string& stream) {
    bool exists = false;
    server_call([&] {
        Oid types[] = {TEXTOID};
        Datum values[] = {CStringGetTextDatum(stream.c_str())};
        SPI_connect();
        SPI_execute_with_args("SELECT 1 FROM gpsync.stream WHERE stream = $1", 1, types, values, nullptr,
                              true, 1);
        exists = SPI_processed == 1;
        SPI_finish();
    });
    return exists;
}

RepOriginId find_origin(const std::string& stream) {
    const std::string name = stream_origin_name(stream);
    RepOriginId origin = InvalidRepOriginId;
    server_call([&] { origin = replorigin_by_name(const_cast<char*>(name.c_str()), true); });
    if (origin == InvalidRepOriginId)
        throw Error(Sqlstate::kNotInPrerequisiteState,
                    "replication origin \"" + name + "\" of stream \"" + stream + "\" does not exist")
            .detail("create_stream() makes it; a stream restored from a dump has none.")
            .hint("Drop the stream with gpsync.drop_stream() and create it again.");
    return origin;
}

// What another process may make impossible: false when it has the origin. A dead relay's backend gives up
// its locks a moment before its origin.
bool setup_origin(RepOriginId origin) {
    MemoryContext context = CurrentMemoryContext;
    ResourceOwner owner = CurrentResourceOwner;
    volatile bool done = false;
    // The error is raised with a lock of the server held; only a subtransaction's abort releases it.
    BeginInternalSubTransaction(nullptr);
    MemoryContextSwitchTo(context);
    PG_TRY();
    {
        replorigin_session_setup(origin);
        ReleaseCurrentSubTransaction();
        done = true;
    }
    PG_CATCH();
    {
        MemoryContextSwitchTo(context);
        ErrorData* error = CopyErrorData();
        FlushErrorState();
        RollbackAndReleaseCurrentSubTransaction();
        MemoryContextSwitchTo(context);
        CurrentResourceOwner = owner;
        if (error->sqlerrcode != ERRCODE_OBJECT_IN_USE) ReThrowError(error);
        FreeErrorData(error);
    }
    PG_END_TRY();
    MemoryContextSwitchTo(context);
    CurrentResourceOwner = owner;
    return done;
}

bool take_lock(std::string_view stream) {
    const LOCKTAG tag = stream_lock_tag(stream);
    bool taken = false;
    server_call([&] { taken = LockAcquire(&tag, ExclusiveLock, true, true) != LOCKACQUIRE_NOT_AVAIL; });
    return taken;
}

bool acquire(const std::string& stream) {
    if (!stream_exists(stream))
        throw Error(Sqlstate::kUndefinedObject, "stream \"" + stream + "\" does not exist");
    const RepOriginId origin = find_origin(stream);
    if (acquired.name[0] != '\0' && (stream != acquired.name || origin != acquired.origin))
        throw Error(Sqlstate::kNotInPrerequisiteState,
                    "this session has acquired stream \"" + std::string(acquired.name) + "\"")
            .hint("A session books one stream; use another session.");
    if (!holds_lock(stream) && !take_lock(stream)) return false;
    if (acquired.name[0] != '\0') return true;
    bool done = false;
    server_call([&] { done = setup_origin(origin); });
    if (!done) {
        const LOCKTAG tag = stream_lock_tag(stream);
        server_call([&] { LockRelease(&tag, ExclusiveLock, true); });
        return false;
    }
    replorigin_session_origin = origin;
    strlcpy(acquired.name, stream.c_str(), sizeof acquired.name);
    acquired.origin = origin;
    return true;
}

}  // namespace

std::string stream_origin_name(std::string_view stream) {
    return "gpsync_" + std::to_string(MyDatabaseId) + "_" + std::string(stream);
}

void require_acquired(std::string_view stream) {
    if (acquired.name[0] == '\0' || stream != acquired.name || replorigin_session_origin != acquired.origin ||
        !holds_lock(stream))
        throw Error(Sqlstate::kNotInPrerequisiteState,
                    "stream \"" + std::string(stream) + "\" is not acquired by this session")
            .hint("Call gpsync.relay_acquire() first, until it answers true.");
}

}  // namespace gpsync

GPSYNC_FUNCTION(gpsync_relay_acquire) {
    using namespace gpsync;
    return pg::guarded([&]() -> Datum {
        text* argument = nullptr;
        pg::server_call([&] { argument = PG_GETARG_TEXT_PP(0); });
        PG_RETURN_BOOL(acquire(std::string(VARDATA_ANY(argument), VARSIZE_ANY_EXHDR(argument))));
    });
}

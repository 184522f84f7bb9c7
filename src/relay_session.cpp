// relay_acquire(): makes one session the one that books a stream. Two things exclude others: an advisory
// lock, which everyone can see in pg_locks, and the replication origin, which one process can have. Both go
// with the session.
#include "relay_session.h"

#include "pg/guard.h"
#include "pg/own_table.h"
#include "pg/subtransaction.h"
#include "stream_lock.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_type.h"
#include "executor/spi.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using pg::Error;
using pg::server_call;
using pg::Sqlstate;

// Plain memory: what a backend holds for its whole life.
struct AcquiredStream {
    char name[NAMEDATALEN];  // empty: none
    NameData slot_name;
    RepOriginId origin;
    bool bookkeeping;
};
AcquiredStream acquired;

bool is_acquired() {
    return acquired.name[0] != '\0';
}

// Takes the lock unless it is held: pg_advisory_unlock_all(), in a trigger say, gives it away.
bool hold_lock(std::string_view stream) {
    const LOCKTAG tag = stream_lock_tag(stream);
    if (LockHeldByMe(&tag, ExclusiveLock)) return true;
    bool taken = false;
    server_call([&] { taken = LockAcquire(&tag, ExclusiveLock, true, true) != LOCKACQUIRE_NOT_AVAIL; });
    return taken;
}

void release_lock(std::string_view stream) {
    const LOCKTAG tag = stream_lock_tag(stream);
    server_call([&] { LockRelease(&tag, ExclusiveLock, true); });
}

// Whether the stream books rows.
bool read_stream(const std::string& stream) {
    bool exists = false, bookkeeping = false;
    server_call([&] {
        pg::check_own_table(pg::kStreamTable);
        pg::check_own_table(pg::kDeferredMarkTable);
        Oid types[] = {TEXTOID};
        Datum values[] = {CStringGetTextDatum(stream.c_str())};
        bool is_null = false;
        SPI_connect();
        SPI_execute_with_args("SELECT bookkeeping FROM gpsync.stream WHERE stream = $1", 1, types, values,
                              nullptr, true, 1);
        exists = SPI_processed == 1;
        if (exists)
            bookkeeping =
                DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
        SPI_finish();
    });
    if (!exists) throw Error(Sqlstate::kUndefinedObject, "stream \"" + stream + "\" does not exist");
    return bookkeeping;
}

RepOriginId find_origin(const std::string& stream, const std::string& name) {
    RepOriginId origin = InvalidRepOriginId;
    server_call([&] { origin = replorigin_by_name(const_cast<char*>(name.c_str()), true); });
    if (origin == InvalidRepOriginId)
        throw Error(Sqlstate::kNotInPrerequisiteState,
                    "replication origin \"" + name + "\" of stream \"" + stream + "\" does not exist")
            .detail("gpsync.create_stream() makes it; a stream restored from a dump has none.")
            .hint("Drop the stream with gpsync.drop_stream() and create it again.");
    return origin;
}

void setup_origin(RepOriginId origin) {
#if PG_VERSION_NUM >= 160000
    replorigin_session_setup(origin, 0);
#else
    replorigin_session_setup(origin);
#endif
}

// False when another process has the origin: a dead relay's backend gives up its locks a moment before it.
bool take_origin(RepOriginId origin) {
    bool taken = false;
    server_call([&] {
        // The server raises with one of its locks held, which the subtransaction's abort releases.
        ErrorData* error = pg::try_in_subtransaction([&] { setup_origin(origin); });
        if (error != nullptr && error->sqlerrcode != ERRCODE_OBJECT_IN_USE) ReThrowError(error);
        taken = error == nullptr;
    });
    return taken;
}

bool acquire(const std::string& stream) {
    const std::string slot_name = "gpsync_" + std::to_string(MyDatabaseId) + "_" + stream;
    const bool bookkeeping = read_stream(stream);
    const RepOriginId origin = find_origin(stream, slot_name);
    if (is_acquired() && (stream != acquired.name || origin != acquired.origin))
        throw Error(Sqlstate::kNotInPrerequisiteState,
                    "this session has acquired stream \"" + std::string(acquired.name) + "\"")
            .hint("A session books one stream, as long as it exists; use another session.");
    if (!hold_lock(stream)) return false;
    if (is_acquired()) return true;
    if (!take_origin(origin)) {
        release_lock(stream);
        return false;
    }
    replorigin_session_origin = origin;
    strlcpy(acquired.name, stream.c_str(), sizeof acquired.name);
    namestrcpy(&acquired.slot_name, slot_name.c_str());
    acquired.origin = origin;
    acquired.bookkeeping = bookkeeping;
    return true;
}

}  // namespace

void require_acquired(std::string_view stream) {
    if (!is_acquired() || stream != acquired.name || replorigin_session_origin != acquired.origin ||
        !hold_lock(stream))
        throw Error(Sqlstate::kNotInPrerequisiteState,
                    "stream \"" + std::string(stream) + "\" is not acquired by this session")
            .hint("Call gpsync.relay_acquire() first, until it answers true.");
    // Zero makes the commit take its own time. The server leaves the time of a session's first commit here,
    // and with an origin set would give it to every later one as its commit timestamp.
    replorigin_session_origin_timestamp = 0;
}

RepOriginId acquired_origin() {
    return acquired.origin;
}
const NameData* acquired_slot_name() {
    return &acquired.slot_name;
}
bool acquired_books() {
    return acquired.bookkeeping;
}

}  // namespace gpsync

GPSYNC_FUNCTION(gpsync_relay_acquire) {
    return gpsync::pg::guarded([&]() -> Datum {
        char* stream = nullptr;
        gpsync::pg::server_call([&] { stream = text_to_cstring(PG_GETARG_TEXT_PP(0)); });
        PG_RETURN_BOOL(gpsync::acquire(stream));
    });
}

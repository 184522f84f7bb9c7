// relay_acquire(): makes one session the one that books a stream. An advisory lock, which everyone can see in
// pg_locks, excludes others; it goes with the session. The replication origin is the session's only inside a
// transaction that books: behind a pooler others use the same session, and what they commit must be streamed.
#include "stream/relay_session.h"

#include "pg/compat/lock.h"
#include "pg/compat/origin.h"
#include "pg/guard.h"
#include "pg/own_table.h"
#include "pg/slot_name.h"
#include "pg/subtransaction.h"
#include "stream/home.h"
#include "stream/lock.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
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
    char* home;  // in TopMemoryContext: the server's when the stream was acquired
};
AcquiredStream acquired;

// The nesting level of the transaction that has set the session's origin up; 0: none.
int origin_level = 0;

bool is_acquired() {
    return acquired.name[0] != '\0';
}

// Takes the lock unless it is held: pg_advisory_unlock_all(), in a trigger say, gives it away.
bool hold_lock(std::string_view stream) {
    const LOCKTAG tag = stream_lock_tag(stream);
    if (pg::compat::lock_held_by_me(&tag, ExclusiveLock)) return true;
    bool taken = false;
    server_call([&] { taken = LockAcquire(&tag, ExclusiveLock, true, true) != LOCKACQUIRE_NOT_AVAIL; });
    return taken;
}

void release_lock(std::string_view stream) {
    const LOCKTAG tag = stream_lock_tag(stream);
    server_call([&] { LockRelease(&tag, ExclusiveLock, true); });
}

// What a stream says of itself.
struct StreamRow {
    bool bookkeeping = false;
    const char* home = nullptr;  // palloc'd
};

[[noreturn]] void refuse_home(std::string_view stream, const char* home, const char* here) {
    throw Error(Sqlstate::kNotInPrerequisiteState,
                "stream \"" + std::string(stream) + "\" belongs to another server")
        .detail("Its home is \"" + std::string(home) + "\", and this server's is \"" + here + "\".")
        .hint("Check the servers' URLs, then let it go on here with gpsync.resume_stream().");
}

// gpsync.home may change while the session lives, and relay_config() may have been asked through another way.
void require_home(std::string_view stream, const char* home) {
    const char* here = nullptr;
    server_call([&] { here = server_home(); });
    if (std::strcmp(home, here) != 0) refuse_home(stream, home, here);
}

StreamRow read_stream(const std::string& stream) {
    StreamRow row;
    bool exists = false;
    server_call([&] {
        pg::check_own_table(pg::kStreamTable);
        pg::check_own_table(pg::kDeferredMarkTable);
        Oid types[] = {TEXTOID};
        Datum values[] = {CStringGetTextDatum(stream.c_str())};
        bool is_null = false;
        SPI_connect();
        SPI_execute_with_args("SELECT bookkeeping, home FROM gpsync.stream WHERE stream = $1", 1, types,
                              values, nullptr, true, 1);
        exists = SPI_processed == 1;
        if (exists) {
            HeapTuple tuple = SPI_tuptable->vals[0];
            row.bookkeeping = DatumGetBool(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 1, &is_null));
            const char* home = SPI_getvalue(tuple, SPI_tuptable->tupdesc, 2);
            row.home = std::strcpy(static_cast<char*>(SPI_palloc(std::strlen(home) + 1)), home);
        }
        SPI_finish();
    });
    if (!exists) throw Error(Sqlstate::kUndefinedObject, "stream \"" + stream + "\" does not exist");
    return row;
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

void give_origin_back() {
    if (origin_level == 0) return;
    origin_level = 0;
    replorigin_session_origin = InvalidRepOriginId;
    replorigin_session_reset();
}

// Behind the commit record, which is to carry the origin.
void at_transaction_end(XactEvent event, void*) {
    if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
        give_origin_back();
}

void at_subtransaction_end(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
    const int level = GetCurrentTransactionNestLevel();
    if (event == SUBXACT_EVENT_ABORT_SUB && level <= origin_level) give_origin_back();
    if (event == SUBXACT_EVENT_COMMIT_SUB && level == origin_level) --origin_level;
}

void register_callbacks() {
    static bool registered = false;
    if (registered) return;
    RegisterXactCallback(at_transaction_end, nullptr);
    RegisterSubXactCallback(at_subtransaction_end, nullptr);
    registered = true;
}

// Sets the session's origin up until the transaction ends. False when another process has it: a dead relay's
// backend gives up its locks a moment before it.
bool take_origin(RepOriginId origin) {
    if (origin_level != 0) return true;
    bool taken = false;
    server_call([&] {
        register_callbacks();
        // The server raises with one of its locks held, which the subtransaction's abort releases.
        ErrorData* error = pg::try_in_subtransaction([&] { pg::compat::setup_session_origin(origin); });
        if (error != nullptr && error->sqlerrcode != ERRCODE_OBJECT_IN_USE) ReThrowError(error);
        taken = error == nullptr;
        if (taken) origin_level = GetCurrentTransactionNestLevel();
    });
    return taken;
}

bool acquire(const std::string& stream) {
    const NameData slot_name = pg::slot_name(stream);
    const StreamRow row = read_stream(stream);
    require_home(stream, row.home);
    const RepOriginId origin = find_origin(stream, NameStr(slot_name));
    if (is_acquired() && (stream != acquired.name || origin != acquired.origin))
        throw Error(Sqlstate::kNotInPrerequisiteState,
                    "this session has acquired stream \"" + std::string(acquired.name) + "\"")
            .hint("A session books one stream, as long as it exists; use another session.");
    if (!hold_lock(stream)) return false;
    if (!take_origin(origin)) {
        release_lock(stream);
        return false;
    }
    if (is_acquired()) return true;
    strlcpy(acquired.name, stream.c_str(), sizeof acquired.name);
    acquired.slot_name = slot_name;
    acquired.origin = origin;
    acquired.bookkeeping = row.bookkeeping;
    server_call([&] { acquired.home = MemoryContextStrdup(TopMemoryContext, row.home); });
    return true;
}

}  // namespace

// What a relay may do is not for code of a table's owner that runs in its session, even if that owner is a
// relay's role, too.
static void refuse_owner_code() {
    if (InSecurityRestrictedOperation())
        throw Error(Sqlstate::kInsufficientPrivilege, "permission denied to act as the relay of this session")
            .detail("The call comes from code of a table's owner, which bookkeeping or a look-up runs.");
}

void require_acquired(std::string_view stream) {
    refuse_owner_code();
    if (!is_acquired() || stream != acquired.name || !hold_lock(stream))
        throw Error(Sqlstate::kNotInPrerequisiteState,
                    "stream \"" + std::string(stream) + "\" is not acquired by this session")
            .hint("Call gpsync_internal.relay_acquire() first, until it answers true.");
    require_home(stream, acquired.home);
    if (!take_origin(acquired.origin))
        throw Error(Sqlstate::kObjectInUse, "replication origin of stream \"" + std::string(stream) +
                                                "\" is in use by another session")
            .hint("Try again: it is free when that session's transaction has ended.");
    replorigin_session_origin = acquired.origin;
    // Zero makes the commit take its own time. The server leaves the time of a session's first commit here,
    // and with an origin set would give it to every later one as its commit timestamp.
    replorigin_session_origin_timestamp = 0;
}

RepOriginId booking_origin() {
    return origin_level == 0 ? InvalidRepOriginId : acquired.origin;
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

// require_acquired(stream text) -> void
GPSYNC_FUNCTION(gpsync_require_acquired) {
    return gpsync::pg::guarded([&]() -> Datum {
        char* stream = nullptr;
        gpsync::pg::server_call([&] { stream = text_to_cstring(PG_GETARG_TEXT_PP(0)); });
        gpsync::require_acquired(stream);
        PG_RETURN_VOID();
    });
}

// refuse_owner_code() -> void
GPSYNC_FUNCTION(gpsync_refuse_owner_code) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::refuse_owner_code();
        PG_RETURN_VOID();
    });
}

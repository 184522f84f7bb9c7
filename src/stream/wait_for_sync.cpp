// wait_for_sync(): waits until everything committed before an LSN is booked. A slot is confirmed only after
// the bookkeeping of what it confirms is durable (docs/design.md), so its confirmed position is the answer,
// together with the marks that were put off and the cursors of endpoints that read the spool. The position is
// read from shared memory, marks and cursors with the latest snapshot, so the wait also ends under REPEATABLE
// READ.
#include <algorithm>

#include "core/nearest_name.hpp"
#include "pg/guard.h"
#include "pg/own_table.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "catalog/pg_type.h"
#include "datatype/timestamp.h"
#include "executor/spi.h"
#include "pgstat.h"
#include "replication/slot.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/spin.h"
#include "utils/pg_lsn.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using pg::Error;
using pg::Sqlstate;

// A relay books within milliseconds; nobody notices a hundredth of a second on top of a longer wait.
constexpr long kFirstPollMs = 1;
constexpr long kLongestPollMs = 10;
// Each look at what waits behind the slot reads its tables.
constexpr long kBooksPollMs = 50;

// Columns of gpsync.deferred_mark.
constexpr int kMarkStream = 1, kMarkCommitLsn = 6;
// Columns of gpsync.endpoint_cursor.
constexpr int kCursorStream = 0, kCursorFeed = 2, kCursorCommitLsn = 3;
// Columns of gpsync.held_event.
constexpr int kHeldStream = 0, kHeldCommitLsn = 1;

struct WaitedStream {
    const char* stream;
    const char* slot;
    bool bookkeeping;
};

// All streams of the database, in palloc memory. REQUIRES: nothing with a destructor alive.
std::span<WaitedStream> read_streams() {
    pg::check_own_table(pg::kStreamTable);
    SPI_connect();
    if (SPI_execute("SELECT stream, gpsync_internal.slot_name(stream)::text, bookkeeping FROM gpsync.stream "
                    "ORDER BY 1",
                    true, 0) != SPI_OK_SELECT)
        elog(ERROR, "could not read gpsync.stream");
    const uint64 count = SPI_processed;
    auto* streams = static_cast<WaitedStream*>(SPI_palloc(sizeof(WaitedStream) * (count + 1)));
    for (uint64 i = 0; i < count; ++i) {
        HeapTuple row = SPI_tuptable->vals[i];
        auto text_of = [&](int column) {
            const char* value = SPI_getvalue(row, SPI_tuptable->tupdesc, column);
            auto* copy = static_cast<char*>(SPI_palloc(std::strlen(value) + 1));
            return std::strcpy(copy, value);
        };
        bool is_null;
        streams[i] = {text_of(1), text_of(2),
                      DatumGetBool(SPI_getbinval(row, SPI_tuptable->tupdesc, 3, &is_null))};
    }
    SPI_finish();
    return {streams, static_cast<size_t>(count)};
}

// The streams to wait for: the named one, or all that book. Moves them to the front of streams.
std::span<WaitedStream> choose(std::span<WaitedStream> streams, const char* name) {
    const auto wanted = [&](const WaitedStream& s) {
        return name == nullptr ? s.bookkeeping : std::strcmp(s.stream, name) == 0;
    };
    const auto end = std::partition(streams.begin(), streams.end(), wanted);
    if (end != streams.begin()) return {streams.begin(), end};
    if (name == nullptr)
        throw Error(Sqlstate::kUndefinedObject, "no stream of this database keeps books")
            .hint("SELECT gpsync.create_stream('legacy', endpoints => '{nws,ods}')");
    std::vector<std::string_view> names;
    for (const WaitedStream& s : streams) names.emplace_back(s.stream);
    throw Error(Sqlstate::kUndefinedObject, "stream \"" + std::string(name) + "\" does not exist")
        .hint(core::unknown_name_hint(name, "streams", names));
}

// An insert position at the start of a page counts its header, which is not there before the next record is;
// a slot that has read everything stops before it.
XLogRecPtr before_page_header(XLogRecPtr lsn) {
    if (XLogSegmentOffset(lsn, wal_segment_size) == SizeOfXLogLongPHD) return lsn - SizeOfXLogLongPHD;
    if (lsn % XLOG_BLCKSZ == SizeOfXLogShortPHD) return lsn - SizeOfXLogShortPHD;
    return lsn;
}

std::string format_lsn(XLogRecPtr lsn) {
    char text[32];
    snprintf(text, sizeof(text), "%X/%X", static_cast<unsigned>(lsn >> 32), static_cast<unsigned>(lsn));
    return text;
}

// Checks lsn (0: now) against the WAL written and gives what the slots have to reach. The WAL up to there is
// flushed, since only that is streamed: an asynchronous commit would wait for the WAL writer otherwise.
XLogRecPtr target_position(XLogRecPtr lsn) {
    const XLogRecPtr inserted = GetXLogInsertRecPtr();
    if (lsn > inserted) {
        throw Error(Sqlstate::kInvalidParameter, "LSN " + format_lsn(lsn) + " has not been written yet")
            .detail("The server's WAL ends at " + format_lsn(inserted) + ".");
    }
    const XLogRecPtr target = before_page_header(lsn != InvalidXLogRecPtr ? lsn : inserted);
    pg::server_call([&] {
        if (target > GetFlushRecPtr(nullptr)) XLogFlush(target);
    });
    return target;
}

struct SlotReading {
    bool found, usable;
    XLogRecPtr confirmed;
};

SlotReading read_slot(const char* name) {
    SlotReading reading = {};
    LWLockAcquire(ReplicationSlotControlLock, LW_SHARED);
    if (ReplicationSlot* slot = SearchNamedReplicationSlot(name, false)) {
        SpinLockAcquire(&slot->mutex);
        reading = {true, slot->data.restart_lsn != InvalidXLogRecPtr && slot->data.database == MyDatabaseId,
                   slot->data.confirmed_flush};
        SpinLockRelease(&slot->mutex);
    }
    LWLockRelease(ReplicationSlotControlLock);
    return reading;
}

bool has_reached(const WaitedStream& waited, XLogRecPtr target) {
    const SlotReading reading = read_slot(waited.slot);
    if (reading.found && reading.usable) return reading.confirmed >= target;
    throw Error(Sqlstate::kNotInPrerequisiteState, "replication slot \"" + std::string(waited.slot) +
                                                       "\" of stream \"" + waited.stream + "\" " +
                                                       (reading.found ? "is lost" : "does not exist"))
        .hint("See gpsync.doctor().");
}

int64 milliseconds(const Interval* timeout) {
    const int64 days = timeout->day + int64{DAYS_PER_MONTH} * timeout->month;
    const int64 ms = days * (SECS_PER_DAY * 1000) + timeout->time / 1000;
    if (ms < 0) throw Error(Sqlstate::kInvalidParameter, "timeout must not be negative");
    return ms;
}

void sleep_for(int64 ms) {
    pg::server_call([&] {
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, static_cast<long>(ms),
                        PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
    });
}

std::string_view view_of(Datum value) {
    const text* content = DatumGetTextPP(value);
    return {VARDATA_ANY(content), static_cast<size_t>(VARSIZE_ANY_EXHDR(content))};
}

bool is_of(std::span<const WaitedStream> waited, Datum stream) {
    return std::ranges::any_of(waited, [&](const WaitedStream& s) { return view_of(stream) == s.stream; });
}

// Whether a mark of an event before target waits for its row. What confirms a slot has committed these
// before.
bool marks_wait(std::span<const WaitedStream> waited, XLogRecPtr target) {
    bool found = false;
    (void)pg::scan_own_table(pg::kDeferredMarkTable, {}, [&](const Datum* columns) {
        found |= DatumGetLSN(columns[kMarkCommitLsn]) < target && is_of(waited, columns[kMarkStream]);
    });
    return found;
}

// Whether an endpoint reads events before target from the spool. The slot is confirmed behind these.
bool endpoints_are_behind(std::span<const WaitedStream> waited, XLogRecPtr target) {
    bool found = false;
    (void)pg::scan_own_table(pg::kEndpointCursorTable, {}, [&](const Datum* columns) {
        found |= view_of(columns[kCursorFeed]) == "behind" &&
                 DatumGetLSN(columns[kCursorCommitLsn]) < target && is_of(waited, columns[kCursorStream]);
    });
    return found;
}

// Whether an endpoint holds events from before target.
bool events_are_held(std::span<const WaitedStream> waited, XLogRecPtr target) {
    bool found = false;
    (void)pg::scan_own_table(pg::kHeldEventTable, {}, [&](const Datum* columns) {
        found = DatumGetLSN(columns[kHeldCommitLsn]) < target && is_of(waited, columns[kHeldStream]);
        return !found;
    });
    return found;
}

// Whether the books, behind what the slots say, have something from before target.
bool books_wait(std::span<const WaitedStream> waited, XLogRecPtr target) {
    bool waits = false;
    pg::server_call([&] {
        waits = marks_wait(waited, target) || endpoints_are_behind(waited, target) ||
                events_are_held(waited, target);
    });
    return waits;
}

// True once every slot has confirmed target and every row is marked; false when timeout_ms have passed.
bool wait_until_reached(std::span<const WaitedStream> waited, XLogRecPtr target, int64 timeout_ms) {
    const TimestampTz start = GetCurrentTimestamp();
    int64 poll = kFirstPollMs;
    for (;;) {
        // All of them each time: one that is dropped meanwhile is an error, also while another one lags.
        const bool reached = std::ranges::count_if(
                                 waited, [&](const WaitedStream& s) { return !has_reached(s, target); }) == 0;
        if (reached && !books_wait(waited, target)) return true;
        if (reached) poll = kBooksPollMs;
        const int64 left = timeout_ms - (GetCurrentTimestamp() - start) / 1000;
        if (left <= 0) return false;
        sleep_for(std::min(left, poll));
        if (!reached) poll = std::min<int64>(poll * 2, kLongestPollMs);
    }
}

Datum wait_for_sync(FunctionCallInfo fcinfo) {
    const XLogRecPtr lsn = PG_ARGISNULL(0) ? InvalidXLogRecPtr : PG_GETARG_LSN(0);
    const char* name = PG_ARGISNULL(1) ? nullptr : text_to_cstring(PG_GETARG_TEXT_PP(1));
    if (PG_ARGISNULL(2)) throw Error(Sqlstate::kInvalidParameter, "timeout must not be null");
    const int64 timeout_ms = milliseconds(PG_GETARG_INTERVAL_P(2));
    if (RecoveryInProgress())
        throw Error(Sqlstate::kNotInPrerequisiteState, "recovery is in progress")
            .hint("Wait on the primary.");
    if (TransactionIdIsValid(GetTopTransactionIdIfAny()))
        throw Error(Sqlstate::kActiveTransaction,
                    "wait_for_sync() must not run in a transaction that has written")
            .detail("What this transaction has written is delivered after its COMMIT only.")
            .hint("Commit first.");
    const std::span<WaitedStream> waited = choose(read_streams(), name);
    PG_RETURN_BOOL(wait_until_reached(waited, target_position(lsn), timeout_ms));
}

}  // namespace

}  // namespace gpsync

// wait_for_sync(lsn pg_lsn, stream text, timeout interval) -> boolean
GPSYNC_FUNCTION(gpsync_wait_for_sync) {
    return gpsync::pg::guarded([&] { return gpsync::wait_for_sync(fcinfo); });
}

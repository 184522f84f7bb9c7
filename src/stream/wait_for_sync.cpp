// wait_for_sync(): waits until everything committed before an LSN is booked. Each booking writes into
// gpsync.stream_position up to where nothing is unsettled once it is committed, and the slot is confirmed up
// to there some time later (docs/design.md). So either position is the answer, together with the marks that
// were put off and the cursors of endpoints that read the spool. The slot's is read from shared memory, the
// others with the latest snapshot, so the wait also ends under REPEATABLE READ.
#include <algorithm>

#include "core/nearest_name.hpp"
#include "pg/compat/message.h"
#include "pg/guard.h"
#include "pg/own_table.h"
#include "pg/wait.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "replication/slot.h"
#include "storage/lwlock.h"
#include "storage/spin.h"
#include "utils/pg_lsn.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using pg::Error;
using pg::Sqlstate;

// A relay books within milliseconds: a wait is looked at again after a tenth of its duration so far, within
// these bounds.
constexpr int64 kShortestPollUs = 200;
constexpr int64 kLongestPollUs = 10000;
// Each look at what waits behind the position reads its tables.
constexpr int64 kLongestBooksPollUs = 50000;
// A relay that has nothing to book and sees only WAL that its own books wrote waits a second before it books
// again (relay/books/confirmation.cpp). A wait that takes longer than this writes a message into the WAL that
// is larger than what a relay takes for its own: that makes the relay book at once. Again after ten times as
// long, since the message may come while a relay writes.
constexpr int64 kFirstMessageUs = 3000, kLastMessageUs = 1000000;
constexpr char kMessagePrefix[] = "gpsync.wait_for_sync";
constexpr size_t kMessageBytes = 1024;

// Columns of gpsync.stream_position.
constexpr int kPositionStream = 0, kPositionSlot = 1, kPositionSystem = 2, kPositionConfirmedLsn = 5;
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

// A slot that is gone is an error, also where the books are far enough.
bool slot_has_reached(const WaitedStream& waited, XLogRecPtr target) {
    const SlotReading reading = read_slot(waited.slot);
    if (reading.found && reading.usable) return reading.confirmed >= target;
    throw Error(Sqlstate::kNotInPrerequisiteState, "replication slot \"" + std::string(waited.slot) +
                                                       "\" of stream \"" + waited.stream + "\" " +
                                                       (reading.found ? "is lost" : "does not exist"))
        .hint("See gpsync.doctor().");
}

std::string_view view_of(Datum value) {
    const text* content = DatumGetTextPP(value);
    return {VARDATA_ANY(content), static_cast<size_t>(VARSIZE_ANY_EXHDR(content))};
}

bool is_of(std::span<const WaitedStream> waited, Datum stream) {
    return std::ranges::any_of(waited, [&](const WaitedStream& s) { return view_of(stream) == s.stream; });
}

// Whether the books of a stream say that nothing before target is unsettled. Those of another slot or system
// (a copy of the database) say nothing.
bool booked_up_to(const WaitedStream& waited, XLogRecPtr target) {
    bool reached = false;
    (void)pg::scan_own_table(pg::kStreamPositionTable, {}, [&](const Datum* columns) {
        reached |= view_of(columns[kPositionStream]) == waited.stream &&
                   std::strcmp(NameStr(*DatumGetName(columns[kPositionSlot])), waited.slot) == 0 &&
                   static_cast<uint64>(DatumGetInt64(columns[kPositionSystem])) == GetSystemIdentifier() &&
                   DatumGetLSN(columns[kPositionConfirmedLsn]) >= target;
    });
    return reached;
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

// Whether nothing before target is unsettled at any of the streams.
bool have_reached(std::span<const WaitedStream> waited, XLogRecPtr target) {
    // All slots each time: one that is dropped meanwhile is an error, also while another one lags.
    bool slots = true;
    for (const WaitedStream& stream : waited) slots = slot_has_reached(stream, target) && slots;
    if (slots) return true;
    bool books = false;
    pg::server_call([&] {
        books = std::ranges::all_of(waited, [&](const WaitedStream& s) {
            const SlotReading slot = read_slot(s.slot);
            return (slot.found && slot.usable && slot.confirmed >= target) || booked_up_to(s, target);
        });
    });
    return books;
}

// No decoder passes it on (decoder/echo.cpp reads its own alone).
void write_message() {
    static constexpr char content[kMessageBytes] = {};
    pg::server_call(
        [&] { XLogFlush(pg::compat::log_message(kMessagePrefix, content, sizeof content, false)); });
}

// True once everything before target is settled and every row is marked; false when timeout_us have passed.
bool wait_until_reached(std::span<const WaitedStream> waited, XLogRecPtr target, int64 timeout_us) {
    const TimestampTz start = GetCurrentTimestamp();
    int64 next_message_us = kFirstMessageUs;
    for (;;) {
        const bool reached = have_reached(waited, target);
        if (reached && !books_wait(waited, target)) return true;
        const int64 passed = GetCurrentTimestamp() - start;
        const int64 left = timeout_us - passed;
        if (left <= 0) return false;
        if (!reached && passed >= next_message_us && next_message_us <= kLastMessageUs) {
            write_message();
            next_message_us *= 10;
        }
        const int64 longest = reached ? kLongestBooksPollUs : kLongestPollUs;
        pg::server_call(
            [&] { pg::pause_us(std::min(left, std::clamp(passed / 10, kShortestPollUs, longest))); });
    }
}

Datum wait_for_sync(FunctionCallInfo fcinfo) {
    const XLogRecPtr lsn = PG_ARGISNULL(0) ? InvalidXLogRecPtr : PG_GETARG_LSN(0);
    const char* name = PG_ARGISNULL(1) ? nullptr : text_to_cstring(PG_GETARG_TEXT_PP(1));
    int64 timeout_us = 0;
    pg::server_call(
        [&] { timeout_us = pg::timeout_us(PG_ARGISNULL(2) ? nullptr : PG_GETARG_INTERVAL_P(2)); });
    if (RecoveryInProgress())
        throw Error(Sqlstate::kNotInPrerequisiteState, "recovery is in progress")
            .hint("Wait on the primary.");
    if (TransactionIdIsValid(GetTopTransactionIdIfAny()))
        throw Error(Sqlstate::kActiveTransaction,
                    "wait_for_sync() must not run in a transaction that has written")
            .detail("What this transaction has written is delivered after its COMMIT only.")
            .hint("Commit first.");
    const std::span<WaitedStream> waited = choose(read_streams(), name);
    PG_RETURN_BOOL(wait_until_reached(waited, target_position(lsn), timeout_us));
}

}  // namespace

}  // namespace gpsync

// wait_for_sync(lsn pg_lsn, stream text, timeout interval) -> boolean
GPSYNC_FUNCTION(gpsync_wait_for_sync) {
    return gpsync::pg::guarded([&] { return gpsync::wait_for_sync(fcinfo); });
}

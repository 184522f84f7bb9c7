// A slot's confirmed position against the books. The relay writes into gpsync.stream_position how far it is
// going to confirm the slot, and confirms it once that is durable. So a slot that is further has been read or
// moved by somebody else, or is a copy, and what lies between was never delivered. The other way round, a
// slot behind the books, is what a crash leaves: the relay skips what its position covers.
#include "pg/guard.h"
#include "pg/own_table.h"
#include "pg/slot_name.h"
#include "stream/booked_position.h"
#include "stream/relay_session.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/xlog.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "replication/slot.h"
#include "storage/lwlock.h"
#include "storage/spin.h"
#include "utils/builtins.h"
#include "utils/pg_lsn.h"
#include "utils/xid8.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// Where a slot of this database is confirmed; 0 where there is none, or only a temporary one: a stream that
// is being made or dropped.
XLogRecPtr confirmed_lsn(const char* slot_name) {
    XLogRecPtr confirmed = InvalidXLogRecPtr;
    LWLockAcquire(ReplicationSlotControlLock, LW_SHARED);
    if (ReplicationSlot* slot = SearchNamedReplicationSlot(slot_name, false)) {
        SpinLockAcquire(&slot->mutex);
        if (slot->data.persistency == RS_PERSISTENT && slot->data.database == MyDatabaseId)
            confirmed = slot->data.confirmed_flush;
        SpinLockRelease(&slot->mutex);
    }
    LWLockRelease(ReplicationSlotControlLock);
    return confirmed;
}

struct Booked {
    XLogRecPtr lsn;
    bool found;
};

// With the latest snapshot, whatever the caller's is.
Booked booked_lsn(std::string_view stream, const char* slot_name) {
    Booked booked = {InvalidXLogRecPtr, false};
    pg::scan_own_table(pg::kStreamPositionTable, {}, [&](const Datum* columns) {
        const text* name = DatumGetTextPP(columns[0]);
        if (std::string_view(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)) != stream ||
            std::strcmp(NameStr(*DatumGetName(columns[1])), slot_name) != 0)
            return;
        booked = {DatumGetLSN(columns[5]), true};
    });
    return booked;
}

// The slot first: the relay books before it confirms, so books that are read afterwards cover it.
XLogRecPtr overtaking_lsn(const text* stream) {
    if (RecoveryInProgress()) return InvalidXLogRecPtr;
    const std::string_view name(VARDATA_ANY(stream), VARSIZE_ANY_EXHDR(stream));
    const NameData slot_name = pg::slot_name(name);
    const XLogRecPtr confirmed = confirmed_lsn(NameStr(slot_name));
    if (confirmed == InvalidXLogRecPtr) return InvalidXLogRecPtr;
    const Booked booked = booked_lsn(name, NameStr(slot_name));
    return booked.found && confirmed > booked.lsn ? confirmed : InvalidXLogRecPtr;
}

void book_confirmed(const char* stream, XLogRecPtr lsn) {
    Oid types[] = {TEXTOID, LSNOID, NAMEOID, INT8OID, XID8OID, LSNOID};
    const OpenHorizon horizon = open_horizon();
    Datum values[] = {CStringGetTextDatum(stream),
                      LSNGetDatum(lsn),
                      NameGetDatum(acquired_slot_name()),
                      Int64GetDatum(static_cast<int64>(GetSystemIdentifier())),
                      FullTransactionIdGetDatum(horizon.oldest),
                      LSNGetDatum(horizon.lsn)};
    SPI_connect();
    const int result =
        SPI_execute_with_args("UPDATE gpsync.stream_position SET " GPSYNC_SET_CONFIRMED GPSYNC_WHERE_POSITION,
                              6, types, values, nullptr, false, 0);
    if (result != SPI_OK_UPDATE)
        elog(ERROR, "could not write gpsync.stream_position: %s", SPI_result_code_string(result));
    if (SPI_processed == 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("the position of stream \"%s\" belongs to another slot or system", stream)));
    SPI_finish();
}

Datum relay_confirm(FunctionCallInfo fcinfo) {
    char* stream = text_to_cstring(PG_GETARG_TEXT_PP(0));
    require_acquired(stream);
    TupleDesc desc = nullptr;
    if (get_call_result_type(fcinfo, nullptr, &desc) != TYPEFUNC_COMPOSITE)
        elog(ERROR, "return type must be a row type");
    const XLogRecPtr began = GetXLogInsertRecPtr();
    pg::check_own_table(pg::kStreamPositionTable);
    book_confirmed(stream, PG_GETARG_LSN(1));
    Datum values[] = {LSNGetDatum(began), LSNGetDatum(GetXLogInsertRecPtr())};
    bool nulls[] = {false, false};
    return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

}  // namespace

}  // namespace gpsync

// overtaking_lsn(stream text) -> pg_lsn
GPSYNC_FUNCTION(gpsync_overtaking_lsn) {
    return gpsync::pg::guarded([&]() -> Datum {
        XLogRecPtr lsn = InvalidXLogRecPtr;
        gpsync::pg::server_call([&] { lsn = gpsync::overtaking_lsn(PG_GETARG_TEXT_PP(0)); });
        if (lsn == InvalidXLogRecPtr) PG_RETURN_NULL();
        return LSNGetDatum(lsn);
    });
}

// relay_confirm(stream text, lsn pg_lsn) -> (began pg_lsn, ended pg_lsn)
GPSYNC_FUNCTION(gpsync_relay_confirm) {
    return gpsync::pg::guarded([&]() -> Datum { return gpsync::relay_confirm(fcinfo); });
}

// How a stream's position is written: the parts of the UPDATE that both ways of booking share.
//
// Beside where the slot may be confirmed, a position says which transactions have ended before that: all with
// an id below ended_before. It is found in two steps. A booking notes the oldest transaction that is open,
// and where the WAL ends then; once the stream is confirmed up to there, whatever was older has ended before
// the confirmed LSN. So request_status() can judge a request whose WAL, or whose slot, is gone.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/transam.h"
#include "access/xlog.h"
#include "storage/procarray.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// $1 the stream, $2 the confirmed LSN, $3 and $4 slot and system, $5 and $6 open_horizon().
#define GPSYNC_SET_CONFIRMED                                                                           \
    "confirmed_lsn = greatest(confirmed_lsn, $2), booked_at = pg_catalog.now(), ended_before = CASE"   \
    " WHEN next_ended_lsn <= $2 THEN greatest(ended_before, next_ended_before) ELSE ended_before END," \
    " next_ended_before = CASE WHEN next_ended_lsn <= $2 THEN $5 ELSE next_ended_before END,"          \
    " next_ended_lsn = CASE WHEN next_ended_lsn <= $2 THEN $6 ELSE next_ended_lsn END"
#define GPSYNC_WHERE_POSITION " WHERE stream = $1 AND slot_name = $3 AND system_identifier = $4"

struct OpenHorizon {
    FullTransactionId oldest;  // all (sub)transactions with lower ids have ended
    XLogRecPtr lsn;            // before this
};

// REQUIRES: no recovery.
inline OpenHorizon open_horizon() {
    const TransactionId oldest = GetOldestActiveTransactionId();
    const FullTransactionId next = ReadNextFullTransactionId();
    const uint32 distance = XidFromFullTransactionId(next) - oldest;
    return {FullTransactionIdFromU64(U64FromFullTransactionId(next) - distance), GetXLogInsertRecPtr()};
}

}  // namespace gpsync

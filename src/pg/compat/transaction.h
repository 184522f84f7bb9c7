// Differences between PostgreSQL major versions (15 to 18) in transactions.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "storage/proc.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::compat {

// Which of this session's transactions is running, whether or not it has an XID.
inline LocalTransactionId local_transaction_id() {
#if PG_VERSION_NUM >= 170000
    return MyProc->vxid.lxid;
#else
    return MyProc->lxid;
#endif
}

}  // namespace gpsync::pg::compat

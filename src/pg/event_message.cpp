#include "pg/event_message.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "access/xlog.h"
#include "replication/message.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

XLogRecPtr write_event_message(core::ByteBuffer& scratch, core::EventMessage& message) {
    message.xid = U64FromFullTransactionId(GetCurrentFullTransactionId());
    scratch.size = 0;
    core::append_event_message(scratch, message);
    const RepOriginId origin = replorigin_session_origin;
    replorigin_session_origin = kEventMessageOrigin;
    XLogRecPtr lsn = InvalidXLogRecPtr;
    PG_TRY();
    { lsn = LogLogicalMessage(core::kEventMessagePrefix, scratch.data, scratch.size, true); }
    PG_FINALLY();
    { replorigin_session_origin = origin; }
    PG_END_TRY();
    return lsn;
}

}  // namespace gpsync::pg

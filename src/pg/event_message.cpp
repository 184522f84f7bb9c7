#include "pg/event_message.h"

#include "pg/compat/message.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "access/xlog.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

XLogRecPtr write_event_message(core::ByteBuffer& scratch, core::EventMessage& message) {
    message.xid = U64FromFullTransactionId(GetCurrentFullTransactionId());
    scratch.size = 0;
    core::append_event_message(scratch, message);
    // The decoder would not take it for one. Only a row's key can be so long: a numeric in an index has few
    // bytes and may have 131,072 digits.
    if (scratch.size > core::kMostEventMessageBytes)
        ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("an event of a topic is too large"),
                        errdetail("The limit is %zu bytes with its key.", core::kMostEventMessageBytes),
                        errhint("A key with numbers of many digits makes it large.")));
    const RepOriginId origin = replorigin_session_origin;
    replorigin_session_origin = kEventMessageOrigin;
    XLogRecPtr lsn = InvalidXLogRecPtr;
    PG_TRY();
    { lsn = compat::log_message(core::kEventMessagePrefix, scratch.data, scratch.size, true); }
    PG_FINALLY();
    { replorigin_session_origin = origin; }
    PG_END_TRY();
    return lsn;
}

}  // namespace gpsync::pg

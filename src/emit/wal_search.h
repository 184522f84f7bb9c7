// What the WAL says of emitted events: the message itself, and the commit of its transaction. Nothing is
// stored of a request, so this is where it is.
#pragma once

#include "pg/prelude.h"

#include "core/request_id.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlogdefs.h"
#include "utils/array.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

// All of these REQUIRE: no recovery; nothing with a destructor alive. They raise server errors, none where
// WAL is gone.

enum class WalFinding : uint8_t {
    kGone,   // the WAL is not there any more, or cannot be read
    kOther,  // something else ends there
    kFound,
};

// Whether the message of a request is in the WAL. REQUIRES: the WAL is flushed up to the request's LSN.
WalFinding find_message(const core::RequestId& request);

// Where a transaction's commit record begins and ends.
struct CommitInWal {
    XLogRecPtr begin = InvalidXLogRecPtr, end = InvalidXLogRecPtr;  // 0: it was not found
};

// Reads from a request's message on to the commit of its transaction, or to where the WAL is flushed. A
// session reads no part of it twice for the requests that it has asked for last.
CommitInWal find_commit(const core::RequestId& request);

// The ids (xid8[]) of the (sub)transactions of this database whose event messages lie between two LSNs, and
// that have not ended at the second; nullptr where the WAL from the first on is gone.
ArrayType* open_emitters(XLogRecPtr from, XLogRecPtr at);

}  // namespace gpsync

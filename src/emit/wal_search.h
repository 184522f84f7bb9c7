// What the WAL says of an emitted event: the message itself, and the commit of its transaction. Nothing is
// stored of a request, so this is where it is.
#pragma once

#include "pg/prelude.h"

#include "core/request_id.hpp"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlogdefs.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

enum class WalFinding : uint8_t {
    kGone,   // the WAL is not there any more, or cannot be read
    kOther,  // something else ends there
    kFound,
};

struct RequestInWal {
    WalFinding message = WalFinding::kGone;
    const char* topic = nullptr;  // kFound; in the current memory context
    // Where the transaction's commit record begins and ends; 0: not found in what was read.
    XLogRecPtr commit = InvalidXLogRecPtr, commit_end = InvalidXLogRecPtr;
    bool searched_all = false;  // up to where the WAL is flushed
};

// Looks for the message of a request and, with commit, for the commit of its transaction, at most a bounded
// way behind it. REQUIRES: no recovery; the WAL is flushed up to the request's LSN; nothing with a destructor
// alive.
RequestInWal search_wal(const core::RequestId& request, bool commit);

}  // namespace gpsync

// A mode of the session that ends with the (sub)transaction that began it, at the latest: loading a row,
// importing rows. A subtransaction of the table's own code, which may end before, does not end it.
#pragma once

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

struct ScopedMode {
    void (*end)();  // also called where the mode has ended
    SubTransactionId began_in = InvalidSubTransactionId;
    bool registered = false;

    void begin();  // REQUIRES: nothing with a destructor alive
};

// The attached table that relation is, or is a partition of. Raises 55000, with this hint, where there is
// none. REQUIRES: nothing with a destructor alive.
Oid require_attached_root(Oid relation, const char* hint);

}  // namespace gpsync

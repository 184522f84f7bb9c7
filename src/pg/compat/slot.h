// Differences between PostgreSQL major versions (15 to 18) in replication slots.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "replication/slot.h"
#include "utils/fmgroids.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg::compat {

// pg_create_logical_replication_slot(): a row (slot_name, lsn). Through its SQL function, since what is
// behind it is static. Raises server errors.
inline Datum create_logical_slot(const char* name, const char* plugin, bool temporary) {
    constexpr bool kTwoPhase = false;
    NameData slot_name, plugin_name;
    namestrcpy(&slot_name, name);
    namestrcpy(&plugin_name, plugin);
#if PG_VERSION_NUM >= 170000
    constexpr bool kFailover = false;
    return OidFunctionCall5(F_PG_CREATE_LOGICAL_REPLICATION_SLOT, NameGetDatum(&slot_name),
                            NameGetDatum(&plugin_name), BoolGetDatum(temporary), BoolGetDatum(kTwoPhase),
                            BoolGetDatum(kFailover));
#else
    return OidFunctionCall4(F_PG_CREATE_LOGICAL_REPLICATION_SLOT, NameGetDatum(&slot_name),
                            NameGetDatum(&plugin_name), BoolGetDatum(temporary), BoolGetDatum(kTwoPhase));
#endif
}

// Takes a slot for this session, also one that the server has invalidated: it is to be dropped or kept, not
// read. Raises server errors: another session has it.
inline void acquire_slot(const char* name) {
#if PG_VERSION_NUM >= 180000
    constexpr bool kErrorIfInvalid = false;
    ReplicationSlotAcquire(name, true, kErrorIfInvalid);
#else
    ReplicationSlotAcquire(name, true);
#endif
}

// Marks a slot to be synchronised to standbys, so that a promoted one goes on with it. A temporary slot
// cannot be made so. REQUIRES: PostgreSQL 17; the slot is this process's, and its mutex is held.
inline void set_failover([[maybe_unused]] ReplicationSlot* slot) {
#if PG_VERSION_NUM >= 170000
    slot->data.failover = true;
#endif
}

}  // namespace gpsync::pg::compat

// The ramps of this database, as a session keeps them. Every session sees a change with its next call of
// find_ramp(), whatever its isolation level: what is kept goes with the table's invalidation, and is read
// with a snapshot of then.
#pragma once

#include "core/ramp/bucket.hpp"
#include "pg/prelude.h"

namespace gpsync::ramp {

struct Ramp {
    std::string_view name;
    uint32_t width = 0;  // buckets that are modern
    core::RampHash hash;
    // Sequences; InvalidOid where the ramp comes from a dump, and nobody has looked at it yet.
    Oid ok_counter = InvalidOid, failed_counter = InvalidOid;
};

// Call once per process, from _PG_init.
void register_ramp_cache();

// nullptr where there is no such ramp. Valid until the next call. REQUIRES: a transaction; nothing with a
// destructor alive.
const Ramp* find_ramp(std::string_view name);

}  // namespace gpsync::ramp

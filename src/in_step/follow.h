// How the other side of a pair follows: the statements for it, kept for the session.
#pragma once

#include "in_step/side.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "executor/spi.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::in_step {

// The transition table in the statements.
inline constexpr char kWritten[] = "gpsync_written";

// Of one table, for its triggers of one pair.
struct Follow {
    struct Key {
        Oid relation;
        int pair;
    } key;
    bool valid;     // nothing has changed since it was made
    int running;    // statements of it under way, one inside the other
    bool rewrites;  // a BEFORE ROW trigger may change what is written here
    Oid other;      // InvalidOid: nothing follows
    Oid owner;      // of this table
    Oid other_owner;
    Side side;
    SPIPlanPtr lock;    // locks the rows of the other side that may follow, in the order of their keys
    SPIPlanPtr insert;  // brings them in step with rows that were inserted; a NULL there changes nothing
    SPIPlanPtr update;  // with rows that were updated
    SPIPlanPtr adopt;   // of this table: rows that were inserted take what the other side has instead of NULL
};

// Raises 55000 where the other table has no trigger of the pair any more. REQUIRES: nothing with a destructor
// alive.
Follow& follow_of(const TriggerData& trigger, const TriggerArguments& of);

// A statement of the trigger's table. It is kept, with a plan that looks rows up by their key, whatever
// number of rows it was planned for; for many rows it is planned for them alone, and lasts until
// SPI_finish(). REQUIRES: SPI is connected, the transition table is registered, the user is who runs it.
SPIPlanPtr prepared(Follow* follow, const TriggerData& trigger, SPIPlanPtr Follow::*plan);

}  // namespace gpsync::in_step

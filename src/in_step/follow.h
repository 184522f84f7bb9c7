// How the other side of a pair follows: the statements for it, kept for the session.
//
// REQUIRES (all of this file): nothing with a destructor alive.
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
    SideTable own;  // the table that is written
    SideTable other;
    SideColumns columns, other_columns;
    SPIPlanPtr exists;  // whether the other side has a row that is to follow
    SPIPlanPtr insert;  // brings it in step with rows that were inserted; a NULL there changes nothing
    SPIPlanPtr update;  // with rows that were updated
    SPIPlanPtr adopt;   // of this table: rows that were inserted take what the other side has instead of NULL
};

// Locks the other table as a write does, so that nothing of it changes before that write. Where nothing
// follows, because the pair or the other table is not there any more, the other relation is InvalidOid.
// Raises 55000 where a table has lost its triggers of the pair, or the two belong to two roles.
Follow& follow_of(const TriggerData& trigger, const TriggerArguments& of);

// A statement for as many rows of the transition table. It is kept, with a plan that looks rows up by their
// key, whatever number of rows it was planned for; for many rows it is planned for them alone, and lasts
// until SPI_finish(). REQUIRES: SPI is connected, the transition table is registered, the user is who runs
// it.
SPIPlanPtr prepared(Follow* follow, int64 rows, SPIPlanPtr Follow::*plan);

// Around statements of any Follow: its plans are not freed meanwhile, also where something changes.
void begin_running();
void end_running();

}  // namespace gpsync::in_step

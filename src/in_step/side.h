// Two tables that are kept in step are a pair: a row of gpsync.step_pair, with the sides a and b. Each side,
// and each of its partitions, has triggers of the pair. The BEFORE UPDATE OF trigger among them records the
// columns: the server renames them there, and a dump has them.
//
// REQUIRES (all of this file): nothing with a destructor alive.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "commands/trigger.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::in_step {

inline constexpr int kMostColumns = 64;

// What a trigger's arguments say.
struct TriggerArguments {
    int pair;
    bool of_a;
    int key_count;
};

// The columns of a table on its side of a pair: the key's first, then those that follow.
struct SideColumns {
    int key_count;
    int count;
    AttrNumber numbers[kMostColumns];
};

// A table of a pair, or a partition of one.
struct SideTable {
    Oid relation;  // InvalidOid: it is not there any more
    Oid schema;
    Oid owner;
    bool is_partitioned;
    // A BEFORE ROW trigger, other than the stamp, of it or of a partition may change what is written.
    bool may_rewrite;
    // A trigger other than those of the pair needs one, or may_rewrite.
    bool needs_transition_table;
};

// Raises 39P01 where a trigger was not made by keep_in_step().
TriggerArguments arguments_of(const Trigger& trigger);

// False: the table has no trigger of that side of that pair.
bool find_columns(Relation relation, int pair, bool of_a, SideColumns* columns);

// Raises 55000 where a partition has another owner than the table. REQUIRES: relation is open and locked.
SideTable describe_table(Relation relation, int pair);

// The table of the other side of a pair. InvalidOid: the pair, or that table, is not there any more, or the
// relation is neither the table of its own side nor a partition of it.
Oid other_side(Oid relation, const TriggerArguments& of);

}  // namespace gpsync::in_step

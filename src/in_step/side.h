// Two tables that are kept in step are a pair: a row of gpsync.step_pair, with the sides a and b. Each side,
// and each of its partitions, has triggers of the pair. The BEFORE UPDATE OF trigger among them records the
// columns: the server renames them there, and a dump has them.
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

struct Side {
    int key_count;
    int column_count;  // the key's first, then those that follow
    AttrNumber columns[kMostColumns];
};

// Raises 39P01 where a trigger was not made by keep_in_step().
TriggerArguments arguments_of(const Trigger& trigger);

// The columns of a table on its side of a pair. False: it has no trigger of the pair.
bool find_side(Relation relation, const TriggerArguments& of, Side* side);

// The table of the other side of a pair. InvalidOid: the pair, or that table, is not there any more, or the
// relation is neither the table of its own side nor a partition of it.
Oid other_side(Oid relation, const TriggerArguments& of);

// Whether a BEFORE ROW trigger other than gpsync's own may change what is written.
bool has_rewriting_trigger(Relation relation);

}  // namespace gpsync::in_step

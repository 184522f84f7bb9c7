// The plain table that holds the row of a key, and the unique index that finds it.
#pragma once

#include "bookkeeping/bookkeeping.h"
#include "bookkeeping/key.h"

namespace gpsync::migration {

// All in the caller's memory context; trivial, so that an ERROR may pass over it.
struct KeyedLeaf {
    Relation relation;  // null: no partition takes the key, or a table on the way is locked
    bool locked;
    bookkeeping::KeyIndex key_index;  // natts 0: the key does not have the columns of a unique index
};

// Opens and locks the leaf of a key. root is an open table. REQUIRES: nothing with a destructor alive.
KeyedLeaf open_leaf(Relation root, Jsonb* key, LOCKMODE mode);

// Keeps the lock.
void close_leaf(Relation root, const KeyedLeaf& leaf);

// Raises 22023: the key does not fit the table.
[[noreturn]] void raise_bad_key(Relation relation);

}  // namespace gpsync::migration

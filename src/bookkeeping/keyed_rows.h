// Rows by their keys, as events show them, with SQL.
#pragma once

#include "bookkeeping/key.h"

namespace gpsync::bookkeeping {

// The rows of one key: "FROM ONLY schema.table AS t WHERE t.a = $1 AND …", and the values. All in the memory
// context of the call that described them.
struct KeyedRows {
    const char* table;
    const char* where;
    int count;
    Oid types[INDEX_MAX_KEYS];
    Datum values[INDEX_MAX_KEYS];
};

// All of these raise server errors. REQUIRES: nothing with a destructor alive.

// False: the key does not have the columns of a unique index of the relation, or has a null.
bool describe_rows(KeyedRows* rows, KeyIndex* found, Relation relation, Jsonb* key);

// Text of "SELECT sync_revision, sync_status::text" of the rows; lock is put behind it.
const char* select_rows(const KeyedRows& rows, const char* lock);

// "pg_catalog.jsonb_build_object('a', t.a, …)": the key's values as they stand in the row, as events show
// them.
const char* key_expression(const KeyedRows& rows, const KeyIndex& index);

// One row as visit_rows() leaves it.
struct TouchedRow {
    int64 revision;
    char* status;         // null: the row's is
    const char* problem;  // null: none
};

inline constexpr const char* kRowIsLocked = "the row is locked";
inline constexpr const char* kRowIsMissing = "missing";

// Reads the row and, with touch, sets it PENDING, as the present user. It waits for nobody: a row that
// somebody else has locked is a problem. The status is in the memory context result.
void visit_rows(TouchedRow* row, const KeyedRows& rows, bool touch, MemoryContext result);

}  // namespace gpsync::bookkeeping

// Marking rows COMPLETED or FAILED. The parts: bookkeeping/relay_book.cpp the SQL functions,
// bookkeeping/store.cpp what is kept in gpsync's tables, bookkeeping/relation.cpp which table a mark belongs
// to and what happens to its errors, bookkeeping/route.cpp partitions, bookkeeping/row_writer.cpp the rows of
// one table, bookkeeping/key.cpp keys, bookkeeping/scan.cpp rows whose key has no index,
// bookkeeping/owner_triggers.cpp what the owner's triggers may do, bookkeeping/keyed_rows.cpp rows by their
// keys for other callers than the relay.
//
// Rows are found and written with the server's own access methods, not through SPI: only so can one search
// distinguish a row that is locked, one whose transaction is not visible yet, and one that has moved on; no
// plan can go wrong; row security and rules do not come between a row and its mark. Nothing here waits for a
// lock: what cannot be had at once is deferred.
//
// All types are trivial: an ERROR may pass over them.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlogdefs.h"
#include "storage/itemptr.h"
#include "utils/jsonb.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

enum class Outcome : uint8 {
    kMarked,      // written
    kDeferred,    // locked, not visible yet, or an error: kept in gpsync.deferred_mark
    kSuperseded,  // gone, changed since, or marked before: nothing to do
};

// One delivered revision of one row.
struct Mark {
    Oid relation;        // the table that was changed, or else that the event named; InvalidOid: it is gone
    Oid target;          // the table that holds the row: relation, or a partition of it
    const char* table;   // the quoted name in the event; null: not known
    Jsonb* key_columns;  // of relation, as the decoder describes them; null: only the name is known
    XLogRecPtr commit_lsn;  // of the event; invalid: not known, or no endpoint was to get it
    bool by_name;           // relation is gone: target is what has its name now
    ItemPointerData place;  // what a scan of the table found
    Jsonb* key;             // as in the event's data.key; values may be in text form
    int64 revision;         // as in the event's data.revision
    bool failed;            // an endpoint refused the event for good
    Outcome outcome;        // the result
    const char* error;      // why it was deferred, when not for a lock
};

// Whether the mark's table and the columns of its key are known by number.
inline bool is_by_oid(const Mark& mark) {
    return mark.key_columns != nullptr && !mark.by_name;
}

// Pointers, so that marks can be grouped by table without losing their order.
using Marks = std::span<Mark*>;

inline void set_outcome(Marks marks, Outcome outcome, const char* error = nullptr) {
    for (Mark* mark : marks) {
        mark->outcome = outcome;
        mark->error = error;
    }
}

// bookkeeping/relation.cpp: sets the outcome of every mark. Errors of a table (a trigger of its owner, a
// constraint, …) become deferred marks of that table.
void book_marks(std::span<Mark> marks);

// The relation that an event's quoted name means now; InvalidOid if there is none, or none with this name
// that could be booked. Warns, once a session and name.
Oid resolve_table(const char* quoted_name);

// A WARNING, once a session for each relation or name and reason.
void warn_once(const char* subject, const char* reason);

// bookkeeping/route.cpp: sets target of each mark to the partition that holds its row, or would; InvalidOid
// if there is none. False: a table on the way is locked. REQUIRES: in a subtransaction; root is a locked
// partitioned table.
bool route_marks(Relation root, Marks marks);

// The relation that has the row of a key, or would have it: a partition, or relation itself where it is not
// partitioned. InvalidOid: none; *locked: a table on the way is locked. REQUIRES: relation is locked.
Oid relation_of_key(Relation relation, Jsonb* key, bool* locked);

// bookkeeping/scan.cpp: for marks whose key no index covers. Reads the table once and sets for each mark
// outcome and, where that is kMarked, the place of its row. A table that was read a moment ago is not read
// again: its marks are deferred. REQUIRES: in a subtransaction, as the table's owner; all marks have the same
// key_columns.
struct BookedColumns;
void locate_rows(Relation relation, const BookedColumns& columns, Marks marks);

// bookkeeping/row_writer.cpp: marks rows of one plain table or partition, as its owner, and fires its
// triggers. Raises what they raise. REQUIRES: in a subtransaction; relation is open and locked.
void mark_rows(Relation relation, Marks marks);

}  // namespace gpsync::bookkeeping

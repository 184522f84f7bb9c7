// Writing the stamp into a row: sync_status = PENDING, sync_revision, last_updated. This is the hot path of
// every write to an attached table: what it needs to know of a relation is cached per backend.
#pragma once

#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup.h"
#include "executor/tuptable.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

inline constexpr char kPending[] = "PENDING";

// The columns a stamp writes, as indexes into arrays below.
enum StampColumn : int8_t { kSyncStatus, kSyncRevision, kLastUpdated, kStampColumns, kNoStampColumn = -1 };

// What must be known of an attribute to step over it in a tuple.
struct AttributeShape {
    int16_t length;      // attlen
    char alignment;      // attalign
    StampColumn column;  // kNoStampColumn: just step over it
};

struct StampLayout {
    Oid relation = InvalidOid;
    bool valid = false;                     // false: build it again; set by the invalidation callback
    bool watches_moves = false;             // a partition: its rows may be on the way to another one
    AttrNumber state_column = 0;            // the status; only known where watches_moves
    AttrNumber attnum[kStampColumns] = {};  // kLastUpdated: 0 where the table has no such column
    bool last_updated_has_zone = false;
    int32_t last_updated_typmod = -1;
    std::vector<AttributeShape> shapes;  // up to the last column of the three
    uint64_t version = 0;                // of this description; another one after it was built again
};

// The layout of a relation, which stays where it is for the life of the backend (its contents may change
// whenever the relation does). REQUIRES: relation is open and locked.
StampLayout& stamp_layout(Relation relation);

// Whether a stamp writes the column: last_updated.
bool is_stamped_time(const FormData_pg_attribute* column) noexcept;

// Call once per process, from _PG_init: what has changed in a relation's definition makes its layout invalid.
void register_stamp_layouts();

// The WAL insert position, and more than previous, the revision this row had (docs/design.md says why). A
// multiple of 8: other values are those of imports (import_mode.h).
int64_t revision_after(int64_t previous);

// now() as a timestamp or timestamptz of this modifier (-1: none).
Datum stamp_time(bool has_zone, int32_t type_modifier);

// Whether two states are the same; one without data() is NULL.
inline bool same_state(std::string_view a, std::string_view b) {
    return (a.data() == nullptr) == (b.data() == nullptr) && a == b;
}

// The sync_revision of a row; 0 where it is NULL.
int64_t row_revision(const StampLayout& layout, HeapTuple tuple, TupleDesc descriptor);

// The row with the stamp: tuple itself, changed in place, where slot owns it and nothing changes its size,
// else a copy in the current memory context. REQUIRES: slot is the trigger's slot for tuple. May raise a
// server error.
HeapTuple stamp_row(const StampLayout& layout, HeapTuple tuple, TupleTableSlot* slot, int64_t revision);

}  // namespace gpsync

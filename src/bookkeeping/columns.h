// The three columns that bookkeeping knows in a table.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "executor/tuptable.h"
#include "utils/datum.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

// The columns, and the values they can get.
struct BookedColumns {
    AttrNumber status, timestamp, revision;
    bool status_by_value;
    int status_length;
    Datum pending, completed, failed, now;
};

inline bool is_pending(const BookedColumns& columns, TupleTableSlot* slot) {
    bool is_null = false;
    const Datum value = slot_getattr(slot, columns.status, &is_null);
    return !is_null && datum_image_eq(value, columns.pending, columns.status_by_value, columns.status_length);
}

}  // namespace gpsync::bookkeeping

// What the catalogs say of redaction, as plain palloc'd lists.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/attnum.h"
#include "nodes/pg_list.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

struct LabelRow {
    Oid relid;
    AttrNumber attnum;
    const char* label;
};

// A list of LabelRow *, in the current memory context, as they are now; a column may have several labels, its
// own and those of what its table inherits from. REQUIRES: a transaction. Raises server errors.
List* read_column_labels();

// Appends, to a list of Oids, the tables that child inherits from or is a partition of and that are not in it
// yet, as the current (historic) snapshot sees them.
void append_parents(List** relations, Oid child);

// The label of a column as the current (historic) snapshot sees it; null: none.
const char* current_label(Oid relid, AttrNumber attnum);

}  // namespace gpsync::decoder

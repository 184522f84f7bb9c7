// From an event's key, as JSON, back to the values of a table's key columns.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/skey.h"
#include "utils/jsonb.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

// How one column is read from JSON: what to_jsonb() made of its value.
struct KeyColumn {
    const char* name;
    int name_length;
    AttrNumber attnum;
    Oid row_type;
    Oid type;  // under any domain: no constraint of the owner's runs
    int32 typmod;
    Oid input_parameter;
    FmgrInfo input;
};

// A unique index and how its columns are read.
struct KeyIndex {
    Oid index = InvalidOid;
    int natts = 0;
    KeyColumn columns[INDEX_MAX_KEYS];
};

// A column of an event's key, as the decoder describes it: what it was called, and where it is in the table
// that was changed.
struct EventColumn {
    const char* name;
    int name_length;
    AttrNumber attnum;
    Oid type;
};
struct EventKey {
    int natts;
    EventColumn columns[INDEX_MAX_KEYS];
};

// From {"name": [attribute number, type OID], ...}. Raises 22023 for anything else.
void read_event_key(EventKey* event_key, Jsonb* key_columns);

// Whether a value of the column still is what the event shows of it: the column is there, and its type is the
// same or one that takes the other's values as they are.
bool is_comparable(const EventColumn& column, Relation relation);

// The unique index over exactly these columns; natts 0: there is none, or a column is not comparable.
void find_event_index(KeyIndex* found, Relation relation, const EventKey& event_key);

// Names in the event and in the table may differ.
void init_event_column(KeyColumn* column, Relation relation, const EventColumn& event_column);

// A JSON value's text. REQUIRES: it is a scalar and not null.
char* scalar_text(const JsonbValue& value);

void init_key_column(KeyColumn* column, Relation relation, AttrNumber attnum);

// False if the key has no such column, or null there.
bool read_key_column(KeyColumn* column, Jsonb* key, Datum* value);

// The unique index over exactly the columns that the key names: the table's key (src/pg/row_key.h) if it is
// over those, else any other. natts 0: there is none.
void find_key_index(KeyIndex* found, Relation relation, Jsonb* key);

// One equality per column of the index, without values. REQUIRES: index is a btree.
void init_scan_keys(ScanKey keys, Relation index, const KeyIndex& key_index);

// Puts the values of a key in place. False if the key does not have the columns.
bool fill_scan_keys(ScanKey keys, KeyIndex* key_index, Jsonb* key);

}  // namespace gpsync::bookkeeping

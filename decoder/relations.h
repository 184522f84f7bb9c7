// What the decoder knows of each relation: whether and as what it is streamed, and how its columns are
// written. An entry is built at the first change under a catalog state and dropped by invalidation; when all
// of them take much memory, those that were used longest ago are removed, and built again when needed.
#pragma once

#include "pg/prelude.h"

#include "core/cloudevents.hpp"
#include "pg/json/render.h"
#include "publications.h"
#include "redaction.h"
#include "row_filter.h"
#include "wal2json/lists.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/attnum.h"
#include "lib/ilist.h"
#include "utils/hsearch.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

// One column's rendering plan: what its value goes through between the tuple and the event.
struct Column {
    AttrNumber attnum;  // in the tuples of the relation that was changed
    bool in_row;        // false: sync_status and its like, which row and old leave out
    bool may_be_toasted;
    Oid type;
    int32 typmod;
    std::string_view label;  // ,"name":
    Oid text_output;         // book_lines, in a key: the output function whose text leads back to the value
    pg::RenderPlan value;
    ColumnRedaction redaction;

    std::string_view first_label() const { return label.substr(1); }
    std::string_view quoted_name() const { return label.substr(1, label.size() - 2); }
};

struct RelationEntry {
    Oid relid;              // hash key
    bool valid;             // false: to be built again
    MemoryContext context;  // of everything below; null: there is nothing
    dlist_node recent;      // in RelationCache::recent
    size_t bytes;           // of it in RelationCache::bytes
    bool is_stream_table;   // gpsync.stream: a change to it may bring a new origin to filter
    bool is_shard;          // of a table that Citus distributes, under whose name it is streamed
    Published published;
    // OIDs: the relations whose labels say what of a row is shown, and whose publications may cover it. NIL:
    // its own only.
    List* labelled;

    // In the order of the table it is streamed as, without dropped ones and those that a column list leaves
    // out: what is not here, no format can show.
    Column* columns;
    int ncolumns;
    int* key;  // indexes into columns; none where a column list leaves out a column of the key
    int nkey;
    int* identity;  // likewise: the replica identity, which is what old tuples have
    int nidentity;
    RowFilter* filter;          // null: every row is streamed
    AttrNumber revision;        // sync_revision in the tuples, 0: none
    AttrNumber shown_revision;  // the same; 0 where a column list leaves it out
    // The row's key for the books, which have it whatever a column list leaves out.
    Column** book_key;
    int nbook_key;
    bool in_book_only;        // the books' fields have a key or a revision that the event does not show
    bool settings_matter;     // some column's text depends on settings
    const char* schema_name;  // of the table it is streamed as; of a shard, of the distributed table
    const char* table_name;
    core::EventTemplate text;
    std::string_view book;  // what leads a line with book_lines; empty where there is no row to mark
    bool key_as_text;       // some column of the key has a text_output
    void* format_data;      // what a format adds on first use

    // Space for a new and an old tuple, taken apart. All entries share it: that of the last look-up has it.
    Datum* values;
    bool* nulls;
    Datum* old_values;
    bool* old_nulls;
};

struct RelationCache {
    HTAB* entries;
    MemoryContext context;
    RelationEntry* last;  // the last one looked up
    dlist_head recent;    // all entries, the last one used first
    size_t bytes;         // that the entries take, as counted when they were built or left for another one
    int invalid;          // entries that an invalidation dropped and nobody built again
    bool any_shared;      // some entry depends on more relations than its own
    std::string_view source;
    RedactionState* redaction;
    bool book_lines;
    bool all_tables;                       // and not those of publications
    const wal2json::Selection* selection;  // narrows what is streamed; null: it does not

    int natts;  // for so many columns there is space in
    Datum* values;
    bool* nulls;
    Datum* old_values;
    bool* old_nulls;

    void invalidate(Oid relid);  // InvalidOid: all
};

RelationCache make_relation_cache(MemoryContext parent, std::string_view source, RedactionState* redaction,
                                  bool book_lines);

// The entry of an open relation, valid until the next look-up or sweep: a look-up may remove other entries.
// REQUIRES: a transaction with the historic snapshot of the change; publications that are loaded; a current
// memory context that does not outlive the change, since catalog look-ups leave things behind in it.
RelationEntry* look_up(RelationCache& cache, const PublicationSet& publications, Relation relation);

// Frees entries of relations that are gone, when there are many. REQUIRES: no entry is in use.
void sweep(RelationCache& cache);

}  // namespace gpsync::decoder

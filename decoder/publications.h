// Which tables the publications of the options cover, as the historic snapshot of the change sees it.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xlogdefs.h"
#include "catalog/pg_publication.h"
#include "nodes/pg_list.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

struct PublicationSet {
    MemoryContext context;  // of what is loaded; reset before it is loaded again
    List* names;            // of char *, from the options
    bool* reported;         // for each name: that it is missing was said, and it has not appeared since
    List* found;            // of Publication *
    bool valid;             // false: to be loaded again; set by invalidation
    List* restricted;       // entries with a column list or a row filter when streaming began
    XLogRecPtr began_at;    // when that was
    XLogRecPtr change_at;   // the change that tables are looked up for
};

PublicationSet make_publication_set(MemoryContext parent, List* names);

// Reads which tables are published with a column list or a row filter now. REQUIRES: a transaction.
void read_restrictions(PublicationSet& set, MemoryContext context);

// Loads what is not valid any more, for a change. A publication that does not exist is a WARNING, once until
// it appears.
void load_publications(PublicationSet& set, XLogRecPtr change_at);

struct Published {
    bool any;  // whether any change of the table is streamed
    Oid as;    // the table the changes are shown as: itself, or the root it is a partition of
    PublicationActions actions;  // over all publications
};
// REQUIRES: load_publications(set). Catalogs are read. A table that a publication has with a column list or a
// row filter is an error: sending whole rows would widen what it says.
Published find_published(const PublicationSet& set, Relation relation);

}  // namespace gpsync::decoder

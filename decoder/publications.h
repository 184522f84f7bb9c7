// Which tables, columns and rows the publications of the options cover, as the historic snapshot of the
// change sees it. The outcome is that of PostgreSQL's pgoutput for the same publications.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_publication.h"
#include "nodes/bitmapset.h"
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
};

PublicationSet make_publication_set(MemoryContext parent, List* names);

// Loads what is not valid any more. A publication that does not exist is a WARNING, once until it appears.
void load_publications(PublicationSet& set);

struct Published {
    bool any;  // whether any change of the table is streamed
    Oid as;    // the table the changes are shown as: itself, or the root it is a partition of
    PublicationActions actions;  // over all publications
};
// Sets through to the publications (Publication *) that show the table as `as`: only their column lists and
// row filters count. The list is made in the current memory context and is valid until the next load.
// REQUIRES: load_publications(set). Catalogs are read.
Published find_published(const PublicationSet& set, Relation relation, List** through);

// The numbers of the columns that publications list for a table, in the current memory context; null: all
// columns. Lists that differ are an error (0A000).
Bitmapset* listed_columns(const List* through, Relation shown);

// Whether some publication of the set has a column list without this column for the table or a table that it
// is a partition of. Never an error. REQUIRES: load_publications(set).
bool may_leave_out(const PublicationSet& set, Relation relation, const char* column);

}  // namespace gpsync::decoder

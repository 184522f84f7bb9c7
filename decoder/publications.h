// Which tables the publications of the options cover, as the historic snapshot of the change sees it.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
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
};

PublicationSet make_publication_set(MemoryContext parent, List* names);

// Loads what is not valid any more. A publication that does not exist is a WARNING, once until it appears;
// one with column lists or row filters is refused: sending whole rows would widen what it says.
void load_publications(PublicationSet& set);

struct Published {
    bool any;  // whether any change of the table is streamed
    Oid as;    // the table the changes are shown as: itself, or the root it is a partition of
    PublicationActions actions;  // over all publications
};
// REQUIRES: load_publications(set). Catalogs are read.
Published find_published(const PublicationSet& set, Relation relation);

}  // namespace gpsync::decoder

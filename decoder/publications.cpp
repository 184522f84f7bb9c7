#include "publications.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/partition.h"
#include "catalog/pg_publication_rel.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

bool is_null(HeapTuple tuple, AttrNumber attribute, Relation relation) {
    return heap_attisnull(tuple, attribute, RelationGetDescr(relation));
}

[[noreturn]] void refuse(const char* publication, Oid table, bool row_filter) {
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
             errmsg("publication \"%s\" has a %s for table \"%s.%s\", which gpsync_decoder does not honour",
                    publication, row_filter ? "row filter" : "column list",
                    get_namespace_name(get_rel_namespace(table)), get_rel_name(table)),
             errhint("Publish the table without it, or take the table out of the publication.")));
    pg_unreachable();
}

// A column list or a row filter is an attribute of the publication's entry for a table.
void check_honoured(const Publication* publication) {
    Relation entries = table_open(PublicationRelRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_publication_rel_prpubid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(publication->oid));
    SysScanDesc scan = systable_beginscan(entries, PublicationRelPrpubidIndexId, true, nullptr, 1, &key);
    for (HeapTuple tuple; HeapTupleIsValid(tuple = systable_getnext(scan));) {
        auto entry = reinterpret_cast<Form_pg_publication_rel>(GETSTRUCT(tuple));
        const bool row_filter = !is_null(tuple, Anum_pg_publication_rel_prqual, entries);
        if (row_filter || !is_null(tuple, Anum_pg_publication_rel_prattrs, entries))
            refuse(publication->name, entry->prrelid, row_filter);
    }
    systable_endscan(scan);
    table_close(entries, AccessShareLock);
}

void report_missing(const char* name) {
    ereport(WARNING, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("publication \"%s\" does not exist", name),
                      errdetail("No change is streamed for it until it is created.")));
}

bool contains(List* oids, Oid oid) {
    return list_member_oid(oids, oid);
}

// How one publication covers a table.
struct Cover {
    bool covered;
    Oid as;
    int level;  // how far up `as` is: 0 the table itself
};

Cover cover_all_tables(const Publication* publication, Oid table, List* ancestors) {
    if (!publication->pubviaroot || ancestors == NIL) return {true, table, 0};
    return {true, llast_oid(ancestors), list_length(ancestors)};
}

Cover cover_listed(const Publication* publication, Oid table, List* ancestors, List* publications_of_table) {
    Cover cover{contains(publications_of_table, publication->oid), table, 0};
    if (ancestors == NIL) return cover;
    int level = 0;
    const Oid ancestor = GetTopMostAncestorInPublication(publication->oid, ancestors, &level);
    if (!OidIsValid(ancestor)) return cover;
    if (publication->pubviaroot) return {true, ancestor, level};
    cover.covered = true;
    return cover;
}

void add_actions(PublicationActions& all, const PublicationActions& more) {
    all.pubinsert |= more.pubinsert;
    all.pubupdate |= more.pubupdate;
    all.pubdelete |= more.pubdelete;
    all.pubtruncate |= more.pubtruncate;
}

}  // namespace

PublicationSet make_publication_set(MemoryContext parent, List* names) {
    PublicationSet set{};
    set.context = AllocSetContextCreate(parent, "gpsync publications", ALLOCSET_SMALL_SIZES);
    set.names = names;
    set.reported =
        static_cast<bool*>(MemoryContextAllocZero(parent, static_cast<size_t>(list_length(names))));
    return set;
}

void load_publications(PublicationSet& set) {
    if (set.valid) return;
    set.found = NIL;
    MemoryContextReset(set.context);
    MemoryContext before = MemoryContextSwitchTo(set.context);
    // An invalidation that comes in while the catalogs are read must not be lost.
    set.valid = true;
    ListCell* cell;
    foreach (cell, set.names) {
        const auto* name = static_cast<const char*>(lfirst(cell));
        bool& reported = set.reported[foreach_current_index(cell)];
        Publication* publication = GetPublicationByName(name, true);
        if (publication != nullptr) {
            check_honoured(publication);
            set.found = lappend(set.found, publication);
        } else if (!reported) {
            report_missing(name);
        }
        reported = publication == nullptr;
    }
    MemoryContextSwitchTo(before);
}

Published find_published(const PublicationSet& set, Relation relation) {
    const Oid table = RelationGetRelid(relation);
    Published published{false, table, {}};
    if (set.found == NIL || !is_publishable_relation(relation)) return published;

    List* publications_of_table =
        list_concat(GetRelationPublications(table), GetSchemaPublications(RelationGetNamespace(relation)));
    List* ancestors = relation->rd_rel->relispartition ? get_partition_ancestors(table) : NIL;
    int level = 0;
    ListCell* cell;
    foreach (cell, set.found) {
        const auto* publication = static_cast<const Publication*>(lfirst(cell));
        const Cover cover = publication->alltables
                                ? cover_all_tables(publication, table, ancestors)
                                : cover_listed(publication, table, ancestors, publications_of_table);
        // Only TRUNCATE names a partitioned table itself; its partitions are truncated in the same change, so
        // it is shown only when they are shown as it.
        const bool leaves_suffice =
            relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE && !publication->pubviaroot;
        if (!cover.covered || leaves_suffice) continue;
        published.any = true;
        add_actions(published.actions, publication->pubactions);
        if (cover.level > level) {
            level = cover.level;
            published.as = cover.as;
        }
    }
    return published;
}

}  // namespace gpsync::decoder

#include "publications.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xlog.h"
#include "catalog/partition.h"
#include "catalog/pg_publication_rel.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

// A column list or a row filter is an attribute of the publication's entry for a table.
enum class Restriction : uint8 { kNone, kColumnList, kRowFilter };

Restriction restriction(HeapTuple entry) {
    bool is_null = false;
    (void)SysCacheGetAttr(PUBLICATIONRELMAP, entry, Anum_pg_publication_rel_prqual, &is_null);
    if (!is_null) return Restriction::kRowFilter;
    (void)SysCacheGetAttr(PUBLICATIONRELMAP, entry, Anum_pg_publication_rel_prattrs, &is_null);
    return is_null ? Restriction::kNone : Restriction::kColumnList;
}

Restriction restriction_of(Oid publication, Oid table) {
    HeapTuple entry =
        SearchSysCache2(PUBLICATIONRELMAP, ObjectIdGetDatum(table), ObjectIdGetDatum(publication));
    if (!HeapTupleIsValid(entry)) return Restriction::kNone;
    const Restriction found = restriction(entry);
    ReleaseSysCache(entry);
    return found;
}

// What a publication says of a table when streaming begins.
struct PresentRestriction {
    Oid publication, table;
};

bool is_restricted_now(const PublicationSet& set, Oid publication, Oid table) {
    ListCell* cell;
    foreach (cell, set.restricted) {
        const auto* it = static_cast<const PresentRestriction*>(lfirst(cell));
        if (it->publication == publication && it->table == table) return true;
    }
    return false;
}

// The last word of a publication counts, as that of a label on a key does: of changes from before streaming
// began what it says then, of later ones what it says at the change. So a restriction that has been taken
// away again, and that the WAL still holds, stops nothing.
void refuse_restricted(const PublicationSet& set, const Publication* publication, Oid table) {
    const Restriction found = restriction_of(publication->oid, table);
    if (found == Restriction::kNone) return;
    if (set.change_at < set.began_at && !is_restricted_now(set, publication->oid, table)) return;
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
             errmsg("publication \"%s\" has a %s for table \"%s.%s\", which gpsync_decoder does not honour",
                    publication->name, found == Restriction::kRowFilter ? "row filter" : "column list",
                    get_namespace_name(get_rel_namespace(table)), get_rel_name(table)),
             errhint("Publish the table without it, or take the table out of the publication, and start the "
                     "relay again.")));
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

void read_restrictions(PublicationSet& set, MemoryContext context) {
    Relation entries = table_open(PublicationRelRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(entries, InvalidOid, false, nullptr, 0, nullptr);
    for (HeapTuple tuple; HeapTupleIsValid(tuple = systable_getnext(scan));) {
        if (restriction(tuple) == Restriction::kNone) continue;
        auto entry = reinterpret_cast<Form_pg_publication_rel>(GETSTRUCT(tuple));
        MemoryContext before = MemoryContextSwitchTo(context);
        auto* found = static_cast<PresentRestriction*>(palloc(sizeof(PresentRestriction)));
        *found = {entry->prpubid, entry->prrelid};
        set.restricted = lappend(set.restricted, found);
        MemoryContextSwitchTo(before);
    }
    systable_endscan(scan);
    table_close(entries, AccessShareLock);
    set.began_at = GetXLogInsertRecPtr();
}

void load_publications(PublicationSet& set, XLogRecPtr change_at) {
    set.change_at = change_at;
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
        refuse_restricted(set, publication, table);
        ListCell* ancestor;
        foreach (ancestor, ancestors) refuse_restricted(set, publication, lfirst_oid(ancestor));
        add_actions(published.actions, publication->pubactions);
        if (cover.level > level) {
            level = cover.level;
            published.as = cover.as;
        }
    }
    return published;
}

}  // namespace gpsync::decoder

#include "publications.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/partition.h"
#include "catalog/pg_publication_rel.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

// The columns that a publication's entry for a table lists; null: it has no list.
Bitmapset* list_of(Oid publication, Oid table) {
    HeapTuple entry =
        SearchSysCache2(PUBLICATIONRELMAP, ObjectIdGetDatum(table), ObjectIdGetDatum(publication));
    if (!HeapTupleIsValid(entry)) return nullptr;
    bool is_null = false;
    const Datum columns =
        SysCacheGetAttr(PUBLICATIONRELMAP, entry, Anum_pg_publication_rel_prattrs, &is_null);
    Bitmapset* list = is_null ? nullptr : pub_collist_to_bitmapset(nullptr, columns, CurrentMemoryContext);
    ReleaseSysCache(entry);
    return list;
}

// A list of all columns that can be listed counts as none when lists are compared, as in pgoutput.
bool lists_all(const Bitmapset* list, TupleDesc descriptor) {
    for (int i = 0; i < descriptor->natts; ++i) {
        const FormData_pg_attribute* attribute = TupleDescAttr(descriptor, i);
        if (!attribute->attisdropped && attribute->attgenerated == '\0' &&
            !bms_is_member(attribute->attnum, list))
            return false;
    }
    return true;
}

[[noreturn]] void raise_different_lists(Relation relation) {
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
             errmsg("cannot use different column lists for table \"%s.%s\" in different publications",
                    get_namespace_name(RelationGetNamespace(relation)), RelationGetRelationName(relation)),
             errhint("Give the table the same column list in all of them, or none.")));
    pg_unreachable();
}

void report_missing(const char* name) {
    ereport(WARNING, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("publication \"%s\" does not exist", name),
                      errdetail("No change is streamed for it until it is created."),
                      errhint("Create it (CREATE PUBLICATION), or name another one in option "
                              "\"publication_names\".")));
}

// Whether the publication names the table, or the schema that it is in. The server's lists of a table's
// publications are not asked for: each is one more that PostgreSQL before 17 goes through in every later look
// into that cache.
bool names(Oid publication, Oid table, Oid schema) {
    return SearchSysCacheExists2(PUBLICATIONRELMAP, ObjectIdGetDatum(table), ObjectIdGetDatum(publication)) ||
           SearchSysCacheExists2(PUBLICATIONNAMESPACEMAP, ObjectIdGetDatum(schema),
                                 ObjectIdGetDatum(publication));
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

Cover cover_listed(const Publication* publication, Relation relation, List* ancestors) {
    const Oid table = RelationGetRelid(relation);
    // The topmost one that is named; the nearest is the first of the list.
    for (int level = list_length(ancestors); level > 0; --level) {
        const Oid ancestor = list_nth_oid(ancestors, level - 1);
        if (!names(publication->oid, ancestor, get_rel_namespace(ancestor))) continue;
        if (publication->pubviaroot) return {true, ancestor, level};
        return {true, table, 0};
    }
    return {names(publication->oid, table, RelationGetNamespace(relation)), table, 0};
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
            set.found = lappend(set.found, publication);
        } else if (!reported) {
            report_missing(name);
        }
        reported = publication == nullptr;
    }
    MemoryContextSwitchTo(before);
}

Published find_published(const PublicationSet& set, Relation relation, List** through) {
    *through = NIL;
    const Oid table = RelationGetRelid(relation);
    Published published{false, table, {}};
    if (set.found == NIL || !is_publishable_relation(relation)) return published;

    List* ancestors = relation->rd_rel->relispartition ? get_partition_ancestors(table) : NIL;
    int level = 0;
    ListCell* cell;
    foreach (cell, set.found) {
        const auto* publication = static_cast<const Publication*>(lfirst(cell));
        const Cover cover = publication->alltables ? cover_all_tables(publication, table, ancestors)
                                                   : cover_listed(publication, relation, ancestors);
        // Only TRUNCATE names a partitioned table itself; its partitions are truncated in the same change, so
        // it is shown only when they are shown as it.
        const bool leaves_suffice =
            relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE && !publication->pubviaroot;
        if (!cover.covered || leaves_suffice) continue;
        published.any = true;
        add_actions(published.actions, publication->pubactions);
        if (cover.level < level) continue;
        if (cover.level > level) {
            level = cover.level;
            published.as = cover.as;
            *through = NIL;
        }
        *through = lappend(*through, const_cast<Publication*>(publication));
    }
    return published;
}

Bitmapset* listed_columns(const List* through, Relation shown) {
    Bitmapset *first = nullptr, *narrowest = nullptr;
    bool every_has_list = true;
    const ListCell* cell;
    foreach (cell, through) {
        const auto* publication = static_cast<const Publication*>(lfirst(cell));
        Bitmapset* list =
            publication->alltables ? nullptr : list_of(publication->oid, RelationGetRelid(shown));
        every_has_list &= list != nullptr;
        narrowest = list;
        if (list != nullptr && lists_all(list, RelationGetDescr(shown))) list = nullptr;
        if (foreach_current_index(cell) == 0)
            first = list;
        else if (!bms_equal(first, list))
            raise_different_lists(shown);
    }
    // All lists are equal here. One that has all columns but the generated ones is a list all the same.
    return every_has_list ? narrowest : nullptr;
}

bool may_leave_out(const PublicationSet& set, Relation relation, const char* column) {
    const Oid table = RelationGetRelid(relation);
    List* tables = relation->rd_rel->relispartition ? get_partition_ancestors(table) : NIL;
    tables = lappend_oid(tables, table);
    ListCell *publication, *it;
    foreach (publication, set.found) {
        foreach (it, tables) {
            const Bitmapset* list =
                list_of(static_cast<const Publication*>(lfirst(publication))->oid, lfirst_oid(it));
            if (list != nullptr && !bms_is_member(get_attnum(lfirst_oid(it), column), list)) return true;
        }
    }
    return false;
}

}  // namespace gpsync::decoder

#include "batch/shadow.h"

#include <algorithm>

#include "pg/own_table.h"
#include "pg/sync_columns.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::batch {

namespace {

// The n of a column c<n> or k<n>; 0: another column.
AttrNumber number_of(const Form_pg_attribute column, char kind) {
    const char* name = NameStr(column->attname);
    return column->attisdropped || name[0] != kind ? AttrNumber{0} : static_cast<AttrNumber>(atoi(name + 1));
}

[[noreturn]] void raise_altered(Oid root) {
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("table \"%s\" has been altered since its batches are tracked", get_rel_name(root)),
             errdetail("What changes would overwrite could not be kept."),
             errhint("SELECT gpsync.track_batches(%s) follows the table. Changes without gpsync.batch are "
                     "not affected.",
                     quote_literal_cstr(quote_qualified_identifier(
                         get_namespace_name(get_rel_namespace(root)), get_rel_name(root))))));
    pg_unreachable();
}

// Whether the shadow's column keeps values of the tracked table's as they are. Of a domain it has the base
// type.
bool fits(const Form_pg_attribute column, Oid root, AttrNumber attnum) {
    Oid type = InvalidOid, collation = InvalidOid;
    int32 modifier = -1;
    get_atttypetypmodcoll(root, attnum, &type, &modifier, &collation);
    type = getBaseTypeAndTypmod(type, &modifier);
    return type == column->atttypid && modifier == column->atttypmod && collation == column->attcollation;
}

constexpr Oid kShadowTypes[] = {TEXTOID, TIMESTAMPTZOID, CHAROID, INT8OID, INT8OID};

// Its owner may have altered it.
bool is_as_made(Relation shadow) {
    const TupleDesc columns = RelationGetDescr(shadow);
    bool valid = columns->natts >= kShadowColumns && shadow->rd_rel->relkind == RELKIND_RELATION;
    for (int i = 0; valid && i < kShadowColumns; ++i)
        valid = !TupleDescAttr(columns, i)->attisdropped &&
                TupleDescAttr(columns, i)->atttypid == kShadowTypes[i];
    return valid;
}

void check_shadow(Relation shadow) {
    if (!is_as_made(shadow))
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("table \"%s\" for before-images has been altered", RelationGetRelationName(shadow)),
                 errhint("Call gpsync.untrack_batches() and gpsync.track_batches() for the table it "
                         "belongs to.")));
}

// The shadow's column c<n> or k<n>, as an index; -1: there is none.
int find_column(TupleDesc shadow, char kind, AttrNumber number) {
    for (int i = kShadowColumns; i < shadow->natts; ++i)
        if (number_of(TupleDescAttr(shadow, i), kind) == number) return i;
    return -1;
}

// False: the shadow does not keep the column's values as they are.
bool map_image(ShadowMap* map, TupleDesc shadow, const Form_pg_attribute column, Oid root) {
    const AttrNumber number = get_attnum(root, NameStr(column->attname));
    const int image = find_column(shadow, 'c', number);
    if (image < 0) return column->attgenerated != '\0' || pg::is_sync_column(NameStr(column->attname));
    if (!fits(TupleDescAttr(shadow, image), root, number)) return false;
    map->source[image] = column->attnum;
    for (int i = kShadowColumns; i < shadow->natts; ++i)
        if (number_of(TupleDescAttr(shadow, i), 'k') == number) {
            if (!fits(TupleDescAttr(shadow, i), root, number)) return false;
            map->source[i] = column->attnum;
            map->is_new_key[i] = true;
        }
    return true;
}

// False: the table has been altered since its shadow was made; with only_key, its key.
bool try_map(ShadowMap* map, Relation shadow, Relation written, Oid root, bool only_key) {
    TupleDesc to = RelationGetDescr(shadow), from = RelationGetDescr(written);
    *map = {to->natts, static_cast<AttrNumber*>(palloc0(sizeof(AttrNumber) * to->natts)),
            static_cast<bool*>(palloc0(sizeof(bool) * to->natts)), 0};
    for (int i = 0; i < from->natts; ++i) {
        const Form_pg_attribute column = TupleDescAttr(from, i);
        if (column->attisdropped) continue;
        if (strcmp(NameStr(column->attname), pg::kSyncRevisionColumn) == 0) map->revision = column->attnum;
        if (!map_image(map, to, column, root) &&
            (!only_key || find_column(to, 'k', get_attnum(root, NameStr(column->attname))) >= 0))
            return false;
    }
    return map->revision != 0;
}

}  // namespace

ShadowOf current_shadow(Oid root) {
    ShadowOf found;
    found.first_revision = PG_INT64_MAX;
    (void)pg::scan_own_table(pg::kBatchShadowTable, {}, [&](const Datum* row) {
        if (DatumGetObjectId(row[1]) != root) return true;
        if (DatumGetBool(row[2])) found.oid = DatumGetObjectId(row[0]);
        found.first_revision = std::min<int64>(found.first_revision, DatumGetInt64(row[3]));
        return true;
    });
    return found;
}

ShadowMap map_shadow(Relation shadow, Relation written, Oid root) {
    check_shadow(shadow);
    ShadowMap map;
    if (!try_map(&map, shadow, written, root, false)) raise_altered(root);
    return map;
}

bool map_shadow_for_links(ShadowMap* map, Relation shadow, Relation written, Oid root) {
    return is_as_made(shadow) && try_map(map, shadow, written, root, true);
}

}  // namespace gpsync::batch

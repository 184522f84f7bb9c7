#include "batch/shadow.h"

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
void check_shadow(Relation shadow) {
    const TupleDesc columns = RelationGetDescr(shadow);
    bool valid = columns->natts >= kShadowColumns && shadow->rd_rel->relkind == RELKIND_RELATION;
    for (int i = 0; valid && i < kShadowColumns; ++i)
        valid = !TupleDescAttr(columns, i)->attisdropped &&
                TupleDescAttr(columns, i)->atttypid == kShadowTypes[i];
    if (!valid)
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("table \"%s\" for before-images has been altered", RelationGetRelationName(shadow)),
                 errhint("Call gpsync.untrack_batches() and gpsync.track_batches() for the table it "
                         "belongs to.")));
}

// The shadow's column c<n>, as an index; -1: there is none.
int find_image(TupleDesc shadow, AttrNumber number) {
    for (int i = kShadowColumns; i < shadow->natts; ++i)
        if (number_of(TupleDescAttr(shadow, i), 'c') == number) return i;
    return -1;
}

void map_image(ShadowMap* map, TupleDesc shadow, const Form_pg_attribute column, Oid root) {
    const AttrNumber number = get_attnum(root, NameStr(column->attname));
    const int image = find_image(shadow, number);
    if (image < 0) {
        if (column->attgenerated != '\0' || pg::is_sync_column(NameStr(column->attname))) return;
        raise_altered(root);
    }
    if (!fits(TupleDescAttr(shadow, image), root, number)) raise_altered(root);
    map->source[image] = column->attnum;
    for (int i = kShadowColumns; i < shadow->natts; ++i)
        if (number_of(TupleDescAttr(shadow, i), 'k') == number) {
            if (!fits(TupleDescAttr(shadow, i), root, number)) raise_altered(root);
            map->source[i] = column->attnum;
            map->is_new_key[i] = true;
        }
}

}  // namespace

Oid current_shadow(Oid root) {
    Oid found = InvalidOid;
    (void)pg::scan_own_table(pg::kBatchShadowTable, {}, [&](const Datum* row) {
        if (DatumGetObjectId(row[1]) == root && DatumGetBool(row[2])) found = DatumGetObjectId(row[0]);
        return !OidIsValid(found);
    });
    return found;
}

ShadowMap map_shadow(Relation shadow, Relation written, Oid root) {
    check_shadow(shadow);
    TupleDesc to = RelationGetDescr(shadow), from = RelationGetDescr(written);
    ShadowMap map = {to->natts, static_cast<AttrNumber*>(palloc0(sizeof(AttrNumber) * to->natts)),
                     static_cast<bool*>(palloc0(sizeof(bool) * to->natts)), 0};
    for (int i = 0; i < from->natts; ++i) {
        const Form_pg_attribute column = TupleDescAttr(from, i);
        if (column->attisdropped) continue;
        if (strcmp(NameStr(column->attname), pg::kSyncRevisionColumn) == 0) map.revision = column->attnum;
        map_image(&map, to, column, root);
    }
    if (map.revision == 0) raise_altered(root);
    return map;
}

}  // namespace gpsync::batch

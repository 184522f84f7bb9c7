#include "redaction_catalog.h"

#include "pg/attachment.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_seclabel.h"
#include "commands/seclabel.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

namespace {

Datum attribute(HeapTuple tuple, AttrNumber attnum, TupleDesc descriptor) {
    bool is_null;
    const Datum value = heap_getattr(tuple, attnum, descriptor, &is_null);
    if (is_null) elog(ERROR, "unexpected null in attribute %d of a catalog", attnum);
    return value;
}

LabelRow* label_row(HeapTuple tuple, TupleDesc descriptor) {
    auto* row = static_cast<LabelRow*>(palloc(sizeof(LabelRow)));
    auto* form = reinterpret_cast<FormData_pg_seclabel*>(GETSTRUCT(tuple));
    row->relid = form->objoid;
    row->attnum = static_cast<AttrNumber>(form->objsubid);
    row->label = TextDatumGetCString(attribute(tuple, Anum_pg_seclabel_label, descriptor));
    return row;
}

// A label counts for the columns of the same name in partitions and in tables that inherit, too.
void append_for_inheritors(List** rows, LabelRow* row) {
    *rows = lappend(*rows, row);
    char* name = get_attname(row->relid, row->attnum, true);
    if (name == nullptr) return;
    ListCell* cell = nullptr;
    foreach (cell, find_all_inheritors(row->relid, NoLock, nullptr)) {
        const Oid relid = lfirst_oid(cell);
        const AttrNumber attnum = relid == row->relid ? 0 : get_attnum(relid, name);
        if (attnum <= 0) continue;
        auto* inherited = static_cast<LabelRow*>(palloc(sizeof(LabelRow)));
        *inherited = {relid, attnum, row->label};
        *rows = lappend(*rows, inherited);
    }
}

}  // namespace

List* read_column_labels() {
    List* rows = NIL;
    Relation catalog = table_open(SecLabelRelationId, AccessShareLock);
    ScanKeyData keys[2];
    ScanKeyInit(&keys[0], Anum_pg_seclabel_classoid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(RelationRelationId));
    ScanKeyInit(&keys[1], Anum_pg_seclabel_provider, BTEqualStrategyNumber, F_TEXTEQ,
                CStringGetTextDatum(pg::kLabelProvider));
    SysScanDesc scan = systable_beginscan(catalog, InvalidOid, false, nullptr, 2, keys);
    for (HeapTuple tuple; HeapTupleIsValid(tuple = systable_getnext(scan));)
        if (reinterpret_cast<FormData_pg_seclabel*>(GETSTRUCT(tuple))->objsubid > 0)
            append_for_inheritors(&rows, label_row(tuple, RelationGetDescr(catalog)));
    systable_endscan(scan);
    table_close(catalog, AccessShareLock);
    return rows;
}

void append_parents(List** relations, Oid child) {
    Relation catalog = table_open(InheritsRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_inherits_inhrelid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(child));
    SysScanDesc scan = systable_beginscan(catalog, InheritsRelidSeqnoIndexId, true, nullptr, 1, &key);
    for (HeapTuple tuple; HeapTupleIsValid(tuple = systable_getnext(scan));)
        *relations = list_append_unique_oid(
            *relations, reinterpret_cast<FormData_pg_inherits*>(GETSTRUCT(tuple))->inhparent);
    systable_endscan(scan);
    table_close(catalog, AccessShareLock);
}

const char* current_label(Oid relid, AttrNumber attnum) {
    const ObjectAddress column = {RelationRelationId, relid, attnum};
    return GetSecurityLabel(&column, pg::kLabelProvider);
}

}  // namespace gpsync::decoder

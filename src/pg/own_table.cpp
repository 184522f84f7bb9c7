#include "pg/own_table.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/parallel.h"
#include "access/relation.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_proc.h"
#include "commands/extension.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

bool is_member(Oid class_id, Oid object) {
    const Oid extension = get_extension_oid(kExtension, true);
    return OidIsValid(extension) && getExtensionOfObject(class_id, object) == extension;
}

[[noreturn]] void refuse(const OwnTable& table, const char* detail) {
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("\"%s.%s\" is not the table that extension %s made", kOwnSchema, table.name, kExtension),
             errdetail_internal("%s", detail),
             errhint("Only the extension's owner can have changed it. Put it back as it was, or run ALTER "
                     "EXTENSION %s UPDATE if the extension is older than the library.",
                     kExtension)));
    pg_unreachable();
}

void check_columns(const OwnTable& table, Relation relation) {
    TupleDesc descriptor = RelationGetDescr(relation);
    for (size_t i = 0; i < table.columns.size(); ++i) {
        const OwnColumn& expected = table.columns[i];
        if (static_cast<int>(i) < descriptor->natts) {
            const FormData_pg_attribute* column = TupleDescAttr(descriptor, i);
            if (!column->attisdropped && (column->attnotnull || expected.nullable) &&
                column->atttypid == expected.type &&
                std::strcmp(NameStr(column->attname), expected.name) == 0)
                continue;
        }
        refuse(table,
               psprintf("Column %d must be \"%s\" of type %s%s.", static_cast<int>(i) + 1, expected.name,
                        format_type_be(expected.type), expected.nullable ? "" : ", NOT NULL"));
    }
}

}  // namespace

bool is_own_schema(Oid schema) {
    const char* name = get_namespace_name(schema);
    return name != nullptr && (std::strcmp(name, kOwnSchema) == 0 || std::strcmp(name, kInternalSchema) == 0);
}

Oid find_own_table(const OwnTable& table) {
    const Oid extension = get_extension_oid(kExtension, true);
    const Oid schema = OidIsValid(extension) ? get_namespace_oid(kOwnSchema, true) : InvalidOid;
    const Oid relation = OidIsValid(schema) ? get_relname_relid(table.name, schema) : InvalidOid;
    if (OidIsValid(relation) && getExtensionOfObject(RelationRelationId, relation) != extension)
        refuse(table, "It does not belong to the extension.");
    return relation;
}

Oid require_own_table(const OwnTable& table) {
    const Oid relation = find_own_table(table);
    if (!OidIsValid(relation))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
                        errmsg("table \"%s.%s\" does not exist", kOwnSchema, table.name),
                        errhint("Create extension %s in this database.", kExtension)));
    return relation;
}

Relation open_own_table(const OwnTable& table, LOCKMODE lock) {
    const Oid oid = find_own_table(table);
    Relation relation = OidIsValid(oid) ? try_relation_open(oid, lock) : nullptr;
    if (relation == nullptr) return nullptr;
    if (relation->rd_rel->relkind != RELKIND_RELATION) refuse(table, "It is not a plain table.");
    if (relation->rd_rel->relpersistence != RELPERSISTENCE_PERMANENT)
        refuse(table, "A crash would empty it: it is not logged.");
    check_columns(table, relation);
    return relation;
}

void check_own_table(const OwnTable& table) {
    if (Relation relation = open_own_table(table, AccessShareLock))
        relation_close(relation, AccessShareLock);
    else
        (void)require_own_table(table);
}

bool is_own_function(Oid function, const char* name) {
    const char* actual = get_func_name(function);
    return actual != nullptr && std::strcmp(actual, name) == 0 &&
           is_own_schema(get_func_namespace(function)) && is_member(ProcedureRelationId, function);
}

namespace detail {

bool scan_own_table(const OwnTable& table, std::span<ScanKeyData> keys, bool (*visit)(void*, const Datum*),
                    void* closure) {
    Relation relation = open_own_table(table, AccessShareLock);
    if (relation == nullptr) return false;
    Snapshot snapshot = RegisterSnapshot(IsInParallelMode() ? GetActiveSnapshot() : GetLatestSnapshot());
    TableScanDesc scan = table_beginscan(relation, snapshot, static_cast<int>(keys.size()), keys.data());
    TupleTableSlot* slot = table_slot_create(relation, nullptr);
    while (table_scan_getnextslot(scan, ForwardScanDirection, slot)) {
        slot_getallattrs(slot);
        if (!visit(closure, slot->tts_values)) break;
    }
    ExecDropSingleTupleTableSlot(slot);
    table_endscan(scan);
    UnregisterSnapshot(snapshot);
    relation_close(relation, AccessShareLock);
    return true;
}

}  // namespace detail

}  // namespace gpsync::pg

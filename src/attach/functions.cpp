// The SQL functions that write and read what is recorded of attached tables.
#include "machine/tables.h"
#include "pg/attachment.h"
#include "pg/compat/acl.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_class.h"
#include "catalog/pg_seclabel.h"
#include "commands/seclabel.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "parser/parse_func.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// All of it raises server errors; REQUIRES that no object with a destructor is alive.

[[noreturn]] void raise_no_triggers(Relation relation) {
    ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
                    errmsg("table \"%s\" does not have the triggers that gpsync.attach() makes",
                           RelationGetRelationName(relation)),
                    errhint("Call gpsync.attach().")));
    pg_unreachable();
}

void refuse_other_than_attach(Relation relation) {
    const char kind = relation->rd_rel->relkind;
    if ((kind != RELKIND_RELATION && kind != RELKIND_PARTITIONED_TABLE) || !RelationIsPermanent(relation))
        ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
                        errmsg("\"%s\" is not a permanent table", RelationGetRelationName(relation))));
    const TriggerDesc* triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
        const Trigger& trigger = triggers->triggers[i];
        if (std::strcmp(trigger.tgname, pg::kStampTrigger) == 0 &&
            pg::is_own_function(trigger.tgfoid, "stamp"))
            return;
    }
    raise_no_triggers(relation);
}

// What is streamed under another table's name is decided by Citus' catalogs, not by who owns the table. A
// shard that is one by its present label stays one, whatever Citus says by now.
void refuse_other_than_shard(Oid relation, int64 number) {
    if (number == 0 || number == pg::attached_shard(relation)) return;
    Oid types[] = {OIDOID, INT8OID};
    List* name = list_make2(makeString(pstrdup("gpsync_internal")), makeString(pstrdup("is_shard")));
    const Oid is_shard = LookupFuncName(name, lengthof(types), types, false);
    if (DatumGetBool(OidFunctionCall2(is_shard, ObjectIdGetDatum(relation), Int64GetDatum(number)))) return;
    ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                    errmsg("table \"%s\" is not shard " INT64_FORMAT " of a table distributed by Citus",
                           get_rel_name(relation), number),
                    errhint("Call gpsync.attach().")));
}

void record_attachment(Oid relation_oid, const char* label) {
    Relation relation = relation_open(relation_oid, AccessShareLock);
    if (!pg::is_owner(RelationRelationId, relation_oid))
        aclcheck_error(ACLCHECK_NOT_OWNER, get_relkind_objtype(relation->rd_rel->relkind),
                       RelationGetRelationName(relation));
    if (label != nullptr) {
        pg::check_attachment_record(label);
        refuse_other_than_attach(relation);
        refuse_other_than_shard(relation_oid, pg::shard_in_record(label));
    }
    ObjectAddress object;
    ObjectAddressSet(object, RelationRelationId, relation_oid);
    SetSecurityLabel(&object, pg::kLabelProvider, label);
    CacheInvalidateRelcache(relation);
    relation_close(relation, NoLock);
}

void forget_attachments() {
    Relation labels = table_open(SecLabelRelationId, RowExclusiveLock);
    SysScanDesc scan = systable_beginscan(labels, InvalidOid, false, nullptr, 0, nullptr);
    while (HeapTuple tuple = systable_getnext(scan)) {
        auto* label = reinterpret_cast<FormData_pg_seclabel*>(GETSTRUCT(tuple));
        bool is_null = false;
        const Datum provider =
            heap_getattr(tuple, Anum_pg_seclabel_provider, RelationGetDescr(labels), &is_null);
        if (label->classoid == RelationRelationId && label->objsubid == 0 &&
            pg::text_view(provider) == pg::kLabelProvider)
            CatalogTupleDelete(labels, &tuple->t_self);
    }
    systable_endscan(scan);
    table_close(labels, RowExclusiveLock);
}

}  // namespace

}  // namespace gpsync

// record_attachment(relation regclass, record jsonb) -> void; a NULL record: the table is attached no more
GPSYNC_FUNCTION(gpsync_record_attachment) {
    return gpsync::pg::guarded([&]() -> Datum {
        if (PG_ARGISNULL(0))
            ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("relation cannot be NULL")));
        const char* label =
            PG_ARGISNULL(1) ? nullptr : DatumGetCString(DirectFunctionCall1(jsonb_out, PG_GETARG_DATUM(1)));
        gpsync::record_attachment(PG_GETARG_OID(0), label);
        PG_RETURN_VOID();
    });
}

// forget_attachments() -> void
GPSYNC_FUNCTION(gpsync_forget_attachments) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::forget_attachments();
        PG_RETURN_VOID();
    });
}

// trigger_arguments(tgargs bytea) -> text[]: the arguments are zero-terminated strings, one after the other
GPSYNC_FUNCTION(gpsync_trigger_arguments) {
    return gpsync::pg::guarded([&]() -> Datum {
        std::string_view rest = gpsync::pg::text_view(PG_GETARG_DATUM(0));
        std::vector<std::string_view> arguments;
        for (size_t end; (end = rest.find('\0')) != std::string_view::npos; rest.remove_prefix(end + 1))
            arguments.push_back(rest.substr(0, end));
        return gpsync::pg::make_text_array(arguments);
    });
}

// lock_machines() -> void: conflicts with the lock of define_machine() and drop_machine(), not with itself
GPSYNC_FUNCTION(gpsync_lock_machines) {
    return gpsync::pg::guarded([&]() -> Datum {
        LockRelationOid(gpsync::machine_table_oid(), ShareLock);
        PG_RETURN_VOID();
    });
}

// The SQL functions that read what the triggers of attached tables say, and the key of a table.
#include "machine_tables.h"
#include "pg/row_key.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/relation.h"
#include "catalog/pg_class.h"
#include "storage/lmgr.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// Raises server errors; REQUIRES that no object with a destructor is alive.
Datum key_column_names(Oid relation_oid) {
    Relation relation = try_relation_open(relation_oid, AccessShareLock);
    if (relation == nullptr) return 0;
    pg::RowKey key;
    if (RELKIND_HAS_STORAGE(relation->rd_rel->relkind) ||
        relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
        key = pg::row_key(relation);
    auto* names = static_cast<Datum*>(palloc(sizeof(Datum) * INDEX_MAX_KEYS));
    for (int i = 0; i < key.natts; ++i)
        names[i] = NameGetDatum(&TupleDescAttr(RelationGetDescr(relation), key.attnums[i] - 1)->attname);
    Datum array = 0;
    if (key.natts > 0)
        array =
            PointerGetDatum(construct_array(names, key.natts, NAMEOID, NAMEDATALEN, false, TYPALIGN_CHAR));
    relation_close(relation, AccessShareLock);
    return array;
}

}  // namespace

}  // namespace gpsync

// key_columns(relation regclass) -> name[]
GPSYNC_FUNCTION(gpsync_key_columns) {
    return gpsync::pg::guarded([&]() -> Datum {
        Datum names = gpsync::key_column_names(PG_GETARG_OID(0));
        if (names == 0) PG_RETURN_NULL();
        return names;
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

// Whatever touches what belongs to a user (a type's or domain's functions, operators, casts, index and
// partition expressions, constraints, triggers) runs as that user, in a restricted context.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// InvalidOid where there is no such relation.
inline Oid owner_of(Oid relation) {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
    if (!HeapTupleIsValid(tuple)) return InvalidOid;
    const Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;
    ReleaseSysCache(tuple);
    return owner;
}

// Runs body as owner in a security-restricted operation, with search_path pg_catalog. Settings that body
// leaves behind go with it. An ERROR puts user and settings back by itself, when the (sub)transaction is
// rolled back. REQUIRES: body throws no C++ exception, and nothing with a destructor lives in it when it
// calls the server.
template <class Body>
void as_owner(Oid owner, Body&& body) {
    Oid caller = InvalidOid;
    int context = 0;
    GetUserIdAndSecContext(&caller, &context);
    SetUserIdAndSecContext(owner, context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
    const int guc_level = NewGUCNestLevel();
    (void)set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
                            true, 0, false);
    body();
    AtEOXact_GUC(false, guc_level);
    SetUserIdAndSecContext(caller, context);
}

// The same for what a trigger does to another table, as those of foreign keys do it: without row security,
// and not restricted, so that deferred triggers of that table work as they do for any write. What then runs
// is the owner's, and would run as the writer if that one wrote the table itself. REQUIRES: the owner has
// asked for it.
template <class Body>
void as_table_owner(Oid owner, Body&& body) {
    Oid caller = InvalidOid;
    int context = 0;
    GetUserIdAndSecContext(&caller, &context);
    SetUserIdAndSecContext(owner, context | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
    body();
    SetUserIdAndSecContext(caller, context);
}

}  // namespace gpsync::pg

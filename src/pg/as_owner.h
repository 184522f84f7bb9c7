// Whatever touches what belongs to a user (a type's or domain's functions, operators, casts, index and
// partition expressions, constraints, triggers) runs as that user, in a restricted context.
#pragma once

#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
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

// Raises XX000 where there is no such function.
Oid owner_of_function(Oid function);

// A partition has triggers and constraints of what it is a partition of. Of the owners of a relation and of
// those tables the one whose rights all of them have, as whom code of each may run. InvalidOid: there is
// none.
Oid weakest_owner(Oid relation);

// Raises 55000: weakest_owner() is nobody as whom a statement on the relation could run.
[[noreturn]] void raise_several_owners(Oid relation);

// A setting, until the innermost with_settings() around it ends.
inline void set_local(const char* name, const char* value) {
    (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

// Runs body, and takes back the settings that it leaves behind. An ERROR takes them back by itself, when the
// (sub)transaction is rolled back. REQUIRES (this and the next ones): body throws no C++ exception, and
// nothing with a destructor lives in it when it calls the server.
template <class Body>
void with_settings(Body&& body) {
    const int level = NewGUCNestLevel();
    body();
    AtEOXact_GUC(false, level);
}

// Runs body as a user, whom it cannot change, with these SECURITY_… flags. An ERROR puts the user back.
template <class Body>
void as_user(Oid user, int flags, Body&& body) {
    Oid caller = InvalidOid;
    int context = 0;
    GetUserIdAndSecContext(&caller, &context);
    SetUserIdAndSecContext(user, context | SECURITY_LOCAL_USERID_CHANGE | flags);
    body();
    SetUserIdAndSecContext(caller, context);
}

// Raises 55000 where code of the owner could find a temporary object that somebody else made in this session.
void refuse_temporary_objects(Oid owner);

// Runs body as owner in a security-restricted operation, with search_path pg_catalog.
template <class Body>
void as_owner(Oid owner, Body&& body) {
    refuse_temporary_objects(owner);
    as_user(owner, SECURITY_RESTRICTED_OPERATION, [&] {
        with_settings([&] {
            set_local("search_path", "pg_catalog, pg_temp");
            body();
        });
    });
}

// What a trigger does to another table of the same owner, as those of foreign keys do it: without row
// security, and not restricted, so that deferred triggers of that table work as they do for any write. What
// runs there is the owner's, so it must not find the writer's objects: search_path is that table's schema.
// REQUIRES: the owner has asked for it.
template <class Body>
void as_table_owner(Oid owner, Oid schema, Body&& body) {
    as_user(owner, SECURITY_NOFORCE_RLS, [&] {
        with_settings([&] {
            set_local("search_path",
                      psprintf("pg_catalog, %s, pg_temp", quote_identifier(get_namespace_name(schema))));
            body();
        });
    });
}

}  // namespace gpsync::pg

// Calls that operators may make although what they do needs the extension owner's rights. SECURITY DEFINER
// alone would not do: inside, the caller is unknown (session_user is somebody else under SET ROLE and under
// another SECURITY DEFINER function), and the caller's own rights on tables and servers must be checked.
// So the public function runs as the caller, notes who that is, becomes the owner and calls its namesake
// NAME_as(caller oid, same arguments), which nobody else may execute.
#include <cstring>

#include "core/session_settings.hpp"
#include "pg/as_owner.h"
#include "pg/guard.h"
#include "pg/own_table.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "commands/tablespace.h"
#include "parser/parse_func.h"
#include "utils/fmgrprotos.h"
#include "utils/regproc.h"
#include "utils/syscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// NAME_as, and who it runs as.
struct OwnerFunction {
    Oid function;
    Oid owner;
};

// REQUIRES (both): nothing with a destructor alive.
OwnerFunction find_owner_function(Oid function) {
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for function %u", function);
    auto* proc = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple));
    Oid types[FUNC_MAX_ARGS] = {OIDOID};
    const int count = proc->pronargs;
    for (int i = 0; i < count; ++i) types[i + 1] = proc->proargtypes.values[i];
    const char* as_owner = psprintf("%s_as", NameStr(proc->proname));
    List* name = list_make2(makeString(pstrdup(pg::kInternalSchema)), makeString(pstrdup(as_owner)));
    const OwnerFunction variant = {LookupFuncName(name, count + 1, types, false), proc->proowner};
    ReleaseSysCache(tuple);
    if (!pg::is_own_function(variant.function, as_owner))
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("function %s does not belong to extension %s",
                        format_procedure_qualified(variant.function), pg::kExtension),
                 errhint("Only the extension's owner can have changed it. Drop the function and create the "
                         "extension anew.")));
    return variant;
}

// A tablespace that the caller's session names takes our tables only if the caller could create one there.
bool may_use_default_tablespace(Oid caller) {
    const Oid tablespace = GetDefaultTablespace(RELPERSISTENCE_PERMANENT, false);
    return !OidIsValid(tablespace) ||
           DatumGetBool(DirectFunctionCall3(has_tablespace_privilege_id_id, ObjectIdGetDatum(caller),
                                            ObjectIdGetDatum(tablespace), CStringGetTextDatum("CREATE")));
}

void pin(const char* name, const char* value) {
    if (std::strcmp(GetConfigOption(name, false, false), value) != 0) pg::set_local(name, value);
}

// What text means in NAME_as and in the commands that it puts together: names, times and literals of these
// are written, and read again. And what a table of gpsync's is.
// REQUIRES: a nesting level of settings of its own.
void pin_settings(Oid caller) {
    if (!may_use_default_tablespace(caller)) pin("default_tablespace", "");
    pin("default_table_access_method", "heap");
    for (const core::SessionSetting& setting : core::kTextSettings) pin(setting.name, setting.value);
}

// The caller made one call: an error he can mend comes without a trace of the functions it passed.
Datum invoke(FunctionCallInfo call) {
    Datum result = 0;
    try {
        pg::server_call([&] { result = FunctionCallInvoke(call); });
    } catch (pg::ServerError& e) {
        if (ERRCODE_TO_CATEGORY(e.data_->sqlerrcode) != ERRCODE_INTERNAL_ERROR) e.data_->context = nullptr;
        throw;
    }
    return result;
}

Datum call_as_owner(FunctionCallInfo fcinfo) {
    const OwnerFunction variant = find_owner_function(fcinfo->flinfo->fn_oid);
    Oid caller;
    int security_context;
    GetUserIdAndSecContext(&caller, &security_context);

    FmgrInfo target;
    fmgr_info(variant.function, &target);
    LOCAL_FCINFO(call, FUNC_MAX_ARGS);
    InitFunctionCallInfoData(*call, &target, static_cast<short>(fcinfo->nargs + 1), fcinfo->fncollation,
                             nullptr, nullptr);
    call->args[0] = {ObjectIdGetDatum(caller), false};
    for (int i = 0; i < fcinfo->nargs; ++i) call->args[i + 1] = fcinfo->args[i];

    // An ERROR puts the user and the settings back by itself, when the (sub)transaction is rolled back.
    const int level = NewGUCNestLevel();
    pin_settings(caller);
    SetUserIdAndSecContext(variant.owner, security_context | SECURITY_LOCAL_USERID_CHANGE);
    const Datum result = invoke(call);
    SetUserIdAndSecContext(caller, security_context);
    AtEOXact_GUC(true, level);
    fcinfo->isnull = call->isnull;
    return result;
}

}  // namespace

}  // namespace gpsync

GPSYNC_FUNCTION(gpsync_call_as_owner) {
    return gpsync::pg::guarded([&] { return gpsync::call_as_owner(fcinfo); });
}

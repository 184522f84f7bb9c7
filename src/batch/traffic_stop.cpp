// The triggers of a table whose traffic is stopped: gpsync.stop_traffic() makes them, gpsync.resume_traffic()
// takes them away. So a stop costs nothing while traffic flows, a dump carries it, and their arguments are
// the record of it: the reason, the role that stopped traffic, when, and until when.
#include "pg/compat/acl.h"
#include "pg/guard.h"
#include "pg/own_table.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "commands/trigger.h"
#include "miscadmin.h"
#include "parser/parse_func.h"
#include "utils/regproc.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::batch {

namespace {

enum Argument { kReason, kStoppedBy, kStoppedAt, kUntil, kArguments };

const TriggerData& called_as_trigger(FunctionCallInfo fcinfo) {
    if (CALLED_AS_TRIGGER(fcinfo)) {
        const auto& data = *reinterpret_cast<const TriggerData*>(fcinfo->context);
        if (TRIGGER_FIRED_BEFORE(data.tg_event) && data.tg_trigger->tgnargs == kArguments) return data;
    }
    throw pg::Error(pg::Sqlstate::kTriggerProtocol,
                    "gpsync_internal.refuse_traffic() can only be called as the trigger it is made for")
        .hint("gpsync.stop_traffic() creates the triggers.");
}

// Who may resume traffic may write. It is the role of the session, as SET ROLE left it: a function that an
// operator owns, or a foreign key's cascade, which runs as the table's owner, makes nobody an operator.
// REQUIRES: nothing with a destructor alive.
bool is_operator() {
    Oid types[] = {REGCLASSARRAYOID};
    List* name = list_make2(makeString(pstrdup(pg::kOwnSchema)), makeString(pstrdup("resume_traffic")));
    const Oid function = LookupFuncName(name, 1, types, true);
    return OidIsValid(function) && pg::is_own_function(function, "resume_traffic") &&
           pg::may_execute(function, GetOuterUserId());
}

// Once a statement. REQUIRES: nothing with a destructor alive.
bool may_write(FmgrInfo* info) {
    static constexpr char kYes = 'y', kNo = 'n';
    if (info->fn_extra == nullptr) info->fn_extra = const_cast<char*>(is_operator() ? &kYes : &kNo);
    return info->fn_extra == &kYes;
}

[[noreturn]] void refuse(const TriggerData& data) {
    char** arguments = data.tg_trigger->tgargs;
    const char* until = arguments[kUntil];
    ereport(ERROR, (errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
                    errmsg("traffic to table \"%s\" is stopped", RelationGetRelationName(data.tg_relation)),
                    errdetail("Role \"%s\" stopped it at %s: %s", arguments[kStoppedBy],
                              arguments[kStoppedAt], arguments[kReason]),
                    until[0] == '\0' ? errhint("Try again when an operator has called "
                                               "gpsync.resume_traffic().")
                                     : errhint("It is to be resumed at %s.", until),
                    errtable(data.tg_relation)));
    pg_unreachable();
}

Datum row_of(const TriggerData& data) {
    if (!TRIGGER_FIRED_FOR_ROW(data.tg_event)) return PointerGetDatum(nullptr);
    return PointerGetDatum(TRIGGER_FIRED_BY_UPDATE(data.tg_event) ? data.tg_newtuple : data.tg_trigtuple);
}

}  // namespace

}  // namespace gpsync::batch

// refuse_traffic(reason, stopped by, at, until) -> trigger
GPSYNC_FUNCTION(gpsync_refuse_traffic) {
    return gpsync::pg::guarded([&]() -> Datum {
        const TriggerData& data = gpsync::batch::called_as_trigger(fcinfo);
        gpsync::pg::server_call([&] {
            if (!gpsync::batch::may_write(fcinfo->flinfo)) gpsync::batch::refuse(data);
        });
        return gpsync::batch::row_of(data);
    });
}

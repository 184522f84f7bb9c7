// Who owns a server of wrapper gpsync_http says where requests go, and who maps a user says which secrets go
// with them. The second may read files that the first may not. So somebody who may not read the server's
// files cannot lead requests to another origin while another role's user mapping holds secrets: the event
// trigger refuses it before the command starts, as the user who runs the command (it is not SECURITY
// DEFINER). The rows that a stream sends are no less a secret: who may not read them all cannot redirect them
// either.
#include "core/http_url.hpp"
#include "pg/as_owner.h"
#include "pg/compat/acl.h"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "commands/event_trigger.h"
#include "executor/spi.h"
#include "foreign/foreign.h"
#include "nodes/parsenodes.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using pg::Error;
using pg::server_call;
using pg::Sqlstate;

// The server by that name if it is an endpoint; null otherwise. Raises server errors.
const ForeignServer* find_endpoint(const char* name) {
    const ForeignServer* server = GetForeignServerByName(name, true);
    if (server == nullptr) return nullptr;
    const ForeignDataWrapper* wrapper = GetForeignDataWrapper(server->fdwid);
    return std::strcmp(wrapper->fdwname, "gpsync_http") == 0 ? server : nullptr;
}

// Raises server errors. What is no URL is for the validator to refuse.
bool leads_elsewhere(const ForeignServer* server, DefElem* change) {
    if (change->defaction == DEFELEM_DROP) return false;
    core::HttpUrl before, after;
    if (core::parse_http_url(defGetString(change), after) != nullptr) return false;
    ListCell* cell = nullptr;
    foreach (cell, server->options) {
        auto* present = static_cast<DefElem*>(lfirst(cell));
        if (std::strcmp(present->defname, "url") == 0 &&
            core::parse_http_url(defGetString(present), before) == nullptr)
            return !core::same_origin(before, after);
    }
    return true;
}

// Whether a command lets secrets get to another place: another origin, or another authority for who the
// origin is (without ca_file any public one). An option of a later version that does the same belongs here.
// One command may change an option several times, the last one counts; each must be harmless.
bool redirects(const ForeignServer* server, const List* changes) {
    ListCell* cell = nullptr;
    foreach (cell, changes) {
        auto* change = static_cast<DefElem*>(lfirst(cell));
        if (std::strcmp(change->defname, "ca_file") == 0) return true;
        if (std::strcmp(change->defname, "url") == 0 && leads_elsewhere(server, change)) return true;
    }
    return false;
}

// A role's user mapping with options (all of them are secrets, or name them) that the current user has not
// the privileges of, as words; null: there is none. Raises server errors.
const char* find_foreign_secret(Oid server) {
    const char* whose = nullptr;
    Relation catalog = table_open(UserMappingRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_user_mapping_umserver, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(server));
    SysScanDesc scan = systable_beginscan(catalog, InvalidOid, false, nullptr, 1, &key);
    for (HeapTuple tuple; whose == nullptr && HeapTupleIsValid(tuple = systable_getnext(scan));) {
        bool is_null = false;
        const Datum options =
            heap_getattr(tuple, Anum_pg_user_mapping_umoptions, RelationGetDescr(catalog), &is_null);
        if (is_null || ARR_NDIM(DatumGetArrayTypeP(options)) == 0) continue;
        const Oid user = reinterpret_cast<Form_pg_user_mapping>(GETSTRUCT(tuple))->umuser;
        if (!OidIsValid(user))
            whose = "The user mapping for PUBLIC";
        else if (!has_privs_of_role(GetUserId(), user))
            whose = psprintf("The user mapping for \"%s\"", GetUserNameFromId(user, false));
    }
    systable_endscan(scan);
    table_close(catalog, AccessShareLock);
    return whose;
}

// As the extension's owner, who alone reads gpsync.stream. Raises server errors.
void refuse_unreadable_streams(Oid function, const char* server) {
    Oid types[] = {OIDOID, NAMEOID};
    NameData name;
    namestrcpy(&name, server);
    Datum values[] = {ObjectIdGetDatum(GetUserId()), NameGetDatum(&name)};
    // gpsync's own code, which sets its own search_path.
    pg::as_user(pg::owner_of_function(function), SECURITY_RESTRICTED_OPERATION, [&] {
        SPI_connect();
        SPI_execute_with_args("SELECT gpsync_internal.refuse_redirected_rows($1, $2)", 2, types, values,
                              nullptr, false, 1);
        SPI_finish();
    });
}

void refuse_redirect(const AlterForeignServerStmt* command, Oid function) {
    const char* whose = nullptr;
    server_call([&] {
        const ForeignServer* server = find_endpoint(command->servername);
        // Rights first: who does not own the server learns nothing here, and locks nothing.
        if (server == nullptr || !pg::is_owner(ForeignServerRelationId, server->serverid) ||
            !redirects(server, command->options))
            return;
        // A mapping that is being made, for the origin there is now, is waited for.
        LockDatabaseObject(ForeignServerRelationId, server->serverid, 0, ShareLock);
        if (!has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
            whose = find_foreign_secret(server->serverid);
        if (whose == nullptr) refuse_unreadable_streams(function, command->servername);
    });
    if (whose == nullptr) return;
    throw Error(Sqlstate::kInsufficientPrivilege, std::string("permission denied to redirect endpoint \"") +
                                                      command->servername + "\" to another origin")
        .detail(
            std::string(whose) +
            " holds secrets, which would be sent there. A change of the url's scheme, host or port, or of "
            "ca_file, takes the privileges of the \"pg_read_server_files\" role then.")
        .hint(
            "Let a superuser change the server, or drop the user mapping and let it be made again "
            "afterwards.");
}

// Until the transaction ends the server stays with its present origin. Raises server errors.
void hold_origin(const char* name) {
    const ForeignServer* server = find_endpoint(name);
    if (server == nullptr) return;
    if (pg::is_owner(ForeignServerRelationId, server->serverid) || pg::may_use_server(server->serverid))
        LockDatabaseObject(ForeignServerRelationId, server->serverid, 0, RowExclusiveLock);
}

void guard_endpoint(FunctionCallInfo fcinfo) {
    if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
        throw Error(Sqlstate::kTriggerProtocol, "function was not called by the event trigger manager");
    const Node* command = reinterpret_cast<EventTriggerData*>(fcinfo->context)->parsetree;
    if (IsA(command, AlterForeignServerStmt))
        refuse_redirect(reinterpret_cast<const AlterForeignServerStmt*>(command), fcinfo->flinfo->fn_oid);
    else if (IsA(command, CreateUserMappingStmt))
        hold_origin(reinterpret_cast<const CreateUserMappingStmt*>(command)->servername);
    else if (IsA(command, AlterUserMappingStmt))
        hold_origin(reinterpret_cast<const AlterUserMappingStmt*>(command)->servername);
}

}  // namespace

}  // namespace gpsync

// guard_endpoint() -> event_trigger
GPSYNC_FUNCTION(gpsync_guard_endpoint) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::guard_endpoint(fcinfo);
        PG_RETURN_NULL();
    });
}

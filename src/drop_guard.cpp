// DROP EXTENSION gpsync would leave the streams' slots behind, and they would hold back WAL for ever. There
// are many ways to drop it (DROP EXTENSION, DROP SCHEMA ... CASCADE, DROP OWNED, DROP EXTENSION plpgsql
// CASCADE), so two things work together: an event trigger notes, before such a command starts, which streams
// there are, and loads this module; the object access hook, called for every object that is really dropped,
// raises the error when the extension is among them. (By then gpsync.stream itself may be gone: dependents go
// first.)
#include "drop_guard.h"

#include <string>

#include "pg/guard.h"
#include "stream_slot.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_extension.h"
#include "commands/event_trigger.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "nodes/parsenodes.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using pg::Error;
using pg::Sqlstate;

object_access_hook_type previous_hook = nullptr;

// What would be left behind, as noted when the current command started.
struct LeftBehind {
    TimestampTz statement = 0;  // the note is of this statement; older ones count for nothing
    std::string streams, slots;
};

LeftBehind& left_behind() {
    static LeftBehind noted;
    return noted;
}

// The first column of a query's rows, in palloc memory. REQUIRES: nothing with a destructor alive.
std::span<const char*> query_names(const char* query, const char* argument) {
    Oid types[] = {TEXTOID};
    Datum values[] = {argument != nullptr ? CStringGetTextDatum(argument) : Datum{0}};
    SPI_connect();
    if (SPI_execute_with_args(query, argument != nullptr ? 1 : 0, types, values, nullptr, false, 0) !=
        SPI_OK_SELECT)
        elog(ERROR, "could not read the streams");
    auto** names = static_cast<const char**>(SPI_palloc(sizeof(char*) * (SPI_processed + 1)));
    size_t count = 0;
    for (; count < SPI_processed; ++count) {
        const char* name = SPI_getvalue(SPI_tuptable->vals[count], SPI_tuptable->tupdesc, 1);
        names[count] = std::strcpy(static_cast<char*>(SPI_palloc(std::strlen(name) + 1)), name);
    }
    SPI_finish();
    return {names, count};
}

std::string quoted_list(std::span<const char*> names) {
    std::string list;
    for (const char* name : names) list += std::string(list.empty() ? "\"" : ", \"") + name + '"';
    return list;
}

void note_streams() {
    const auto streams = query_names("SELECT stream FROM gpsync.stream ORDER BY 1", nullptr);
    auto slots = query_names(
        "SELECT r.slot_name FROM pg_catalog.pg_replication_slots AS r"
        " WHERE r.database OPERATOR(pg_catalog.=) pg_catalog.current_database()"
        " AND r.plugin OPERATOR(pg_catalog.=) 'gpsync_decoder' AND NOT r.temporary"
        " AND pg_catalog.starts_with(r.slot_name, gpsync.slot_name('')) ORDER BY 1",
        nullptr);
    size_t kept = 0;  // a stream dropped earlier in this transaction takes its slot along at COMMIT
    for (const char* slot : slots)
        if (!slot_goes_on_commit(slot)) slots[kept++] = slot;
    left_behind() = {GetCurrentStatementStartTimestamp(), quoted_list(streams),
                     quoted_list(slots.first(kept))};
}

void refuse_drop() {
    const LeftBehind& noted = left_behind();
    if (noted.statement != GetCurrentStatementStartTimestamp()) return;
    if (!noted.streams.empty())
        throw Error(Sqlstate::kDependentObjects, "cannot drop extension gpsync because streams exist")
            .detail("Streams: " + noted.streams + ". Their replication slots would hold back WAL for ever.")
            .hint("Drop each with gpsync.drop_stream() first.");
    if (!noted.slots.empty())
        throw Error(Sqlstate::kDependentObjects,
                    "cannot drop extension gpsync because replication slots of it exist")
            .detail("Slots: " + noted.slots + ". They would hold back WAL for ever.")
            .hint("Drop each with pg_drop_replication_slot() first.");
}

void on_object_access(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void* argument) {
    if (previous_hook != nullptr) previous_hook(access, class_id, object_id, sub_id, argument);
    if (access != OAT_DROP || class_id != ExtensionRelationId) return;
    if (object_id == get_extension_oid("gpsync", true)) pg::guarded([] { refuse_drop(); });
}

// Streams name publications and servers, as a restored dump needs it; so a name in use stays.
void refuse_rename(const RenameStmt* rename) {
    const bool server = rename->renameType == OBJECT_FOREIGN_SERVER;
    if (!server && rename->renameType != OBJECT_PUBLICATION) return;
    const char* name = strVal(rename->object);
    const auto users =
        server ? query_names(
                     "SELECT stream FROM gpsync.stream WHERE $1 OPERATOR(pg_catalog.=) ANY (endpoints)", name)
               : query_names("SELECT stream FROM gpsync.stream WHERE publication OPERATOR(pg_catalog.=) $1",
                             name);
    if (users.empty()) return;
    throw Error(Sqlstate::kObjectInUse, std::string("cannot rename ") + (server ? "server" : "publication") +
                                            " \"" + name + "\" because stream \"" + users.front() +
                                            "\" uses it");
}

// DROP EXTENSION gpsync, DROP SCHEMA gpsync.
bool drops_directly(const Node* command) {
    if (!IsA(command, DropStmt)) return false;
    const auto* drop = reinterpret_cast<const DropStmt*>(command);
    if (drop->removeType != OBJECT_EXTENSION && drop->removeType != OBJECT_SCHEMA) return false;
    ListCell* cell;
    foreach (cell, drop->objects)
        if (std::strcmp(strVal(lfirst(cell)), "gpsync") == 0) return true;
    return false;
}

// A create_stream() that is under way is waited for, and none begins.
void lock_streams() {
    SPI_connect();
    if (SPI_execute("LOCK TABLE gpsync.stream IN ACCESS EXCLUSIVE MODE", false, 0) != SPI_OK_UTILITY)
        elog(ERROR, "could not lock gpsync.stream");
    SPI_finish();
}

void guard_command(FunctionCallInfo fcinfo) {
    if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
        throw Error(Sqlstate::kTriggerProtocol, "function was not called by the event trigger manager");
    const Node* command = reinterpret_cast<EventTriggerData*>(fcinfo->context)->parsetree;
    if (IsA(command, RenameStmt)) return refuse_rename(reinterpret_cast<const RenameStmt*>(command));
    if (!IsA(command, DropStmt) && !IsA(command, DropOwnedStmt)) return;
    const bool directly = drops_directly(command);
    if (directly) lock_streams();
    note_streams();
    // Before the server says that CASCADE would help.
    if (directly) refuse_drop();
}

}  // namespace

void register_drop_guard() {
    previous_hook = object_access_hook;
    object_access_hook = on_object_access;
}

}  // namespace gpsync

// guard_command() -> event_trigger
GPSYNC_FUNCTION(gpsync_guard_command) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::guard_command(fcinfo);
        PG_RETURN_NULL();
    });
}

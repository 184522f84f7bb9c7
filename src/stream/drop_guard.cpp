// DROP EXTENSION gpsync would leave the streams' slots behind, and they would hold back WAL for ever. There
// are many ways to drop it (DROP EXTENSION, DROP SCHEMA ... CASCADE, DROP OWNED, DROP EXTENSION plpgsql
// CASCADE), so two things work together: an event trigger notes, before such a command starts, which streams
// there are, and loads this module; the object access hook, called for every object that is really dropped,
// raises the error when the extension is among them. (By then gpsync.stream itself may be gone: dependents go
// first.)
#include "stream/drop_guard.h"

#include <algorithm>
#include <string>

#include "pg/compat/acl.h"
#include "pg/guard.h"
#include "pg/own_table.h"
#include "pg/slot_name.h"
#include "pg/text.h"
#include "stream/lock.h"
#include "stream/slot.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_extension.h"
#include "commands/event_trigger.h"
#include "commands/extension.h"
#include "foreign/foreign.h"
#include "nodes/parsenodes.h"
#include "replication/slot.h"
#include "storage/lwlock.h"
#include "utils/lsyscache.h"
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

const char* copy_of(std::string_view text) {
    return pnstrdup(text.data(), text.size());
}

// The streams that wanted(publication, endpoints) takes, as a list of const char *. REQUIRES: nothing with a
// destructor alive. Read from the table itself: the caller, who may be anybody, needs no right on it, and a
// stream that was created since his snapshot counts.
template <class Wanted>
List* stream_names(Wanted&& wanted) {
    List* names = NIL;
    (void)pg::scan_own_table(pg::kStreamTable, {}, [&](const Datum* column) {
        const char* publication = column[1] == 0 ? "" : NameStr(*DatumGetName(column[1]));
        if (wanted(std::string_view(publication), pg::text_array_view(column[2])))
            names = lappend(names, const_cast<char*>(copy_of(pg::text_view(column[0]))));
    });
    return names;
}

bool is_slot_of_ours(const ReplicationSlot& slot, std::string_view prefix) {
    return slot.in_use && slot.data.database == MyDatabaseId && slot.data.persistency != RS_TEMPORARY &&
           std::strcmp(NameStr(slot.data.plugin), "gpsync_decoder") == 0 &&
           std::string_view(NameStr(slot.data.name)).starts_with(prefix);
}

// The slots of this database's streams, but those that a stream dropped earlier in this transaction takes
// along at COMMIT. As stream_names().
List* slot_names() {
    const NameData prefix = pg::slot_name_prefix();
    auto* found =
        static_cast<NameData*>(palloc(sizeof(NameData) * static_cast<size_t>(max_replication_slots + 1)));
    int count = 0;
    LWLockAcquire(ReplicationSlotControlLock, LW_SHARED);
    for (int i = 0; i < max_replication_slots; ++i) {
        const ReplicationSlot& slot = ReplicationSlotCtl->replication_slots[i];
        if (is_slot_of_ours(slot, NameStr(prefix))) found[count++] = slot.data.name;
    }
    LWLockRelease(ReplicationSlotControlLock);
    List* names = NIL;
    for (int i = 0; i < count; ++i)
        if (!slot_goes_on_commit(NameStr(found[i]))) names = lappend(names, NameStr(found[i]));
    return names;
}

std::string quoted_list(const List* names) {
    std::vector<std::string_view> sorted;
    ListCell* cell;
    foreach (cell, names) sorted.emplace_back(static_cast<const char*>(lfirst(cell)));
    std::sort(sorted.begin(), sorted.end());
    std::string list;
    for (const std::string_view name : sorted) list.append(list.empty() ? "\"" : ", \"").append(name) += '"';
    return list;
}

void note_streams() {
    const List* streams = stream_names([](auto, auto) { return true; });
    const List* slots = slot_names();
    left_behind() = {GetCurrentStatementStartTimestamp(), quoted_list(streams), quoted_list(slots)};
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
    if (object_id == get_extension_oid(pg::kExtension, true)) pg::guarded([] { refuse_drop(); });
}

// Functions, labels and programs name the schema.
void refuse_rename_of_schema(const RenameStmt* rename) {
    const Oid schema = get_namespace_oid(rename->subname, true);
    if (!pg::is_own_schema(schema) || !pg::is_owner(NamespaceRelationId, schema)) return;
    throw Error(Sqlstate::kObjectInUse, std::string("cannot rename schema \"") + rename->subname +
                                            "\" because extension gpsync lives there")
        .detail("Its functions find each other, and programs find them, by the name of the schema.");
}

// Streams name publications and servers, as a restored dump needs it; so a name in use stays. Who may not
// rename it hears so from the server, and nothing from here.
void refuse_rename(const RenameStmt* rename) {
    if (rename->renameType == OBJECT_SCHEMA) return refuse_rename_of_schema(rename);
    const bool server = rename->renameType == OBJECT_FOREIGN_SERVER;
    if (!server && rename->renameType != OBJECT_PUBLICATION) return;
    const char* name = strVal(rename->object);
    if (!(server ? pg::is_owner(ForeignServerRelationId, get_foreign_server_oid(name, true))
                 : pg::is_owner(PublicationRelationId, get_publication_oid(name, true))))
        return;
    const List* users =
        stream_names([&](std::string_view publication, std::span<const std::string_view> endpoints) {
            return server ? std::ranges::find(endpoints, name) != endpoints.end() : publication == name;
        });
    if (users == NIL) return;
    throw Error(Sqlstate::kObjectInUse, std::string("cannot rename ") + (server ? "server" : "publication") +
                                            " \"" + name + "\" because stream \"" +
                                            static_cast<const char*>(linitial(users)) + "\" uses it");
}

enum class DirectDrop { kNo, kRefusedByServer, kAllowed };

// DROP EXTENSION gpsync, DROP SCHEMA gpsync, and whether the server will let the current user do it.
DirectDrop direct_drop(const Node* command) {
    if (!IsA(command, DropStmt)) return DirectDrop::kNo;
    const auto* drop = reinterpret_cast<const DropStmt*>(command);
    const bool extension = drop->removeType == OBJECT_EXTENSION;
    if (!extension && drop->removeType != OBJECT_SCHEMA) return DirectDrop::kNo;
    const char* own = extension ? pg::kExtension : pg::kOwnSchema;
    ListCell* cell;
    foreach (cell, drop->objects) {
        if (std::strcmp(strVal(lfirst(cell)), own) != 0) continue;
        const bool allowed = extension ? pg::is_owner(ExtensionRelationId, get_extension_oid(own, true))
                                       : pg::is_owner(NamespaceRelationId, get_namespace_oid(own, true));
        return allowed ? DirectDrop::kAllowed : DirectDrop::kRefusedByServer;
    }
    return DirectDrop::kNo;
}

// Runs as the caller, before the server has asked what the caller may do: so rights come first, the lock
// last, and a role without the right learns nothing and stops nobody.
void guard_command(FunctionCallInfo fcinfo) {
    if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
        throw Error(Sqlstate::kTriggerProtocol, "function was not called by the event trigger manager");
    const Node* command = reinterpret_cast<EventTriggerData*>(fcinfo->context)->parsetree;
    if (IsA(command, RenameStmt)) return refuse_rename(reinterpret_cast<const RenameStmt*>(command));
    if (!IsA(command, DropStmt) && !IsA(command, DropOwnedStmt)) return;
    const DirectDrop direct = direct_drop(command);
    if (direct == DirectDrop::kRefusedByServer) return;
    // A create_stream() that is under way is waited for, and none begins.
    if (direct == DirectDrop::kAllowed) lock_stream_creation();
    note_streams();
    // Before the server says that CASCADE would help.
    if (direct == DirectDrop::kAllowed) refuse_drop();
}

}  // namespace

void install_drop_guard() {
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

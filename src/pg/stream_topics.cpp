#include "pg/stream_topics.h"

#include <algorithm>

#include "pg/compat/transaction.h"
#include "pg/own_table.h"
#include "pg/slot_name.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "access/xlog.h"
#include "commands/trigger.h"
#include "replication/slot.h"
#include "storage/lmgr.h"
#include "utils/inval.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

namespace {

// Columns of gpsync.stream and gpsync.stream_position.
constexpr int kStream = 0, kTopics = 8;
constexpr int kPositionSlot = 1, kPositionSystem = 2;

// Conflicts with drop_stream(), which locks the table in mode SHARE ROW EXCLUSIVE, and with no reader of it.
constexpr LOCKMODE kEmitLock = RowExclusiveLock;

struct Topics {
    uint64_t generation = 1, loaded_in = 0;  // the callback must not free what may be in use
    Oid stream_table = InvalidOid;
    std::vector<std::string> taken;
    // The (sub)transaction that has the lock.
    LocalTransactionId locked_in = InvalidLocalTransactionId;
    SubTransactionId locked_by = InvalidSubTransactionId;
};

Topics& topics() {
    static Topics the_topics;
    return the_topics;
}

void relation_changed(Datum, Oid relation) {
    Topics& t = topics();
    if (!OidIsValid(relation) || relation == t.stream_table) ++t.generation;
}

// A stream that comes from a dump has no position yet, and one that lost its slot sends nothing.
bool has_slot(std::string_view stream) {
    const NameData slot = slot_name(stream);
    bool booked = false;
    (void)scan_own_table(kStreamPositionTable, {}, [&](const Datum* columns) {
        booked |= text_view(columns[kStream]) == stream &&
                  std::strcmp(NameStr(*DatumGetName(columns[kPositionSlot])), NameStr(slot)) == 0 &&
                  static_cast<uint64>(DatumGetInt64(columns[kPositionSystem])) == GetSystemIdentifier();
    });
    return booked && SearchNamedReplicationSlot(NameStr(slot), true) != nullptr;
}

// A list of text *, with repeats.
List* read_topics() {
    List* found = NIL;
    (void)scan_own_table(kStreamTopicsTable, {}, [&](const Datum* columns) {
        const std::span<const std::string_view> names = text_array_view(columns[kTopics]);
        if (names.empty() || !has_slot(text_view(columns[kStream]))) return;
        for (const std::string_view name : names)
            found = lappend(found, cstring_to_text_with_len(name.data(), static_cast<int>(name.size())));
    });
    return found;
}

// Once a (sub)transaction: the server would count it each time.
void lock(Topics& t) {
    server_call([&] { LockRelationOid(t.stream_table, kEmitLock); });
    t.locked_in = compat::local_transaction_id();
    t.locked_by = GetCurrentSubTransactionId();
}

// An error half way leaves what was there, and what was there is not taken for the present generation. What
// is invalidated while the tables are read is read again.
void load(Topics& t) {
    const uint64_t generation = t.generation;
    List* found = NIL;
    server_call([&] {
        t.stream_table = require_own_table(kStreamTable);
        LockRelationOid(t.stream_table, kEmitLock);
        found = read_topics();
    });
    std::vector<std::string> taken;
    ListCell* cell;
    foreach (cell, found) taken.emplace_back(text_view(PointerGetDatum(lfirst(cell))));
    std::ranges::sort(taken);
    taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
    t.taken = std::move(taken);
    t.loaded_in = generation;
}

}  // namespace

void register_stream_topics() {
    CacheRegisterRelcacheCallback(relation_changed, 0);
}

bool topic_is_taken(std::string_view topic) {
    Topics& t = topics();
    bool asked = false;
    for (;;) {
        if (t.loaded_in != t.generation)
            load(t);
        else if (t.locked_in != compat::local_transaction_id() || t.locked_by != GetCurrentSubTransactionId())
            lock(t);
        if (t.loaded_in != t.generation) continue;
        if (std::ranges::find(t.taken, topic) != t.taken.end()) return true;
        // A stream may have come since the transaction began.
        if (std::exchange(asked, true)) return false;
        server_call([] { AcceptInvalidationMessages(); });
    }
}

const std::vector<std::string>& taken_topics() {
    return topics().taken;
}

}  // namespace gpsync::pg

// streams_changed() -> trigger: AFTER each statement that changed gpsync.stream
GPSYNC_FUNCTION(gpsync_streams_changed) {
    return gpsync::pg::guarded([&]() -> Datum {
        if (!CALLED_AS_TRIGGER(fcinfo))
            throw gpsync::pg::Error(gpsync::pg::Sqlstate::kTriggerProtocol,
                                    "gpsync_internal.streams_changed() can only be called as a trigger");
        gpsync::pg::server_call([] {
            const Oid table = gpsync::pg::find_own_table(gpsync::pg::kStreamTable);
            if (OidIsValid(table)) CacheInvalidateRelcacheByRelid(table);
        });
        return PointerGetDatum(nullptr);
    });
}

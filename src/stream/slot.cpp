// Slots are not transactional; a stream is a row and a slot and must be both or neither. So a new slot begins
// as a temporary one of this session, which the server drops by itself with the session or an error, and is
// made permanent just before the commit; a slot to be dropped is turned into a temporary one just before the
// commit (on disk too, so that a crash after the commit record drops it) and dropped right after it.
// A crash in the instant between that and the commit record leaves a slot without a stream, which doctor()
// reports and create_stream() of that name replaces; or a stream without a slot that was to be dropped
// anyway.
#include "stream/slot.h"

#include <signal.h>

#include <algorithm>

#include "pg/compat/slot.h"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/htup_details.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "pgstat.h"
#include "replication/slot.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/spin.h"
#include "utils/pg_lsn.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using pg::Error;
using pg::server_call;
using pg::Sqlstate;

// How long COMMIT waits for a walsender that it has asked to release the slot.
constexpr int kReleaseTimeoutMs = 10'000;

// What COMMIT does with a slot that this transaction has touched.
enum class AtCommit { kCreated, kDropped };

struct PendingSlot {
    AtCommit at_commit;
    SubTransactionId subtransaction;
    std::string name;
    bool failover = false;  // kCreated: is synchronised to standbys once it is permanent
    bool switched = false;  // permanent (kCreated) or temporary (kDropped) already: the commit is under way
};

std::vector<PendingSlot>& pending_slots() {
    static std::vector<PendingSlot> slots;
    return slots;
}

ReplicationSlot* find_slot(const std::string& name) {
    return SearchNamedReplicationSlot(name.c_str(), true);
}

pid_t slot_holder(ReplicationSlot* slot) {
    SpinLockAcquire(&slot->mutex);
    const pid_t pid = slot->active_pid;
    SpinLockRelease(&slot->mutex);
    return pid;
}

bool is_ours(const ReplicationSlot* slot) {
    return slot->data.database == MyDatabaseId &&
           std::strcmp(NameStr(slot->data.plugin), "gpsync_decoder") == 0;
}

// REQUIRES: the slot is acquired by this process.
void set_persistency(ReplicationSlotPersistency persistency, bool failover = false) {
    SpinLockAcquire(&MyReplicationSlot->mutex);
    MyReplicationSlot->data.persistency = persistency;
    if (failover) pg::compat::set_failover(MyReplicationSlot);
    SpinLockRelease(&MyReplicationSlot->mutex);
}

// Makes the slot a temporary one of this session, or a permanent one of nobody, on disk too.
void switch_persistency(const std::string& name, ReplicationSlotPersistency persistency,
                        bool failover = false) {
    server_call([&] {
        pg::compat::acquire_slot(name.c_str());
        set_persistency(persistency, failover);
        ReplicationSlotMarkDirty();
        ReplicationSlotSave();
        ReplicationSlotRelease();  // a temporary slot stays this session's
    });
}

// Drops a slot of this session. A temporary slot's files that cannot be removed are a WARNING, a permanent
// one's an ERROR, which must not be raised once the transaction has ended.
void drop_softly(const std::string& name) {
    ReplicationSlot* slot = find_slot(name);
    if (slot == nullptr) return;
    server_call([&] {
        pg::compat::acquire_slot(name.c_str());
        set_persistency(RS_TEMPORARY);
        ReplicationSlotRelease();
        ReplicationSlotDrop(name.c_str(), true);
    });
}

void make_permanent(PendingSlot& pending) {
    ReplicationSlot* slot = find_slot(pending.name);
    if (slot == nullptr || slot_holder(slot) != MyProcPid)
        throw Error(Sqlstate::kNotInPrerequisiteState,
                    "replication slot \"" + pending.name + "\" of the new stream is gone")
            .detail(
                "An error earlier in this transaction dropped the temporary slots of the session, this one "
                "included.")
            .hint("Create the stream in a transaction of its own.");
    switch_persistency(pending.name, RS_PERSISTENT, pending.failover);
    pending.switched = true;
}

// Makes whoever reads the slot leave it; false when the slot is gone already.
bool wait_until_free(const std::string& name) {
    const TimestampTz start = GetCurrentTimestamp();
    for (;;) {
        ReplicationSlot* slot = find_slot(name);
        if (slot == nullptr) return false;
        const pid_t holder = slot_holder(slot);
        if (holder == 0 || holder == MyProcPid) return true;
        if (TimestampDifferenceExceeds(start, GetCurrentTimestamp(), kReleaseTimeoutMs))
            throw Error(Sqlstate::kObjectInUse,
                        "replication slot \"" + name + "\" is still in use by PID " + std::to_string(holder));
        kill(holder, SIGTERM);
        server_call([] {
            (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, 10, PG_WAIT_EXTENSION);
            ResetLatch(MyLatch);
            CHECK_FOR_INTERRUPTS();
        });
    }
}

void make_temporary(PendingSlot& pending) {
    if (!wait_until_free(pending.name)) return;
    ReplicationSlot* slot = find_slot(pending.name);
    if (slot == nullptr || !is_ours(slot)) return;
    switch_persistency(pending.name, RS_TEMPORARY);
    pending.switched = true;
}

void before_commit() {
    for (PendingSlot& pending : pending_slots())
        if (pending.at_commit == AtCommit::kCreated)
            make_permanent(pending);
        else
            make_temporary(pending);
}

void refuse_prepare() {
    if (!pending_slots().empty())
        throw Error(Sqlstate::kFeatureNotSupported,
                    "cannot PREPARE a transaction that has created or dropped a gpsync stream");
}

// An error inside an acquired slot leaves it acquired: nobody but the main loop would release it.
void release_acquired(const std::vector<PendingSlot>& slots) {
    if (MyReplicationSlot == nullptr) return;
    for (const PendingSlot& pending : slots)
        if (pending.name == NameStr(MyReplicationSlot->data.name)) {
            server_call([] { ReplicationSlotRelease(); });
            return;
        }
}

void undo(const PendingSlot& pending) {
    ReplicationSlot* slot = find_slot(pending.name);
    if (slot == nullptr) return;
    const bool mine = slot_holder(slot) == MyProcPid;
    if (pending.at_commit == AtCommit::kCreated && (mine || pending.switched)) drop_softly(pending.name);
    if (pending.at_commit == AtCommit::kDropped && mine) switch_persistency(pending.name, RS_PERSISTENT);
}

void after_commit(const PendingSlot& pending) {
    if (pending.at_commit == AtCommit::kDropped && pending.switched) drop_softly(pending.name);
}

// Past the point where an ERROR could undo anything: what goes wrong with one slot is reported, no more.
template <class Action>
void for_each_reporting(Action action, std::vector<PendingSlot>& slots) {
    for (const PendingSlot& pending : slots) {
        try {
            action(pending);
        } catch (const std::exception& e) {
            server_call([&] {
                ereport(WARNING, (errmsg("could not put replication slot \"%s\" in order: %s",
                                         pending.name.c_str(), e.what()),
                                  errhint("See gpsync.doctor().")));
            });
        }
    }
}

void at_end(bool committed) {
    std::vector<PendingSlot>& slots = pending_slots();
    if (slots.empty()) return;
    if (committed) {
        for_each_reporting(after_commit, slots);
    } else {
        release_acquired(slots);
        for_each_reporting(undo, slots);
    }
    slots.clear();
}

void on_transaction_event(XactEvent event, void*) {
    pg::guarded([&] {
        switch (event) {
            case XACT_EVENT_PRE_COMMIT:
                return before_commit();
            case XACT_EVENT_PRE_PREPARE:
                return refuse_prepare();
            case XACT_EVENT_COMMIT:
                return at_end(true);
            case XACT_EVENT_ABORT:
                return at_end(false);
            default:
                return;
        }
    });
}

// Only what the subtransaction itself has created or dropped is undone, and only such a slot is released. The
// server aborts subtransactions of its own while a slot is made, one for each committed DDL it meets
// (ReorderBufferImmediateInvalidation()); the slot is not theirs, and is in use.
void abort_subtransaction(SubTransactionId id) {
    std::vector<PendingSlot>& slots = pending_slots();
    std::vector<PendingSlot> undone;
    for (const PendingSlot& pending : slots)
        if (pending.subtransaction == id) undone.push_back(pending);
    if (undone.empty()) return;
    std::erase_if(slots, [&](const PendingSlot& pending) { return pending.subtransaction == id; });
    release_acquired(undone);
    for_each_reporting(undo, undone);
}

void on_subtransaction_event(SubXactEvent event, SubTransactionId id, SubTransactionId parent, void*) {
    if (pending_slots().empty()) return;
    pg::guarded([&] {
        if (event == SUBXACT_EVENT_ABORT_SUB) abort_subtransaction(id);
        if (event == SUBXACT_EVENT_COMMIT_SUB)
            for (PendingSlot& pending : pending_slots())
                if (pending.subtransaction == id) pending.subtransaction = parent;
    });
}

void add_pending(const char* name, AtCommit at_commit) {
    pending_slots().push_back({at_commit, GetCurrentSubTransactionId(), name});
}

void synchronise(const char* name) {
    for (PendingSlot& pending : pending_slots())
        if (pending.at_commit == AtCommit::kCreated && pending.name == name) pending.failover = true;
}

// Raises server errors.
XLogRecPtr make_temporary_slot(const char* name) {
    // The subtransactions that the server aborts meanwhile leave their parent's context and resource owner
    // behind as the current ones; the caller's snapshots and buffers belong to another.
    MemoryContext context = CurrentMemoryContext;
    ResourceOwner owner = CurrentResourceOwner;
    const Datum row = pg::compat::create_logical_slot(name, "gpsync_decoder", true);
    CurrentResourceOwner = owner;
    MemoryContextSwitchTo(context);
    constexpr AttrNumber kLsn = 2;
    bool is_null = false;
    return DatumGetLSN(GetAttributeByNum(DatumGetHeapTupleHeader(row), kLsn, &is_null));
}

}  // namespace

void register_slot_callbacks() {
    RegisterXactCallback(on_transaction_event, nullptr);
    RegisterSubXactCallback(on_subtransaction_event, nullptr);
}

bool slot_goes_on_commit(const char* slot_name) {
    return std::ranges::any_of(pending_slots(), [&](const PendingSlot& pending) {
        return pending.at_commit == AtCommit::kDropped && pending.name == slot_name;
    });
}

}  // namespace gpsync

// make_slot(slot_name name) -> pg_lsn
GPSYNC_FUNCTION(gpsync_make_slot) {
    return gpsync::pg::guarded([&]() -> Datum {
        const char* name = NameStr(*PG_GETARG_NAME(0));
        gpsync::add_pending(name, gpsync::AtCommit::kCreated);
        XLogRecPtr lsn = InvalidXLogRecPtr;
        gpsync::pg::server_call([&] { lsn = gpsync::make_temporary_slot(name); });
        return LSNGetDatum(lsn);
    });
}

// synchronise_slot(slot_name name)
GPSYNC_FUNCTION(gpsync_synchronise_slot) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::synchronise(NameStr(*PG_GETARG_NAME(0)));
        PG_RETURN_VOID();
    });
}

// drop_slot_on_commit(slot_name name)
GPSYNC_FUNCTION(gpsync_drop_slot_on_commit) {
    return gpsync::pg::guarded([&]() -> Datum {
        gpsync::add_pending(NameStr(*PG_GETARG_NAME(0)), gpsync::AtCommit::kDropped);
        PG_RETURN_VOID();
    });
}

// slot_goes_on_commit(slot_name name) -> boolean
GPSYNC_FUNCTION(gpsync_slot_goes_on_commit) {
    PG_RETURN_BOOL(gpsync::slot_goes_on_commit(NameStr(*PG_GETARG_NAME(0))));
}

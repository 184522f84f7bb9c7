#include "bookkeeping/owner_triggers.h"

#include <algorithm>
#include <csignal>

#include "pg/as_owner.h"
#include "pg/own_table.h"
#include "stream/relay_session.h"
#include "trigger/owner_code.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "replication/origin.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/lsyscache.h"
#include "utils/timeout.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::bookkeeping {

namespace {

// The nesting level of the transaction the owner's code runs in; deeper ones are its own.
int owner_level = 0;
bool triggers_running = false;
// Whether triggers have run in this transaction, and may have written what must be streamed.
bool triggers_ran = false;

// How long the marks of one table may take in one call: the owner's code as a whole, and for each row what it
// costs to read and write it on a slow disk. And how long the owner's code may wait for one lock.
constexpr int kLongestRunMs = 5000, kLongestRowMs = 10;
constexpr int kLongestLockWaitMs = 1000;

TimeoutId run_timeout = MAX_TIMEOUTS;
volatile sig_atomic_t took_too_long = false;

// As a cancelled statement; took_too_long says that it is one of ours. In a signal handler.
void cancel_owner_code() {
    took_too_long = true;
    QueryCancelPending = true;
    InterruptPending = true;
    SetLatch(MyLatch);
}

void stop_triggers() {
    if (!triggers_running) return;
    triggers_running = false;
    replorigin_session_origin = booking_origin();
}

void leave() {
    if (!owner_code_running) return;
    stop_triggers();
    owner_code_running = false;
    disable_timeout(run_timeout, false);
    // It may have gone off when the code had just ended.
    if (took_too_long) QueryCancelPending = false;
}

// The origin in the commit record hides a whole transaction from the decoder; where triggers have written
// something of their own, only the origin in each of bookkeeping's records may.
void at_transaction_end(XactEvent event, void*) {
    if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE) {
        if (triggers_ran) replorigin_session_origin = InvalidRepOriginId;
        return;
    }
    leave();
    triggers_ran = false;
}

void at_subtransaction_end(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
    if (event == SUBXACT_EVENT_ABORT_SUB && owner_code_running &&
        GetCurrentTransactionNestLevel() <= owner_level)
        leave();
}

void register_callbacks() {
    static bool registered = false;
    if (registered) return;
    RegisterXactCallback(at_transaction_end, nullptr);
    RegisterSubXactCallback(at_subtransaction_end, nullptr);
    run_timeout = RegisterTimeout(USER_TIMEOUT, cancel_owner_code);
    registered = true;
}

// Ours have nothing to say of a mark.
bool is_own(const Trigger& trigger) {
    return pg::is_own_schema(get_func_namespace(trigger.tgfoid));
}

bool is_kept(const Trigger& trigger) {
    return (trigger.tgenabled == TRIGGER_FIRES_ALWAYS || trigger.tgenabled == TRIGGER_FIRES_ON_REPLICA) &&
           TRIGGER_FOR_ROW(trigger.tgtype) && TRIGGER_FOR_AFTER(trigger.tgtype) &&
           TRIGGER_FOR_UPDATE(trigger.tgtype) && trigger.tgoldtable == nullptr &&
           trigger.tgnewtable == nullptr && !is_own(trigger);
}

// An owner's code must not make bookkeeping wait for other sessions' locks for long.
void limit_lock_waits() {
    if (LockTimeout == 0 || LockTimeout > kLongestLockWaitMs) pg::set_local("lock_timeout", "1s");
}

}  // namespace

bool keep_replica_triggers(ResultRelInfo* target) {
    TriggerDesc* triggers = target->ri_TrigDesc;
    if (triggers == nullptr) return false;
    bool any = false;
    for (int i = 0; i < triggers->numtriggers; ++i) {
        Trigger* trigger = &triggers->triggers[i];
        const bool kept = is_kept(*trigger);
        trigger->tgenabled = kept ? TRIGGER_FIRES_ALWAYS : TRIGGER_DISABLED;
        any |= kept;
    }
    triggers->trig_update_before_row = false;
    triggers->trig_update_after_row = any;
    if (!any) target->ri_TrigDesc = nullptr;
    return any;
}

void refuse_triggers_of_parents(const ResultRelInfo& target) {
    const TriggerDesc* triggers = target.ri_TrigDesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; ++i) {
        const Trigger& trigger = triggers->triggers[i];
        if (trigger.tgenabled == TRIGGER_DISABLED || !trigger.tgisclone) continue;
        ereport(ERROR, (errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
                        errmsg("trigger \"%s\" of the parent of partition \"%s\" would run as another owner",
                               trigger.tgname, RelationGetRelationName(target.ri_RelationDesc)),
                        errhint("ALTER TABLE ... OWNER TO gives both one owner.")));
    }
}

void fire_deferred_triggers_now() {
    Oid user = InvalidOid;
    int context = 0;
    GetUserIdAndSecContext(&user, &context);
    SetUserIdAndSecContext(GetOuterUserId(), context | SECURITY_LOCAL_USERID_CHANGE);
    auto all = makeNode(ConstraintsSetStmt);
    all->constraints = NIL;
    all->deferred = false;
    AfterTriggerSetState(all);
    SetUserIdAndSecContext(user, context);
}

void enter_owner_code(size_t marks) {
    register_callbacks();
    owner_level = GetCurrentTransactionNestLevel();
    took_too_long = false;
    owner_code_running = true;
    limit_lock_waits();
    enable_timeout_after(run_timeout,
                         kLongestRunMs + kLongestRowMs * static_cast<int>(std::min(marks, size_t{100'000})));
}

void leave_owner_code() {
    leave();
}

void fire_owner_triggers(EState* estate) {
    triggers_ran = triggers_running = true;
    replorigin_session_origin = InvalidRepOriginId;
    AfterTriggerEndQuery(estate);
    stop_triggers();
}

bool owner_code_took_too_long() {
    return took_too_long;
}

}  // namespace gpsync::bookkeeping

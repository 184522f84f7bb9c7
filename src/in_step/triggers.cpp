// The triggers of keep_in_step(). Each statement that writes one side has the other follow, in the same
// transaction.
//
// Two transactions that write both sides of a row, each the other side first, would wait for each other. So a
// statement that may update the columns takes a lock of the pair, until its transaction ends, before it locks
// a row. One that inserts rows does not: it locks its keys, so that of two transactions that insert both
// sides of a row the second one sees the first one's, and then the rows that may follow, so that it sees what
// an update under way leaves there.
#include "in_step/capture_hook.h"
#include "in_step/follow.h"
#include "pg/as_owner.h"
#include "pg/guard.h"
#include "pg/lock_tag.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/twophase.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "storage/proc.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::in_step {

namespace {

// Keys that a transaction locks one by one. Each takes a place in the server's table of locks, so it gets a
// sixteenth of them; beyond it locks all keys at once.
int64 most_key_locks() {
    return int64{max_locks_per_xact} * (MaxBackends + max_prepared_xacts) / 16;
}

struct KeyLocks {
    LocalTransactionId transaction = InvalidLocalTransactionId;
    int64 count = 0;
};
KeyLocks key_locks;

// The pair whose other side is following just now, and how often triggers of its tables have begun that anew.
struct Following {
    int pair = 0;
    int depth = 0;
};
Following following;

enum class Lock : uint8_t { kUpdates, kInserts, kKey };

LOCKTAG lock_of(int pair, Lock kind, uint64 key = 0) {
    char name[sizeof(pair) + sizeof(kind) + sizeof(key)];
    memcpy(name, &pair, sizeof pair);
    memcpy(name + sizeof pair, &kind, sizeof kind);
    memcpy(name + sizeof pair + sizeof kind, &key, sizeof key);
    return pg::lock_tag(pg::LockClass::kStep, std::string_view(name, sizeof name));
}

void take(const LOCKTAG& tag, LOCKMODE mode) {
    (void)LockAcquire(&tag, mode, false, false);
}

const TriggerData& called_as_trigger(FunctionCallInfo fcinfo, bool before) {
    if (CALLED_AS_TRIGGER(fcinfo)) {
        const auto& trigger = *reinterpret_cast<const TriggerData*>(fcinfo->context);
        const TriggerEvent event = trigger.tg_event;
        if (TRIGGER_FIRED_FOR_STATEMENT(event) && TRIGGER_FIRED_BEFORE(event) == before &&
            (TRIGGER_FIRED_BY_INSERT(event) || TRIGGER_FIRED_BY_UPDATE(event)) &&
            (before || trigger.tg_newtable != nullptr || following.pair != 0))
            return trigger;
    }
    throw pg::Error(pg::Sqlstate::kTriggerProtocol, "not called as a trigger of a pair of tables")
        .hint("gpsync.keep_in_step() creates the triggers.");
}

bool is_update_of(const TriggerData& trigger, const Side& side, int first, int end) {
    for (int i = first; i < end; ++i)
        if (bms_is_member(side.columns[i] - FirstLowInvalidHeapAttributeNumber, trigger.tg_updatedcols))
            return true;
    return false;
}

int compare_hashes(const void* a, const void* b) {
    const uint64 left = *static_cast<const uint64*>(a), right = *static_cast<const uint64*>(b);
    return left < right ? -1 : left > right ? 1 : 0;
}

uint64 key_hash(const Side& side, TupleTableSlot* row) {
    uint64 hash = 0;
    for (int i = 0; i < side.key_count; ++i) {
        bool is_null = false;
        const Datum value = slot_getattr(row, side.columns[i], &is_null);
        if (is_null) continue;
        const Form_pg_attribute column = TupleDescAttr(row->tts_tupleDescriptor, side.columns[i] - 1);
        TypeCacheEntry* type = lookup_type_cache(column->atttypid, TYPECACHE_HASH_EXTENDED_PROC_FINFO);
        // Keys without a hash share one lock.
        if (!OidIsValid(type->hash_extended_proc)) continue;
        hash = hash_combine64(
            hash, DatumGetUInt64(FunctionCall2Coll(&type->hash_extended_proc_finfo, column->attcollation,
                                                   value, UInt64GetDatum(0))));
    }
    return hash;
}

// What is to be found out of rows that were written under new keys.
struct NewRows {
    uint64* hashes;  // of their keys; null: of too many
    int64 count;
    bool has_nulls;  // a column that follows is NULL in some
};

NewRows read_new_rows(const TriggerData& trigger, const Side& side, bool with_hashes) {
    const int64 count = tuplestore_tuple_count(trigger.tg_newtable);
    NewRows rows = {with_hashes ? static_cast<uint64*>(palloc(sizeof(uint64) * count)) : nullptr, 0, false};
    TupleTableSlot* row =
        MakeSingleTupleTableSlot(RelationGetDescr(trigger.tg_relation), &TTSOpsMinimalTuple);
    tuplestore_rescan(trigger.tg_newtable);
    while (rows.count < count && tuplestore_gettupleslot(trigger.tg_newtable, true, false, row)) {
        if (with_hashes) rows.hashes[rows.count] = key_hash(side, row);
        ++rows.count;
        for (int i = side.key_count; i < side.column_count; ++i)
            rows.has_nulls |= slot_attisnull(row, side.columns[i]);
    }
    ExecDropSingleTupleTableSlot(row);
    return rows;
}

// In the order of their hashes, which is the same for both sides. Answers whether a column of them is NULL.
bool lock_keys(const TriggerData& trigger, const Follow& follow) {
    if (key_locks.transaction != MyProc->lxid) key_locks = {MyProc->lxid, 0};
    key_locks.count += tuplestore_tuple_count(trigger.tg_newtable);
    const bool one_by_one = key_locks.count <= most_key_locks();
    take(lock_of(follow.key.pair, Lock::kInserts), one_by_one ? ShareLock : ExclusiveLock);
    const NewRows rows = read_new_rows(trigger, follow.side, one_by_one);
    if (!one_by_one) return rows.has_nulls;
    qsort(rows.hashes, rows.count, sizeof *rows.hashes, compare_hashes);
    for (int64 i = 0; i < rows.count; ++i)
        if (i == 0 || rows.hashes[i] != rows.hashes[i - 1])
            take(lock_of(follow.key.pair, Lock::kKey, rows.hashes[i]), ExclusiveLock);
    return rows.has_nulls;
}

// With all that is committed, whatever the transaction's own snapshot; what that one does not show raises
// 40001.
void run(SPIPlanPtr plan) {
    const bool own_snapshot = IsolationUsesXactSnapshot();
    const int code = own_snapshot ? SPI_execute_snapshot(plan, nullptr, nullptr, GetLatestSnapshot(),
                                                         GetTransactionSnapshot(), false, true, 0)
                                  : SPI_execute_plan(plan, nullptr, nullptr, false, 0);
    if (code < 0) elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(code));
    SPI_freetuptable(SPI_tuptable);
}

void run_follow(const TriggerData& trigger, Follow* follow, bool inserted, bool new_keys) {
    const auto run_as = [&](Oid owner, SPIPlanPtr Follow::*plan) {
        pg::as_table_owner(owner, [&] {
            SPIPlanPtr statement = prepared(follow, trigger, plan);
            next_statement_follows = true;
            run(statement);
        });
    };
    bool has_nulls = false;
    // A type's hash function may be a user's.
    if (new_keys) pg::as_table_owner(follow->owner, [&] { has_nulls = lock_keys(trigger, *follow); });
    (void)SPI_connect();
    if (SPI_register_trigger_data(const_cast<TriggerData*>(&trigger)) != SPI_OK_TD_REGISTER)
        elog(ERROR, "could not register the rows that were written");
    if (new_keys) run_as(follow->other_owner, &Follow::lock);
    run_as(follow->other_owner, inserted && has_nulls ? &Follow::insert : &Follow::update);
    if (inserted && has_nulls) run_as(follow->owner, &Follow::adopt);
    (void)SPI_finish();
}

void refuse_depth() {
    constexpr int kDeepest = 8;
    if (following.depth < kDeepest) return;
    ereport(ERROR, (errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
                    errmsg("two tables that are kept in step change each other for ever"),
                    errhint("A BEFORE trigger of each of them changes what the other one's has written.")));
}

void follow_statement(const TriggerData& trigger) {
    // Without one, the statement has the table follow.
    if (trigger.tg_newtable == nullptr || tuplestore_tuple_count(trigger.tg_newtable) == 0) return;
    const TriggerArguments of = arguments_of(*trigger.tg_trigger);
    Follow& follow = follow_of(trigger, of);
    if (!OidIsValid(follow.other)) return;
    // The rows are what the other side has, unless a trigger here has changed them.
    if (following.pair == of.pair && !follow.rewrites) return;
    const bool is_update = TRIGGER_FIRED_BY_UPDATE(trigger.tg_event);
    const Side& side = follow.side;
    if (is_update && !follow.rewrites && !is_update_of(trigger, side, 0, side.column_count)) return;
    const bool new_keys = !is_update || is_update_of(trigger, side, 0, side.key_count);
    const Following before = following;
    following = {of.pair, before.pair == of.pair ? before.depth + 1 : 0};
    ++follow.running;
    PG_TRY();
    {
        refuse_depth();
        run_follow(trigger, &follow, !is_update, new_keys);
    }
    PG_FINALLY();
    {
        following = before;
        next_statement_follows = false;
        --follow.running;
    }
    PG_END_TRY();
}

}  // namespace

}  // namespace gpsync::in_step

// step_lock(): BEFORE UPDATE OF the columns, each statement.
GPSYNC_FUNCTION(gpsync_step_lock) {
    return gpsync::pg::guarded([&]() -> Datum {
        namespace in_step = gpsync::in_step;
        const TriggerData& trigger = in_step::called_as_trigger(fcinfo, true);
        gpsync::pg::server_call([&] {
            const in_step::TriggerArguments of = in_step::arguments_of(*trigger.tg_trigger);
            // What follows has locked its rows already.
            if (in_step::following.pair != of.pair && OidIsValid(in_step::follow_of(trigger, of).other))
                in_step::take(in_step::lock_of(of.pair, in_step::Lock::kUpdates), ExclusiveLock);
        });
        return PointerGetDatum(nullptr);
    });
}

// step_follow(): AFTER INSERT or UPDATE, each statement, with the new rows as transition table
// gpsync_written.
GPSYNC_FUNCTION(gpsync_step_follow) {
    return gpsync::pg::guarded([&]() -> Datum {
        const TriggerData& trigger = gpsync::in_step::called_as_trigger(fcinfo, false);
        gpsync::pg::server_call([&] { gpsync::in_step::follow_statement(trigger); });
        return PointerGetDatum(nullptr);
    });
}

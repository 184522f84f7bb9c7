// The triggers of keep_in_step(). Each statement that writes one side has the other follow, in the same
// transaction.
//
// Two transactions that write both sides of a row, each the other side first, would wait for each other. So a
// statement that has the other side follow takes the lock of the pair until its transaction ends: an UPDATE
// of the columns before it locks a row, an INSERT when the other side has one of its keys. Before that an
// INSERT locks its keys, so that of two transactions that insert both sides of a row the second one sees the
// first one's.
#include "in_step/executor_hook.h"
#include "in_step/follow.h"
#include "pg/as_owner.h"
#include "pg/compat/transaction.h"
#include "pg/guard.h"
#include "pg/lock_tag.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/transam.h"
#include "access/twophase.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "storage/proc.h"
#include "utils/fmgrprotos.h"
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

// The statement that has a table follow just now.
struct Following {
    int pair = 0;  // 0: there is none
    Oid relation = InvalidOid;
    int trigger_depth = 0;  // of its own triggers; those of what they write are deeper
    int nested = 0;         // such statements under way, one inside the other
};
Following following;

int trigger_depth() {
    return DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, Datum{0}));
}

// Whether the trigger is one of the statement's own, and not of what a trigger of the table writes.
bool is_of_following(const TriggerData& trigger, int pair) {
    return following.pair == pair && following.relation == RelationGetRelid(trigger.tg_relation) &&
           following.trigger_depth == trigger_depth();
}

enum class Lock : uint8_t { kPair, kSideA, kSideB, kKey };

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

bool is_update_of(const TriggerData& trigger, const SideColumns& columns, int first, int end) {
    for (int i = first; i < end; ++i)
        if (bms_is_member(columns.numbers[i] - FirstLowInvalidHeapAttributeNumber, trigger.tg_updatedcols))
            return true;
    return false;
}

int compare_hashes(const void* a, const void* b) {
    const uint64 left = *static_cast<const uint64*>(a), right = *static_cast<const uint64*>(b);
    return left < right ? -1 : left > right ? 1 : 0;
}

uint64 key_hash(const SideColumns& columns, TupleTableSlot* row) {
    uint64 hash = 0;
    for (int i = 0; i < columns.key_count; ++i) {
        bool is_null = false;
        const Datum value = slot_getattr(row, columns.numbers[i], &is_null);
        if (is_null) continue;
        const Form_pg_attribute column = TupleDescAttr(row->tts_tupleDescriptor, columns.numbers[i] - 1);
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
    int64 count;
    uint64* hashes;   // of their keys; null: of too many
    bool has_nulls;   // a column that follows is NULL in some
    bool has_values;  // one is not
};

NewRows read_new_rows(const TriggerData& trigger, const SideColumns& columns, bool with_hashes) {
    NewRows rows = {tuplestore_tuple_count(trigger.tg_newtable), nullptr, false, false};
    if (with_hashes) rows.hashes = static_cast<uint64*>(palloc(sizeof(uint64) * rows.count));
    TupleTableSlot* row =
        MakeSingleTupleTableSlot(RelationGetDescr(trigger.tg_relation), &TTSOpsMinimalTuple);
    tuplestore_rescan(trigger.tg_newtable);
    for (int64 n = 0; n < rows.count && tuplestore_gettupleslot(trigger.tg_newtable, true, false, row); ++n) {
        if (with_hashes) rows.hashes[n] = key_hash(columns, row);
        for (int i = columns.key_count; i < columns.count; ++i)
            (slot_attisnull(row, columns.numbers[i]) ? rows.has_nulls : rows.has_values) = true;
    }
    ExecDropSingleTupleTableSlot(row);
    return rows;
}

// Who locks all keys of one side keeps out who locks any of the other one, and nobody of its own.
void lock_sides(int pair, bool of_a, bool all_keys) {
    for (const bool is_a : {true, false}) {
        const LOCKTAG side = lock_of(pair, is_a ? Lock::kSideA : Lock::kSideB);
        if (is_a != of_a)
            take(side, RowExclusiveLock);
        else if (all_keys)
            take(side, ShareLock);
    }
}

// One by one in the order of their hashes, which is the same for both sides.
NewRows lock_keys(const TriggerData& trigger, const Follow& follow, bool of_a) {
    const LocalTransactionId transaction = pg::compat::local_transaction_id();
    if (key_locks.transaction != transaction) key_locks = {transaction, 0};
    key_locks.count += tuplestore_tuple_count(trigger.tg_newtable);
    const bool all_keys = key_locks.count > most_key_locks();
    lock_sides(follow.key.pair, of_a, all_keys);
    const NewRows rows = read_new_rows(trigger, follow.columns, !all_keys);
    if (all_keys) return rows;
    qsort(rows.hashes, rows.count, sizeof *rows.hashes, compare_hashes);
    for (int64 i = 0; i < rows.count; ++i)
        if (i == 0 || rows.hashes[i] != rows.hashes[i - 1])
            take(lock_of(follow.key.pair, Lock::kKey, rows.hashes[i]), ExclusiveLock);
    return rows;
}

bool has_user_types(Relation relation, const SideColumns& columns) {
    for (int i = 0; i < columns.key_count; ++i)
        if (TupleDescAttr(RelationGetDescr(relation), columns.numbers[i] - 1)->atttypid >=
            FirstNormalObjectId)
            return true;
    return false;
}

// A type's hash function may be a user's.
NewRows lock_keys_as_owner(const TriggerData& trigger, const Follow& follow, bool of_a) {
    if (!has_user_types(trigger.tg_relation, follow.columns)) return lock_keys(trigger, follow, of_a);
    NewRows rows = {};
    pg::as_table_owner(follow.own.owner, follow.own.schema, [&] { rows = lock_keys(trigger, follow, of_a); });
    return rows;
}

// With all that is committed, whatever the transaction's own snapshot; what that one does not show raises
// 40001.
uint64 run(SPIPlanPtr plan) {
    const bool own_snapshot = IsolationUsesXactSnapshot();
    const int code = own_snapshot ? SPI_execute_snapshot(plan, nullptr, nullptr, GetLatestSnapshot(),
                                                         GetTransactionSnapshot(), false, true, 0)
                                  : SPI_execute_plan(plan, nullptr, nullptr, false, 0);
    if (code < 0) elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(code));
    SPI_freetuptable(SPI_tuptable);
    return SPI_processed;
}

// Statements for the rows of a trigger's transition table, as the owner of both tables.
struct Runner {
    const TriggerData& trigger;
    Follow* follow;

    uint64 run_on(const SideTable& table, SPIPlanPtr Follow::*plan) const {
        uint64 count = 0;
        const int64 rows = tuplestore_tuple_count(trigger.tg_newtable);
        following.relation = table.relation;
        pg::as_table_owner(table.owner, table.schema, [&] {
            SPIPlanPtr statement = prepared(follow, rows, plan);
            if (plan != &Follow::exists && !table.needs_transition_table)
                next_statement_follows = table.relation;
            count = run(statement);
        });
        return count;
    }
};

void run_update(const Runner& runner, bool of_a, bool new_keys) {
    Follow* follow = runner.follow;
    take(lock_of(follow->key.pair, Lock::kPair), ExclusiveLock);
    if (new_keys) (void)lock_keys_as_owner(runner.trigger, *follow, of_a);
    runner.run_on(follow->other, &Follow::update);
}

void run_insert(const Runner& runner, bool of_a) {
    Follow* follow = runner.follow;
    const NewRows rows = lock_keys_as_owner(runner.trigger, *follow, of_a);
    if (runner.run_on(follow->other, &Follow::exists) == 0) return;
    take(lock_of(follow->key.pair, Lock::kPair), ExclusiveLock);
    if (rows.has_values) runner.run_on(follow->other, &Follow::insert);
    if (rows.has_nulls) runner.run_on(follow->own, &Follow::adopt);
}

void run_follow(const Runner& runner, bool of_a, bool is_update, bool new_keys) {
    constexpr int kDeepest = 16;
    if (following.nested > kDeepest)
        ereport(ERROR, (errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
                        errmsg("tables that are kept in step change each other without end"),
                        errhint("A trigger of each of them changes what the other one's has written.")));
    (void)SPI_connect();
    if (SPI_register_trigger_data(const_cast<TriggerData*>(&runner.trigger)) != SPI_OK_TD_REGISTER)
        elog(ERROR, "could not register the rows that were written");
    if (is_update)
        run_update(runner, of_a, new_keys);
    else
        run_insert(runner, of_a);
    (void)SPI_finish();
}

void follow_statement(const TriggerData& trigger) {
    // Without one, the statement has the table follow.
    if (trigger.tg_newtable == nullptr || tuplestore_tuple_count(trigger.tg_newtable) == 0) return;
    const TriggerArguments of = arguments_of(*trigger.tg_trigger);
    Follow& follow = follow_of(trigger, of);
    if (!OidIsValid(follow.other.relation)) return;
    // The rows are what the other side has, unless a trigger here has changed them.
    if (!follow.own.may_rewrite && is_of_following(trigger, of.pair)) return;
    const bool is_update = TRIGGER_FIRED_BY_UPDATE(trigger.tg_event), of_unknown = modifying_with_has_begun();
    const SideColumns& columns = follow.columns;
    if (is_update && !follow.own.may_rewrite && !of_unknown &&
        !is_update_of(trigger, columns, 0, columns.count))
        return;
    const bool new_keys = of_unknown || is_update_of(trigger, columns, 0, columns.key_count);
    const Following before = following;
    following = {of.pair, InvalidOid, trigger_depth() + 1, before.nested + 1};
    begin_running();
    PG_TRY();
    { run_follow({trigger, &follow}, of.of_a, is_update, new_keys); }
    PG_FINALLY();
    {
        following = before;
        next_statement_follows = InvalidOid;
        end_running();
    }
    PG_END_TRY();
}

void lock_pair(const TriggerData& trigger) {
    const TriggerArguments of = arguments_of(*trigger.tg_trigger);
    if (is_of_following(trigger, of.pair)) return;
    if (OidIsValid(follow_of(trigger, of).other.relation)) take(lock_of(of.pair, Lock::kPair), ExclusiveLock);
}

}  // namespace

}  // namespace gpsync::in_step

// step_lock(): BEFORE UPDATE OF the columns, each statement.
GPSYNC_FUNCTION(gpsync_step_lock) {
    return gpsync::pg::guarded([&]() -> Datum {
        namespace in_step = gpsync::in_step;
        const TriggerData& trigger = in_step::called_as_trigger(fcinfo, true);
        gpsync::pg::server_call([&] { in_step::lock_pair(trigger); });
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

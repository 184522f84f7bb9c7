#include "in_step/follow.h"

#include "pg/as_owner.h"
#include "pg/relation_name.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/table.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::in_step {

namespace {

// From so many rows on, a plan for just these costs less than the look-ups by key that it may save.
constexpr int64 kManyRows = 1000;

HTAB* follows = nullptr;
// Counts what may have made an entry wrong. One that is made while it grows is not valid.
uint64 changes = 0;
int running = 0;
// Plans that were given up while one may have been running.
List* given_up = NIL;

template <class Visit>
void for_each_follow(Visit&& visit) {
    HASH_SEQ_STATUS scan;
    hash_seq_init(&scan, follows);
    while (auto* follow = static_cast<Follow*>(hash_seq_search(&scan))) visit(follow);
}

void forget_relation(Datum, Oid relation) {
    ++changes;
    for_each_follow([&](Follow* follow) {
        if (relation == InvalidOid || relation == follow->key.relation ||
            relation == follow->other.relation || follow->own.is_partitioned || follow->other.is_partitioned)
            follow->valid = false;
    });
}

// A name of a schema is in the texts.
void forget_schema(Datum, int, uint32) {
    ++changes;
    for_each_follow([](Follow* follow) { follow->valid = false; });
}

void make_table() {
    if (follows != nullptr) return;
    HASHCTL control = {};
    control.keysize = sizeof(Follow::Key);
    control.entrysize = sizeof(Follow);
    control.hcxt = TopMemoryContext;
    follows = hash_create("gpsync tables in step", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    CacheRegisterRelcacheCallback(forget_relation, 0);
    CacheRegisterSyscacheCallback(NAMESPACEOID, forget_schema, 0);
}

void give_up_plans(Follow* follow) {
    MemoryContext before = MemoryContextSwitchTo(TopMemoryContext);
    for (SPIPlanPtr* plan : {&follow->exists, &follow->insert, &follow->update, &follow->adopt}) {
        if (*plan != nullptr) given_up = lappend(given_up, *plan);
        *plan = nullptr;
    }
    MemoryContextSwitchTo(before);
    if (running > 0) return;
    ListCell* cell;
    foreach (cell, given_up) (void)SPI_freeplan(static_cast<SPIPlanPtr>(lfirst(cell)));
    list_free(given_up);
    given_up = NIL;
}

[[noreturn]] void raise_no_triggers(Relation relation) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("table \"%s\" is kept in step with another, and has lost the triggers for it",
                           RelationGetRelationName(relation)),
                    errhint("Call gpsync.keep_in_step() for the two tables again, or gpsync.drop_step().")));
    pg_unreachable();
}

// What runs for the one would run with the rights of the other's owner.
[[noreturn]] void raise_two_owners(Relation one, Relation other) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("tables \"%s\" and \"%s\" are kept in step, and belong to two roles",
                           RelationGetRelationName(one), RelationGetRelationName(other)),
                    errhint("ALTER TABLE ... OWNER TO gives them one owner, gpsync.drop_step() ends it.")));
    pg_unreachable();
}

const char* column_name(const char* alias, Oid relation, AttrNumber column) {
    return psprintf("%s.%s", alias, quote_identifier(get_attname(relation, column, false)));
}

// Lists for the statements. n: the row that was written, w: the same in its table, o: the row of the other
// side.
class Texts {
  public:
    explicit Texts(const Follow& follow)
        : written_(follow.columns),
          other_(follow.other_columns),
          relation_(follow.key.relation),
          table_(follow.other.relation) {}

    // What texts an item of a list is made of: the names of a column, with their aliases.
    using Item = const char* (*)(const char* n, const char* o, const char* w);
    const char* columns(const char* separator, Item item) const;
    const char* equal_keys(const char* left, const char* right) const;
    // The values of the other side are others than these.
    const char* columns_differ(Item value) const;

  private:
    const SideColumns &written_, &other_;
    const Oid relation_, table_;
};

const char* Texts::columns(const char* separator, Item item) const {
    StringInfoData text;
    initStringInfo(&text);
    for (int i = written_.key_count; i < written_.count; ++i)
        appendStringInfo(&text, "%s%s", i == written_.key_count ? "" : separator,
                         item(column_name("n", relation_, written_.numbers[i]),
                              column_name("o", table_, other_.numbers[i]),
                              column_name("w", relation_, written_.numbers[i])));
    return text.data;
}

const char* Texts::equal_keys(const char* left, const char* right) const {
    StringInfoData text;
    initStringInfo(&text);
    const auto name = [&](const char* alias, int i) {
        return alias[0] == 'o' ? column_name(alias, table_, other_.numbers[i])
                               : column_name(alias, relation_, written_.numbers[i]);
    };
    for (int i = 0; i < written_.key_count; ++i) {
        const Oid type = get_atttype(table_, other_.numbers[i]);
        if (i > 0) appendStringInfoString(&text, " AND ");
        generate_operator_clause(&text, name(left, i), type,
                                 lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr, name(right, i), type);
    }
    return text.data;
}

// Whether the server's own = of a type holds for the same bytes only.
bool equals_bytes(Oid type, Oid collation) {
    switch (type) {
        case BOOLOID:
        case CHAROID:
        case INT2OID:
        case INT4OID:
        case INT8OID:
        case DATEOID:
        case TIMESTAMPOID:
        case TIMESTAMPTZOID:
        case UUIDOID:
            return true;
        case TEXTOID:
        case VARCHAROID:
            return get_collation_isdeterministic(collation);
        default:
            return false;
    }
}

// Values are compared as they are stored: no operator of a user's type runs, and 1.0 follows 1.00.
const char* Texts::columns_differ(Item value) const {
    StringInfoData text;
    initStringInfo(&text);
    for (int i = written_.key_count; i < written_.count; ++i) {
        Oid type = InvalidOid, collation = InvalidOid;
        int32 modifier = -1;
        get_atttypetypmodcoll(table_, other_.numbers[i], &type, &modifier, &collation);
        const char* o = column_name("o", table_, other_.numbers[i]);
        const char* v = value(column_name("n", relation_, written_.numbers[i]), o, nullptr);
        if (i > written_.key_count) appendStringInfoString(&text, " OR ");
        if (equals_bytes(type, collation))
            appendStringInfo(&text,
                             "(%s OPERATOR(pg_catalog.=) %s) IS NOT TRUE AND NOT (%s IS NULL AND %s IS NULL)",
                             o, v, o, v);
        else
            appendStringInfo(&text,
                             "ROW(%s)::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(%s)::pg_catalog.record",
                             o, v);
    }
    return text.data;
}

const char* update_text(const Texts& texts, const char* table, Texts::Item value, Texts::Item assignment) {
    return psprintf("UPDATE %s AS o SET %s FROM %s AS n WHERE %s AND (%s)", table,
                    texts.columns(", ", assignment), kWritten, texts.equal_keys("o", "n"),
                    texts.columns_differ(value));
}

const char* text_of(const Follow& follow, SPIPlanPtr Follow::*plan) {
    const Texts texts(follow);
    const char* other = pg::rows_of(follow.other.relation);
    if (plan == &Follow::exists)
        return psprintf("SELECT FROM %s AS n JOIN %s AS o ON %s LIMIT 1", kWritten, other,
                        texts.equal_keys("o", "n"));
    if (plan == &Follow::update)
        return update_text(
            texts, other, [](const char* n, const char*, const char*) { return n; },
            [](const char* n, const char* o, const char*) -> const char* {
                return psprintf("%s = %s", o + 2, n);
            });
    if (plan == &Follow::insert)
        return update_text(
            texts, other,
            [](const char* n, const char* o, const char*) -> const char* {
                return psprintf("COALESCE(%s, %s)", n, o);
            },
            [](const char* n, const char* o, const char*) -> const char* {
                return psprintf("%s = COALESCE(%s, %s)", o + 2, n, o);
            });
    return psprintf("UPDATE %s AS w SET %s FROM %s AS n JOIN %s AS o ON %s WHERE %s AND (%s)",
                    pg::rows_of(follow.key.relation),
                    texts.columns(", ",
                                  [](const char*, const char* o, const char* w) -> const char* {
                                      return psprintf("%s = COALESCE(%s, %s)", w + 2, w, o);
                                  }),
                    kWritten, other, texts.equal_keys("o", "n"), texts.equal_keys("w", "n"),
                    texts.columns(" OR ", [](const char*, const char* o, const char* w) -> const char* {
                        return psprintf("%s IS NULL AND %s IS NOT NULL", w, o);
                    }));
}

// Whether a plan is there that is used as it is.
bool is_planned(SPIPlanPtr plan) {
    const auto* source = static_cast<const CachedPlanSource*>(linitial(SPI_plan_get_plan_sources(plan)));
    return source->is_valid && source->gplan != nullptr && source->gplan->is_valid;
}

void plan_by_key(SPIPlanPtr plan) {
    if (is_planned(plan)) return;
    // One that was made for many rows would read the whole table for the next single one.
    pg::with_settings([&] {
        for (const char* setting : {"enable_hashjoin", "enable_mergejoin", "enable_seqscan", "jit"})
            pg::set_local(setting, "off");
        CachedPlan* planned = SPI_plan_get_cached_plan(plan);
        if (planned != nullptr) ReleaseCachedPlan(planned, CurrentResourceOwner);
    });
}

void find_columns_of(Relation relation, const Follow& follow, bool of_a, SideColumns* columns) {
    if (!find_columns(relation, follow.key.pair, of_a, columns)) raise_no_triggers(relation);
}

void build(Follow* follow, Relation relation, const TriggerArguments& of) {
    const uint64 before = changes;
    give_up_plans(follow);
    follow->own = follow->other = {};
    const Oid other = other_side(follow->key.relation, of);
    Relation table = OidIsValid(other) ? try_table_open(other, RowExclusiveLock) : nullptr;
    if (table != nullptr) {
        find_columns_of(relation, *follow, of.of_a, &follow->columns);
        find_columns_of(table, *follow, !of.of_a, &follow->other_columns);
        if (follow->columns.key_count != follow->other_columns.key_count ||
            follow->columns.count != follow->other_columns.count)
            raise_no_triggers(table);
        follow->own = describe_table(relation, of.pair);
        follow->other = describe_table(table, of.pair);
        if (follow->own.owner != follow->other.owner) raise_two_owners(relation, table);
        table_close(table, NoLock);
    }
    follow->valid = changes == before;
}

}  // namespace

Follow& follow_of(const TriggerData& trigger, const TriggerArguments& of) {
    make_table();
    const Follow::Key key = {RelationGetRelid(trigger.tg_relation), of.pair};
    bool found = false;
    auto* follow = static_cast<Follow*>(hash_search(follows, &key, HASH_ENTER, &found));
    if (!found) *follow = {.key = key};
    for (;;) {
        if (!follow->valid) build(follow, trigger.tg_relation, of);
        // What has changed until then shows when the lock is taken.
        if (OidIsValid(follow->other.relation)) LockRelationOid(follow->other.relation, RowExclusiveLock);
        if (follow->valid) return *follow;
    }
}

SPIPlanPtr prepared(Follow* follow, int64 rows, SPIPlanPtr Follow::*plan) {
    const bool kept = rows < kManyRows;
    if (kept && follow->*plan != nullptr) {
        plan_by_key(follow->*plan);
        return follow->*plan;
    }
    SPIPlanPtr made = SPI_prepare(text_of(*follow, plan), 0, nullptr);
    if (made == nullptr) elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
    if (!kept) return made;
    (void)SPI_keepplan(made);
    follow->*plan = made;
    plan_by_key(made);
    return made;
}

void begin_running() {
    ++running;
}

void end_running() {
    --running;
}

}  // namespace gpsync::in_step

#include "in_step/follow.h"

#include "pg/as_owner.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/table.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/ruleutils.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::in_step {

namespace {

// From so many rows on, a plan for just these costs less than the look-ups by key that it may save.
constexpr int64 kManyRows = 1000;

HTAB* follows = nullptr;

void forget(Datum, Oid relation) {
    HASH_SEQ_STATUS scan;
    hash_seq_init(&scan, follows);
    while (auto* follow = static_cast<Follow*>(hash_seq_search(&scan)))
        if (relation == InvalidOid || relation == follow->key.relation || relation == follow->other)
            follow->valid = false;
}

void make_table() {
    if (follows != nullptr) return;
    HASHCTL control = {};
    control.keysize = sizeof(Follow::Key);
    control.entrysize = sizeof(Follow);
    control.hcxt = TopMemoryContext;
    follows = hash_create("gpsync tables in step", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    CacheRegisterRelcacheCallback(forget, 0);
}

// A plan that is running stays, for the rest of the session: triggers of the table that follows have changed
// something.
void free_plans(Follow* follow) {
    for (SPIPlanPtr* plan : {&follow->lock, &follow->insert, &follow->update, &follow->adopt}) {
        if (*plan != nullptr && follow->running == 0) (void)SPI_freeplan(*plan);
        *plan = nullptr;
    }
}

[[noreturn]] void raise_no_side(Relation other) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("table \"%s\" is kept in step with another, and has lost the triggers for it",
                           RelationGetRelationName(other)),
                    errhint("Call gpsync.keep_in_step() for the two tables again, or gpsync.drop_step().")));
    pg_unreachable();
}

const char* column_name(const char* alias, Oid relation, AttrNumber column) {
    return psprintf("%s.%s", alias, quote_identifier(get_attname(relation, column, false)));
}

const char* table_name(Oid relation) {
    return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
                                      get_rel_name(relation));
}

// Lists for the statements. n: the row that was written, w: the same in its table, o: the row of the other
// side.
class Texts {
  public:
    Texts(const Side& written, Oid relation, const Side& other, Oid table)
        : written_(written), other_(other), relation_(relation), table_(table) {}

    // What texts an item of a list is made of: the names of a column, with their aliases.
    using Item = const char* (*)(const char* n, const char* o, const char* w);
    const char* keys(const char* separator, Item item) const {
        return list(0, written_.key_count, separator, item);
    }
    const char* columns(const char* separator, Item item) const {
        return list(written_.key_count, written_.column_count, separator, item);
    }
    const char* equal_keys(const char* left, const char* right) const;
    // The values of the other side are others than these.
    const char* columns_differ(Item value) const;

  private:
    const char* list(int first, int end, const char* separator, Item item) const {
        StringInfoData text;
        initStringInfo(&text);
        for (int i = first; i < end; ++i)
            appendStringInfo(&text, "%s%s", i == first ? "" : separator,
                             item(column_name("n", relation_, written_.columns[i]),
                                  column_name("o", table_, other_.columns[i]),
                                  column_name("w", relation_, written_.columns[i])));
        return text.data;
    }

    const Side &written_, &other_;
    const Oid relation_, table_;
};

const char* Texts::equal_keys(const char* left, const char* right) const {
    StringInfoData text;
    initStringInfo(&text);
    const auto name = [&](const char* alias, int i) {
        return alias[0] == 'o' ? column_name(alias, table_, other_.columns[i])
                               : column_name(alias, relation_, written_.columns[i]);
    };
    for (int i = 0; i < written_.key_count; ++i) {
        const Oid type = get_atttype(table_, other_.columns[i]);
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
    for (int i = written_.key_count; i < written_.column_count; ++i) {
        Oid type = InvalidOid, collation = InvalidOid;
        int32 modifier = -1;
        get_atttypetypmodcoll(table_, other_.columns[i], &type, &modifier, &collation);
        const char* o = column_name("o", table_, other_.columns[i]);
        const char* v = value(column_name("n", relation_, written_.columns[i]), o, nullptr);
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

const char* text_of(const Follow& follow, const Texts& texts, SPIPlanPtr Follow::*plan) {
    const char* other = table_name(follow.other);
    if (plan == &Follow::lock)
        return psprintf("SELECT FROM %s AS n JOIN %s AS o ON %s ORDER BY %s FOR NO KEY UPDATE OF o", kWritten,
                        other, texts.equal_keys("o", "n"),
                        texts.keys(", ", [](const char*, const char* o, const char*) { return o; }));
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
                    table_name(follow.key.relation),
                    texts.columns(", ",
                                  [](const char*, const char* o, const char* w) -> const char* {
                                      return psprintf("%s = COALESCE(%s, %s)", w + 2, w, o);
                                  }),
                    kWritten, other, texts.equal_keys("o", "n"), texts.equal_keys("w", "n"),
                    texts.columns(" OR ", [](const char*, const char* o, const char* w) -> const char* {
                        return psprintf("%s IS NULL AND %s IS NOT NULL", w, o);
                    }));
}

void set_local(const char* name, const char* value) {
    (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

// Whether a plan is there that is used as it is.
bool is_planned(SPIPlanPtr plan) {
    const auto* source = static_cast<const CachedPlanSource*>(linitial(SPI_plan_get_plan_sources(plan)));
    return source->is_valid && source->gplan != nullptr && source->gplan->is_valid;
}

void plan_by_key(SPIPlanPtr plan) {
    if (is_planned(plan)) return;
    // One that was made for many rows would read the whole table for the next single one.
    const int level = NewGUCNestLevel();
    set_local("enable_hashjoin", "off");
    set_local("enable_mergejoin", "off");
    set_local("enable_seqscan", "off");
    set_local("jit", "off");
    CachedPlan* planned = SPI_plan_get_cached_plan(plan);
    if (planned != nullptr) ReleaseCachedPlan(planned, CurrentResourceOwner);
    AtEOXact_GUC(false, level);
}

}  // namespace

Follow& follow_of(const TriggerData& trigger, const TriggerArguments& of) {
    make_table();
    const Oid relation = RelationGetRelid(trigger.tg_relation);
    const Follow::Key key = {relation, of.pair};
    bool found = false;
    auto* follow = static_cast<Follow*>(hash_search(follows, &key, HASH_ENTER, &found));
    if (!found) *follow = {.key = key};
    if (follow->valid) return *follow;
    free_plans(follow);
    follow->other = other_side(relation, of);
    if (!find_side(trigger.tg_relation, of, &follow->side)) raise_no_side(trigger.tg_relation);
    follow->rewrites = has_rewriting_trigger(trigger.tg_relation);
    follow->owner = trigger.tg_relation->rd_rel->relowner;
    if (OidIsValid(follow->other)) follow->other_owner = pg::owner_of(follow->other);
    // What is invalidated from here on makes it anew.
    follow->valid = true;
    return *follow;
}

SPIPlanPtr prepared(Follow* follow, const TriggerData& trigger, SPIPlanPtr Follow::*plan) {
    const bool kept = tuplestore_tuple_count(trigger.tg_newtable) < kManyRows;
    if (kept && follow->*plan != nullptr) {
        plan_by_key(follow->*plan);
        return follow->*plan;
    }
    Relation table = table_open(follow->other, RowExclusiveLock);
    Side other = {};
    const TriggerArguments of = {follow->key.pair, false, 0}, of_a = {follow->key.pair, true, 0};
    if ((!find_side(table, of, &other) && !find_side(table, of_a, &other)) ||
        other.key_count != follow->side.key_count || other.column_count != follow->side.column_count)
        raise_no_side(table);
    const Texts texts(follow->side, follow->key.relation, other, follow->other);
    SPIPlanPtr made = SPI_prepare(text_of(*follow, texts, plan), 0, nullptr);
    if (made == nullptr) elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
    table_close(table, NoLock);
    if (!kept) return made;
    (void)SPI_keepplan(made);
    follow->*plan = made;
    plan_by_key(made);
    return made;
}

}  // namespace gpsync::in_step

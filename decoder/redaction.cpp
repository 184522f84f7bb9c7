#include "redaction.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "core/json_writer.hpp"
#include "core/pii/names/name_class.hpp"
#include "core/pii/protect/actions.hpp"
#include "pg/pg_buffer.h"
#include "pg/scrub/key_file.h"
#include "pg/scrub/policy_table.h"
#include "redaction_catalog.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/transam.h"
#include "access/xlog.h"
#include "access/xlogrecovery.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::decoder {

using core::ByteBuffer;
using core::Redaction;
using core::RedactionRule;
using core::pii::Policy;

namespace {

// The rules of all policies as they were when streaming began.
class RulesAtStart : public pg::PolicyRules {
  public:
    void add(const char* name, const char* rules) { rules_.emplace(name, rules); }

    std::optional<std::string> rules_of(std::string_view name) override {
        const auto found = rules_.find(name);
        return found == rules_.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<std::string> names() override {
        std::vector<std::string> names = {Policy::payments().name()};
        for (const auto& [name, rules] : rules_) names.push_back(name);
        std::sort(names.begin(), names.end());
        return names;
    }

  private:
    std::map<std::string, std::string, std::less<>> rules_;
};

// Throws pg::Error.
const Policy& require_policy(pg::PolicyStore& policies, std::string_view name) {
    if (const Policy* policy = policies.find_policy(name)) return *policy;
    throw pg::Error(pg::Sqlstate::kUndefinedObject, "policy \"" + std::string(name) + "\" does not exist")
        .detail("A security label names it. Policies are read when streaming begins.");
}

using LabelKey = std::pair<Oid, AttrNumber>;

}  // namespace

struct RedactionState {
    MemoryContext context;
    std::multimap<LabelKey, std::string> labels;  // when streaming began
    XLogRecPtr began_at;                          // before they were read
    XLogRecPtr change_at = InvalidXLogRecPtr;
    RulesAtStart rules;
    pg::PolicyStore policies{rules};
    core::pii::KeyRing keys;
    bool has_keys = false;
    pg::Scrub* row = nullptr;
    std::map<const Policy*, pg::Scrub*> scrubs;

    const core::pii::KeyRing* key_ring() const { return has_keys ? &keys : nullptr; }
    pg::Scrub* scrub_of(const Policy& policy) {
        pg::Scrub*& scrub = scrubs[&policy];
        if (scrub == nullptr) scrub = pg::make_scrub(context, policy, key_ring());
        return scrub;
    }
};

namespace {

void delete_state(void* state) {
    delete static_cast<RedactionState*>(state);
}

// Goes with the context, whatever happens from here on.
RedactionState* make_state(MemoryContext context) {
    auto* callback =
        static_cast<MemoryContextCallback*>(MemoryContextAllocZero(context, sizeof(MemoryContextCallback)));
    callback->func = delete_state;
    callback->arg = new RedactionState;
    MemoryContextRegisterResetCallback(context, callback);
    return static_cast<RedactionState*>(callback->arg);
}

void take_rows(RedactionState& state, const List* labels, const List* policies) {
    ListCell* cell;
    foreach (cell, labels) {
        auto* row = static_cast<LabelRow*>(lfirst(cell));
        state.labels.emplace(LabelKey(row->relid, row->attnum), row->label);
    }
    foreach (cell, policies) {
        auto* row = static_cast<pg::PolicyRow*>(lfirst(cell));
        state.rules.add(row->name, row->rules);
    }
}

}  // namespace

RedactionState* read_redaction(MemoryContext context) {
    pg::define_key_file_setting();
    const XLogRecPtr began_at = RecoveryInProgress() ? GetXLogReplayRecPtr(nullptr) : GetXLogInsertRecPtr();
    const List* labels = read_column_labels();
    const List* policies = pg::read_policies();
    const char* key_file = pg::key_file_name();
    RedactionState* state = make_state(context);
    state->began_at = began_at;
    // The scrubs point into the state, so they must go first: a child context is deleted before its parent's
    // callbacks run.
    state->context = AllocSetContextCreate(context, "gpsync redaction", ALLOCSET_DEFAULT_SIZES);
    take_rows(*state, labels, policies);
    if (key_file[0] != '\0') {
        pg::read_key_file(key_file, state->keys);
        state->has_keys = true;
    }
    state->row = pg::make_scrub(state->context, Policy::payments(), state->key_ring());
    return state;
}

pg::Scrub& row_scrub(RedactionState& state) {
    return *state.row;
}

void note_change(RedactionState& state, XLogRecPtr lsn) {
    state.change_at = lsn;
}

List* labelled_relations(Relation changed, Relation shown) {
    List* relations = list_make1_oid(RelationGetRelid(changed));
    for (int i = 0; i < list_length(relations); ++i) append_parents(&relations, list_nth_oid(relations, i));
    return list_append_unique_oid(relations, RelationGetRelid(shown));
}

List* append_row_types(List* relids, Oid type) {
    check_stack_depth();
    if (type < FirstNormalObjectId) return relids;  // a label is of a user's table
    type = getBaseType(type);
    if (const Oid element = get_element_type(type); OidIsValid(element)) type = getBaseType(element);
    const Oid relid = get_typ_typrelid(type);
    if (!OidIsValid(relid) || list_member_oid(relids, relid)) return relids;
    relids = lappend_oid(relids, relid);
    TupleDesc row = lookup_rowtype_tupdesc_copy(type, -1);
    for (int i = 0; i < row->natts; ++i)
        if (!TupleDescAttr(row, i)->attisdropped)
            relids = append_row_types(relids, TupleDescAttr(row, i)->atttypid);
    return relids;
}

namespace {

// The strictest of several rules. Policies add up: a scrub by two of them is stricter than by one.
struct Combined {
    bool any = false;
    Redaction redaction = Redaction::kPass;
    const char* policies[8];  // of kScrub, none twice; they live as long as the labels
    size_t lengths[8];
    int npolicies = 0;

    void add(const RedactionRule& rule) {
        any = true;
        redaction = std::max(redaction, rule.redaction);
        if (rule.redaction == Redaction::kScrub) add_policy(rule.policy);
    }
    void add(const Combined& other) {
        any |= other.any;
        redaction = std::max(redaction, other.redaction);
        for (int i = 0; i < other.npolicies; ++i) add_policy({other.policies[i], other.lengths[i]});
    }
    void add_policy(std::string_view policy) {
        for (int i = 0; i < npolicies; ++i)
            if (std::string_view(policies[i], lengths[i]) == policy) return;
        if (npolicies == lengthof(policies))
            throw pg::Error(pg::Sqlstate::kLimitExceeded, "too many policies for one column");
        policies[npolicies] = policy.data();
        lengths[npolicies++] = policy.size();
    }
    void use_default_if_none(bool exempt) {
        if (any) return;
        if (exempt)
            add({Redaction::kPass, {}});
        else
            add({Redaction::kScrub, Policy::payments().name()});
    }
};

// label lives long enough.
void add_label(Combined& rule, const char* label, const char* column) {
    const auto parsed = core::parse_redaction_rule(label);
    if (!parsed)
        throw pg::Error(pg::Sqlstate::kInvalidParameter, std::string("security label \"") + label +
                                                             "\" of column \"" + column +
                                                             "\" is not known to this version of gpsync");
    rule.add(*parsed);
}

// What a policy finds, it finds in its own way; the default comes first, since its document is the row.
void plan_scrubs(ColumnRedaction& result, RedactionState& state, const Combined& rule,
                 const NamedColumn& column, const pg::RenderPlan& plan) {
    const auto count = static_cast<size_t>(rule.npolicies);
    result.scrubs = static_cast<pg::Scrub**>(palloc0(sizeof(pg::Scrub*) * count));
    result.members = static_cast<pg::ScrubMember*>(palloc0(sizeof(pg::ScrubMember) * count));
    for (int i = 0; i < rule.npolicies; ++i) {
        const Policy& policy = require_policy(state.policies, {rule.policies[i], rule.lengths[i]});
        const bool is_default = &policy == &Policy::payments();
        result.scrubs[i] = is_default ? state.row : state.scrub_of(policy);
        result.members[i] = pg::make_scrub_member(*result.scrubs[i], column.name, column.labels_matter, plan,
                                                  CurrentMemoryContext);
        if (!is_default) continue;
        result.in_row_document = true;
        std::swap(result.scrubs[0], result.scrubs[i]);
        std::swap(result.members[0], result.members[i]);
    }
    result.npolicies = rule.npolicies;
}

void* keep(MemoryContext context, const void* bytes, size_t count) {
    void* kept = MemoryContextAlloc(context, count);
    std::memcpy(kept, bytes, count);
    return kept;
}

void keep_scrubs(ColumnRedaction& result, MemoryContext context) {
    const auto count = static_cast<size_t>(result.npolicies);
    result.scrubs = static_cast<pg::Scrub**>(keep(context, result.scrubs, sizeof(pg::Scrub*) * count));
    result.members =
        static_cast<pg::ScrubMember*>(keep(context, result.members, sizeof(pg::ScrubMember) * count));
    const std::string_view name = result.members[0].name;  // the same for all of them
    const auto* kept = static_cast<const char*>(keep(context, name.data(), name.size()));
    for (size_t i = 0; i < count; ++i) result.members[i].name = {kept, name.size()};
}

// Where the number is known the catalogs are not asked: what they say would stay in the server's caches.
AttrNumber number_in(Oid relation, const NamedColumn& column) {
    if (relation == column.shown) return column.in_shown;
    if (relation == column.changed) return column.in_changed;
    return get_attnum(relation, column.name);
}

// The labels of a column in all its relations, at the change and when streaming began.
void add_labels(Combined& now, Combined& then, const RedactionState& state, const List* relations,
                const NamedColumn& column) {
    ListCell* cell;
    foreach (cell, relations) {
        const Oid relid = lfirst_oid(cell);
        const AttrNumber attnum = number_in(relid, column);
        if (attnum <= 0) continue;
        if (const char* label = current_label(relid, attnum)) add_label(now, label, column.name);
        const auto [begin, end] = state.labels.equal_range({relid, attnum});
        for (auto found = begin; found != end; ++found) add_label(then, found->second.c_str(), column.name);
    }
}

// Whether values of a type are rows, or hold rows, of a table that has a column whose label says more than
// that it passes or is scrubbed.
bool holds_labelled_rows(const RedactionState& state, Oid type) {
    ListCell* cell;
    foreach (cell, append_row_types(NIL, type)) {
        const Oid relid = lfirst_oid(cell);
        for (AttrNumber attnum = 1; get_attname(relid, attnum, true) != nullptr; ++attnum) {
            Combined now, then;
            const NamedColumn column = {.name = "of a row", .changed = relid, .in_changed = attnum};
            add_labels(now, then, state, list_make1_oid(relid), column);
            now.add(then);
            if (now.any && now.redaction != Redaction::kPass && now.redaction != Redaction::kScrub)
                return true;
        }
    }
    return false;
}

[[noreturn]] void refuse_key(const char* column, bool generated) {
    throw pg::Error(
        pg::Sqlstate::kNotInPrerequisiteState,
        std::string("column \"") + column + "\" is part of the key and " +
            (generated ? "computed from a column that has a security label" : "has a security label"))
        .detail("A key cannot be redacted in the stream, since nothing could be booked without it.")
        .hint(
            "Take the label away, or choose another key: SECURITY LABEL FOR gpsync ON COLUMN ... IS NULL, "
            "and begin streaming again.");
}

}  // namespace

bool is_value_column(RedactionState& state, const char* name) {
    return pg::is_value_column(*state.row, name);
}

ColumnRedaction column_redaction(RedactionState& state, const List* relations, const NamedColumn& column,
                                 const List* sources, const pg::RenderPlan& plan, bool in_key, bool is_status,
                                 MemoryContext context) {
    Combined now, then;
    add_labels(now, then, state, relations, column);
    const bool exempt = in_key || is_status;
    const bool nested = plan.probe == pg::Probe::kArray || plan.probe == pg::Probe::kComposite;
    if (nested && !exempt && !now.any && !then.any && holds_labelled_rows(state, plan.type))
        now.add({Redaction::kDrop, {}});
    now.use_default_if_none(exempt);
    then.use_default_if_none(exempt);
    ListCell* cell;
    foreach (cell, sources)
        add_labels(now, then, state, relations, {.name = static_cast<const char*>(lfirst(cell))});
    // A key cannot be redacted, only shown or held back. So the last word counts, not the stricter one: else
    // nothing but a new slot would get past a change made while a column of the key had a label.
    const bool label_may_be_gone = state.change_at < state.began_at;
    if (in_key && (label_may_be_gone ? then : now).redaction != Redaction::kPass)
        refuse_key(column.name, sources != NIL);
    if (in_key) now = Combined{};
    if (!in_key) now.add(then);
    // A label may be older than the rule that refuses it, or than the column's name.
    if (!exempt && plan.probe != pg::Probe::kBoolean &&
        core::keeps_verification_data(now.redaction, column.name))
        now.redaction = Redaction::kDrop;

    ColumnRedaction result{};
    result.redaction = now.redaction;
    result.keys = state.key_ring();
    result.tools = state.row;
    result.subject = core::pii::classify_name(column.name, {}).subject;
    result.plain = now.redaction == Redaction::kPass;
    if (now.redaction != Redaction::kScrub) return result;
    ColumnRedaction scrubbed = result;
    plan_scrubs(scrubbed, state, now, column, plan);
    result.plain = scrubbed.npolicies == 1 && scrubbed.members[0].skip;
    if (result.plain) return result;
    keep_scrubs(scrubbed, context);
    return scrubbed;
}

namespace {

core::pii::Action action_of(Redaction redaction) {
    switch (redaction) {
        case Redaction::kMask:
            return core::pii::Action::kMask;
        case Redaction::kTokenize:
            return core::pii::Action::kTokenize;
        case Redaction::kHash:
            return core::pii::Action::kHash;
        default:
            elog(ERROR, "unexpected redaction %d", static_cast<int>(redaction));
    }
}

// Policy after policy over the text that the one before left.
bool append_scrubbed(ByteBuffer& out, pg::RenderPlan& plan, Datum value, ColumnRedaction& redaction,
                     bool* changed) {
    pg::Scrub& first = *redaction.scrubs[0];
    const pg::Siblings* columns = redaction.tools->siblings;  // of the row that is open
    if (!redaction.in_row_document) pg::begin_scrubbed_row(first, columns);
    const size_t start = out.size;
    const bool kept = pg::render_scrubbed(out, plan, value, redaction.members[0], first);
    *changed |= first.changed;
    if (!kept) return false;
    for (int i = 1; i < redaction.npolicies; ++i) {
        pg::Scrub& next = *redaction.scrubs[i];
        const size_t length = out.size - start;
        char* json = static_cast<char*>(palloc(length + 1));
        std::memcpy(json, out.data + start, length);
        out.size = start;
        pg::begin_scrubbed_row(next, columns);
        const bool stays = pg::scrub_json_member(out, {json, length}, redaction.members[i], next);
        *changed |= next.changed;
        if (!stays) return false;
    }
    return true;
}

}  // namespace

bool is_clean(pg::RenderPlan& plan, Datum value, const ColumnRedaction& redaction) {
    return redaction.redaction == Redaction::kScrub && redaction.npolicies == 1 &&
           pg::is_clean(plan, value, redaction.members[0], *redaction.scrubs[0]);
}

bool append_redacted(ByteBuffer& out, pg::RenderPlan& plan, Datum value, ColumnRedaction& redaction,
                     bool* changed) {
    if (redaction.plain) {
        pg::render_value(out, plan, value);
        return true;
    }
    if (redaction.redaction == Redaction::kScrub)
        return append_scrubbed(out, plan, value, redaction, changed);
    *changed = true;
    if (redaction.drops()) return false;
    ByteBuffer json = pg::make_buffer(CurrentMemoryContext);
    pg::render_value(json, plan, value);
    return pg::append_acted_on(out, {json.view(), plan.probe, redaction.subject},
                               action_of(redaction.redaction), redaction.keys, *redaction.tools);
}

}  // namespace gpsync::decoder

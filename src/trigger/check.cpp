// The WHEN functions of the check triggers, which judge every row as it is written, and the triggers
// themselves, which only fire for a row that was refused, and say why.
#include "machine/cache.h"
#include "pg/attachment.h"
#include "pg/row_key.h"
#include "pg/text.h"
#include "trigger/import_mode.h"
#include "trigger/loading.h"
#include "trigger/partition_move.h"
#include "trigger/row_stamp.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/genam.h"
#include "access/htup_details.h"
#include "commands/trigger.h"
#include "utils/lsyscache.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

using pg::Sqlstate;

// A view without data() is NULL, which is no state.
std::string_view state_argument(FunctionCallInfo fcinfo, int i) {
    return PG_ARGISNULL(i) ? std::string_view() : pg::text_view(PG_GETARG_DATUM(i));
}

const core::StateMachine& machine_argument(FunctionCallInfo fcinfo) {
    if (PG_ARGISNULL(0)) throw pg::Error(Sqlstate::kInvalidParameter, "the machine cannot be NULL");
    return MachineSite::of(fcinfo->flinfo).get(pg::text_view(PG_GETARG_DATUM(0)));
}

bool arrival_refused(const core::StateMachine& machine, std::string_view state, int64_t revision) {
    auto departure = departure_of_inserted_row();
    if (!departure) return !machine.is_initial(state);
    note_arrival();
    if (same_state(departure->state, state) || machine.allows(departure->state, state)) return false;
    pg::server_call([&] { remember_refused_move(revision, departure->state); });
    return true;
}

std::string quoted(std::string_view name) {
    return '"' + std::string(name) + '"';
}
std::string quoted_state(std::string_view state) {
    return state.data() == nullptr ? "NULL" : quoted(state);
}

std::string list_states(const core::StateMachine& machine, std::span<const core::StateId> states) {
    std::string list;
    for (auto id : states) list += (list.empty() ? "" : ", ") + quoted(machine.name(id));
    return list;
}

// "(provision_id)=(prov_5)" as in PostgreSQL's own errors: empty where the table has no key or the user may
// not see it.
const char* describe_key(Relation relation, HeapTuple tuple) {
    pg::RowKey key = pg::row_key(relation);
    if (key.natts == 0) return "";
    Datum values[INDEX_MAX_KEYS];
    bool nulls[INDEX_MAX_KEYS];
    for (int i = 0; i < key.natts; ++i)
        values[i] = heap_getattr(tuple, key.attnums[i], RelationGetDescr(relation), &nulls[i]);
    Relation index = index_open(key.index, AccessShareLock);
    const char* description = BuildIndexValueDescription(index, values, nulls);
    index_close(index, AccessShareLock);
    return description == nullptr ? "" : description;
}

// What an error says about the row, gathered before any C++ object is alive.
struct RefusedRow {
    std::string_view machine;
    const char *schema, *table, *column, *trigger, *key;

    RefusedRow(const TriggerData& data, HeapTuple tuple, AttrNumber status)
        : machine(data.tg_trigger->tgargs[pg::kMachineArgument]),
          schema(get_namespace_name(RelationGetNamespace(data.tg_relation))),
          table(RelationGetRelationName(data.tg_relation)),
          column(NameStr(TupleDescAttr(RelationGetDescr(data.tg_relation), status - 1)->attname)),
          trigger(data.tg_trigger->tgname),
          key(describe_key(data.tg_relation, tuple)) {}

    [[noreturn]] void refuse(std::string message, std::string hint) const {
        pg::Error error(Sqlstate::kIllegalTransition, std::move(message));
        if (*key != '\0') error.detail(std::string("Key ") + key + ".");
        throw error.hint(std::move(hint)).object(schema, table, column, trigger);
    }

    [[noreturn]] void refuse_transition(std::string_view from, std::string_view to) const {
        const core::StateMachine& states = require_machine(machine);
        auto id = states.find(from);
        std::string hint;
        if (id == core::kNoState)
            hint = quoted_state(from) + " is not a state of machine " + quoted(machine) + ".";
        else if (states.next(id).empty())
            hint = quoted(from) + " is a final state.";
        else
            hint = "States allowed next: " + list_states(states, states.next(id)) + ".";
        refuse("invalid status transition from " + quoted_state(from) + " to " + quoted_state(to) +
                   " in table " + quoted(table),
               std::move(hint));
    }

    [[noreturn]] void refuse_new_row(std::string_view state) const {
        const core::StateMachine& states = require_machine(machine);
        refuse("invalid initial status " + quoted_state(state) + " in table " + quoted(table),
               "A new row may start in: " + list_states(states, states.initial()) + ".");
    }
};

const TriggerData& called_as_row_trigger(FunctionCallInfo fcinfo, const char* function, TriggerEvent timing,
                                         TriggerEvent operation) {
    if (CALLED_AS_TRIGGER(fcinfo)) {
        const auto& trigger = *reinterpret_cast<const TriggerData*>(fcinfo->context);
        if (TRIGGER_FIRED_FOR_ROW(trigger.tg_event) &&
            (trigger.tg_event & TRIGGER_EVENT_TIMINGMASK) == timing &&
            (trigger.tg_event & TRIGGER_EVENT_OPMASK) == operation && trigger.tg_trigger->tgnargs == 3)
            return trigger;
    }
    throw pg::Error(Sqlstate::kTriggerProtocol, std::string("gpsync_internal.") + function +
                                                    "() can only be called as the trigger it is made for")
        .hint("gpsync.attach() creates the triggers a table needs.");
}

// Raises server errors; REQUIRES that no object with a destructor is alive.
AttrNumber required_state_column(Relation relation) {
    AttrNumber column = pg::state_column(relation);
    if (column == 0)
        ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
                        errmsg("trigger \"%s\" of table \"%s\" is missing, or not as attach() makes it",
                               pg::kCheckUpdateTrigger, RelationGetRelationName(relation)),
                        errhint("Call gpsync.detach() and then gpsync.attach() again.")));
    return column;
}

}  // namespace

}  // namespace gpsync

using gpsync::pg::guarded;

// transition_refused(machine text, old_state text, new_state text) -> boolean. The hot path.
GPSYNC_FUNCTION(gpsync_transition_refused) {
    return guarded([&]() -> Datum {
        std::string_view from = gpsync::state_argument(fcinfo, 1), to = gpsync::state_argument(fcinfo, 2);
        if (gpsync::same_state(from, to)) PG_RETURN_BOOL(false);
        PG_RETURN_BOOL(!gpsync::machine_argument(fcinfo).allows(from, to));
    });
}

// initial_state_refused(machine text, new_state text) -> boolean
GPSYNC_FUNCTION(gpsync_initial_state_refused) {
    return guarded([&]() -> Datum {
        const auto& machine = gpsync::machine_argument(fcinfo);
        const std::string_view state = gpsync::state_argument(fcinfo, 1);
        if (gpsync::take_import_row()) PG_RETURN_BOOL(machine.find(state) == gpsync::core::kNoState);
        PG_RETURN_BOOL(!machine.is_initial(state));
    });
}

// arrival_refused(machine text, new_state text, revision bigint) -> boolean: as initial_state_refused(), but
// a row that an UPDATE moves in from another partition must have made a legal transition
GPSYNC_FUNCTION(gpsync_arrival_refused) {
    return guarded([&]() -> Datum {
        int64_t revision = PG_ARGISNULL(2) ? 0 : PG_GETARG_INT64(2);
        if (gpsync::take_import_row())
            PG_RETURN_BOOL(gpsync::machine_argument(fcinfo).find(gpsync::state_argument(fcinfo, 1)) ==
                           gpsync::core::kNoState);
        PG_RETURN_BOOL(gpsync::arrival_refused(gpsync::machine_argument(fcinfo),
                                               gpsync::state_argument(fcinfo, 1), revision));
    });
}

GPSYNC_FUNCTION(gpsync_check_update) {
    return guarded([&]() -> Datum {
        const TriggerData& data =
            gpsync::called_as_row_trigger(fcinfo, "check_update", TRIGGER_EVENT_AFTER, TRIGGER_EVENT_UPDATE);
        TupleDesc descriptor = RelationGetDescr(data.tg_relation);
        AttrNumber column = gpsync::required_state_column(data.tg_relation);
        std::string_view from = gpsync::pg::state_text(data.tg_trigtuple, descriptor, column);
        std::string_view to = gpsync::pg::state_text(data.tg_newtuple, descriptor, column);
        if (gpsync::admit_import_row(gpsync::stamp_layout(data.tg_relation), data.tg_relation,
                                     data.tg_newtuple, data.tg_trigger->tgargs[gpsync::pg::kMachineArgument],
                                     to))
            return PointerGetDatum(data.tg_newtuple);
        gpsync::RefusedRow(data, data.tg_newtuple, column).refuse_transition(from, to);
    });
}

GPSYNC_FUNCTION(gpsync_check_insert) {
    return guarded([&]() -> Datum {
        const TriggerData& data =
            gpsync::called_as_row_trigger(fcinfo, "check_insert", TRIGGER_EVENT_AFTER, TRIGGER_EVENT_INSERT);
        TupleDesc descriptor = RelationGetDescr(data.tg_relation);
        AttrNumber column = gpsync::required_state_column(data.tg_relation);
        std::string_view state = gpsync::pg::state_text(data.tg_trigtuple, descriptor, column);
        if (gpsync::admit_loaded_row(data, state)) return PointerGetDatum(data.tg_trigtuple);
        const auto& layout = gpsync::stamp_layout(data.tg_relation);
        if (gpsync::admit_import_row(layout, data.tg_relation, data.tg_trigtuple,
                                     data.tg_trigger->tgargs[gpsync::pg::kMachineArgument], state))
            return PointerGetDatum(data.tg_trigtuple);
        const gpsync::RefusedRow row(data, data.tg_trigtuple, column);
        if (auto from = gpsync::refused_move(gpsync::row_revision(layout, data.tg_trigtuple, descriptor)))
            row.refuse_transition(*from, state);
        row.refuse_new_row(state);
    });
}

GPSYNC_FUNCTION(gpsync_note_delete) {
    return guarded([&]() -> Datum {
        const TriggerData& data =
            gpsync::called_as_row_trigger(fcinfo, "note_delete", TRIGGER_EVENT_BEFORE, TRIGGER_EVENT_DELETE);
        HeapTuple row = data.tg_trigtuple;
        AttrNumber column = gpsync::stamp_layout(data.tg_relation).state_column;
        if (column != 0)
            gpsync::note_delete(RelationGetRelid(data.tg_relation), row->t_self,
                                gpsync::pg::state_text(row, RelationGetDescr(data.tg_relation), column));
        return PointerGetDatum(row);
    });
}

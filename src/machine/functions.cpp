// The SQL functions that ask and check status machines.
#include "core/machine_diagram.hpp"
#include "machine/cache.h"
#include "machine/tables.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "utils/inval.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

std::string quoted(std::string_view name) {
    return '"' + std::string(name) + '"';
}

// What is wrong with a definition, as PostgreSQL would say it.
pg::Error definition_error(const core::DefinitionError& error) {
    using enum core::DefinitionFault;
    using pg::Sqlstate;
    const std::string state = quoted(error.state), transition = state + " to " + quoted(error.target);
    auto invalid = [](std::string message) {
        return pg::Error(Sqlstate::kInvalidParameter, std::move(message));
    };
    switch (error.fault) {
        case kNoStates:
            return invalid("a machine needs at least one state");
        case kTooManyStates:
            return pg::Error(Sqlstate::kLimitExceeded,
                             "a machine can have at most " + std::to_string(core::kMaxStates) + " states");
        case kEmptyState:
            return invalid("the name of a state cannot be empty");
        case kStateTooLong:
            return invalid("the name of state " + state + " is too long")
                .detail("A state's name can have at most " + std::to_string(core::kMaxStateLength) +
                        " bytes.");
        case kDuplicateState:
            return invalid("state " + state + " is given twice");
        case kNoInitialState:
            return invalid("a machine needs at least one initial state")
                .hint("Name in initial_states the states that a new row may start in.");
        case kUnknownInitialState:
            return invalid("initial state " + state + " is not a state of the machine")
                .hint("Every state is a key of transitions, final ones with an empty array.");
        case kDuplicateInitialState:
            return invalid("initial state " + state + " is given twice");
        case kUnknownSource:
        case kUnknownTarget:
            return invalid("transition from " + transition + " leads to an unknown state")
                .hint("Every state is a key of transitions, final ones with an empty array.");
        case kSelfTransition:
            return invalid("transition from " + transition + " leads nowhere")
                .hint("An UPDATE that leaves the status as it is, is no transition and always allowed.");
        case kDuplicateTransition:
            return invalid("transition from " + transition + " is given twice");
    }
    return pg::Error(Sqlstate::kInternal, "unknown fault of a machine's definition");
}

// REQUIRES: no element is NULL (SQL sees to it).
std::vector<std::string> strings(std::span<const std::string_view> views) {
    return {views.begin(), views.end()};
}

}  // namespace

}  // namespace gpsync

using gpsync::pg::guarded;
using gpsync::pg::text_view;

// check_machine(states text[], initial_states text[], from_states text[], to_states text[]) -> text[]
GPSYNC_FUNCTION(gpsync_check_machine) {
    return guarded([&]() -> Datum {
        std::span<const std::string_view> arguments[4];
        for (int i = 0; i < 4; ++i) arguments[i] = gpsync::pg::text_array_view(PG_GETARG_DATUM(i));
        const auto [states, initial, from, to] = arguments;

        gpsync::core::MachineDefinition definition{gpsync::strings(states), gpsync::strings(initial), {}};
        for (size_t i = 0; i < from.size() && i < to.size(); ++i)
            definition.transitions.emplace_back(from[i], to[i]);
        auto result = gpsync::core::StateMachine::compile(definition);
        if (auto* error = std::get_if<gpsync::core::DefinitionError>(&result))
            throw gpsync::definition_error(*error);

        auto order = gpsync::core::reading_order(definition);
        std::vector<std::string_view> views(order.begin(), order.end());
        return gpsync::pg::make_text_array(views);
    });
}

// is_valid_transition(machine text, from_state text, to_state text) -> boolean; a NULL state is no state
GPSYNC_FUNCTION(gpsync_is_valid_transition) {
    return guarded([&]() -> Datum {
        if (PG_ARGISNULL(0)) PG_RETURN_NULL();
        std::string_view name = text_view(PG_GETARG_DATUM(0)), from, to;
        if (!PG_ARGISNULL(1)) from = text_view(PG_GETARG_DATUM(1));
        if (!PG_ARGISNULL(2)) to = text_view(PG_GETARG_DATUM(2));
        const auto& machine = gpsync::MachineSite::of(fcinfo->flinfo).get(name);
        PG_RETURN_BOOL(machine.allows(from, to));
    });
}

// next_states(machine text, state text) -> text[]
GPSYNC_FUNCTION(gpsync_next_states) {
    return guarded([&]() -> Datum {
        std::string_view name = text_view(PG_GETARG_DATUM(0)), state = text_view(PG_GETARG_DATUM(1));
        const auto& machine = gpsync::MachineSite::of(fcinfo->flinfo).get(name);
        std::vector<std::string_view> names;
        if (auto id = machine.find(state); id != gpsync::core::kNoState)
            for (auto next : machine.next(id)) names.push_back(machine.name(next));
        return gpsync::pg::make_text_array(names);
    });
}

// machine_path(machine text, from_state text, to_state text) -> text[]; NULL: there is none
GPSYNC_FUNCTION(gpsync_machine_path) {
    return guarded([&]() -> Datum {
        const auto& machine = gpsync::MachineSite::of(fcinfo->flinfo).get(text_view(PG_GETARG_DATUM(0)));
        const auto path = machine.shortest_path(machine.find(text_view(PG_GETARG_DATUM(1))),
                                                machine.find(text_view(PG_GETARG_DATUM(2))));
        if (path.empty()) PG_RETURN_NULL();
        std::vector<std::string_view> names;
        names.reserve(path.size());
        for (auto state : path) names.push_back(machine.name(state));
        return gpsync::pg::make_text_array(names);
    });
}

// machine_states(machine text, initial_only boolean) -> text[]
GPSYNC_FUNCTION(gpsync_machine_states) {
    return guarded([&]() -> Datum {
        std::string_view name = text_view(PG_GETARG_DATUM(0));
        const auto& machine = gpsync::MachineSite::of(fcinfo->flinfo).get(name);
        std::vector<std::string_view> names;
        if (PG_GETARG_BOOL(1))
            for (auto id : machine.initial()) names.push_back(machine.name(id));
        else
            for (size_t i = 0; i < machine.size(); ++i)
                names.push_back(machine.name(static_cast<gpsync::core::StateId>(i)));
        return gpsync::pg::make_text_array(names);
    });
}

// machine_diagram(machine text, format text) -> text
GPSYNC_FUNCTION(gpsync_machine_diagram) {
    return guarded([&]() -> Datum {
        std::string_view name = text_view(PG_GETARG_DATUM(0)), format = text_view(PG_GETARG_DATUM(1));
        const auto& machine = gpsync::require_machine(name);
        if (format == "mermaid") return gpsync::pg::make_text(gpsync::core::write_mermaid(machine));
        if (format == "dot") return gpsync::pg::make_text(gpsync::core::write_dot(machine, name));
        throw gpsync::pg::Error(gpsync::pg::Sqlstate::kInvalidParameter,
                                "unknown diagram format " + gpsync::quoted(format))
            .hint("Valid formats are \"mermaid\" and \"dot\".");
    });
}

// machine_changed() -> trigger: AFTER each statement that changed one of the machine tables
GPSYNC_FUNCTION(gpsync_machine_changed) {
    return guarded([&]() -> Datum {
        if (!CALLED_AS_TRIGGER(fcinfo))
            throw gpsync::pg::Error(gpsync::pg::Sqlstate::kTriggerProtocol,
                                    "gpsync_internal.machine_changed() can only be called as a trigger");
        gpsync::pg::server_call([&] { CacheInvalidateRelcacheByRelid(gpsync::machine_table_oid()); });
        return PointerGetDatum(nullptr);
    });
}

#include "machine/cache.h"

#include <unordered_map>

#include "core/nearest_name.hpp"
#include "machine/tables.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/inval.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

struct Cache {
    // The generation the machines below were loaded in. The callback must not free them: it may run while one
    // is in use. So they stay until the next look-up finds the generation changed.
    uint64_t loaded_in = 1;
    Oid machine_table = InvalidOid;  // gpsync.machine, once anything was loaded
    std::unordered_map<std::string, std::unique_ptr<core::StateMachine>> machines;
};

Cache& cache() {
    static Cache the_cache;
    return the_cache;
}

void relation_changed(Datum, Oid relation) {
    Cache& c = cache();
    if (!OidIsValid(relation) || relation == c.machine_table) ++machine_generation();
}

std::unique_ptr<core::StateMachine> compile(std::string_view machine, const MachineRows& rows) {
    core::MachineDefinition definition;
    for (const auto& state : rows.states) {
        definition.states.emplace_back(state.name);
        if (state.initial) definition.initial.emplace_back(state.name);
    }
    for (const auto& transition : rows.transitions)
        definition.transitions.emplace_back(transition.from, transition.to);
    auto result = core::StateMachine::compile(definition);
    if (auto* compiled = std::get_if<core::StateMachine>(&result))
        return std::make_unique<core::StateMachine>(std::move(*compiled));
    throw pg::Error(pg::Sqlstate::kNotInPrerequisiteState,
                    "machine \"" + std::string(machine) + "\" is not valid")
        .detail("Its rows in schema gpsync were changed by hand.")
        .hint("Define it again with gpsync.define_machine().");
}

}  // namespace

void register_machine_cache() {
    CacheRegisterRelcacheCallback(relation_changed, 0);
}

const core::StateMachine* find_machine(std::string_view machine) {
    Cache& c = cache();
    for (;;) {
        if (c.loaded_in != machine_generation()) {
            c.machines.clear();
            c.loaded_in = machine_generation();
        }
        auto known = c.machines.find(std::string(machine));
        if (known != c.machines.end()) return known->second.get();

        MachineRows rows;
        pg::server_call([&] { c.machine_table = machine_table_oid(); });
        pg::server_call([&] { rows = read_machine(machine); });
        // An invalidation that came while the tables were read may be about what was just read.
        if (c.loaded_in != machine_generation()) continue;
        if (!rows.exists) return nullptr;
        return (c.machines[std::string(machine)] = compile(machine, rows)).get();
    }
}

const core::StateMachine& require_machine(std::string_view machine) {
    if (const core::StateMachine* found = find_machine(machine)) return *found;
    throw pg::Error(pg::Sqlstate::kUndefinedObject, "machine \"" + std::string(machine) + "\" does not exist")
        .hint(core::unknown_name_hint(machine, "machines", machine_names()));
}

std::span<const std::string_view> machine_names() {
    std::span<const std::string_view> names;
    pg::server_call([&] { names = read_machine_names(); });
    return names;
}

MachineSite& MachineSite::of(FmgrInfo* flinfo) {
    if (flinfo->fn_extra == nullptr)
        flinfo->fn_extra = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(MachineSite));
    return *static_cast<MachineSite*>(flinfo->fn_extra);
}

const core::StateMachine& MachineSite::look_up(std::string_view machine) {
    generation_ = 0;
    const core::StateMachine& found = require_machine(machine);
    if (machine.size() > sizeof name_) return found;
    std::memcpy(name_, machine.data(), machine.size());
    length_ = machine.size();
    machine_ = &found;
    generation_ = machine_generation();
    return found;
}

}  // namespace gpsync

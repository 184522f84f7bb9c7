// Status machines of any definition: compile() refuses it or allows exactly the transitions it lists, and the
// diagrams take every name. The input is lines: "+STATE" initial, "STATE" other, "FROM>TO" a transition.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/machine_diagram.hpp"
#include "core/state_machine.hpp"

namespace {

using namespace gpsync::core;

void require(bool condition) {
    if (!condition) std::abort();
}

MachineDefinition read_definition(std::string_view text) {
    MachineDefinition definition;
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        const std::string line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (const size_t arrow = line.find('>'); arrow != std::string::npos) {
            definition.transitions.emplace_back(line.substr(0, arrow), line.substr(arrow + 1));
        } else if (line.starts_with('+')) {
            definition.states.push_back(line.substr(1));
            definition.initial.push_back(line.substr(1));
        } else {
            definition.states.push_back(line);
        }
    }
    return definition;
}

void check(const StateMachine& machine, const MachineDefinition& definition) {
    require(machine.size() == definition.states.size());
    for (const std::string& from : definition.states) {
        require(machine.name(machine.find(from)) == from);
        for (const std::string& to : definition.states) {
            const auto& listed = definition.transitions;
            const bool legal = std::find(listed.begin(), listed.end(), std::pair(from, to)) != listed.end();
            require(machine.allows(from, to) == legal);
            const auto next = machine.next(machine.find(from));
            require((std::find(next.begin(), next.end(), machine.find(to)) != next.end()) == legal);
        }
    }
    require(!machine.allows("no such state", definition.states.front()));
    require(write_mermaid(machine).ends_with('\n'));
    require(write_dot(machine, definition.states.front()).ends_with("}\n"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const MachineDefinition definition = read_definition({reinterpret_cast<const char*>(data), size});
    if (definition.states.size() > 40) return 0;  // every pair is tried
    const auto compiled = StateMachine::compile(definition);
    if (const auto* machine = std::get_if<StateMachine>(&compiled)) check(*machine, definition);
    require(reading_order(definition).size() <= definition.states.size());
    return 0;
}

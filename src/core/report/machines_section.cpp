// Status machines, drawn and in words.
#include <variant>

#include "core/report/machine_svg.hpp"
#include "core/report/sections.hpp"

namespace gpsync::core::report {

namespace {

std::vector<std::string> strings(const Node& list) {
    std::vector<std::string> texts;
    for (const Node& item : list.items()) texts.emplace_back(item.text());
    return texts;
}

std::variant<StateMachine, DefinitionError> machine_of(const Node& row) {
    MachineDefinition definition{strings(row["states"]), strings(row["initial"]), {}};
    for (const Node& transition : row["transitions"].items())
        if (const auto ends = strings(transition); ends.size() == 2)
            definition.transitions.emplace_back(ends[0], ends[1]);
    return StateMachine::compile(definition);
}

void write_words(Html& html, const StateMachine& machine) {
    html.raw("<details><summary>Transitions in words</summary><ul class=\"words\">");
    for (size_t i = 0; i < machine.size(); ++i) {
        const auto state = static_cast<StateId>(i);
        html.raw("<li><code>").name(machine.name(state)).raw("</code>");
        html.raw(machine.next(state).empty() ? Markup(" is final") : Markup(" → "));
        bool first = true;
        for (StateId next : machine.next(state)) {
            html.raw(first ? Markup("<code>") : Markup(", <code>")).name(machine.name(next)).raw("</code>");
            first = false;
        }
        html.raw("</li>");
    }
    html.raw("</ul></details>");
}

void write_machine(Html& html, const Node& row) {
    const std::string_view name = row["machine"].text();
    html.raw("<article class=\"card wide\"><h3>").name(name).raw("</h3><p class=\"note\">");
    const auto tables = row["tables"].items();
    html.raw(tables.empty() ? Markup("No table uses it") : Markup("Used by "));
    bool first = true;
    for (const Node& table : tables) {
        html.raw(first ? Markup("<code>") : Markup(", <code>")).name(table.text()).raw("</code>");
        first = false;
    }
    html.raw("</p>");
    const auto compiled = machine_of(row);
    if (const auto* machine = std::get_if<StateMachine>(&compiled)) {
        if (can_be_drawn(*machine)) {
            html.raw("<div class=\"drawing\">");
            write_machine_svg(html, *machine, name);
            html.raw("</div>");
        }
        write_words(html, *machine);
    }
    html.raw("</article>");
}

}  // namespace

void write_machines(Html& html, const Context& context) {
    write_notes(html, context, "machines");
    const auto rows = context.rows("machines");
    if (rows.empty()) return;
    html.raw(
        "<p class=\"note\">A thick border marks states in which a row may begin, a double one final "
        "states.</p>");
    html.raw("<div class=\"cards drawings\">");
    for (const Node& row : rows) write_machine(html, row);
    html.raw("</div>");
}

}  // namespace gpsync::core::report

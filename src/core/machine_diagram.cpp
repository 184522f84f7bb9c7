#include "core/machine_diagram.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gpsync::core {

namespace {

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// What Mermaid takes as an id and not as a word of its own. Compared in lower case, as its lexer does.
bool is_plain_id(std::string_view name) {
    static constexpr std::array<std::string_view, 12> kReserved = {
        "state", "end", "note", "direction", "class",   "classdef",
        "style", "as",  "hide", "scale",     "default", "click"};
    if (!is_letter(name.front())) return false;
    std::string lower;
    for (char c : name) {
        if (!is_letter(c) && !is_digit(c)) return false;
        lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    return std::find(kReserved.begin(), kReserved.end(), lower) == kReserved.end();
}

// ASCII other than letters, digits and a few safe signs becomes a character entity, which Mermaid writes
// with # instead of &#; what is not ASCII stays.
std::string mermaid_text(std::string_view text) {
    static constexpr std::string_view kSafe = " -.,()/+";
    std::string out;
    for (char c : text) {
        bool ascii = static_cast<unsigned char>(c) < 0x80;
        if (!ascii || is_letter(c) || is_digit(c) || kSafe.find(c) != std::string_view::npos)
            out += c;
        else
            out += "#" + std::to_string(static_cast<int>(c)) + ";";
    }
    return out;
}

// A quoted string of DOT in which backslashes stand for themselves, also where a label would expand them.
std::string dot_quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else
            out += c;
    }
    return out + '"';
}

template <class Visit>
void for_each_state(const StateMachine& machine, Visit&& visit) {
    for (size_t i = 0; i < machine.size(); ++i) visit(static_cast<StateId>(i));
}

}  // namespace

std::string write_mermaid(const StateMachine& machine) {
    // One odd name, and all get aliases: an alias could be the name of another state otherwise.
    bool plain = true;
    for_each_state(machine, [&](StateId s) { plain = plain && is_plain_id(machine.name(s)); });
    auto id = [&](StateId s) { return plain ? machine.name(s) : "s" + std::to_string(s); };

    std::string out = "stateDiagram-v2\n";
    if (!plain)
        for_each_state(machine, [&](StateId s) {
            out += "    state \"" + mermaid_text(machine.name(s)) + "\" as " + id(s) + "\n";
        });
    for (StateId s : machine.initial()) out += "    [*] --> " + id(s) + "\n";
    for_each_state(machine, [&](StateId from) {
        for (StateId to : machine.next(from)) out += "    " + id(from) + " --> " + id(to) + "\n";
        if (machine.next(from).empty()) out += "    " + id(from) + " --> [*]\n";
    });
    return out;
}

std::string write_dot(const StateMachine& machine, std::string_view title) {
    // The point that initial states are reached from has the empty name, which no state can have.
    std::string out =
        "digraph " + dot_quoted(title) + " {\n    rankdir=LR;\n    node [shape=box, style=rounded];\n";
    out += "    \"\" [shape=point];\n";
    for_each_state(machine, [&](StateId s) {
        std::string name = dot_quoted(machine.name(s));
        out += "    " + name + " [label=" + name + (machine.next(s).empty() ? ", peripheries=2];\n" : "];\n");
    });
    for (StateId s : machine.initial()) out += "    \"\" -> " + dot_quoted(machine.name(s)) + ";\n";
    for_each_state(machine, [&](StateId from) {
        for (StateId to : machine.next(from))
            out += "    " + dot_quoted(machine.name(from)) + " -> " + dot_quoted(machine.name(to)) + ";\n";
    });
    return out + "}\n";
}

}  // namespace gpsync::core

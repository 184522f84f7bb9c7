// Diagrams of a status machine. Names are the users' own, so every one of them is quoted for the language
// it is written in; a hostile name can spoil neither the diagram nor the page that shows it.
#pragma once

#include <string>
#include <string_view>

#include "core/state_machine.hpp"

namespace gpsync::core {

// A state diagram for Mermaid (https://mermaid.js.org/syntax/stateDiagram.html), a line each, newline at the
// end.
std::string write_mermaid(const StateMachine& machine);

// A digraph for Graphviz (https://graphviz.org/doc/info/lang.html), a line each, newline at the end.
std::string write_dot(const StateMachine& machine, std::string_view title);

}  // namespace gpsync::core

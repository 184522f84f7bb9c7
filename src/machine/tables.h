// The rows of the machine tables, read straight from the heap with the latest snapshot: without SPI, so
// without the caller's rights, row security or snapshot. Plain palloc'd memory of the current context.
#pragma once

#include "pg/guard.h"

namespace gpsync {

struct MachineStateRow {
    std::string_view name;
    int32_t ordinal;
    bool initial;
};

struct MachineTransitionRow {
    std::string_view from, to;
    int32_t ordinal;
};

struct MachineRows {
    bool exists = false;
    std::span<MachineStateRow> states;            // in order
    std::span<MachineTransitionRow> transitions;  // in order
};

// All of these raise server errors: call them under server_call() where an object with a destructor is alive.
Oid machine_table_oid();
MachineRows read_machine(std::string_view machine);
std::span<const std::string_view> read_machine_names();

}  // namespace gpsync

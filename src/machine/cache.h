// The status machines of this database, compiled, a cache per backend. A statement trigger on the three
// machine tables sends a relcache invalidation for gpsync.machine; every backend that gets it drops what it
// has.
#pragma once

#include "core/state_machine.hpp"
#include "pg/guard.h"

namespace gpsync {

// Call once per process, from _PG_init.
void register_machine_cache();

// Changes whenever a compiled machine may have become invalid; never 0.
inline uint64_t& machine_generation() noexcept {
    static uint64_t generation = 1;
    return generation;
}

// Nothing when there is no such machine. Loads it with the latest snapshot, straight from the tables: a
// caller needs no right on them, and sees a committed change also in REPEATABLE READ. What it points to lives
// until the next invalidation, that is, until the next call into the server that may open a relation.
const core::StateMachine* find_machine(std::string_view machine);

// Throws 42704, with the machines there are in the hint.
const core::StateMachine& require_machine(std::string_view machine);

// The names of all machines, in order, in memory of the current context.
std::span<const std::string_view> machine_names();

// A machine remembered at a call site (FmgrInfo::fn_extra): as long as neither the name nor the generation
// changes, the same question costs two comparisons. Trivial, for palloc'd memory.
class MachineSite {
  public:
    const core::StateMachine& get(std::string_view machine) {
        if (generation_ == machine_generation() && length_ == machine.size() &&
            std::memcmp(name_, machine.data(), length_) == 0)
            return *machine_;
        return look_up(machine);
    }

    static MachineSite& of(FmgrInfo* flinfo);

  private:
    const core::StateMachine& look_up(std::string_view machine);

    const core::StateMachine* machine_;
    uint64_t generation_;  // 0: nothing remembered
    size_t length_;
    char name_[NAMEDATALEN];  // a longer name is looked up each time
};

}  // namespace gpsync

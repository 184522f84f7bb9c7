// Status machines: which states there are, which of them a row may start in, and which may follow which.
// Definitions come from users; compile() checks them and gives a form in which a question costs a hash and a
// bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gpsync::core {

using StateId = uint16_t;
inline constexpr StateId kNoState = 0xFFFF;

// Far beyond any real machine; the bit matrix of the largest takes 128 KiB.
inline constexpr size_t kMaxStates = 1024;
inline constexpr size_t kMaxStateLength = 255;  // bytes

struct MachineDefinition {
    std::vector<std::string> states;                               // in the order they are to be shown
    std::vector<std::string> initial;                              // a new row starts in one of these
    std::vector<std::pair<std::string, std::string>> transitions;  // from, to
};

enum class DefinitionFault {
    kNoStates,
    kTooManyStates,
    kEmptyState,
    kStateTooLong,
    kDuplicateState,
    kNoInitialState,
    kUnknownInitialState,
    kDuplicateInitialState,
    kUnknownSource,
    kUnknownTarget,
    kSelfTransition,  // a row that keeps its state makes no transition, so there is nothing to allow
    kDuplicateTransition,
};

struct DefinitionError {
    DefinitionFault fault;
    std::string state;   // the state at fault; the source of a transition at fault
    std::string target;  // the target of a transition at fault
};

class StateMachine {
  public:
    static std::variant<StateMachine, DefinitionError> compile(const MachineDefinition& definition);

    size_t size() const { return names_.size(); }
    const std::string& name(StateId state) const { return names_[state]; }

    // kNoState when there is no such state.
    StateId find(std::string_view state) const noexcept;

    // False for kNoState. REQUIRES: from and to are of this machine or kNoState.
    bool allows(StateId from, StateId to) const noexcept {
        if (from == kNoState || to == kNoState) return false;
        return (matrix_[from * words_per_row_ + to / 64] >> (to % 64) & 1) != 0;
    }
    bool allows(std::string_view from, std::string_view to) const noexcept {
        return allows(find(from), find(to));
    }
    bool is_initial(std::string_view state) const noexcept {
        StateId id = find(state);
        return id != kNoState && initial_flags_[id];
    }

    // In the order of the definition.
    std::span<const StateId> initial() const { return initial_; }
    std::span<const StateId> next(StateId from) const {
        return {targets_.data() + first_target_[from], targets_.data() + first_target_[from + 1]};
    }

    // The states of the shortest path, without the first; of several that whose states come first in next().
    // Empty: there is none, or from is to. REQUIRES: from and to are of this machine or kNoState.
    std::vector<StateId> shortest_path(StateId from, StateId to) const;

  private:
    StateMachine() = default;
    void intern(const std::vector<std::string>& states);
    void connect(const std::vector<std::pair<StateId, StateId>>& edges);

    std::vector<std::string> names_;
    std::vector<StateId> buckets_;  // open addressing; a power of two, at most half full
    std::vector<StateId> initial_;
    std::vector<bool> initial_flags_;
    size_t words_per_row_ = 0;
    std::vector<uint64_t> matrix_;        // bit `to` of row `from`
    std::vector<StateId> targets_;        // of all states, one after the other …
    std::vector<uint32_t> first_target_;  // … state i has [first_target_[i], first_target_[i + 1])
};

// The states of a definition as a reader meets them: the initial ones, what follows them breadth first, then
// the rest as given. Names that the definition does not know as states are left out.
std::vector<std::string> reading_order(const MachineDefinition& definition);

}  // namespace gpsync::core

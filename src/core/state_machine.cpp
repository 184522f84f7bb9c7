#include "core/state_machine.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace gpsync::core {

namespace {

uint64_t load_up_to_8(const char* data, size_t length) {
    uint64_t value = 0;
    std::memcpy(&value, data, length);
    return value;
}

// Length, first and last eight bytes: all of a name up to 16 bytes, and enough of a longer one to spread.
size_t hash_of(std::string_view text) {
    size_t part = std::min<size_t>(text.size(), 8);
    uint64_t head = load_up_to_8(text.data(), part);
    uint64_t tail = load_up_to_8(text.data() + text.size() - part, part);
    uint64_t mixed = (head ^ text.size()) * 0x9E3779B97F4A7C15u ^ tail * 0xC2B2AE3D27D4EB4Fu;
    return static_cast<size_t>(mixed ^ mixed >> 29 ^ mixed >> 47);
}

std::optional<DefinitionError> check_states(const std::vector<std::string>& states) {
    using enum DefinitionFault;
    if (states.empty()) return DefinitionError{kNoStates, {}, {}};
    if (states.size() > kMaxStates) return DefinitionError{kTooManyStates, {}, {}};
    std::unordered_set<std::string_view> seen;
    for (const auto& state : states) {
        if (state.empty()) return DefinitionError{kEmptyState, {}, {}};
        if (state.size() > kMaxStateLength) return DefinitionError{kStateTooLong, state, {}};
        if (!seen.insert(state).second) return DefinitionError{kDuplicateState, state, {}};
    }
    return std::nullopt;
}

}  // namespace

StateId StateMachine::find(std::string_view state) const noexcept {
    if (state.empty()) return kNoState;
    size_t mask = buckets_.size() - 1;
    for (size_t i = hash_of(state) & mask;; i = (i + 1) & mask) {
        StateId id = buckets_[i];
        if (id == kNoState) return kNoState;
        const std::string& name = names_[id];
        if (name.size() == state.size() && std::memcmp(name.data(), state.data(), state.size()) == 0)
            return id;
    }
}

void StateMachine::intern(const std::vector<std::string>& states) {
    names_ = states;
    size_t buckets = 4;
    while (buckets < 2 * states.size()) buckets *= 2;
    buckets_.assign(buckets, kNoState);
    for (size_t id = 0; id < states.size(); ++id) {
        size_t i = hash_of(states[id]) & (buckets - 1);
        while (buckets_[i] != kNoState) i = (i + 1) & (buckets - 1);
        buckets_[i] = static_cast<StateId>(id);
    }
}

void StateMachine::connect(const std::vector<std::pair<StateId, StateId>>& edges) {
    words_per_row_ = (names_.size() + 63) / 64;
    matrix_.assign(names_.size() * words_per_row_, 0);
    std::vector<std::vector<StateId>> next(names_.size());
    for (auto [from, to] : edges) {
        matrix_[from * words_per_row_ + to / 64] |= uint64_t{1} << (to % 64);
        next[from].push_back(to);
    }
    first_target_.push_back(0);
    for (const auto& of_one : next) {
        targets_.insert(targets_.end(), of_one.begin(), of_one.end());
        first_target_.push_back(static_cast<uint32_t>(targets_.size()));
    }
}

std::variant<StateMachine, DefinitionError> StateMachine::compile(const MachineDefinition& definition) {
    using enum DefinitionFault;
    if (auto error = check_states(definition.states)) return *std::move(error);

    StateMachine machine;
    machine.intern(definition.states);
    machine.initial_flags_.assign(machine.size(), false);
    if (definition.initial.empty()) return DefinitionError{kNoInitialState, {}, {}};
    for (const auto& state : definition.initial) {
        StateId id = machine.find(state);
        if (id == kNoState) return DefinitionError{kUnknownInitialState, state, {}};
        if (machine.initial_flags_[id]) return DefinitionError{kDuplicateInitialState, state, {}};
        machine.initial_flags_[id] = true;
        machine.initial_.push_back(id);
    }

    std::vector<std::pair<StateId, StateId>> edges;
    std::set<std::pair<StateId, StateId>> seen;
    for (const auto& [from, to] : definition.transitions) {
        std::pair edge(machine.find(from), machine.find(to));
        if (edge.first == kNoState) return DefinitionError{kUnknownSource, from, to};
        if (edge.second == kNoState) return DefinitionError{kUnknownTarget, from, to};
        if (edge.first == edge.second) return DefinitionError{kSelfTransition, from, to};
        if (!seen.insert(edge).second) return DefinitionError{kDuplicateTransition, from, to};
        edges.push_back(edge);
    }
    machine.connect(edges);
    return machine;
}

std::vector<StateId> StateMachine::shortest_path(StateId from, StateId to) const {
    if (from == kNoState || to == kNoState || from == to) return {};
    std::vector<StateId> came_from(size(), kNoState), queue{from};
    for (size_t at = 0; at < queue.size() && came_from[to] == kNoState; ++at)
        for (StateId state : next(queue[at]))
            if (state != from && came_from[state] == kNoState) {
                came_from[state] = queue[at];
                queue.push_back(state);
            }
    if (came_from[to] == kNoState) return {};
    std::vector<StateId> path;
    for (StateId state = to; state != from; state = came_from[state]) path.push_back(state);
    std::reverse(path.begin(), path.end());
    return path;
}

std::vector<std::string> reading_order(const MachineDefinition& definition) {
    std::unordered_map<std::string_view, std::vector<std::string_view>> next;
    for (const auto& [from, to] : definition.transitions) next[from].push_back(to);
    std::unordered_set<std::string_view> known(definition.states.begin(), definition.states.end());

    std::vector<std::string> order;
    auto take = [&](std::string_view state) {
        if (known.erase(state) != 0) order.emplace_back(state);
    };
    for (const auto& state : definition.initial) take(state);
    for (size_t i = 0; i < order.size(); ++i) {
        auto followers = next.find(order[i]);
        if (followers == next.end()) continue;
        for (auto state : followers->second) take(state);
    }
    for (const auto& state : definition.states) take(state);
    return order;
}

}  // namespace gpsync::core

// Which rules of a policy apply at a member: by its name, and by the steps of the path to it.
#include <algorithm>

#include "core/pii/document/path_context.hpp"

namespace gpsync::core::pii {

bool PathContext::applies(const Rule& rule) const {
    const Frame& frame = frames_.back();
    const int labelled = frame.member.has(kValue) ? frame.label_custom : -1;
    const auto on_path = [&](uint16_t name) {
        return frame.custom == name || labelled == name || form_member_ == name ||
               std::find(active_names_.begin(), active_names_.end(), name) != active_names_.end();
    };
    if (!rule.keys.empty() && std::none_of(rule.keys.begin(), rule.keys.end(), on_path)) return false;
    if (rule.paths.empty()) return true;
    return std::any_of(next_states_.begin(), next_states_.end(), [&](uint32_t state) {
        const Pattern& pattern = patterns_[state >> 8];
        return pattern.rule == &rule && (state & 0xFF) == pattern.steps->size();
    });
}

void PathContext::start_paths() {
    states_.clear();
    next_states_.clear();
    for (size_t i = 0; i < patterns_.size(); ++i) add_state(static_cast<uint32_t>(i << 8));
}

// "**" may stand for no step at all, so the state behind it is on as well.
void PathContext::add_state(uint32_t state) {
    while (std::find(next_states_.begin(), next_states_.end(), state) == next_states_.end()) {
        next_states_.push_back(state);
        const PathPattern& steps = *patterns_[state >> 8].steps;
        const size_t at = state & 0xFF;
        if (at == steps.size() || steps[at].kind != PathStep::Kind::kDeep) return;
        ++state;
    }
}

void PathContext::step_paths(std::string_view name, bool array, uint32_t index) {
    const Frame& frame = frames_.back();
    next_states_.clear();
    // The states of the open container. At the top they are the patterns' beginnings.
    for (uint32_t i = frame.states_begin; i < frame.states_end; ++i) {
        const uint32_t state = states_[i];
        const PathPattern& steps = *patterns_[state >> 8].steps;
        const size_t at = state & 0xFF;
        if (at == steps.size()) {
            add_state(state);  // everything below matches too
            continue;
        }
        const PathStep& step = steps[at];
        switch (step.kind) {
            case PathStep::Kind::kDeep:
                add_state(state);
                break;
            case PathStep::Kind::kAnyName:
                if (!array) add_state(state + 1);
                break;
            case PathStep::Kind::kAnyIndex:
                if (array) add_state(state + 1);
                break;
            case PathStep::Kind::kName:
                if (!array && step.name == name) add_state(state + 1);
                break;
            case PathStep::Kind::kIndex:
                if (array && step.index == index) add_state(state + 1);
                break;
        }
    }
}

}  // namespace gpsync::core::pii

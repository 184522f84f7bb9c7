#include "relay/delivery/batch_size.hpp"

#include <algorithm>

namespace gpsync::relay {

namespace {

// What passed, where that is smaller than what did not and more than half of it.
size_t smaller(size_t too_large, size_t passed) {
    return std::max<size_t>(passed < too_large && passed > too_large / 2 ? passed : too_large / 2, 1);
}

size_t grown(size_t limit, size_t configured) {
    return std::min(configured, limit + std::max<size_t>(limit / 8, 1));
}

}  // namespace

void BatchSize::note_too_large(size_t events, size_t bytes) {
    // An event that is too large by itself says nothing of batches.
    if (events < 2) return;
    limits_.max_events = std::min(limits_.max_events, smaller(events, passed_.max_events));
    limits_.max_bytes = std::min(limits_.max_bytes, smaller(bytes, passed_.max_bytes));
    passed_ = {0, 0};
    if (grown_) step_ = std::min(step_ * 2, kLongestStep);
    grown_ = false;
    full_ = 0;
}

void BatchSize::note_taken(size_t events, size_t bytes) {
    passed_ = {std::max(passed_.max_events, events), std::max(passed_.max_bytes, bytes)};
    const bool at_events = events >= limits_.max_events && limits_.max_events < configured_.max_events;
    // A batch ends before the event that does not fit into it.
    const bool at_bytes = bytes >= limits_.max_bytes / 4 * 3 && limits_.max_bytes < configured_.max_bytes;
    if ((!at_events && !at_bytes) || ++full_ < step_) return;
    if (at_events) limits_.max_events = grown(limits_.max_events, configured_.max_events);
    if (at_bytes) limits_.max_bytes = grown(limits_.max_bytes, configured_.max_bytes);
    grown_ = true;
    full_ = 0;
}

}  // namespace gpsync::relay

#include "relay/delivery/lane_set.hpp"

#include <algorithm>

namespace gpsync::relay {

// An event of several lanes; two keys may share one.
bool LaneSet::alone(const Event& event) const {
    if (event.scope == Scope::one_key || size() == 1) return false;
    return event.scope == Scope::all_keys || lane_of(event.key_hash) != lane_of(event.old_key_hash);
}

template <typename F>
void LaneSet::for_each_lane(const Event& event, F&& f) {
    if (event.scope == Scope::all_keys) {
        for (size_t lane = 0; lane < size(); ++lane) f(lane);
        return;
    }
    size_t lane = lane_of(event.key_hash);
    f(lane);
    if (event.scope == Scope::two_keys && lane_of(event.old_key_hash) != lane) f(lane_of(event.old_key_hash));
}

void LaneSet::push(Event& event) {
    for_each_lane(event, [&](size_t lane) {
        lanes_[lane].queue.push_back(&event);
        lanes_[lane].bytes += event.json_length;
    });
    ++queued_;
}

void LaneSet::push_held(Event& event) {
    Lane& lane = lanes_[held_lane()];
    lane.queue.push_back(&event);
    lane.bytes += event.json_length;
    ++queued_;
}

bool LaneSet::only_held_may_go() const {
    return std::all_of(lanes_.begin(), lanes_.end() - 1, [this](const Lane& lane) {
        return !lane.busy && (lane.queue.empty() || has_to_wait(*lane.queue.front()));
    });
}

bool LaneSet::full(size_t index, const BatchLimits& limits) const {
    const Lane& lane = lanes_[index];
    if (lane.queue.empty()) return false;
    return index == held_lane() || !lane.came_back.empty() || lane.queue.size() >= limits.max_events ||
           lane.bytes >= limits.max_bytes || alone(*lane.queue.front());
}

bool LaneSet::first_everywhere(const Event& event) {
    bool first = true;
    for_each_lane(event, [&](size_t lane) {
        first = first && !lanes_[lane].busy && lanes_[lane].queue.front() == &event;
    });
    return first;
}

void LaneSet::pop_front(Lane& lane) {
    lane.bytes -= lane.queue.front()->json_length;
    lane.queue.pop_front();
}

Batch LaneSet::take(size_t index, const BatchLimits& limits) {
    Batch batch;
    const Lane& lane = lanes_[index];
    if (lane.busy || lane.queue.empty() || has_to_wait(*lane.queue.front())) return batch;
    batch.lanes.push_back(index);
    Event& event = *lane.queue.front();
    if (index == held_lane() || !alone(event))
        take_several(index, limits, batch);
    else if (first_everywhere(event))
        take_alone(event, batch);
    queued_ -= batch.events.size();
    return batch;
}

void LaneSet::take_alone(Event& event, Batch& batch) {
    batch.events.push_back(&event);
    for_each_lane(event, [&](size_t lane) {
        if (lane != batch.lanes.front()) batch.lanes.push_back(lane);
        pop_front(lanes_[lane]);
        lanes_[lane].busy = true;
    });
}

void LaneSet::take_several(size_t index, const BatchLimits& limits, Batch& batch) {
    Lane& lane = lanes_[index];
    size_t limit = limits.max_events;
    if (!lane.came_back.empty()) {
        limit = std::min(limit, lane.came_back.next());
        batch.piece = true;
        batch.failing = lane.came_back.failing();
        batch.earlier_attempts = lane.came_back.attempts();
    }
    while (!lane.queue.empty() && batch.events.size() < limit) {
        const Event& next = *lane.queue.front();
        if (index != held_lane() && (alone(next) || has_to_wait(next))) break;
        const size_t bytes = batch.bytes + next.json_length;
        if (bytes > limits.max_bytes && !batch.events.empty()) break;
        batch.bytes = bytes;
        batch.events.push_back(lane.queue.front());
        pop_front(lane);
    }
    if (batch.piece) lane.came_back.take(batch.events.size());
    lane.busy = true;
}

void LaneSet::done(const Batch& batch) {
    for (size_t lane : batch.lanes) lanes_[lane].busy = false;
    if (batch.piece && batch.found) lanes_[batch.lanes.front()].came_back.found();
}

void LaneSet::split(const Batch& batch, Split why, int attempts_made) {
    Lane& lane = lanes_[batch.lanes.front()];
    lane.queue.insert(lane.queue.begin(), batch.events.begin(), batch.events.end());
    for (const Event* event : batch.events) lane.bytes += event->json_length;
    const int attempts = batch.earlier_attempts + attempts_made;
    if (why == Split::halve)
        lane.came_back.halve(batch.events.size(), attempts);
    else if (why == Split::rest)
        lane.came_back.resume(batch.events.size(), attempts);
    else if (why == Split::ahead)
        lane.came_back.send_one_ahead(batch.events.size(), attempts);
    else
        lane.came_back.bisect(batch.events.size(), attempts, why == Split::search);
    queued_ += batch.events.size();
    done(batch);
}

void LaneSet::clear() {
    for (Lane& lane : lanes_) lane = Lane{};
    queued_ = 0;
}

}  // namespace gpsync::relay

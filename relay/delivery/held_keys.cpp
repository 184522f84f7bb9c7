#include "relay/delivery/held_keys.hpp"

#include <algorithm>

namespace gpsync::relay {

HeldKeys::Keys HeldKeys::keys_of(const Event& event) {
    return {event.key_hash, event.scope == Scope::two_keys ? event.old_key_hash : event.key_hash};
}

template <typename F>
void HeldKeys::for_each_key(const Keys& keys, F&& f) {
    f(keys.hash);
    if (keys.old_hash != keys.hash) f(keys.old_hash);
}

bool HeldKeys::has_key_of(const Event& event) const {
    if (events_.empty()) return false;
    if (event.scope == Scope::all_keys) return true;
    return by_key_.contains(event.key_hash) ||
           (event.scope == Scope::two_keys && by_key_.contains(event.old_key_hash));
}

int HeldKeys::attempts(const core::Position& position) const {
    const auto found = events_.find(position);
    return found == events_.end() ? 0 : found->second.attempts;
}

void HeldKeys::add(const core::Position& position, const Keys& keys, size_t bytes, int attempts,
                   int64_t due_us) {
    const auto [found, added] = events_.try_emplace(position, Held{keys, bytes, attempts, due_us, false});
    Held& held = found->second;
    if (added) {
        bytes_ += bytes;
        for_each_key(keys, [&](uint64_t hash) {
            std::set<core::Position>& events = by_key_[hash];
            events.insert(position);
            // One that was the first so far waits for it.
            if (const auto next = std::next(events.find(position)); next != events.end())
                unschedule(*next, events_.at(*next));
        });
    } else {
        unschedule(position, held);
        held.attempts = attempts;
        held.due_us = due_us;
        held.taken = false;
    }
    schedule(position, held);
    follow_size();
}

void HeldKeys::follow_size() {
    const auto reaches = [this](size_t size, size_t most) { return size >= (full_ ? most / 10 * 9 : most); };
    full_ = reaches(events_.size(), kMostEvents) || reaches(bytes_, kMostBytes);
}

void HeldKeys::remove(const core::Position& position) {
    const auto found = events_.find(position);
    if (found == events_.end()) return;
    const Keys keys = found->second.keys;
    bytes_ -= found->second.bytes;
    unschedule(position, found->second);
    events_.erase(found);
    for_each_key(keys, [&](uint64_t hash) {
        const auto key = by_key_.find(hash);
        key->second.erase(position);
        if (key->second.empty()) by_key_.erase(key);
    });
    schedule_first_of(keys);
    follow_size();
}

bool HeldKeys::is_first_of(const core::Position& position, const Keys& keys) const {
    bool first = true;
    for_each_key(keys, [&](uint64_t hash) { first = first && *by_key_.at(hash).begin() == position; });
    return first;
}

bool HeldKeys::is_first(const core::Position& position, std::span<Event* const> goes_before) const {
    const auto found = events_.find(position);
    if (found == events_.end()) return false;
    bool first = true;
    for_each_key(found->second.keys, [&](uint64_t hash) {
        for (const core::Position& earlier : by_key_.at(hash)) {
            if (earlier == position || !first) break;
            first = std::ranges::find(goes_before, earlier, &Event::position) != goes_before.end();
        }
    });
    return first;
}

void HeldKeys::note_begin() {
    for (const auto& [hash, events] : by_key_) had_until_[hash] = *events.rbegin();
    if (!events_.empty()) all_had_until_ = events_.rbegin()->first;
}

bool HeldKeys::was_had(const Event& event) const {
    if (discarded_.contains(event.position)) return true;
    if (event.position > all_had_until_ || contains(event.position)) return false;
    if (event.scope == Scope::all_keys) return true;
    const auto until = [this](uint64_t hash) {
        const auto found = had_until_.find(hash);
        return found == had_until_.end() ? core::Position{} : found->second;
    };
    return event.position < until(event.key_hash) ||
           (event.scope == Scope::two_keys && event.position < until(event.old_key_hash));
}

void HeldKeys::schedule(const core::Position& position, const Held& held) {
    if (!held.taken && is_first_of(position, held.keys)) due_.insert({held.due_us, position});
}

void HeldKeys::schedule_first_of(const Keys& keys) {
    for_each_key(keys, [&](uint64_t hash) {
        const auto key = by_key_.find(hash);
        if (key == by_key_.end()) return;
        const core::Position& first = *key->second.begin();
        schedule(first, events_.at(first));
    });
}

int64_t HeldKeys::next_due_us() const {
    return due_.empty() ? INT64_MAX : due_.begin()->first;
}

std::vector<core::Position> HeldKeys::take_due(int64_t now_us, size_t most) {
    std::vector<core::Position> taken;
    while (!due_.empty() && due_.begin()->first <= now_us && taken.size() < most) {
        const core::Position position = due_.begin()->second;
        take(position, events_.at(position));
        taken.push_back(position);
        take_followers(events_.at(position).keys, most, taken);
    }
    return taken;
}

// Those of one key alone: an event of two may have to wait at the other one.
void HeldKeys::take_followers(const Keys& keys, size_t most, std::vector<core::Position>& taken) {
    if (keys.hash != keys.old_hash) return;
    for (const core::Position& position : by_key_.at(keys.hash)) {
        if (taken.size() >= most) return;
        Held& held = events_.at(position);
        if (held.keys.hash != held.keys.old_hash) return;
        if (held.taken) continue;
        held.taken = true;
        taken.push_back(position);
    }
}

void HeldKeys::take(const core::Position& position, Held& held) {
    unschedule(position, held);
    held.taken = true;
}

void HeldKeys::give_back(const core::Position& position, int64_t due_us) {
    const auto found = events_.find(position);
    if (found == events_.end() || !found->second.taken) return;
    found->second.taken = false;
    found->second.due_us = due_us;
    schedule(position, found->second);
}

void HeldKeys::wake(const core::Position& position) {
    const auto found = events_.find(position);
    if (found == events_.end() || found->second.taken) return;
    unschedule(position, found->second);
    found->second.due_us = 0;
    schedule(position, found->second);
}

}  // namespace gpsync::relay

// The keys that one endpoint holds: events that it rejected for now until their attempts were used up, and
// the later ones of their keys. They wait in the books (gpsync.held_event); this is the index to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "relay/source/message.hpp"

namespace gpsync::relay {

class HeldKeys {
  public:
    // With more the endpoint counts as failing: nothing is sent to it but what it holds. Bytes are of the
    // decoder's lines.
    static constexpr size_t kMostEvents = 30'000;
    static constexpr size_t kMostBytes = size_t{1} << 30;

    // The keys of an event; of most there is one, twice.
    struct Keys {
        uint64_t hash = 0, old_hash = 0;
    };
    static Keys keys_of(const Event& event);

    bool empty() const { return events_.empty(); }
    size_t size() const { return events_.size(); }
    // It holds as much as it may; until a tenth of that is gone again.
    bool full() const { return full_; }
    bool contains(const core::Position& position) const { return events_.contains(position); }
    // An event of that key, or of one of its keys, is held.
    bool has_key_of(const Event& event) const;
    // How often an event was tried since it is held; 0 where it is not.
    int attempts(const core::Position& position) const;
    // The place of the first one. REQUIRES: !empty()
    const core::Position& first() const { return events_.begin()->first; }

    // Holds an event, or notes that it was tried once more. due_us: when it is tried next, once it is the
    // first of its keys; µs since 1970.
    void add(const core::Position& position, const Keys& keys, size_t bytes, int attempts, int64_t due_us);
    void remove(const core::Position& position);

    // It may be sent: nothing before it of its keys is held, but what goes with it.
    bool is_first(const core::Position& position, std::span<Event* const> goes_before) const;
    // An operator discarded it before the relay began.
    void note_discarded(const core::Position& position) { discarded_.insert(position); }
    // All that was held when the relay began has been added.
    void note_begin();
    // Whether an event that is not held is none for the endpoint any more, since before the relay began: a
    // later one of its keys was held then, or it was discarded.
    bool was_had(const Event& event) const;
    // When the next one is due, of those that nobody has taken; INT64_MAX: none is.
    int64_t next_due_us() const;
    // Takes what is due, each with those that follow it at its key, as they may be sent one after the other;
    // no more than so many.
    std::vector<core::Position> take_due(int64_t now_us, size_t most);
    // Whoever took it has not sent it: it is due then.
    void give_back(const core::Position& position, int64_t due_us);
    // Due now, unless it is taken.
    void wake(const core::Position& position);

  private:
    struct Held {
        Keys keys;
        size_t bytes = 0;
        int attempts = 0;
        int64_t due_us = 0;
        bool taken = false;
    };

    template <typename F>
    static void for_each_key(const Keys& keys, F&& f);
    bool is_first_of(const core::Position& position, const Keys& keys) const;
    void take(const core::Position& position, Held& held);
    void schedule(const core::Position& position, const Held& held);
    void unschedule(const core::Position& position, const Held& held) { due_.erase({held.due_us, position}); }
    void schedule_first_of(const Keys& keys);
    void take_followers(const Keys& keys, size_t most, std::vector<core::Position>& taken);

    void follow_size();

    std::map<core::Position, Held> events_;
    std::unordered_map<uint64_t, core::Position> had_until_;  // by key, as of the begin
    core::Position all_had_until_;
    std::set<core::Position> discarded_;
    size_t bytes_ = 0;
    bool full_ = false;
    std::unordered_map<uint64_t, std::set<core::Position>> by_key_;
    std::set<std::pair<int64_t, core::Position>> due_;  // the first of their keys that nobody has taken
};

}  // namespace gpsync::relay

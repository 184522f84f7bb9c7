// The lanes of one endpoint: queues of events that keep the order of every key.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "relay/delivery/bisection.hpp"
#include "relay/delivery/endpoint_config.hpp"
#include "relay/source/message.hpp"

namespace gpsync::relay {

// Events of one lane that travel together, in order.
struct Batch {
    std::vector<Event*> events;
    std::vector<size_t> lanes;  // lanes that send nothing else until this is done; the first one carries it
    int earlier_attempts = 0;   // made with these events in a larger batch, since split
    bool piece = false;         // of a batch that came back
    bool failing = false;       // that batch failed until its attempts were used up
    bool found = false;         // what was wrong with that batch lies in this piece
    size_t bytes = 0;           // of the events' text
};

// What is wrong with a batch that comes back.
enum class Split : uint8_t {
    none,     // nothing: it is through, or waits
    halve,    // it is too large
    isolate,  // an event of it is refused
    search,   // an event of it makes it fail again and again
    ahead,    // it fails, as everything does: one event goes ahead
    rest,     // nothing, now that others of its events are out of it
};

// An event of one key waits in the lane of that key; one of several lanes in all of them, and goes alone,
// once it is first in each. Every lane's queue is in stream order, so two such events never wait for each
// other. Events of keys that the endpoint holds have a lane of their own.
class LaneSet {
  public:
    explicit LaneSet(size_t lanes) : lanes_(lanes + 1) {}

    size_t size() const { return lanes_.size() - 1; }
    void push(Event& event);
    // The lane of held keys comes behind the others.
    size_t held_lane() const { return size(); }
    void push_held(Event& event);
    // Nothing can go but what is held: the other lanes have nothing on its way, and nothing that may begin.
    bool only_held_may_go() const;
    // Whether events of all keys have to wait, as a key is held.
    void keep_all_keys_waiting(bool wait) { all_keys_wait_ = wait; }

    bool idle(size_t lane) const { return !lanes_[lane].busy && lanes_[lane].queue.empty(); }
    // The lane has a batch as large as it may be (or one that must go alone) waiting.
    bool full(size_t lane, const BatchLimits& limits) const;
    // Takes the next batch of the lane; without events when it may not send now.
    Batch take(size_t lane, const BatchLimits& limits);
    // The batch is settled: its lanes go on.
    void done(const Batch& batch);
    // Puts the events back at the front, to be sent again in other batches. attempts_made: with this batch.
    // REQUIRES: a batch of several events, unless they are the rest of one
    void split(const Batch& batch, Split why, int attempts_made);
    void clear();

    // Events queued in all lanes, one in several lanes counted once.
    size_t queued() const { return queued_; }

  private:
    struct Lane {
        std::deque<Event*> queue;
        size_t bytes = 0;  // of the text in queue
        bool busy = false;
        Bisection came_back;  // of the queue's first events
    };

    template <typename F>
    void for_each_lane(const Event& event, F&& f);
    size_t lane_of(uint64_t hash) const { return (hash >> 32) % size(); }
    bool has_to_wait(const Event& event) const { return all_keys_wait_ && event.scope == Scope::all_keys; }
    bool alone(const Event& event) const;
    bool first_everywhere(const Event& event);
    void take_alone(Event& event, Batch& batch);
    void take_several(size_t lane, const BatchLimits& limits, Batch& batch);
    void pop_front(Lane& lane);

    std::vector<Lane> lanes_;
    bool all_keys_wait_ = false;
    size_t queued_ = 0;
};

}  // namespace gpsync::relay

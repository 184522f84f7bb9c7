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
};

// An event of one key waits in the lane of that key; one of several lanes in all of them, and goes alone,
// once it is first in each. Every lane's queue is in stream order, so two such events never wait for each
// other.
class LaneSet {
  public:
    explicit LaneSet(size_t lanes) : lanes_(lanes) {}

    size_t size() const { return lanes_.size(); }
    void push(Event& event);

    bool idle(size_t lane) const { return !lanes_[lane].busy && lanes_[lane].queue.empty(); }
    // The lane has a batch as large as it may be (or one that must go alone) waiting.
    bool full(size_t lane, const BatchLimits& limits) const;
    // Takes the next batch of the lane; without events when it may not send now.
    Batch take(size_t lane, const BatchLimits& limits);
    // The batch is settled: its lanes go on.
    void done(const Batch& batch);
    // Puts the events back at the front, to be sent again in smaller batches. attempts_made: with this batch.
    // REQUIRES: a batch of several events
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
    size_t lane_of(uint64_t hash) const { return (hash >> 32) % lanes_.size(); }
    bool alone(const Event& event) const;
    bool first_everywhere(const Event& event);
    void take_alone(Event& event, Batch& batch);
    void take_several(size_t lane, const BatchLimits& limits, Batch& batch);
    void pop_front(Lane& lane);

    std::vector<Lane> lanes_;
    size_t queued_ = 0;
};

}  // namespace gpsync::relay

// What becomes of each event of a batch after an answer: decided here, and nowhere else.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "relay/delivery/lane_set.hpp"
#include "relay/source/message.hpp"

namespace gpsync::relay {

struct Answer;

// What becomes of an event at one endpoint.
struct Settlement {
    enum Kind : uint8_t {
        taken,    // the endpoint has it
        refused,  // it never takes it: a dead letter is kept
        waits,    // not settled yet: it is sent again, and nothing of its key overtakes it
        held,     // its attempts are used up: it waits in the books, with the later ones of its key
    };
    Kind kind = taken;
    long http_status = 0;  // of the answer that refused it; 0 when it was not sent
    int attempts = 0;      // refused or held: how often it was sent
    std::string error;     // why it was, for the books only: may quote the event
    int64_t due_us = 0;    // held: when it is sent again, µs since 1970
};

// What becomes of a batch.
class BatchSettlement {
  public:
    // Of the event at an index of the batch.
    const Settlement& operator[](size_t index) const { return each_.empty() ? all_ : each_[index]; }
    bool all(Settlement::Kind kind) const { return each_.empty() && all_.kind == kind; }

    // The endpoint does its work: it took or refused what it got.
    bool answered = false;
    // It did not take the events that wait: so they do before they are sent again.
    bool failed = false;
    // It takes nothing until somebody mends it or its options.
    bool lasting = false;
    // It may be because of an event of the batch that it failed.
    bool suspicious = false;
    // Not none: the events that wait go again at once, in other batches.
    Split split = Split::none;
    // Errors to count, and what went wrong, fit for a log line; empty when all is well.
    int64_t errors = 0;
    std::string problem;

  private:
    friend BatchSettlement settle(const Answer&, std::span<Event* const>);
    friend BatchSettlement keep_unsent(std::string);
    friend void hold_waiting(BatchSettlement&, std::span<Event* const>);
    Settlement all_;
    std::vector<Settlement> each_;  // one for each event; empty: all_ is of every one
};

// Of a batch that was sent and answered.
BatchSettlement settle(const Answer& answer, std::span<Event* const> events);
// Of a batch that cannot be sent, as what it needs is missing.
BatchSettlement keep_unsent(std::string problem);
// The attempts are used up: what waits is held, up to the first event of all keys, which can only wait.
void hold_waiting(BatchSettlement& batch, std::span<Event* const> events);

}  // namespace gpsync::relay

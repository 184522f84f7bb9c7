// Faults on demand: what an endpoint answers instead of taking a batch.
//
// POST /faults takes one JSON object and answers {"fault":N}; DELETE /faults clears all; GET /faults lists
// them.
//   kind        "status":   answer `status` (default 503), with `retry_after` and `body` where given
//               "delay":    wait `ms` first, then go on (other faults still apply)
//               "reset":    reset the connection without an answer
//               "half":     send half of an answer and close
//               "redirect": answer `status` (default 307) with Location: `location`
//               "results":  reject the events that match, one by one, with `error` and `retryable`; take the
//               others
//               "{authorization}" in `body` and `error` becomes the request's Authorization header
//   coding      with status and results: send the body in "gzip", "deflate" (with Content-Encoding; with
//   "-half"
//               behind it, its header), "gzip-unsaid" (without), "bom" (a byte order mark in front) or
//               "utf-16"
//   pad         with status and results: so many blanks behind the body
//   take        with half, reset and status: take the batch before failing (default: half true, others false)
//   match       only batches (with results: only events) with this text in an event's subject or id
//   more_than   only batches of more events than this
//   times       only so many requests; then the fault is over
//   seconds     only for so long; then the fault is over
//   skip        so many matching requests pass before it begins
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "event.hpp"

namespace gpsync::emulator {

enum class FaultKind : uint8_t { Status, Delay, Reset, Half, Redirect, Results };

struct Fault {
    using Clock = std::chrono::steady_clock;

    int number = 0;
    FaultKind kind = FaultKind::Status;
    int status = 503;
    bool take = false;  // the events are taken; with a delay: at once, and answered ms after they came
    bool retryable = false;
    int64_t ms = 0;
    int64_t more_than = 0;
    int64_t skip = 0;
    int64_t pad = 0;
    std::string retry_after, body, location, match, coding, error = "rejected by a fault";
    std::optional<int64_t> times;  // requests left
    std::optional<Clock::time_point> until;
    uint64_t hits = 0;
};

class Faults {
  public:
    // Adds the fault a JSON object describes; nothing and a reason in error when it describes none.
    std::optional<int> add(std::string_view json, std::string& error);
    // Clears one fault, or all, and lets go who waits in its delay.
    void clear(std::optional<int> number);
    std::string render();
    // Waits as long as a delay says, counted from begun, or until it is cleared.
    void wait(const Fault& delay, Fault::Clock::time_point begun);

    // The faults that this batch meets, each counted as hit: any number of delays, and at most one other.
    std::vector<Fault> meet(const std::vector<Event>& events);

  private:
    bool any_match(const Fault& fault, const std::vector<Event>& events) const;

    std::mutex mutex_;
    std::condition_variable cleared_;
    std::set<int> cleared_numbers_;
    int last_number_ = 0;
    std::list<Fault> faults_;
};

// Whether a fault's match is in the event's subject or id.
bool matches(const Fault& fault, const Event& event);

}  // namespace gpsync::emulator

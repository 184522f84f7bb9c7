// Notices that the process has slept: it was stopped, or its machine was suspended. What it held before, a
// lock on a server say, others may have taken meanwhile.
#pragma once

#include <chrono>
#include <cstdint>

#include "relay/base/event_loop.hpp"

namespace gpsync::relay {

// Without a loop, for any clock. The loop waits for events between two callbacks, as long as it plans at
// most; whoever comes back much later has slept.
class SleepCheck {
  public:
    // Beyond what was planned. A busy machine is as late now and then, and asking costs one round trip.
    static constexpr std::chrono::milliseconds kSlack{200};

    // Clocks differ in what they count: a suspended machine's steady clock stands still, CLOCK_BOOTTIME does
    // not.
    struct Now {
        std::chrono::nanoseconds steady{0}, boot{0};
    };

    explicit SleepCheck(Now now) { plan(now, std::chrono::milliseconds{0}); }

    // The loop is going to wait, so long at most.
    void plan(Now now, std::chrono::milliseconds wait);
    // Whether nothing has been slept through since confirm().
    bool awake(Now now);
    // What was held is held still, as was asked when sleeps() was asleep_then.
    void confirm(Now now, uint64_t asleep_then);
    // How often it has slept.
    uint64_t sleeps() const { return sleeps_; }

  private:
    void look(Now now);

    Now due_;  // back at the latest
    uint64_t sleeps_ = 0, confirmed_ = 0;
};

// Of a loop.
class WakeWatch {
  public:
    explicit WakeWatch(EventLoop& loop);
    ~WakeWatch();
    WakeWatch(const WakeWatch&) = delete;
    WakeWatch& operator=(const WakeWatch&) = delete;

    bool awake() { return check_.awake(now()); }
    uint64_t sleeps() const { return check_.sleeps(); }
    void confirm(uint64_t asleep_then) { check_.confirm(now(), asleep_then); }

  private:
    static SleepCheck::Now now();

    SleepCheck check_;
    uv_prepare_t* handle_;  // freed by the loop once it is closed
};

}  // namespace gpsync::relay

// SIGTERM and SIGINT, SIGHUP: the handlers only set flags and wake whoever waits.
#pragma once

#include <chrono>
#include <functional>

namespace gpsync::relay {

// Thrown out of a wait that SIGTERM or SIGINT ended.
struct Stopped {};

class StopSignal {
  public:
    // Installs the handlers. One object a process. on_reopen: called after a SIGHUP that ended a wait.
    explicit StopSignal(std::function<void()> on_reopen = [] {});
    ~StopSignal();
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

    bool stop_requested() const;
    // True once after each SIGHUP.
    bool take_reopen_request();
    // Readable whenever a signal came; clear() makes it unreadable again.
    int descriptor() const { return pipe_[0]; }
    void clear();
    // Sleeps, throwing Stopped when asked to stop.
    void sleep(std::chrono::milliseconds time);
    // Waits until the socket is ready; false after the time is up. Throws Stopped.
    bool wait_for(int socket, bool for_write, std::chrono::milliseconds time);

  private:
    const std::function<void()> on_reopen_;
    int pipe_[2];
};

}  // namespace gpsync::relay

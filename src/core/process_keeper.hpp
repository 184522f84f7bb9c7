// Decides when a process that should run is started, asked to stop and killed. Holds no process and reads no
// clock: the caller says what time it is and what has happened, and does what due() says.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace gpsync::core {

// What should run.
struct WantedProcess {
    std::vector<std::string> arguments;  // the program's path first
    std::string fingerprint;             // changes when another try may end differently
};

class ProcessKeeper {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Seconds = std::chrono::seconds;

    // An exit with this status says that the process cannot run with its configuration.
    static constexpr int kExitConfiguration = 1;
    static constexpr Seconds kFirstBackOff{1}, kLongestBackOff{60};
    // A process that ran this long was all right: its next failure is a first one.
    static constexpr Seconds kStable{60};
    // How long an exit for its configuration is taken at its word.
    static constexpr Seconds kConfigurationWait{60};
    // How long after terminate a process is killed.
    static constexpr Seconds kStopTime{30};

    enum class Action : unsigned char { kNone, kStart, kTerminate, kKill };
    enum class Ending : unsigned char { kStopped, kConfiguration, kFailed };

    // Null: it should not run.
    void want(const WantedProcess* wanted);
    // What is due now, each once. After kStart the process counts as running with wanted().arguments: where
    // it could not be started, start_failed() has to follow.
    Action due(Time now);
    void start_failed(Time now);
    // The process is about to be killed by the caller's own decision.
    void killed() { kill_at_ = Time::max(); }
    // The running process has ended: exit_status, or nothing where a signal ended it. Gives why, as restarts
    // see it.
    Ending ended(Time now, std::optional<int> exit_status);

    // When due() has something to say though nothing happens; Time::max() for never.
    Time next_due() const;
    bool is_wanted() const { return wanted_; }
    const WantedProcess& wanted() const { return want_; }
    Time restart_at() const { return restart_at_; }

  private:
    bool is_reconfigured() const;
    void schedule_restart(Time now, bool configuration);

    bool wanted_ = false, running_ = false;
    WantedProcess want_;          // the last one
    WantedProcess started_with_;  // what the process, or the last one, was started with
    bool stopping_ = false;       // terminate was due
    bool waits_for_configuration_ = false;
    Seconds back_off_{0};
    Time started_at_{}, kill_at_{}, restart_at_{};
};

}  // namespace gpsync::core

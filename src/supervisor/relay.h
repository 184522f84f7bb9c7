// One gpsync-relay process, and one stream's relay over time: started, restarted with back-off, stopped.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>

#include "core/process_keeper.hpp"
#include "supervisor/output.h"

namespace gpsync::supervisor {

using Clock = std::chrono::steady_clock;
using Arguments = std::vector<std::string>;  // the program's path first
using LineCallback = std::function<void(std::string_view)>;

// A child process with its output on a pipe. It is killed when this process ends, however that happens.
class Process {
  public:
    Process() = default;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    // False, after a log line, if it cannot be started.
    bool start(const Arguments& arguments);
    // To the process and what it may have started.
    void signal(int number) const;
    // True once it has ended; then status is what waitpid() gave.
    bool reap(int* status);
    // Reads what there is to read without waiting.
    void read_output(const LineCallback& line);
    // The same when the process has ended, and what it did not end with a newline.
    void read_rest(const LineCallback& line);

    bool running() const { return pid_ > 0; }
    pid_t pid() const { return pid_; }
    int output() const { return output_; }

  private:
    // The bytes read; 0: nothing there, or the end.
    size_t read_some(char* buffer, size_t size);

    pid_t pid_ = 0;
    int output_ = -1;
    LineCutter lines_;
};

// The relay of one stream.
class Relay {
  public:
    explicit Relay(std::string stream) : stream_(std::move(stream)) {}

    // Null: it should not run.
    void want(const core::WantedProcess* wanted) { keeper_.want(wanted); }
    // Does whatever is due: reads output, notices an exit, starts, stops.
    void tick(Clock::time_point now);
    // Kills it at once if it still runs.
    void kill_now();

    bool running() const { return process_.running(); }
    bool wanted() const { return keeper_.is_wanted(); }
    int output() const { return process_.output(); }
    // When tick() has something to do though nothing happens; max() for never.
    Clock::time_point next_due() const { return keeper_.next_due(); }

  private:
    void start(Clock::time_point now);
    void ended(Clock::time_point now, int status);
    void read_output();

    std::string stream_;
    Process process_;
    core::ProcessKeeper keeper_;
};

}  // namespace gpsync::supervisor

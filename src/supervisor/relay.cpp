#include "supervisor/relay.h"

#include <sys/wait.h>

#include <csignal>

namespace gpsync::supervisor {

namespace {

using Action = core::ProcessKeeper::Action;
using Ending = core::ProcessKeeper::Ending;

}  // namespace

void Relay::tick(Clock::time_point now) {
    if (process_.running()) {
        read_output();
        int status = 0;
        if (process_.reap(&status)) ended(now, status);
    }
    switch (keeper_.due(now)) {
        case Action::kNone:
            return;
        case Action::kStart:
            return start(now);
        case Action::kTerminate:
            return process_.signal(SIGTERM);
        case Action::kKill:
            return process_.signal(SIGKILL);
    }
}

void Relay::kill_now() {
    process_.signal(SIGKILL);
    keeper_.killed();
}

void Relay::start(Clock::time_point now) {
    if (!process_.start(keeper_.wanted().arguments)) return keeper_.start_failed(now);
    ereport(LOG, (errmsg("started gpsync-relay of stream \"%s\", PID %d", stream_.c_str(), process_.pid())));
}

void Relay::ended(Clock::time_point now, int status) {
    process_.read_rest([&](std::string_view line) { log_relay_line(stream_, line); });
    const Ending ending =
        keeper_.ended(now, WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt);
    if (ending == Ending::kStopped) {
        ereport(LOG, (errmsg("gpsync-relay of stream \"%s\" was stopped", stream_.c_str())));
        return;
    }
    const long delay = std::chrono::duration_cast<std::chrono::seconds>(keeper_.restart_at() - now).count();
    ereport(
        LOG,
        (errmsg("gpsync-relay of stream \"%s\": %s", stream_.c_str(), wait_result_to_str(status)),
         ending == Ending::kConfiguration
             ? errdetail("It cannot run with this configuration; it is started again when that changes, or "
                         "in %ld s.",
                         delay)
             : errdetail("It is started again in %ld s.", delay)));
}

void Relay::read_output() {
    process_.read_output([&](std::string_view line) { log_relay_line(stream_, line); });
}

}  // namespace gpsync::supervisor

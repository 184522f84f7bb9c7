#include "supervisor/relay.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>

namespace gpsync::supervisor {

namespace {

using std::chrono::seconds;

constexpr seconds kFirstBackOff{1}, kLongestBackOff{60};
// A relay that ran this long was all right: the next failure is a first one.
constexpr seconds kStable{60};
// How long an exit for its configuration is taken at its word.
constexpr seconds kConfigurationWait{60};
// A relay finishes what is in flight when it is asked to stop; its own bound is shorter.
constexpr seconds kStopTime{30};

constexpr int kExitConfiguration = 1;

}  // namespace

void Relay::want(const Wanted* wanted) {
    wanted_ = wanted != nullptr;
    if (wanted_) want_ = *wanted;
}

void Relay::tick(Clock::time_point now) {
    if (process_.running()) {
        read_output();
        int status = 0;
        if (process_.reap(&status)) {
            ended(now, status);
        } else if (stopping_) {
            if (now >= kill_at_) kill_now();
        } else if (!wanted_ || want_.arguments != started_with_.arguments) {
            stop(now);
        }
    }
    const bool reconfigured = want_.arguments != started_with_.arguments ||
                              (waits_for_configuration_ && want_.fingerprint != started_with_.fingerprint);
    if (!process_.running() && wanted_ && (now >= restart_at_ || reconfigured)) start(now);
}

void Relay::kill_now() {
    process_.signal(SIGKILL);
    kill_at_ = Clock::time_point::max();
}

Clock::time_point Relay::next_due() const {
    if (process_.running()) return stopping_ ? kill_at_ : Clock::time_point::max();
    return wanted_ ? restart_at_ : Clock::time_point::max();
}

void Relay::start(Clock::time_point now) {
    started_with_ = want_;
    started_at_ = now;
    stopping_ = waits_for_configuration_ = false;
    if (!process_.start(want_.arguments)) {
        schedule_restart(now, 0);
        return;
    }
    ereport(LOG, (errmsg("started gpsync-relay of stream \"%s\", PID %d", stream_.c_str(), process_.pid())));
}

void Relay::stop(Clock::time_point now) {
    process_.signal(SIGTERM);
    stopping_ = true;
    kill_at_ = now + kStopTime;
}

void Relay::ended(Clock::time_point now, int status) {
    process_.read_rest([&](std::string_view line) { log_relay_line(stream_, line); });
    if (now - started_at_ >= kStable) back_off_ = {};
    if (stopping_) {
        restart_at_ = now;
        back_off_ = {};
        ereport(LOG, (errmsg("gpsync-relay of stream \"%s\" was stopped", stream_.c_str())));
        return;
    }
    schedule_restart(now, status);
    const long delay = std::chrono::duration_cast<seconds>(restart_at_ - now).count();
    ereport(LOG, (errmsg("gpsync-relay of stream \"%s\": %s", stream_.c_str(), wait_result_to_str(status)),
                  waits_for_configuration_ ? errdetail("It cannot run with this configuration; it is started "
                                                       "again when that changes, or in %ld s.",
                                                       delay)
                                           : errdetail("It is started again in %ld s.", delay)));
}

void Relay::schedule_restart(Clock::time_point now, int status) {
    waits_for_configuration_ = WIFEXITED(status) && WEXITSTATUS(status) == kExitConfiguration;
    back_off_ = back_off_.count() == 0 ? kFirstBackOff : std::min(back_off_ * 2, kLongestBackOff);
    restart_at_ = now + (waits_for_configuration_ ? kConfigurationWait : back_off_);
}

void Relay::read_output() {
    process_.read_output([&](std::string_view line) { log_relay_line(stream_, line); });
}

}  // namespace gpsync::supervisor

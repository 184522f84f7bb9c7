#include "core/process_keeper.hpp"

#include <algorithm>

namespace gpsync::core {

void ProcessKeeper::want(const WantedProcess* wanted) {
    wanted_ = wanted != nullptr;
    if (wanted_) want_ = *wanted;
}

bool ProcessKeeper::is_reconfigured() const {
    return want_.arguments != started_with_.arguments ||
           (waits_for_configuration_ && want_.fingerprint != started_with_.fingerprint);
}

ProcessKeeper::Action ProcessKeeper::due(Time now) {
    if (running_) {
        if (stopping_) {
            if (now < kill_at_) return Action::kNone;
            kill_at_ = Time::max();
            return Action::kKill;
        }
        if (wanted_ && want_.arguments == started_with_.arguments) return Action::kNone;
        stopping_ = true;
        kill_at_ = now + kStopTime;
        return Action::kTerminate;
    }
    if (!wanted_ || (now < restart_at_ && !is_reconfigured())) return Action::kNone;
    started_with_ = want_;
    started_at_ = now;
    stopping_ = waits_for_configuration_ = false;
    running_ = true;
    return Action::kStart;
}

void ProcessKeeper::start_failed(Time now) {
    running_ = false;
    schedule_restart(now, false);
}

ProcessKeeper::Ending ProcessKeeper::ended(Time now, std::optional<int> exit_status) {
    running_ = false;
    if (now - started_at_ >= kStable) back_off_ = {};
    if (stopping_) {
        restart_at_ = now;
        back_off_ = {};
        return Ending::kStopped;
    }
    const bool configuration = exit_status == kExitConfiguration;
    schedule_restart(now, configuration);
    return configuration ? Ending::kConfiguration : Ending::kFailed;
}

void ProcessKeeper::schedule_restart(Time now, bool configuration) {
    waits_for_configuration_ = configuration;
    back_off_ = back_off_.count() == 0 ? kFirstBackOff : std::min(back_off_ * 2, kLongestBackOff);
    restart_at_ = now + (configuration ? kConfigurationWait : back_off_);
}

ProcessKeeper::Time ProcessKeeper::next_due() const {
    if (running_) return stopping_ ? kill_at_ : Time::max();
    return wanted_ ? restart_at_ : Time::max();
}

}  // namespace gpsync::core

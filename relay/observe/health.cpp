#include "relay/observe/health.hpp"

namespace gpsync::relay {

const char* role_name(Role role) {
    switch (role) {
        case Role::starting:
            return "starting";
        case Role::standby:
            return "standby";
        case Role::leader:
            return "leader";
        case Role::paused:
            return "paused";
        case Role::broken:
            return "broken";
    }
    return "";
}

void Health::set(Role role, std::string reason) {
    std::lock_guard lock(mutex_);
    role_ = role;
    reason_ = std::move(reason);
}

std::pair<int, std::string> Health::answer() const {
    std::lock_guard lock(mutex_);
    const bool works = role_ == Role::leader || role_ == Role::standby;
    return {works ? 200 : 503, std::string(role_name(role_)) + ": " + reason_};
}

}  // namespace gpsync::relay

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

std::pair<Role, std::string> Health::get() const {
    std::lock_guard lock(mutex_);
    return {role_, std::string(role_name(role_)) + ": " + reason_};
}

std::pair<int, std::string> Health::alive() const {
    auto [role, text] = get();
    return {role == Role::leader || role == Role::standby ? 200 : 503, std::move(text)};
}

std::pair<int, std::string> Health::ready() const {
    auto [role, text] = get();
    return {role == Role::leader ? 200 : 503, std::move(text)};
}

}  // namespace gpsync::relay

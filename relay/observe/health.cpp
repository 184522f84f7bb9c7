#include "relay/observe/health.hpp"

namespace gpsync::relay {

void Health::set(bool healthy, std::string reason) {
    std::lock_guard lock(mutex_);
    healthy_ = healthy;
    reason_ = std::move(reason);
}

std::pair<bool, std::string> Health::get() const {
    std::lock_guard lock(mutex_);
    return {healthy_, reason_};
}

}  // namespace gpsync::relay

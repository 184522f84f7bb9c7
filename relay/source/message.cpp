#include "relay/source/message.hpp"

namespace gpsync::relay {

std::string event_id(const Event& event) {
    std::string id(core::kEventIdLength, '\0');
    core::write_event_id(id.data(), event.position, event.commit_time_us);
    return id;
}

}  // namespace gpsync::relay

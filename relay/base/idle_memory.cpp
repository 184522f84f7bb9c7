#include "relay/base/idle_memory.hpp"

#include <malloc.h>

namespace gpsync::relay {

bool IdleMemory::tick(size_t held) {
    much_ = much_ || held >= kMuch;
    idle_ = held == 0 ? idle_ + 1 : 0;
    if (much_ && held == 0) {
        malloc_trim(0);
        much_ = false;
    }
    return large_ && idle_ >= kIdleSeconds;
}

}  // namespace gpsync::relay

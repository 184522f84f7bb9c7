#include "event.hpp"

#include "rules.hpp"
#include "scanner.hpp"

namespace gpsync::emulator {

void Event::clear() {
    // The vectors keep their memory: a batch reads thousands of events.
    auto key_memory = std::move(key), old_memory = std::move(old);
    auto unchanged_memory = std::move(unchanged);
    *this = Event();
    key = std::move(key_memory), key.clear();
    old = std::move(old_memory), old.clear();
    unchanged = std::move(unchanged_memory), unchanged.clear();
}

Refusal Batch::read(std::string_view body) {
    scratch_.assign(body);
    if (Refusal refusal = scan_batch(scratch_, body, events_)) return refusal;
    if (events_.empty()) return {-1, "the batch is empty"};
    for (size_t i = 0; i < events_.size(); ++i)
        if (std::string reason = check_event(events_[i]); !reason.empty())
            return {static_cast<int>(i), std::move(reason)};
    return {};
}

}  // namespace gpsync::emulator

#include "relay/source/message.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

namespace gpsync::relay {

PgBuffer PgBuffer::copy_of(std::string_view text) {
    // PQfreemem() is free() wherever libpq and this program have one C library.
    auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
    if (copy == nullptr) throw std::bad_alloc();
    std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = '\0';
    return {copy, text.size()};
}

// The last field before the event, which ends in a tab.
std::string_view Event::echo() const {
    std::string_view fields = message->text.substr(line_offset, json_offset - line_offset);
    if (fields.empty()) return {};
    fields.remove_suffix(1);
    const std::string_view last = fields.substr(fields.rfind('\t') + 1);
    return last.starts_with('[') ? last : std::string_view();
}

std::string event_id(const Event& event) {
    std::string id(core::kEventIdLength, '\0');
    core::write_event_id(id.data(), event.position, event.commit_time_us);
    return id;
}

}  // namespace gpsync::relay

#include "relay/source/echo_lists.hpp"

#include <rapidjson/document.h>

#include <algorithm>

namespace gpsync::relay {

namespace {

bool is_named(const rapidjson::Value& list, std::string_view name) {
    return std::ranges::any_of(list.GetArray(), [&](const rapidjson::Value& element) {
        return std::string_view(element.GetString(), element.GetStringLength()) == name;
    });
}

// Who is not in a list of names. One that is no such list leaves nobody out.
EndpointSet missing_in(std::string_view text, const EndpointNames& names) {
    rapidjson::Document list;
    list.Parse(text.data(), text.size());
    if (!list.IsArray() || !std::ranges::all_of(list.GetArray(), &rapidjson::Value::IsString)) return 0;
    EndpointSet missing = 0;
    for (size_t i = 0; i < names.size(); ++i)
        if (!is_named(list, names[i])) missing |= only(static_cast<uint16_t>(i));
    return missing;
}

}  // namespace

EndpointSet EchoLists::unsent_by(std::string_view list) {
    if (list.empty()) return 0;
    if (list != last_) {
        last_unsent_ = missing_in(list, names_);
        last_ = list;
    }
    return last_unsent_;
}

void EchoLists::resolve(Message& message) {
    if (!message.has_echo) return;
    for (Event& event : message.events) event.unsent_at = unsent_by(event.echo());
}

}  // namespace gpsync::relay

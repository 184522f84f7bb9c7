#include "core/event_message.hpp"

#include <algorithm>
#include <cstring>

namespace gpsync::core {

namespace {

// In the byte order of the server, as all of the WAL is. The texts follow: type, topic, key, data.
struct Header {
    uint8_t version;
    uint8_t key_kind;
    uint16_t type_length;
    uint16_t topic_length;
    uint16_t unused;
    uint32_t key_length;
    uint32_t data_length;
    uint64_t xid;
};
static_assert(sizeof(Header) == 24);
constexpr uint8_t kVersion = 1;

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_letter_or_digit(char c) {
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z');
}

bool is_name(std::string_view name, size_t most, bool (*plain)(char), std::string_view others) {
    return !name.empty() && name.size() <= most && plain(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return plain(c) || others.find(c) != others.npos; });
}

// It would end the event's line.
bool has_line_feed(std::string_view text) {
    return text.find('\n') != text.npos;
}

bool is_valid(const EventMessage& message) {
    const bool own = message.type.starts_with(kOwnTypePrefix);
    return is_event_type(message.type) && is_topic(message.topic) && !message.data.empty() &&
           !has_line_feed(message.data) && (own || message.key_kind != EventMessage::Key::kRow) &&
           message.key.empty() == (message.key_kind == EventMessage::Key::kNone);
}

}  // namespace

bool is_event_type(std::string_view type) {
    return is_name(type, kMostTypeBytes, is_letter_or_digit, "._-:/+");
}

bool is_topic(std::string_view topic) {
    return is_name(
        topic, kMostTopicBytes, [](char c) { return is_lower_or_digit(c) || c == '_'; }, ".-");
}

void append_event_message(ByteBuffer& out, const EventMessage& message) {
    const Header header{kVersion,
                        static_cast<uint8_t>(message.key_kind),
                        static_cast<uint16_t>(message.type.size()),
                        static_cast<uint16_t>(message.topic.size()),
                        0,
                        static_cast<uint32_t>(message.key.size()),
                        static_cast<uint32_t>(message.data.size()),
                        message.xid};
    out.append({reinterpret_cast<const char*>(&header), sizeof header});
    out.append(message.type);
    out.append(message.topic);
    out.append(message.key);
    out.append(message.data);
}

std::optional<EventMessage> parse_event_message(std::string_view content) {
    Header header;
    if (content.size() < sizeof header || content.size() > kMostEventMessageBytes) return std::nullopt;
    std::memcpy(&header, content.data(), sizeof header);
    content.remove_prefix(sizeof header);
    if (header.version != kVersion || header.unused != 0 ||
        header.key_kind > static_cast<uint8_t>(EventMessage::Key::kRow) ||
        uint64_t{header.type_length} + header.topic_length + header.key_length + header.data_length !=
            content.size())
        return std::nullopt;
    const auto take = [&](size_t length) {
        const std::string_view text = content.substr(0, length);
        content.remove_prefix(length);
        return text;
    };
    EventMessage message;
    message.xid = header.xid;
    message.type = take(header.type_length);
    message.topic = take(header.topic_length);
    message.key_kind = static_cast<EventMessage::Key>(header.key_kind);
    message.key = take(header.key_length);
    message.data = take(header.data_length);
    return is_valid(message) ? std::optional(message) : std::nullopt;
}

}  // namespace gpsync::core

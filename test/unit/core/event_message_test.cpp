#include "core/event_message.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace gpsync::core {
namespace {

EventMessage example() {
    return {(uint64_t{3} << 32) + 7,
            "com.example.acl.checked",
            "audit",
            EventMessage::Key::kText,
            "user/7",
            R"({"a":1})"};
}

std::string written(const EventMessage& message) {
    HeapBuffer out;
    append_event_message(out, message);
    return std::string(out.view());
}

TEST(EventMessage, IsReadAsItWasWritten) {
    const std::string content = written(example());
    const auto read = parse_event_message(content);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->xid, example().xid);
    EXPECT_EQ(read->type, example().type);
    EXPECT_EQ(read->topic, example().topic);
    EXPECT_EQ(read->key_kind, EventMessage::Key::kText);
    EXPECT_EQ(read->key, example().key);
    EXPECT_EQ(read->data, example().data);
}

TEST(EventMessage, WithoutAKey) {
    EventMessage message = example();
    message.key_kind = EventMessage::Key::kNone;
    EXPECT_FALSE(parse_event_message(written(message)));  // and yet it has one
    message.key = {};
    EXPECT_TRUE(parse_event_message(written(message)));
    message.key_kind = EventMessage::Key::kText;
    EXPECT_FALSE(parse_event_message(written(message)));
}

// Status events have a row's key; operational events have a text.
TEST(EventMessage, OnlyOwnTypesHaveKeysOfRows) {
    EventMessage message = example();
    message.type = "gpsync.ops.ramp.step";
    EXPECT_TRUE(parse_event_message(written(message)));
    message.type = "gpsync.status.changed";
    message.key_kind = EventMessage::Key::kRow;
    EXPECT_TRUE(parse_event_message(written(message)));
    message.type = "a";
    EXPECT_FALSE(parse_event_message(written(message)));
}

TEST(EventMessage, CutOffExtendedOrChangedIsNone) {
    const std::string content = written(example());
    for (size_t length = 0; length < content.size(); ++length)
        EXPECT_FALSE(parse_event_message(std::string_view(content).substr(0, length))) << length;
    EXPECT_FALSE(parse_event_message(content + "x"));
    for (size_t byte : {0, 1, 2, 4, 6, 8, 11, 12, 15}) {
        std::string changed = content;
        changed[byte] = static_cast<char>(changed[byte] ^ 0x40);
        EXPECT_FALSE(parse_event_message(changed)) << byte;
    }
}

TEST(EventMessage, NamesAndDataAreChecked) {
    EventMessage message = example();
    message.data = "{\n}";
    EXPECT_FALSE(parse_event_message(written(message)));
    message.data = {};
    EXPECT_FALSE(parse_event_message(written(message)));
    message = example();
    message.topic = "Audit";
    EXPECT_FALSE(parse_event_message(written(message)));
    message = example();
    message.type = "a\"b";
    EXPECT_FALSE(parse_event_message(written(message)));
}

TEST(EventMessage, Names) {
    for (const char* type : {"a", "A9", "com.example.x", "x:y/z+1_2-3"})
        EXPECT_TRUE(is_event_type(type)) << type;
    for (const char* type : {"", ".a", "a b", "a\"", "\xC3\xA4", "a\n"})
        EXPECT_FALSE(is_event_type(type)) << type;
    EXPECT_TRUE(is_event_type(std::string(kMostTypeBytes, 'a')));
    EXPECT_FALSE(is_event_type(std::string(kMostTypeBytes + 1, 'a')));
    for (const char* topic : {"a", "_a", "audit", "a.b-c_1"}) EXPECT_TRUE(is_topic(topic)) << topic;
    for (const char* topic : {"", "A", "-a", ".a", "a,b", "a/b", "a b"})
        EXPECT_FALSE(is_topic(topic)) << topic;
    EXPECT_TRUE(is_topic(std::string(kMostTopicBytes, 'a')));
    EXPECT_FALSE(is_topic(std::string(kMostTopicBytes + 1, 'a')));
}

}  // namespace
}  // namespace gpsync::core

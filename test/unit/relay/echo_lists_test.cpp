// Rows of an import that some endpoints are to get: what the decoder says of them, and what comes of it.
#include <gtest/gtest.h>

#include "relay/books/ledger.hpp"
#include "relay/source/echo_lists.hpp"
#include "relay/source/event_parser.hpp"

namespace gpsync::relay {
namespace {

constexpr EndpointSet kNws = only(0), kOds = only(1);

std::string line(uint32_t ordinal, const std::string& fields) {
    std::string id(core::kEventIdLength, '\0');
    core::write_event_id(id.data(), {0x100, ordinal}, 1000);
    return fields + R"({"id":")" + id +
           R"(","type":"gpsync.row.inserted","partitionkey":"public.t/1","data":{"schema":"public",)"
           R"("table":"t","key":{"id":1},"revision":9}})";
}

struct Parsed {
    explicit Parsed(std::string lines) : text(std::move(lines)) {
        message.text = text;
        parse_events(message, relations, shapes, {});
        EchoLists({"nws", "ods"}).resolve(message);
    }
    EndpointSet unsent(size_t event) const { return message.events.at(event).unsent_at; }
    std::string text;
    Message message;
    RelationTable relations;
    KeyShapes shapes;
};

const std::string kBook = "@16402\t{\"id\":[1,23]}\t";
const std::string kBookWithText = "@16402\t{\"id\":[1,23]}\t{\"id\":\"1\"}\t";

TEST(EchoLists, WhoIsNotNamedHasTheRow) {
    Parsed p(line(1, kBook + "[\"ods\"]\t") + "\n" + line(2, kBookWithText + "[\"ods\"]\t") + "\n" +
             line(3, kBook + "[]\t") + "\n" + line(4, kBook + R"(["o\u0064s","nws"])" + "\t") + "\n" +
             line(5, kBook));
    EXPECT_TRUE(p.message.has_echo);
    EXPECT_EQ(p.unsent(0), kNws);
    EXPECT_EQ(p.unsent(1), kNws);
    EXPECT_EQ(p.unsent(2), kNws | kOds);
    EXPECT_EQ(p.unsent(3), 0U);
    EXPECT_EQ(p.unsent(4), 0U);
    EXPECT_EQ(p.message.events[1].mark_key(), R"({"id":"1"})");
    for (const Event& event : p.message.events) EXPECT_EQ(event.json().front(), '{');
}

TEST(EchoLists, NamesOfNoEndpointAreIgnored) {
    Parsed p(line(1, kBook + "[\"ODS\",\"\",\"other\"]\t"));
    EXPECT_EQ(p.unsent(0), kNws | kOds);
}

// Who could write such a field may write his events to everybody, but not to nobody.
TEST(EchoLists, AListThatIsNoneLeavesNobodyOut) {
    for (const char* list : {"[1]", "[\"ods\",null]", "[ods]", "[\"ods\"]]", "[[\"ods\"]]", "[\"ods\",]"})
        EXPECT_EQ(Parsed(line(1, kBook + list + "\t")).unsent(0), 0U) << list;
}

TEST(EchoLists, EventsWithoutFieldsHaveNone) {
    Parsed p(line(1, "") + "\n" + line(2, kBook));
    EXPECT_FALSE(p.message.has_echo);
    EXPECT_EQ(p.message.events[0].echo(), "");
    EXPECT_EQ(p.message.events[1].echo(), "");
}

TEST(EchoLists, BadFieldsAreRefused) {
    for (const char* fields : {"@1\t{}\t[\t", "@1\t{}\t[\"ods\"", "@1\t[]\t", "@1\t{}\t[]\t[]\t",
                               "@1\t{}\t[]\t{\"id\":1}\t", "[\"ods\"]\t"})
        EXPECT_THROW(Parsed(line(1, fields)), MalformedEvent) << fields;
}

// An event of all keys stays where it is in the lanes of who does not get it: nothing overtakes it.
TEST(EchoLists, AnEventOfAllKeysIsLeftOutInItsTurn) {
    Parsed p(line(1, kBook + "[\"ods\"]\t"));
    Event& event = p.message.events[0];
    EXPECT_TRUE(event.is_left_out_at(0));
    EXPECT_FALSE(event.is_left_out_at(1));
    event.scope = Scope::all_keys;
    EXPECT_FALSE(event.is_left_out_at(0));
}

TEST(EchoLists, LeftOutEverywhereIsSettledAtOnce) {
    Ledger ledger(2);
    auto message = std::make_unique<Message>();
    message->buffer = PgBuffer::copy_of(line(1, kBook + "[]\t"));
    message->text = message->buffer.view();
    message->end_lsn = 0x110;
    RelationTable relations;
    KeyShapes shapes;
    parse_events(*message, relations, shapes, {});
    ledger.add(std::move(message), [](const Event&) { return Audience{}; });
    ASSERT_TRUE(ledger.has_booking());
    const Booking booking = ledger.take_booking(10);
    ASSERT_EQ(booking.events.size(), 1U);
    EXPECT_TRUE(booking.events[0].complete);
    EXPECT_FALSE(booking.events[0].refused);
    EXPECT_EQ(booking.confirmed_lsn, 0x110U);
}

}  // namespace
}  // namespace gpsync::relay

// From the decoder's lines to events.
#include <gtest/gtest.h>

#include "core/cloudevents.hpp"
#include "relay/source/event_parser.hpp"
#include "relay/source/json_cursor.hpp"

namespace gpsync::relay {
namespace {

constexpr const char* kId1 = "0000000026B7FC80-00000001-00064A2B6F3C1D2E";
constexpr const char* kId2 = "0000000026B7FC80-00000002-00064A2B6F3C1D2E";

std::string line(const std::string& id, const std::string& type, const std::string& data,
                 const std::string& partition_key = "public.t/1") {
    return R"({"specversion":"1.0","id":")" + id + R"(","source":"/gpsync/1/app","type":"gpsync.)" + type +
           R"(","subject":"public.t/1","time":"2026-11-22T06:11:37.917466Z","datacontenttype":"application/json",)" +
           R"("sequence":"x","partitionkey":")" + partition_key + R"(","data":)" + data + "}";
}

std::string row(const std::string& key, const std::string& rest = "") {
    return R"({"schema":"public","table":"t","key":)" + key + rest + "}";
}

struct Parsed {
    explicit Parsed(std::string lines, core::Position settled = {}) : text(std::move(lines)) {
        message.text = text;
        parse_events(message, relations, shapes, settled);
    }
    std::string text;
    Message message;
    RelationTable relations;
    KeyShapes shapes;
};

TEST(EventParser, ReadsWhatTheRelayNeeds) {
    Parsed p(line(
        kId1, "row.inserted",
        R"({"schema":"public","table":"provision_status","key":{"provision_id":"prov_5"},"revision":649591936,)"
        R"("xid":400732,"row":{"provision_id":"prov_5","detail":{"old":1,"key":"}{\"\\"}}})"));
    ASSERT_EQ(p.message.events.size(), 1U);
    const Event& event = p.message.events[0];
    EXPECT_EQ(event.position, (core::Position{0x26B7FC80, 1}));
    EXPECT_EQ(event.commit_time_us, 0x00064A2B6F3C1D2E);
    EXPECT_TRUE(event.has_revision);
    EXPECT_EQ(event.revision, 649591936);
    EXPECT_EQ(event.scope, Scope::one_key);
    EXPECT_EQ(event.key(), R"({"provision_id":"prov_5"})");
    EXPECT_EQ(event.json(), p.text);
    EXPECT_EQ(p.relations[event.relation].quoted, R"("public"."provision_status")");
}

std::string topic_line(const std::string& type, const std::string& subject, const std::string& partition_key,
                       const std::string& data) {
    return std::string(R"({"specversion":"1.0","id":")") + kId1 + R"(","source":"/gpsync/1/app","type":")" +
           type + R"(","subject":)" + subject +
           R"(,"time":"2026-11-22T06:11:37.917466Z","datacontenttype":)" +
           R"("application/json","sequence":"x","partitionkey":")" + partition_key +
           R"(","topic":"audit","requestid":"00000000-0000-8000-8000-000000000001")" + data + "}";
}

TEST(EventParser, EventsOfTopics) {
    for (const char* data : {R"(,"data":{"schema":1,"revision":"x","key":[]})", R"(,"data":[1,"}"])",
                             R"(,"data":null)", R"(,"data":{"topic":"other"})", ""}) {
        Parsed p(topic_line("com.example.x", R"("a \"b\"")", "audit/a%20%22b%22", data));
        ASSERT_EQ(p.message.events.size(), 1U) << data;
        const Event& event = p.message.events[0];
        EXPECT_TRUE(event.topic);
        EXPECT_FALSE(event.has_revision);
        EXPECT_FALSE(event.skipped);
        EXPECT_EQ(event.scope, Scope::one_key);
        EXPECT_EQ(event.key_hash, key_hash("audit/a%20%22b%22"));
        EXPECT_EQ(p.relations[event.relation].schema, "");
        EXPECT_EQ(p.relations[event.relation].shown(), "topic audit");
        EXPECT_EQ(books_key(event), R"({"key":"a \"b\""})");
        EXPECT_EQ(partition_keys(event).key, "audit/a%20%22b%22");
    }
}

TEST(EventParser, KeysOfEventsOfTopicsInTheBooks) {
    Parsed none(topic_line("com.example.x", R"("audit")", "audit", R"(,"data":{})"));
    EXPECT_EQ(books_key(none.message.events[0]), "{}");
    Parsed row(topic_line("gpsync.status.changed", R"("public.t/1")", "public.t/1",
                          R"(,"data":{"key":{"id":1},"from":"A"})"));
    EXPECT_EQ(books_key(row.message.events[0]), R"({"id":1})");
    Parsed skipped(topic_line("gpsync.change.skipped", R"("audit")", "audit", ""));
    EXPECT_TRUE(skipped.message.events[0].skipped);
    EXPECT_EQ(books_key(skipped.message.events[0]), "{}");
}

TEST(EventParser, BookLines) {
    const std::string event = line(kId1, "row.inserted", row(R"({"id":1})", R"(,"revision":1)"));
    const std::string last = line(kId2, "row.inserted", row(R"({"id":[2]})", R"(,"revision":2)"));
    Parsed p("@16402\t{\"id\":[1,23]}\t" + event + "\n@16402\t{\"id\":[1,1007]}\t{\"id\":\"{2}\"}\t" + last);
    ASSERT_EQ(p.message.events.size(), 2U);
    const Event &first = p.message.events[0], &second = p.message.events[1];
    EXPECT_EQ(first.json(), event);
    EXPECT_EQ(second.json(), last);
    EXPECT_EQ(first.mark_key(), R"({"id":1})");
    EXPECT_EQ(second.mark_key(), R"({"id":"{2}"})");
    EXPECT_EQ(second.key(), R"({"id":[2]})");
    EXPECT_EQ(first.relation, second.relation);
    EXPECT_NE(first.target, second.target);
    EXPECT_EQ(p.relations.target(second.target).oid, 16402U);
    EXPECT_EQ(p.relations.target(second.target).key_columns, R"({"id":[1,1007]})");
}

// A deletion of a row that is still in the table, under another key; a row that nobody gets.
TEST(EventParser, BookLinesWithRevision) {
    const std::string moved = line(kId1, "row.deleted", row(R"({"id":1})"));
    const std::string filtered = line(kId2, "row.inserted", row("{}"));
    Parsed p("@16402\t{\"id\":[1,23]}\t{\"id\":2}\t#77\t" + moved +
             "\n@16402\t{\"id\":[1,23]}\t{\"id\":3}\t#78\t[]\t" + filtered);
    ASSERT_EQ(p.message.events.size(), 2U);
    const Event &first = p.message.events[0], &second = p.message.events[1];
    EXPECT_TRUE(first.has_revision);
    EXPECT_EQ(first.revision, 77);
    EXPECT_EQ(first.mark_key(), R"({"id":2})");
    EXPECT_EQ(books_key(first), R"({"id":2})");
    EXPECT_EQ(first.json(), moved);
    EXPECT_EQ(second.revision, 78);
    EXPECT_EQ(second.mark_key(), R"({"id":3})");
    EXPECT_EQ(second.echo(), "[]");
    EXPECT_EQ(second.json(), filtered);
}

TEST(EventParser, BookLinesLeaveLanesAlone) {
    const std::string event = line(kId1, "row.inserted", row(R"({"id":1})", R"(,"revision":1)"));
    Parsed p("@16402\t{\"id\":[1,23]}\t" + event + "\n@16403\t{\"id\":[2,23]}\t" + event + "\n" + event);
    ASSERT_EQ(p.message.events.size(), 3U);
    EXPECT_EQ(p.message.events[0].key_hash, p.message.events[1].key_hash);
    EXPECT_EQ(p.message.events[0].key_hash, p.message.events[2].key_hash);
    EXPECT_EQ(p.relations.target(p.message.events[2].target).oid, 0U);
}

TEST(EventParser, RefusesBadBookLines) {
    const std::string event = line(kId1, "row.inserted", row(R"({"id":1})", R"(,"revision":1)"));
    for (const char* before :
         {"@", "@1", "@1\t", "@1\t{}", "@x\t{}\t", "@\t{}\t", "@1\t{\t", "@99999999999\t{}\t", "@1\t{}\tx\t",
          "@1\t{}\t{}\t{}\t", "@1\t{}\t#7\t", "@1\t{}\t{}\t#\t", "@1\t{}\t{}\t#x\t"})
        EXPECT_THROW(Parsed(before + event), MalformedEvent) << before;
}

TEST(EventParser, OrderOfMembersDoesNotMatter) {
    Parsed p(std::string(R"({"data":{"revision":7,"row":{},"key":{"id":1},"table":"t","schema":"s"},)"
                         R"("type":"gpsync.row.inserted","partitionkey":"s.t/1","id":")") +
             kId1 + "\"}");
    EXPECT_EQ(p.message.events.at(0).revision, 7);
    EXPECT_EQ(p.relations[0].quoted, R"("s"."t")");
}

TEST(EventParser, OneEventALine) {
    Parsed p(line(kId1, "row.inserted", row(R"({"id":1})", R"(,"revision":1)")) + "\n" +
             line(kId2, "row.deleted", row(R"({"id":1})", R"(,"old":{"id":1})")));
    ASSERT_EQ(p.message.events.size(), 2U);
    EXPECT_TRUE(p.message.events[0].has_revision);
    EXPECT_FALSE(p.message.events[1].has_revision);
    EXPECT_EQ(p.message.events[0].key_hash, p.message.events[1].key_hash);
    EXPECT_EQ(p.message.last, (core::Position{0x26B7FC80, 2}));
}

TEST(EventParser, SkipsWhatIsSettledButKnowsWhereTheMessageEnds) {
    std::string both = line(kId1, "row.inserted", row(R"({"id":1})")) + "\n" +
                       line(kId2, "row.inserted", row(R"({"id":2})"));
    Parsed half(both, core::Position{0x26B7FC80, 1});
    ASSERT_EQ(half.message.events.size(), 1U);
    EXPECT_EQ(half.message.events[0].position.ordinal, 2U);
    EXPECT_EQ(half.message.events[0].key(), R"({"id":2})");
    Parsed all(both, core::Position{0x26B7FC80, 2});
    EXPECT_TRUE(all.message.events.empty());
    EXPECT_EQ(all.message.last, (core::Position{0x26B7FC80, 2}));
}

TEST(EventParser, TellsAChangeOfKeyFromAFullOldRow) {
    Parsed same(line(kId1, "row.updated",
                     row(R"({"a":1,"b":"x"})", R"(,"revision":2,"row":{"a":1},"old":{"b":"x","c":9,"a":1})"),
                     "public.t/1,x"));
    EXPECT_EQ(same.message.events[0].scope, Scope::one_key);
    Parsed moved(line(kId1, "row.updated",
                      row(R"({"a":1,"b":"x"})", R"(,"revision":2,"row":{"a":1},"old":{"b":"y","a":1})"),
                      "public.t/1,x"));
    EXPECT_EQ(moved.message.events[0].scope, Scope::two_keys);
    Parsed before(line(kId1, "row.inserted", row(R"({"a":1,"b":"y"})"), "public.t/1,y"));
    EXPECT_EQ(moved.message.events[0].old_key_hash, before.message.events[0].key_hash);
    EXPECT_EQ(moved.message.events[0].key_hash, same.message.events[0].key_hash);
}

TEST(EventParser, LanesAreByPartitionkey) {
    Parsed p(line(kId1, "row.updated", row(R"({"id":5})"), "public.t/5") + "\n" +
             line(kId1, "row.updated", row(R"({"id":"5"})"), "public.t/5") + "\n" +
             line(kId1, "row.inserted", row(R"({"id":""})"), "public.t/") + "\n" +
             line(kId1, "row.inserted", row("{}"), "public.t"));
    EXPECT_EQ(p.message.events[0].key_hash, p.message.events[1].key_hash);
    EXPECT_NE(p.message.events[2].key_hash, p.message.events[3].key_hash);
}

// What the decoder writes as partitionkey of a row is what the relay takes the row's old key for.
TEST(EventParser, TheOldKeyHasThePartitionkeyThatTheDecoderWrote) {
    const std::string_view keys[] = {R"({"a":1,"b":"x"})",     R"({"a":"1","b":"y,z"})",
                                     R"({"a":"","b":""})",     R"({"a":"","b":"\"\\\n\u001f"})",
                                     R"({"a":null,"b":1.50})", R"({"a":"ż/%2C","b":true})",
                                     R"({"a":[1,"x"],"b":{}})"};
    for (const std::string_view key : keys) {
        core::HeapBuffer subject;
        subject.append("my%20s.t%2E1/");
        JsonCursor cursor(key);
        cursor.for_each_member([&](std::string_view name) {
            core::append_subject_part(subject, cursor.value(), name == "a");
            return true;
        });
        const std::string data(key);
        Parsed p(line(kId1, "row.inserted", row(data), std::string(subject.view())) + "\n" +
                 line(kId2, "row.updated", row(R"({"a":7,"b":8})", R"(,"old":{"c":1,)" + data.substr(1)),
                      "my%20s.t%2E1/7,8"));
        EXPECT_EQ(p.message.events[1].scope, Scope::two_keys) << key;
        EXPECT_EQ(p.message.events[1].old_key_hash, p.message.events[0].key_hash) << key;
    }
}

std::string booked(const std::string& oid, const std::string& columns, const std::string& schema = "public") {
    return "@" + oid + "\t" + columns + "\t" +
           line(kId1, "row.updated",
                R"({"schema":")" + schema + R"(","table":"t","key":{"id":1},"revision":1,"row":{}})");
}

std::vector<Scope> scopes(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
    Parsed p(text);
    std::vector<Scope> found;
    for (const Event& event : p.message.events) found.push_back(event.scope);
    return found;
}

TEST(EventParser, NoEventOvertakesAChangeOfTheKeysShape) {
    using enum Scope;
    const std::string narrow = R"({"id":[1,23]})", wide = R"({"id":[1,20]})", other = R"({"id":[2,23]})";
    EXPECT_EQ(scopes({booked("1", narrow), booked("1", narrow), booked("1", wide), booked("1", wide)}),
              (std::vector{one_key, one_key, all_keys, one_key}));
    EXPECT_EQ(
        scopes({booked("1", narrow), booked("1", narrow, "elsewhere"), booked("1", narrow, "elsewhere")}),
        (std::vector{one_key, all_keys, one_key}))
        << "a table that was moved";
    EXPECT_EQ(scopes({booked("1", narrow), booked("2", other), booked("1", narrow), booked("2", other)}),
              (std::vector(4, one_key)))
        << "partitions";
    EXPECT_EQ(scopes({booked("1", narrow), booked("2", wide), booked("1", wide), booked("2", wide)}),
              (std::vector{one_key, all_keys, all_keys, one_key}))
        << "a partition without events before";
    EXPECT_EQ(
        scopes({booked("1", narrow), "@1\t" + wide + "\t" + line(kId2, "row.deleted", row(R"({"id":1})")),
                booked("1", wide)}),
        (std::vector{one_key, all_keys, one_key}))
        << "a deleted row";
}

TEST(EventParser, AnOldRowWithoutTheKeyWaitsForEveryLane) {
    Parsed p(line(kId1, "row.updated", row(R"({"a":1})", R"(,"row":{"a":1},"old":{"c":1})")));
    EXPECT_EQ(p.message.events[0].scope, Scope::all_keys);
}

TEST(EventParser, TruncateIsOfAllKeys) {
    Parsed p(line(kId1, "table.truncated", R"({"schema":"public","table":"t"})"));
    EXPECT_EQ(p.message.events[0].scope, Scope::all_keys);
    EXPECT_FALSE(p.message.events[0].has_revision);
}

TEST(EventParser, TablesOfOneNameInTwoSchemasAreTwo) {
    Parsed p(line(kId1, "row.inserted", R"({"schema":"a","table":"bc","key":{"id":1}})") + "\n" +
             line(kId2, "row.inserted", R"({"schema":"ab","table":"c","key":{"id":1}})", "ab.c/1"));
    EXPECT_NE(p.message.events[0].relation, p.message.events[1].relation);
    EXPECT_NE(p.message.events[0].key_hash, p.message.events[1].key_hash);
}

TEST(EventParser, QuotesNamesThatNeedIt) {
    Parsed p(line(kId1, "row.inserted", R"({"schema":"My \"S\"","table":"t\u00e4","key":{"id":1}})"));
    EXPECT_EQ(p.relations[0].quoted, "\"My \"\"S\"\"\".\"t\xC3\xA4\"");
    EXPECT_EQ(p.relations[0].schema, "My \"S\"");
}

TEST(EventParser, AnEmptyKeyIsAKey) {
    Parsed p(line(kId1, "row.inserted", row("{}")));
    EXPECT_EQ(p.message.events[0].scope, Scope::one_key);
}

TEST(EventParser, RefusesWhatIsNoEvent) {
    for (const std::string& bad :
         {std::string("x"), std::string("{}"), line("nonsense", "row.inserted", row("{}")),
          line(kId1, "row.inserted", "{}"), line(kId1, "row.inserted", row("{}"), ""),
          line(kId1, "row.inserted", row("3")), line(kId1, "row.inserted", row("{}", R"(,"revision":"x")")),
          line(kId1, "row.inserted", R"({"schema":"s)")})
        EXPECT_THROW(Parsed{bad}, MalformedEvent) << bad;
}

TEST(EventParser, RefusesTimesThatOverflow) {
    const std::string place = "0000000026B7FC80-00000001-";
    for (const char* time : {"7FFFFFFFFFFFFFFF", "8000000000000000", "4000000000000001", "BFFFFFFFFFFFFFFF"})
        EXPECT_THROW(Parsed{line(place + time, "row.inserted", row("{}"))}, MalformedEvent) << time;
    for (const char* time : {"4000000000000000", "C000000000000000", "0000000000000000"})
        EXPECT_NO_THROW(Parsed{line(place + time, "row.inserted", row("{}"))}) << time;
}

TEST(RelationTable, KnowsNothingOfANameThatIsMalformed) {
    RelationTable relations;
    EXPECT_EQ(relations.index_of("s", "t"), 0U);
    EXPECT_THROW(relations.index_of("s", "\\x"), MalformedEvent);
    EXPECT_THROW(relations.index_of("s", "\\x"), MalformedEvent) << "nor does it pass for the one before";
    EXPECT_EQ(relations.index_of("s", "u"), 1U);
    EXPECT_EQ(relations[1].table, "u");
}

TEST(EventMember, GivesTheTextOfAMember) {
    std::string json = line(kId1, "row.inserted", row("{}"));
    EXPECT_EQ(event_member(json, "subject"), "public.t/1");
    EXPECT_EQ(event_member(json, "nothing"), "");
}

}  // namespace
}  // namespace gpsync::relay

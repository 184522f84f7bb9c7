// What the NWS emulator refuses, and why: a checker that lets things pass proves nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "emulator/event.hpp"
#include "emulator/row_merge.hpp"
#include "emulator/rules.hpp"

namespace gpsync::emulator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kEvent =
    R"({"specversion":"1.0","id":"0000000026B7FC80-00000003-00064428CD8877DA",)"
    R"("source":"/gpsync/7301234123412341234/app",)"
    R"("type":"gpsync.row.updated","subject":"public.provision_status/prov_5","time":"2025-11-22T06:11:37.917402Z",)"
    R"("datacontenttype":"application/json","sequence":"0000000026B7FC80-00000003",)"
    R"("partitionkey":"public.provision_status/prov_5",)"
    R"("data":{"schema":"public","table":"provision_status","key":{"provision_id":"prov_5"},"revision":649591936,)"
    R"("xid":400732,)"
    R"("row":{"provision_id":"prov_5","status":"VERIFIED","detail":{"os":"android"}},)"
    R"("old":{"provision_id":"prov_4"},"unchanged":["photo"]}})";

// kEvent with one piece of text replaced.
std::string with(const std::string& from, const std::string& to) {
    std::string event = kEvent;
    const size_t at = event.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return event.replace(at, from.size(), to);
}

std::string refusal_of(const std::string& event) {
    const std::string body = "[" + event + "]";
    Batch batch;
    return batch.read(body).reason;
}

TEST(EmulatorRules, TakesWhatTheWireFormatDescribes) {
    const std::string body = "[" + kEvent + "," + kEvent + "]";
    Batch batch;
    ASSERT_EQ(batch.read(body).reason, "");
    ASSERT_EQ(batch.events().size(), 2U);
    const Event& event = batch.events()[1];
    EXPECT_EQ(event.raw, kEvent);
    EXPECT_EQ(event.position, (core::Position{0x26B7FC80, 3}));
    EXPECT_EQ(event.type, EventType::Updated);
    EXPECT_EQ(event.revision, 649591936);
    EXPECT_EQ(event.key_json, R"({"provision_id":"prov_5"})");
    EXPECT_EQ(event.row_json, R"({"provision_id":"prov_5","status":"VERIFIED","detail":{"os":"android"}})");
    EXPECT_THAT(event.key, ElementsAre(Part("provision_id", "prov_5")));
    EXPECT_THAT(event.unchanged, ElementsAre("photo"));
}

TEST(EmulatorRules, RefusesWhatIsNoBatch) {
    Batch batch;
    EXPECT_THAT(batch.read("[]").reason, HasSubstr("empty"));
    EXPECT_THAT(batch.read(kEvent).reason, HasSubstr("array"));
    EXPECT_THAT(batch.read("[1]").reason, HasSubstr("object"));
    EXPECT_THAT(batch.read("[{}").reason, HasSubstr("not JSON"));
    EXPECT_THAT(batch.read("").reason, HasSubstr("not JSON"));
    EXPECT_THAT(batch.read("[" + with("prov_5", "prov_\xff") + "]").reason, HasSubstr("not JSON"));
}

TEST(EmulatorRules, NamesTheEventThatIsWrong) {
    const std::string body = "[" + kEvent + "," + with("\"1.0\"", "\"0.3\"") + "]";
    Batch batch;
    EXPECT_EQ(batch.read(body).event, 1);
}

TEST(EmulatorRules, CloudEventsAttributes) {
    EXPECT_THAT(refusal_of(with("\"1.0\"", "\"0.3\"")), HasSubstr("specversion"));
    EXPECT_THAT(refusal_of(with("\"specversion\":\"1.0\",", "")), HasSubstr("specversion"));
    EXPECT_THAT(refusal_of(with("/gpsync/7301234123412341234/app", "")), HasSubstr("source"));
    EXPECT_THAT(refusal_of(with("/gpsync/7301234123412341234/app", "/gpsync/my db")), HasSubstr("source"));
    EXPECT_THAT(refusal_of(with("/gpsync/7301234123412341234/app", "/gpsync/%zz")), HasSubstr("source"));
    EXPECT_THAT(refusal_of(with("\"type\":\"gpsync.row.updated\"", "\"type\":\"\"")), HasSubstr("type"));
    EXPECT_THAT(refusal_of(with("\"type\":\"gpsync.row.updated\"", "\"type\":null")), HasSubstr("type"));
    EXPECT_THAT(refusal_of(with("\"type\":\"gpsync.row.updated\"", "\"type\":7")), HasSubstr("type"));
    EXPECT_THAT(refusal_of(with("06:11:37.917402Z", "06:11:37.917402")), HasSubstr("time"));
    EXPECT_THAT(refusal_of(with("2025-11-22T", "2025-02-30T")), HasSubstr("time"));
    EXPECT_THAT(refusal_of(with("\"time\"", "\"time\":null,\"id\"")), HasSubstr("twice"));
}

TEST(EmulatorRules, ExtensionAttributes) {
    EXPECT_EQ(refusal_of(with("\"time\"", "\"traceparent\":\"00-1\",\"time\"")), "");
    EXPECT_EQ(refusal_of(with("\"time\"", "\"n1\":-5,\"b\":true,\"x\":null,\"time\"")), "");
    EXPECT_THAT(refusal_of(with("\"time\"", "\"traceParent\":\"00-1\",\"time\"")), HasSubstr("a-z"));
    EXPECT_THAT(refusal_of(with("\"time\"", "\"trace_parent\":\"00-1\",\"time\"")), HasSubstr("a-z"));
    EXPECT_THAT(refusal_of(with("\"time\"", "\"n\":2147483648,\"time\"")), HasSubstr("32-bit"));
    EXPECT_THAT(refusal_of(with("\"time\"", "\"n\":1.5,\"time\"")), HasSubstr("32-bit"));
    EXPECT_THAT(refusal_of(with("\"time\"", "\"n\":{},\"time\"")), HasSubstr("object or an array"));
}

TEST(EmulatorRules, PlaceInTheStream) {
    EXPECT_THAT(refusal_of(with("26B7FC80-00000003-", "26b7fc80-00000003-")), HasSubstr("id is not"));
    EXPECT_THAT(refusal_of(with("\"sequence\":\"0000000026B7FC80-00000003\"",
                                "\"sequence\":\"0000000026B7FC80-00000004\"")),
                HasSubstr("sequence"));
    EXPECT_THAT(refusal_of(with("37.917402Z", "37.917403Z")), HasSubstr("commit time"));
    EXPECT_THAT(refusal_of(with("application/json", "text/plain")), HasSubstr("datacontenttype"));
    EXPECT_THAT(refusal_of(with("row.updated", "row.upserted")), HasSubstr("type is none"));
}

TEST(EmulatorRules, SubjectAndData) {
    EXPECT_THAT(refusal_of(with("\"partitionkey\":\"public", "\"partitionkey\":\"other")),
                HasSubstr("partitionkey"));
    EXPECT_THAT(
        refusal_of(with("{\"provision_id\":\"prov_5\"},\"rev", "{\"provision_id\":\"prov_6\"},\"rev")),
        HasSubstr("subject"));
    EXPECT_THAT(refusal_of(with("\"status\":\"VERIFIED\"", "\"sync_status\":\"PENDING\"")),
                HasSubstr("bookkeeping"));
    EXPECT_THAT(refusal_of(with("\"xid\":400732,", "")), HasSubstr("xid"));
    EXPECT_THAT(refusal_of(with("\"xid\":400732", "\"xid\":\"400732\"")), HasSubstr("xid"));
    EXPECT_THAT(refusal_of(with("\"xid\":400732", "\"extra\":400732")), HasSubstr("unknown member"));
    EXPECT_THAT(refusal_of(with("gpsync.row.updated", "gpsync.row.deleted")),
                HasSubstr("deleted row with data.row"));
}

TEST(EmulatorRules, TimesAreRfc3339) {
    EXPECT_EQ(parse_time("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(parse_time("1970-01-01T01:30:00.5+01:30"), 500000);
    EXPECT_EQ(parse_time("2000-02-29T23:59:59.123456789z"), 951868799123456);
    for (const char* bad :
         {"", "1970-01-01", "1970-01-01T00:00:00", "1970-13-01T00:00:00Z", "1970-01-01T24:00:00Z",
          "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00+1:30", "1970-01-01T00:00:00Zx"})
        EXPECT_EQ(parse_time(bad), std::nullopt) << bad;
}

TEST(EmulatorRules, SubjectsOfKeys) {
    EXPECT_EQ(make_subject("public", "t", {{"a", "x/y,z"}, {"b", "1.5"}}), "public.t/x%2Fy%2Cz,1.5");
    EXPECT_EQ(make_subject("public", "t", {}), "public.t");
}

TEST(EmulatorRows, ValuesThatWereNotSentComeFromTheRowBefore) {
    const std::string body = "[" + kEvent + "]";
    Batch batch;
    ASSERT_EQ(batch.read(body).reason, "");
    const Event& event = batch.events().front();
    std::vector<std::string> missing;
    EXPECT_EQ(
        merge_row(event, R"({"provision_id" : "a,}\"", "photo" : [1.10, {"x":"}"}] ,"z":1})", missing),
        R"({"provision_id":"prov_5","status":"VERIFIED","detail":{"os":"android"},"photo":[1.10, {"x":"}"}] })");
    EXPECT_TRUE(missing.empty());
    merge_row(event, R"({"provision_id":"a"})", missing);
    EXPECT_THAT(missing, ElementsAre("photo"));
    ASSERT_TRUE(changed_key(event));
    EXPECT_THAT(*changed_key(event), ElementsAre(Part("provision_id", "prov_4")));
}

}  // namespace
}  // namespace gpsync::emulator

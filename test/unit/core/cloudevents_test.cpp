#include "core/cloudevents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/percent_encoding.hpp"

namespace gpsync::core {
namespace {

std::string percent_encoded(std::string_view text, bool escape_dot = false) {
    HeapBuffer out;
    append_percent_encoded(out, text, escape_dot);
    return std::string(out.view());
}

class CloudEvents : public testing::Test {
  protected:
    std::string event(const EventHead& head, std::string_view rest = {}) {
        HeapBuffer out;
        append_event_head(out, transaction_, table_, head);
        out.append(rest);
        append_event_end(out);
        return std::string(out.view());
    }

    EventTransaction transaction_ = make_event_transaction(0x26B7FC80, 1795327897917466, 400732);
    HeapBuffer storage_;
    EventTemplate table_ = make_event_template(storage_, {"/gpsync/7301234123412341234/app", "public",
                                                          "provision_status", "public.provision_status"});
};

TEST_F(CloudEvents, WritesTheFieldsInTheirOrder) {
    EXPECT_EQ(
        event({EventType::kUpdated, 3, "prov_5", R"({"provision_id":"prov_5"})", 649591936},
              R"(,"row":{"provision_id":"prov_5"})"),
        R"({"specversion":"1.0","id":"0000000026B7FC80-00000003-000660D7599C581A",)"
        R"("source":"/gpsync/7301234123412341234/app","type":"gpsync.row.updated",)"
        R"("subject":"public.provision_status/prov_5","time":"2026-11-22T06:11:37.917466Z",)"
        R"("datacontenttype":"application/json","sequence":"0000000026B7FC80-00000003",)"
        R"("partitionkey":"public.provision_status/prov_5","data":{"schema":"public","table":"provision_status",)"
        R"("key":{"provision_id":"prov_5"},"revision":649591936,"xid":400732,"row":{"provision_id":"prov_5"}}})");
}

TEST_F(CloudEvents, NamesEveryType) {
    using testing::HasSubstr;
    EXPECT_THAT(event({EventType::kInserted, 1, "1", "{}", {}}),
                HasSubstr(R"("type":"gpsync.row.inserted")"));
    EXPECT_THAT(event({EventType::kDeleted, 1, "1", "{}", {}}), HasSubstr(R"("type":"gpsync.row.deleted")"));
    EXPECT_THAT(event({EventType::kTruncated, 1, {}, "{}", {}}),
                HasSubstr(R"("type":"gpsync.table.truncated")"));
}

TEST_F(CloudEvents, ATableWithoutAKeyIsItsOwnSubject) {
    const std::string text = event({EventType::kTruncated, 0xABCDEF01, {}, "{}", {}});
    EXPECT_THAT(text, testing::HasSubstr(R"("subject":"public.provision_status","time")"));
    EXPECT_THAT(text, testing::HasSubstr(R"("partitionkey":"public.provision_status","data")"));
    EXPECT_THAT(text, testing::HasSubstr(R"("sequence":"0000000026B7FC80-ABCDEF01")"));
    EXPECT_THAT(text, testing::HasSubstr(R"("key":{},"xid":400732}})"));
}

TEST_F(CloudEvents, AnEmptyKeyHasASubjectOfItsOwn) {
    const std::string text = event({EventType::kInserted, 1, "", R"({"provision_id":""})", 1});
    EXPECT_THAT(text, testing::HasSubstr(R"("subject":"public.provision_status/","time")"));
    EXPECT_THAT(text, testing::HasSubstr(R"("partitionkey":"public.provision_status/","data")"));
}

TEST(Subject, PartsOfAKey) {
    HeapBuffer out;
    for (const char* json :
         {R"("a,b")", "5", R"("5")", R"("")", R"("\"\\\n\u001f/")", "null", "[1]", R"("\")"})
        append_subject_part(out, json, out.size == 0);
    EXPECT_EQ(out.view(), "a%2Cb,5,5,,%22%5C%0A%1F%2F,null,%5B1%5D,%5C");
}

TEST(Subject, PrefixOfATablesRows) {
    EXPECT_EQ(subject_prefix("s.t/1,2"), "s.t/");
    EXPECT_EQ(subject_prefix("s.t/"), "s.t/");
    EXPECT_EQ(subject_prefix("s.t"), "");
}

TEST_F(CloudEvents, NamesAreQuotedInDataAndEncodedInTheSubject) {
    HeapBuffer storage, subject;
    append_event_subject(subject, "my schema", "a.\"b\"/ż");
    const EventTemplate odd =
        make_event_template(storage, {"/gpsync/1/x", "my schema", "a.\"b\"/ż", subject.view()});
    HeapBuffer out;
    append_event_head(out, transaction_, odd, {EventType::kInserted, 1, "k", "{}", {}});
    EXPECT_THAT(std::string(out.view()),
                testing::HasSubstr(R"("subject":"my%20schema.a%2E%22b%22%2F%C5%BC/k")"));
    EXPECT_THAT(std::string(out.view()), testing::HasSubstr(R"("schema":"my schema","table":"a.\"b\"/ż")"));
}

TEST(PercentEncoding, KeepsUnreservedCharacters) {
    EXPECT_EQ(percent_encoded("AZaz09-._~"), "AZaz09-._~");
    EXPECT_EQ(percent_encoded("a,b/c d%\x01ż"), "a%2Cb%2Fc%20d%25%01%C5%BC");
    EXPECT_EQ(percent_encoded("a.b", true), "a%2Eb");
}

TEST(EventSource, EncodesTheDatabase) {
    HeapBuffer out;
    append_event_source(out, 7301234123412341234, "my app");
    EXPECT_EQ(out.view(), "/gpsync/7301234123412341234/my%20app");
}

}  // namespace
}  // namespace gpsync::core

#include "relay/config.hpp"

#include <gtest/gtest.h>

#include "relay/base/lsn.hpp"
#include "relay/observe/log.hpp"
#include "relay/observe/metrics_server.hpp"
#include "relay/observe/report.hpp"

namespace gpsync::relay {
namespace {

using namespace std::chrono_literals;

const std::string kEndpoint =
    R"({"name":"nws","options":{"url":"https://nws.example/events","batch_size":100,"batch_bytes":1048576,)"
    R"("linger_ms":5,)"
    R"("lanes":4,"timeout_ms":5000,"connect_timeout_ms":2000,"max_connection_age_ms":300000,"retry_attempts":3,)"
    R"("retry_base_ms":1000,"breaker_successes":3,)"
    R"("spool_limit_bytes":10737418240,"spool_time_ms":0,)"
    R"("compression":"gzip","event_mode":"batch","signing":"none","protocol":"cloudevents-batch"},)"
    R"("user_mapping":{"bearer_token":"s3cret"}})";

std::string config_json(const std::string& endpoints) {
    return R"({"stream":"legacy","slot":"gpsync_5_legacy","source":"/gpsync/1/app","publication":"gpsync",)"
           R"("partition":"1/2",)"
           R"("topics":[],)"
           R"("bookkeeping":true,)"
           R"("paused":false,"failover":false,)"
           R"("system_identifier":"7301234123412341234","position":{"commit_lsn":"16/B374D848",)"
           R"("ordinal":3},)"
           R"("spool":{"end":{"commit_lsn":"16/B374D800","ordinal":7},"cursors":{"nws":)"
           R"({"feed":"behind","commit_lsn":"16/B374D700","ordinal":2,"since":1763791897.5,"bytes":70,"events":3}},)"
           R"("refused":""},)"
           R"("endpoints":[)" +
           endpoints + R"(],"fingerprint":"abc"})";
}

TEST(Config, IsReadCompletely) {
    RelayConfig config = parse_config(config_json(kEndpoint));
    EXPECT_EQ(config.replication.slot, "gpsync_5_legacy");
    EXPECT_EQ(config.replication.partition, "1/2");
    EXPECT_EQ(config.position, (core::Position{0x16B374D848, 3}));
    EXPECT_TRUE(config.bookkeeping);
    ASSERT_EQ(config.endpoints.size(), 1U);
    const EndpointConfig& endpoint = config.endpoints[0];
    EXPECT_EQ(endpoint.batch.max_events, 100U);
    EXPECT_EQ(endpoint.timeout, 5s);
    EXPECT_EQ(endpoint.linger, 5ms);
    EXPECT_TRUE(endpoint.gzip);
    EXPECT_EQ(endpoint.ca_file, "");
    EXPECT_EQ(endpoint.credentials.bearer_token, "s3cret");
    EXPECT_EQ(endpoint.spool_limit_bytes, int64_t{10} << 30);
    EXPECT_EQ(config.spool.end, (core::Position{0x16B374D800, 7}));
    const EndpointState& state = config.spool.endpoints.at("nws");
    EXPECT_TRUE(state.behind);
    EXPECT_EQ(state.cursor, (core::Position{0x16B374D700, 2}));
    EXPECT_EQ(state.since_us, 1763791897500000);
    EXPECT_EQ(state.bytes, 70);
}

TEST(Config, RefusesAHeaderThatIsGivenTwice) {
    std::string text = config_json(kEndpoint);
    const auto put = [&](const std::string& before, const std::string& added) {
        text.insert(text.find(before), added);
    };
    put(R"("compression")", R"("headers":"X-Tenant: acme",)");
    put(R"("bearer_token")", R"("secret_headers":"X-Key: k1\nx-tenANT: b",)");
    try {
        (void)parse_config(text);
        ADD_FAILURE() << "it was taken";
    } catch (const ConfigError& error) {
        EXPECT_STREQ(error.what(), R"(header "X-Tenant" of endpoint "nws" is given twice)");
    }
}

TEST(Config, RefusesWhatDoesNotFit) {
    auto with = [](const std::string& from, const std::string& to) {
        std::string text = config_json(kEndpoint);
        return text.replace(text.find(from), from.size(), to);
    };
    for (const std::string& bad :
         {std::string("nonsense"), std::string("{}"), config_json(""), with("\"lanes\":4", "\"lanes\":0"),
          with("\"lanes\":4", "\"lanes\":\"4\""), with("gzip", "brotli"), with("16/B374D848", "16B374D848"),
          with("\"paused\":false", "\"paused\":0"), with("cloudevents-batch", "soap"),
          with("\"url\"", "\"uri\""), with("\"lanes\":4", "\"lanes\":9223372036854775807"),
          with("\"timeout_ms\":5000", "\"timeout_ms\":9223372036854775807"),
          with("\"retry_base_ms\":1000", "\"retry_base_ms\":-1"),
          with("\"retry_attempts\":3", "\"retry_attempts\":4294967297"),
          with("\"ordinal\":3", "\"ordinal\":4294967296")})
        EXPECT_THROW(parse_config(bad), ConfigError) << bad;
}

TEST(Config, WritesLsnsAsTheServerDoes) {
    EXPECT_EQ(format_lsn(0x16B374D848), "16/B374D848");
    EXPECT_EQ(parse_lsn(format_lsn(0xFFFFFFFFFFFFFFFF)), 0xFFFFFFFFFFFFFFFF);
}

TEST(ListenAddress, TakesHostAndPort) {
    EXPECT_EQ(ListenAddress::parse("127.0.0.1:9187").port, 9187);
    EXPECT_EQ(ListenAddress::parse("[::1]:9187").host, "::1");
    for (const char* bad : {"", "9187", "host:", "host:x", "host:70000", ":80", "host:1x"})
        EXPECT_THROW(ListenAddress::parse(bad), ConfigError) << bad;
}

TEST(LogLine, IsOneLineOfJson) {
    EXPECT_EQ(log::format_line(1763791897917466, log::Level::warning, "legacy", "say \"hi\"\n",
                               {{"n", 3}, {"ok", true}, {"text", "a\\b\x01"}}),
              R"({"timestamp":"2025-11-22T06:11:37.917466Z","level":"warning","service":"migration-service",)"
              R"("message":"say \"hi\"\n","stream":"legacy","n":3,"ok":true,"text":"a\\b\u0001"})");
}

TEST(LogLine, SurvivesTextThatIsNotUtf8) {
    std::string line = log::format_line(0, log::Level::error, "", "bad \xFF\xFE bytes",
                                        {{"f", std::string_view("a\0b", 3)}});
    EXPECT_NE(line.find("\"bad  bytes\""), std::string::npos) << line;
    EXPECT_NE(line.find("\"f\":\"ab\""), std::string::npos) << line;
}

TEST(Report, HasTheColumnsOfItsTables) {
    RelayStatus status;
    status.state = State::waiting;
    status.started_us = 1763791897000000;
    status.note_error("went \"wrong\"");
    status.last_error_us = 1763791898000000;
    status.endpoints["nws"] = {true, BreakerState::open, 1763791890000000, 1763791899000000, 3, 10, 1,
                               5,    "HTTP 503",         1763791898000000};
    Progress progress;
    progress.in_flight_events = 7;
    progress.endpoints.push_back({"nws", 1763791899000000, 2.5});
    std::string json = report_json(status, progress);
    json.replace(json.find("\"relay_pid\":"), json.find(",\"started_at\"") - json.find("\"relay_pid\":"),
                 "\"relay_pid\":1");
    EXPECT_EQ(
        json,
        R"({"state":"waiting","relay_pid":1,"started_at":"2025-11-22T06:11:37.000000Z","in_flight_events":7,)"
        R"("in_flight_bytes":0,"last_error":"went \"wrong\"","last_error_at":"2025-11-22T06:11:38.000000Z",)"
        R"("endpoints":[{"endpoint":"nws","breaker":"open","breaker_since":"2025-11-22T06:11:30.000000Z",)"
        R"("next_probe_at":"2025-11-22T06:11:39.000000Z","lanes_in_use":3,)"
        R"("delivered":10,"rejected":1,"errors":5,"latency_ms":2.5,)"
        R"("waiting_until":"2025-11-22T06:11:39.000000Z","last_error":"HTTP 503",)"
        R"("last_error_at":"2025-11-22T06:11:38.000000Z"}]})");
}

TEST(Report, ItsAnswerTellsWhatChanged) {
    ReportAnswer answer =
        parse_report_answer(R"({"paused":true,"fingerprint":"f","exists":true,"probe":["nws",7,"ods"]})");
    EXPECT_EQ(answer.probe, (std::vector<std::string>{"nws", "ods"}));
    EXPECT_TRUE(answer.paused);
    EXPECT_EQ(answer.fingerprint, "f");
    EXPECT_FALSE(parse_report_answer(R"({"paused":false,"fingerprint":null,"exists":false})").exists);
}

}  // namespace
}  // namespace gpsync::relay

// Protocol ibm-mq-rest without a network: what is asked, and what an answer leads to.
#include "relay/delivery/ibm_mq.hpp"

#include <algorithm>

#include "delivery_helpers.hpp"
#include "relay/delivery/mq_answer.hpp"

namespace gpsync::relay {
namespace {

HttpResult result_of(long status, const std::string& body = {}) {
    HttpResult result;
    result.status = status;
    result.body = body;
    return result;
}

HttpResult broken() {
    HttpResult result;
    result.code = CURLE_RECV_ERROR;
    result.error = "connection reset";
    return result;
}

HttpResult error_of(long status, int reason) {
    return result_of(status,
                     R"({"error":[{"msgId":"MQWB0303E","message":"no","completionCode":2,"reasonCode":)" +
                         std::to_string(reason) + "}]}");
}

struct IbmMqTest : testing::Test {
    Message message;
    Secrets secrets;
    EndpointConfig config;

    IbmMqTest() {
        config.url = "https://mq.example:9443/";
        config.mq = {"QM.1", "A/B%", "", "v2", 0, "", ""};
        text_ = R"({"id":"1","source":"/gpsync/1/app","data":{}})";
        message.text = text_;
        for (uint32_t ordinal : {1U, 2U}) {
            Event& event = message.events.emplace_back();
            event.message = &message;
            event.position = {0x100, ordinal};
            event.commit_time_us = 1000;
            event.json_length = static_cast<uint32_t>(text_.size());
        }
    }
    std::vector<Event*> batch(size_t index = 0) { return {&message.events[index]}; }
    static std::string correlation_id(const Event& event) {
        SourceCrc source_crc;
        return mq_correlation_id(event, source_crc);
    }
    static bool has(const HttpRequest& request, const std::string& header) {
        return std::ranges::find(request.headers, header) != request.headers.end();
    }

  private:
    std::string text_;
};

TEST_F(IbmMqTest, PutsOneMessage) {
    config.mq.expiry_ms = 60000;
    IbmMq mq(config);
    EXPECT_EQ(mq.limits({100, 1 << 20}).max_events, 1U);
    const auto exchange = mq.exchange();
    const auto events = batch();
    exchange->load(events);
    const HttpRequest& put = exchange->begin();
    EXPECT_EQ(put.url, "https://mq.example:9443/ibmmq/rest/v2/messaging/qmgr/QM%2E1/queue/A%2FB%25/message");
    EXPECT_TRUE(put.once);
    EXPECT_TRUE(has(put, "ibm-mq-md-persistence: persistent"));
    EXPECT_TRUE(has(put, "ibm-mq-md-expiry: 60000"));
    const std::string id = correlation_id(message.events[0]);
    EXPECT_EQ(id.size(), 48U);
    EXPECT_TRUE(id.starts_with("00000000000001000000000100000000000003E8"));
    EXPECT_TRUE(has(put, "ibm-mq-md-correlationId: " + id));
    EXPECT_EQ(exchange->judge(result_of(201), secrets)->kind, AnswerKind::taken);
    const auto others = batch(1);
    exchange->load(others);
    EXPECT_EQ(exchange->begin().method, HttpRequest::Method::post) << "nothing is in doubt";
}

TEST_F(IbmMqTest, TheSourceIsPartOfTheCorrelationId) {
    SourceCrc source_crc;
    const std::string id = mq_correlation_id(message.events[0], source_crc);
    EXPECT_EQ(mq_correlation_id(message.events[0], source_crc), id);
    Message other;
    const std::string text = R"({"id":"1","source":"/gpsync/2/app","data":{}})";
    other.text = text;
    Event event = message.events[0];
    event.message = &other;
    const std::string changed = mq_correlation_id(event, source_crc);
    EXPECT_EQ(changed.substr(0, 40), id.substr(0, 40));
    EXPECT_NE(changed, id) << "another database, a promoted copy say";
    EXPECT_EQ(mq_correlation_id(message.events[0], source_crc), id);
}

TEST_F(IbmMqTest, ATopicKeepsItsLevels) {
    config.mq.queue.clear();
    config.mq.topic = "status/prod.1/50%?";
    IbmMq mq(config);
    const auto exchange = mq.exchange();
    const auto events = batch();
    exchange->load(events);
    EXPECT_EQ(
        exchange->begin().url,
        "https://mq.example:9443/ibmmq/rest/v2/messaging/qmgr/QM%2E1/topic/status/prod%2E1/50%25%3F/message");
    (void)exchange->judge(broken(), secrets);
    EXPECT_EQ(exchange->begin().method, HttpRequest::Method::post) << "it cannot be browsed";
}

TEST_F(IbmMqTest, LooksBeforeItPutsAgain) {
    IbmMq mq(config);
    const auto exchange = mq.exchange(), other = mq.exchange();
    const auto events = batch();
    exchange->load(events);
    exchange->begin();
    EXPECT_EQ(exchange->judge(broken(), secrets)->kind, AnswerKind::retryable);
    // Also in another lane, to which the event has come over the books.
    other->load(events);
    const HttpRequest& browse = other->begin();
    EXPECT_EQ(browse.method, HttpRequest::Method::get);
    const std::string id = correlation_id(message.events[0]);
    EXPECT_TRUE(browse.url.ends_with("/message?correlationId=" + id)) << browse.url;
    // A page of something in between is no answer of the queue.
    HttpResult page = result_of(200, "welcome");
    EXPECT_EQ(other->judge(page, secrets)->kind, AnswerKind::retryable);
    other->begin();
    page.wanted_headers = {std::string(48, '0')};
    EXPECT_EQ(other->judge(page, secrets)->kind, AnswerKind::retryable) << "another message";
    EXPECT_EQ(other->begin().method, HttpRequest::Method::get);
    std::string lower = id;
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    page.wanted_headers = {lower};
    EXPECT_EQ(other->judge(page, secrets)->kind, AnswerKind::taken);
    EXPECT_EQ(other->begin().method, HttpRequest::Method::post) << "it is known";
}

TEST_F(IbmMqTest, NothingThereIsPutAtOnce) {
    config.sent_before_lsn = 0x100;
    IbmMq mq(config);
    const auto exchange = mq.exchange();
    const auto events = batch();
    exchange->load(events);
    EXPECT_EQ(exchange->begin().method, HttpRequest::Method::get) << "an earlier relay may have put it";
    EXPECT_FALSE(exchange->judge(result_of(204), secrets));
    EXPECT_EQ(exchange->next().method, HttpRequest::Method::post);
    EXPECT_EQ(exchange->judge(error_of(500, 2053), secrets)->kind, AnswerKind::retryable);
    EXPECT_EQ(exchange->begin().method, HttpRequest::Method::post) << "the queue was full: surely not put";
    EXPECT_EQ(exchange->judge(result_of(500), secrets)->kind, AnswerKind::retryable);
    EXPECT_EQ(exchange->begin().method, HttpRequest::Method::get) << "that may have been after the put";
    // A queue that is not local cannot be browsed.
    EXPECT_FALSE(exchange->judge(error_of(400, kMqCannotBrowse), secrets));
    EXPECT_EQ(exchange->next().method, HttpRequest::Method::post);
}

TEST_F(IbmMqTest, LogsInOnceAnAttempt) {
    config.mq.username = "app";
    config.mq.password = "hush\"hush-hush";
    IbmMq mq(config);
    const auto exchange = mq.exchange(), other = mq.exchange();
    const auto events = batch();
    exchange->load(events);
    other->load(events);
    const HttpRequest& login = exchange->begin();
    EXPECT_EQ(login.url, "https://mq.example:9443/ibmmq/rest/v2/login");
    EXPECT_EQ(login.body, R"({"username":"app","password":"hush\"hush-hush"})");
    HttpResult welcome = result_of(204);
    welcome.wanted_headers = {"LtpaToken2_a=token-of-a-session; Path=/; Secure", "other=1"};
    EXPECT_FALSE(exchange->judge(welcome, secrets));
    EXPECT_TRUE(has(exchange->next(), "Cookie: LtpaToken2_a=token-of-a-session; other=1"));
    EXPECT_EQ(secrets.conceal("it was token-of-a-session", 100), "it was [secret]");
    // The other lane has it too. Both find it expired; one logs in, the other takes what that has got.
    exchange->begin();
    other->begin();
    EXPECT_FALSE(exchange->judge(result_of(401), secrets));
    EXPECT_TRUE(exchange->next().url.ends_with("/login"));
    welcome.wanted_headers = {"LtpaToken2_a=the-second-token"};
    EXPECT_FALSE(exchange->judge(welcome, secrets));
    EXPECT_FALSE(other->judge(result_of(401), secrets));
    EXPECT_TRUE(has(other->next(), "Cookie: LtpaToken2_a=the-second-token"));
    // 401 straight after a log-in.
    EXPECT_EQ(exchange->judge(result_of(401), secrets)->kind, AnswerKind::misconfigured);
}

TEST_F(IbmMqTest, ALogInWithoutACookieIsNone) {
    config.mq.username = "app";
    IbmMq mq(config);
    const auto exchange = mq.exchange();
    const auto events = batch();
    exchange->load(events);
    for (const auto& [result, kind] : {std::pair{result_of(204), AnswerKind::retryable},
                                       std::pair{result_of(401), AnswerKind::misconfigured},
                                       std::pair{result_of(400), AnswerKind::misconfigured},
                                       std::pair{result_of(404), AnswerKind::misconfigured},
                                       std::pair{result_of(503), AnswerKind::retryable}}) {
        EXPECT_TRUE(exchange->begin().url.ends_with("/login"));
        const std::optional<Answer> answer = exchange->judge(result, secrets);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->kind, kind) << result.status;
        EXPECT_TRUE(answer->error.starts_with("log-in: HTTP ")) << answer->error;
    }
}

TEST(MqAnswer, ReasonsSayMoreThanTheStatus) {
    const Secrets secrets;
    for (const auto& [status, reason, kind] :
         {std::tuple{400L, 0, AnswerKind::misconfigured}, std::tuple{403L, 2035, AnswerKind::misconfigured},
          std::tuple{404L, 2085, AnswerKind::misconfigured},
          std::tuple{500L, 2058, AnswerKind::misconfigured}, std::tuple{400L, 2030, AnswerKind::refused},
          std::tuple{413L, 0, AnswerKind::refused}, std::tuple{500L, 2053, AnswerKind::retryable},
          std::tuple{400L, 2051, AnswerKind::retryable}, std::tuple{503L, 2059, AnswerKind::retryable},
          std::tuple{429L, 0, AnswerKind::retryable}, std::tuple{200L, 0, AnswerKind::retryable},
          std::tuple{302L, 0, AnswerKind::misconfigured}}) {
        const HttpResult result = error_of(status, reason);
        const MqError error = read_mq_error(result.body);
        EXPECT_EQ(error.message_id, "MQWB0303E");
        EXPECT_EQ(judge_mq_error(result, error, secrets).kind, kind) << status << ' ' << reason;
    }
}

TEST(MqAnswer, ReadsNothingElse) {
    for (const char* body : {"", "{", "[]", "{}", R"({"error":{}})", R"({"error":[]})", R"({"error":[1]})",
                             R"({"error":[{"msgId":"card 4111 1111","reasonCode":"x"}]})"}) {
        const MqError error = read_mq_error(body);
        EXPECT_EQ(error.message_id, "") << body;
        EXPECT_EQ(error.reason, 0) << body;
    }
}

TEST(MqAnswer, KnowsWhatWasSurelyNotPut) {
    HttpResult unsent = broken();
    unsent.sent = false;
    EXPECT_TRUE(is_surely_not_put(unsent, {}));
    EXPECT_FALSE(is_surely_not_put(broken(), {}));
    for (const long status : {200L, 302L, 408L, 500L, 502L, 503L, 504L})
        EXPECT_FALSE(is_surely_not_put(result_of(status), {}));
    for (const long status : {400L, 401L, 403L, 404L, 405L, 413L, 415L})
        EXPECT_TRUE(is_surely_not_put(result_of(status), {}));
    EXPECT_TRUE(is_surely_not_put(error_of(503, 2059), {"", 2059}));
    EXPECT_FALSE(is_surely_not_put(error_of(500, 2009), {"", 2009}))
        << "the connection to the queue manager broke";
}

TEST(DoubtfulPuts, AreBounded) {
    Message message;
    DoubtfulPuts puts(0);
    Event event;
    event.message = &message;
    for (uint64_t lsn = 1; lsn <= DoubtfulPuts::kKept + 1; ++lsn) {
        event.position = {lsn, 1};
        puts.add(event);
    }
    event.position = {5, 7};
    EXPECT_TRUE(puts.contains(event)) << "everything up to there";
    puts.note_not_put(event);
    EXPECT_FALSE(puts.contains(event));
    event.position = {DoubtfulPuts::kKept + 2, 1};
    EXPECT_FALSE(puts.contains(event));
}

}  // namespace
}  // namespace gpsync::relay

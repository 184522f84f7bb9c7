// The table "What an endpoint sees and answers".
#include <gtest/gtest.h>

#include "relay/base/text.hpp"
#include "relay/delivery/answer.hpp"
#include "relay/delivery/payload.hpp"

namespace gpsync::relay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using namespace std::chrono_literals;

class Answers : public testing::Test {
  protected:
    Answers() : events_(3) {
        for (uint32_t i = 0; i < 3; ++i) {
            events_[i].position = {0x100, i + 1};
            events_[i].commit_time_us = 77;
            batch_.push_back(&events_[i]);
        }
    }
    Answer answer(long status, const std::string& body = "") {
        HttpResult result;
        result.status = status;
        result.body = body;
        return judge(result, batch_, secrets_);
    }
    Answer failure(CURLcode code) {
        HttpResult result;
        result.code = code;
        result.error = "words";
        return judge(result, batch_, secrets_);
    }
    std::string id(size_t i) { return event_id(events_[i]); }

    std::vector<Event> events_;
    std::vector<Event*> batch_;
    Secrets secrets_;
};

TEST_F(Answers, AreJudgedByStatus) {
    for (long status : {200L, 201L, 202L, 204L}) EXPECT_EQ(answer(status).kind, AnswerKind::taken) << status;
    for (long status : {400L, 409L, 422L}) EXPECT_EQ(answer(status).kind, AnswerKind::refused) << status;
    EXPECT_EQ(answer(413).kind, AnswerKind::too_large);
    for (long status : {408L, 425L, 429L, 500L, 502L, 503L, 504L, 599L})
        EXPECT_EQ(answer(status).kind, AnswerKind::retryable) << status;
    for (long status : {301L, 302L, 307L, 308L, 401L, 403L, 404L, 405L, 410L, 415L})
        EXPECT_EQ(answer(status).kind, AnswerKind::misconfigured) << status;
}

TEST_F(Answers, WithoutAStatusAreRetryableUnlessTlsFails) {
    for (CURLcode code :
         {CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_OPERATION_TIMEDOUT, CURLE_RECV_ERROR,
          CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_WRITE_ERROR})
        EXPECT_EQ(failure(code).kind, AnswerKind::retryable) << code;
    for (CURLcode code : {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM,
                          CURLE_SSL_CACERT_BADFILE})
        EXPECT_EQ(failure(code).kind, AnswerKind::misconfigured) << code;
}

TEST_F(Answers, ThatBrokeOffMidwayDoNotCountAsTheirStatus) {
    HttpResult result;
    result.code = CURLE_PARTIAL_FILE;
    result.status = 200;
    EXPECT_EQ(judge(result, batch_, secrets_).kind, AnswerKind::retryable);
    EXPECT_EQ(judge(result, batch_, secrets_).http_status, 0);
}

TEST_F(Answers, EventByEvent) {
    Answer a = answer(200, R"({"results":[{"id":")" + id(2) +
                               R"(","status":"rejected","retryable":true,"error":"later"},{"id":")" + id(0) +
                               R"(","status":"duplicate"}]})");
    ASSERT_EQ(a.kind, AnswerKind::by_event);
    EXPECT_EQ(a.results[0].kind, Settlement::taken);
    EXPECT_EQ(a.results[1].kind, Settlement::taken) << "an event not named was taken";
    EXPECT_EQ(a.results[2].kind, Settlement::waits);
    a = answer(207, R"({"results":[{"id":")" + id(1) + R"(","status":"rejected","error":"no"}]})");
    EXPECT_EQ(a.results[1].kind, Settlement::refused);
    EXPECT_EQ(a.results[1].error, "no");
}

TEST_F(Answers, WithoutResultsMeanAllTaken) {
    for (const char* body : {"", "  \n", "OK", "[]", "{}", R"({"status":"fine"})"})
        EXPECT_EQ(answer(200, body).kind, AnswerKind::taken) << body;
}

TEST_F(Answers, NotUnderstoodAreNotTakenForAYes) {
    for (const char* body :
         {"{\"results\":[", "{\"results\":3}", R"({"results":[{"id":"x","status":"perhaps"}]})",
          R"({"results":[{"status":"accepted"}]})", R"({"results":[7]})"})
        EXPECT_EQ(answer(200, body).kind, AnswerKind::retryable) << body;
}

TEST_F(Answers, NamingAStranger) {
    const std::string stranger =
        R"({"results":[{"id":"0000000000000100-00000009-000000000000004D","status":)";
    Answer a = answer(200, stranger + R"("accepted"}]})");
    ASSERT_EQ(a.kind, AnswerKind::by_event);
    for (const Settlement& result : a.results) EXPECT_EQ(result.kind, Settlement::taken);
    EXPECT_EQ(answer(200, stranger + R"("rejected"}]})").kind, AnswerKind::retryable)
        << "something was rejected, and nobody knows what";
}

// How services write the same: each of them says that the first event is refused.
TEST_F(Answers, AreReadInAnyCase) {
    std::string lower = id(0);
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    for (const std::string& body :
         {R"({"results":[{"id":")" + lower + R"(","status":"rejected"}]})",
          R"({"Results":[{"Id":")" + id(0) + R"(","Status":"Rejected","Retryable":false}]})",
          R"({"results":[{"id":")" + id(0) + R"(","status":"REJECTED","retryable":"False"}]})",
          R"({"results":[{"id":")" + id(0) + R"(","status":"rejected"},{"id":")" + id(0) +
              R"(","status":"accepted"}]})"}) {
        Answer a = answer(200, body);
        ASSERT_EQ(a.kind, AnswerKind::by_event) << body;
        EXPECT_EQ(a.results[0].kind, Settlement::refused) << body;
    }
}

TEST_F(Answers, SayRetryableInMoreThanOneWay) {
    auto with = [&](const std::string& retryable) {
        return answer(200, R"({"results":[{"id":")" + id(1) + R"(","status":"rejected","retryable":)" +
                               retryable + "}]}");
    };
    for (const char* yes : {"true", "\"true\"", "\"TRUE\"", "1"})
        EXPECT_EQ(with(yes).results.at(1).kind, Settlement::waits) << yes;
    for (const char* no : {"false", "\"false\"", "0", "null"})
        EXPECT_EQ(with(no).results.at(1).kind, Settlement::refused) << no;
    for (const char* what : {"\"perhaps\"", "{}", "[true]", "\"\""})
        EXPECT_EQ(with(what).kind, AnswerKind::retryable) << what << " is not understood";
}

TEST_F(Answers, MayBeInAnyFormOfUnicode) {
    const std::string list =
        R"({"results":[{"id":")" + id(0) + R"(","status":"rejected","error":"caf\u00e9"}]})";
    auto wide = [&](size_t before, size_t after, const std::string& mark) {
        std::string text = mark;
        for (char c : list) text += std::string(before, '\0') + c + std::string(after, '\0');
        return text;
    };
    for (const std::string& body :
         {"\xEF\xBB\xBF" + list, wide(0, 1, "\xFF\xFE"), wide(1, 0, "\xFE\xFF"), wide(0, 1, ""),
          wide(1, 0, ""), wide(0, 3, std::string("\xFF\xFE\0\0", 4)),
          wide(3, 0, std::string("\0\0\xFE\xFF", 4))}) {
        Answer a = answer(200, body);
        ASSERT_EQ(a.kind, AnswerKind::by_event) << body;
        EXPECT_EQ(a.results[0].error, "café");
    }
    EXPECT_EQ(answer(200, "\xEF\xBB\xBF").kind, AnswerKind::taken) << "a mark and nothing else";
    EXPECT_EQ(answer(422, "\xEF\xBB\xBFno").detail, "no");
}

TEST_F(Answers, MayCutATextInTheMiddleOfAnEscape) {
    auto with = [&](const std::string& error) {
        return answer(
            200, R"({"results":[{"id":")" + id(0) + R"(","status":"rejected","error":")" + error + R"("}]})");
    };
    const std::string mark = "\xEF\xBF\xBD";
    for (auto& [error, text] :
         std::vector<std::pair<std::string, std::string>>{{R"(a\ud83d)", "a" + mark},
                                                          {R"(a\ud83d\n)", "a" + mark + "\n"},
                                                          {R"(a\ude00b)", "a" + mark + "b"},
                                                          {R"(\ud83d\ud83d\ude00)", mark + "\U0001F600"},
                                                          {R"(\\ud83d)", R"(\ud83d)"},
                                                          {"caf\xC3", "caf"}}) {
        Answer a = with(error);
        ASSERT_EQ(a.kind, AnswerKind::by_event) << error;
        EXPECT_EQ(a.results[0].error, text) << error;
    }
    for (const char* broken : {R"(a\u00)", R"(a\)", R"(a\ud83d\u)"})
        EXPECT_EQ(with(broken).kind, AnswerKind::retryable) << broken;
}

TEST_F(Answers, ThatAreLongOrCannotBeDecoded) {
    HttpResult result;
    result.status = 200;
    result.cut = true;
    result.body = "<html>";
    EXPECT_EQ(judge(result, batch_, secrets_).kind, AnswerKind::taken) << "a page is no result list";
    result.body = R"({"results":[{"id":")" + id(0);
    EXPECT_EQ(judge(result, batch_, secrets_).kind, AnswerKind::retryable);
    result.body = R"({"results":[{"id":")" + id(0) + R"(","status":"rejected"}]}   )";
    EXPECT_EQ(judge(result, batch_, secrets_).kind, AnswerKind::by_event) << "the list had ended";
    for (const char* compressed : {"\x1F\x8B\x08", "\x78\x9C\x01", "\x28\xB5\x2F\xFD"})
        EXPECT_EQ(answer(200, compressed).kind, AnswerKind::retryable);
    for (CURLcode code : {CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR}) {
        result = {};
        result.code = code;
        for (auto [status, kind] : {std::pair{200L, AnswerKind::retryable},
                                    {422L, AnswerKind::refused},
                                    {413L, AnswerKind::too_large},
                                    {503L, AnswerKind::retryable},
                                    {404L, AnswerKind::misconfigured}}) {
            result.status = status;
            EXPECT_EQ(judge(result, batch_, secrets_).kind, kind) << status;
        }
    }
}

TEST_F(Answers, KeepTheEndpointsWordsOutOfTheError) {
    Answer a = answer(422, "card 4111 is bad\x01\xff");
    EXPECT_EQ(a.error, "HTTP 422");
    EXPECT_EQ(a.detail, "card 4111 is bad\x01");
}

TEST_F(Answers, ComeWithoutTheEndpointsSecrets) {
    secrets_.add("s3cret-token-of-nws");
    EXPECT_EQ(answer(422, "bad token s3cret-token-of-nws!").detail, "bad token [secret]!");
    Answer a = answer(
        200, R"({"results":[{"id":")" + id(0) + R"(","status":"rejected","error":"s3cret-token-of-nws"}]})");
    ASSERT_EQ(a.results.size(), 3U);
    EXPECT_EQ(a.results[0].error, "[secret]");
    HttpResult broken;
    broken.code = CURLE_RECV_ERROR;
    broken.error = "odd header: s3cret-token-of-nws";
    EXPECT_EQ(judge(broken, batch_, secrets_).error, "odd header: [secret]");
}

TEST(CleanText, KeepsOnlyText) {
    EXPECT_EQ(clean_text("caf\xC3\xA9", 100), "caf\xC3\xA9");
    EXPECT_EQ(clean_text(std::string_view("a\0b", 3), 100), "ab");
    EXPECT_EQ(clean_text("a\xC3", 100), "a");
    EXPECT_EQ(clean_text("\xED\xA0\x80x\xC0\xAFy\xF5\x80\x80\x80z", 100), "xyz");
    EXPECT_EQ(clean_text("\xE2\x82\xAC\xE2\x82\xAC", 4), "\xE2\x82\xAC") << "never half a character";
}

}  // namespace
}  // namespace gpsync::relay

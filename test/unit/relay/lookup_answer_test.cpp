// What is believed of a token system's answer.
#include "relay/lookup/lookup_answer.hpp"

#include <gtest/gtest.h>

namespace gpsync::relay {
namespace {

std::vector<Token> tokens(std::initializer_list<const char*> ids) {
    std::vector<Token> all;
    for (const char* id : ids) {
        all.emplace_back();
        all.back().id = id;
    }
    return all;
}

HttpResult http(long status, std::string body) {
    HttpResult result;
    result.status = status;
    result.body = std::move(body);
    return result;
}

LookupAnswer judge(long status, const std::string& body) {
    Secrets secrets;
    secrets.add("the-secret-of-the-relay");
    return judge_lookup(http(status, body), tokens({"a", "b"}), secrets);
}

std::string told(const std::string& result) {
    const LookupAnswer answer = judge(200, "{\"results\":[" + result + "]}");
    return answer.verdict == LookupVerdict::answered ? answer.members[0] : "not understood";
}

bool is_malformed(const std::string& result) {
    return told(result).starts_with("\"problem\":\"malformed\"");
}

TEST(LookupAnswer, TakesWhatItKnows) {
    EXPECT_EQ(told(R"({"tokenId":"a","status":"ACTIVE","x":[1,{}]})"), R"("status":"ACTIVE")");
    EXPECT_EQ(told(R"({"panExpiry":"2031-07","panStatus":"OK","status":null,"tokenId":"a"})"),
              R"("panStatus":"OK","panExpiry":"2031-07")");
    EXPECT_EQ(told(R"({"tokenId":"a","status":"S","suspendedBy":["A","B"]})"),
              R"("status":"S","suspendedBy":["A","B"])");
    EXPECT_EQ(told(R"({"tokenId":"a","status":"S","suspendedBy":"A"})"), R"("status":"S","suspendedBy":"A")");
    EXPECT_EQ(told(R"({"tokenId":"a","status":"S","error":"no"})"), R"("error":"no")");
}

TEST(LookupAnswer, EachTokenOnce) {
    EXPECT_EQ(told(R"({"tokenId":"a","status":"S"},{"tokenId":"a","status":"S"})"), R"("status":"S")");
    EXPECT_TRUE(is_malformed(R"({"tokenId":"a","status":"S"},{"tokenId":"a","status":"T"})"));
    const LookupAnswer answer =
        judge(200, R"({"results":[{"tokenId":"b","status":"S"},{"tokenId":"c"},7,{"tokenId":1}]})");
    EXPECT_EQ(answer.members, (std::vector<std::string>{"", R"("status":"S")"}));
    EXPECT_EQ(answer.not_asked, 3u);
}

TEST(LookupAnswer, RefusesValues) {
    for (const char* value : {"1", "true", "{}", "[]", "\"\"", "\"a\\u0000b\"", "\"a\\nb\"",
                              "\"the-secret-of-the-relay\"", "\"x the-secret-of-the-relay\""}) {
        EXPECT_TRUE(is_malformed(R"({"tokenId":"a","status":)" + std::string(value) + "}")) << value;
        EXPECT_TRUE(is_malformed(R"({"tokenId":"a","panExpiry":)" + std::string(value) + "}")) << value;
    }
    EXPECT_TRUE(is_malformed(R"({"tokenId":"a","panExpiry":")" + std::string(65, '1') + "\"}"));
    EXPECT_TRUE(is_malformed(R"({"tokenId":"a","status":"S","suspendedBy":[1]})"));
    EXPECT_TRUE(is_malformed(R"({"tokenId":"a"})"));
    EXPECT_TRUE(is_malformed(R"({"tokenId":"a","error":[]})"));
    EXPECT_EQ(told(R"({"tokenId":"a","error":"Bearer the-secret-of-the-relay"})"),
              R"("error":"Bearer [secret]")");
}

TEST(LookupAnswer, WholeAnswers) {
    for (const char* body : {"", "x", "[]", "{}", R"({"results":{}})", R"({"results":[)", "\x1f\x8b\x08"})
        EXPECT_EQ(judge(200, body).verdict, LookupVerdict::retryable) << body;
    const std::string deep = std::string(200000, '[');
    EXPECT_EQ(judge(200, R"({"results":)" + deep).verdict, LookupVerdict::retryable);
    HttpResult cut = http(200, R"({"results":[]})");
    cut.cut = true;
    EXPECT_EQ(judge_lookup(cut, tokens({"a"}), {}).verdict, LookupVerdict::retryable);
    for (long status : {400, 409, 413, 422}) EXPECT_EQ(judge(status, "").verdict, LookupVerdict::refused);
    for (long status : {408, 425, 429, 500, 503})
        EXPECT_EQ(judge(status, "").verdict, LookupVerdict::retryable);
    for (long status : {301, 401, 403, 404})
        EXPECT_EQ(judge(status, "").verdict, LookupVerdict::misconfigured);
    EXPECT_EQ(judge(503, "the text").error, "HTTP 503");
    EXPECT_TRUE(judge(429, "").busy);
    EXPECT_FALSE(judge(500, "").busy);
}

TEST(LookupAnswer, Request) {
    EXPECT_EQ(lookup_request(tokens({"a", "b\"c", "\xC3\xA4"})),
              "{\"tokens\":[\"a\",\"b\\\"c\",\"\xC3\xA4\"]}");
}

}  // namespace
}  // namespace gpsync::relay

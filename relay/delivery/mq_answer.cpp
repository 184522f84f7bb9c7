#include "relay/delivery/mq_answer.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "relay/delivery/answer_text.hpp"
#include "relay/delivery/http_status.hpp"

namespace gpsync::relay {

namespace {

constexpr size_t kMaxDetail = 1000;  // bytes of the server's text that a dead letter keeps

// Reason codes (MQRC_…) that say more than the status of the answer.
struct Reason {
    long code;
    AnswerKind kind;
    bool put_nothing;  // the message is surely not in the queue
    std::string_view words;
};

constexpr auto kReasons = std::to_array<Reason>({
    {2010, AnswerKind::refused, true, "the message is too long"},
    {2030, AnswerKind::refused, true, "the message is too long for the queue"},
    {2031, AnswerKind::refused, true, "the message is too long for the queue manager"},
    {2218, AnswerKind::refused, true, "the message is too long for the channel"},
    {2035, AnswerKind::misconfigured, true, "the user has no authority for it"},
    {2042, AnswerKind::retryable, true, "the queue is in use exclusively"},
    {2043, AnswerKind::misconfigured, true, "it is not an object of that type"},
    {kMqCannotBrowse, AnswerKind::misconfigured, true, "the queue does not allow this operation"},
    {2057, AnswerKind::misconfigured, true, "the queue is of the wrong type"},
    {2058, AnswerKind::misconfigured, true, "there is no such queue manager"},
    {2082, AnswerKind::misconfigured, true, "the alias leads to an unknown queue"},
    {2085, AnswerKind::misconfigured, true, "there is no such queue or topic"},
    {2086, AnswerKind::misconfigured, true, "the queue is of an unknown queue manager"},
    {2087, AnswerKind::misconfigured, true, "the queue is of an unknown remote queue manager"},
    {2152, AnswerKind::misconfigured, true, "the name of the queue is invalid"},
    {2153, AnswerKind::misconfigured, true, "the name of the queue manager is invalid"},
    {2425, AnswerKind::misconfigured, true, "the topic string is invalid"},
    {2502, AnswerKind::retryable, true, "publishing is inhibited"},
    {2016, AnswerKind::retryable, true, "the queue is inhibited for get, so it cannot be browsed"},
    {2051, AnswerKind::retryable, true, "the queue is inhibited for put"},
    {2053, AnswerKind::retryable, true, "the queue is full"},
    {2056, AnswerKind::retryable, true, "there is no space on disk for the queue"},
    {2059, AnswerKind::retryable, true, "the queue manager is not available"},
    {2071, AnswerKind::retryable, true, "the queue manager has not enough storage"},
    {2161, AnswerKind::retryable, true, "the queue manager is quiescing"},
    {2162, AnswerKind::retryable, true, "the queue manager is shutting down"},
    {2192, AnswerKind::retryable, true, "the page set or the storage class is full"},
});

const Reason* find_reason(long code) {
    const auto found = std::ranges::find(kReasons, code, &Reason::code);
    return found == kReasons.end() ? nullptr : &*found;
}

bool is_message_id(std::string_view id) {
    return id.size() == 9 && id.starts_with("MQWB") && id[8] >= 'A' && id[8] <= 'Z' &&
           std::all_of(id.begin() + 4, id.begin() + 8, [](char c) { return c >= '0' && c <= '9'; });
}

std::string text_of(const rapidjson::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    if (found == object.MemberEnd() || !found->value.IsString()) return {};
    return {found->value.GetString(), found->value.GetStringLength()};
}

long number_of(const rapidjson::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    return found != object.MemberEnd() && found->value.IsInt() ? found->value.GetInt() : 0;
}

// Without one of the reasons above.
AnswerKind kind_of_status(long status) {
    switch (meaning_of_status(status)) {
        case StatusMeaning::too_large:
            return AnswerKind::refused;  // one message, and too long for a server in between
        case StatusMeaning::content:     // of the request's form, which is the same for every event
        case StatusMeaning::misconfigured:
            return AnswerKind::misconfigured;
        case StatusMeaning::success:  // of something that is not the messaging REST API
        case StatusMeaning::temporary:
            break;
    }
    return AnswerKind::retryable;
}

}  // namespace

MqError read_mq_error(const std::string& body) {
    MqError error;
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
    if (document.HasParseError() || !document.IsObject()) return error;
    const auto list = document.FindMember("error");
    if (list == document.MemberEnd() || !list->value.IsArray() || list->value.Empty()) return error;
    const rapidjson::Value& first = list->value[0];
    if (!first.IsObject()) return error;
    for (const char* name : {"msgId", "messageId"})
        if (std::string id = text_of(first, name); is_message_id(id)) error.message_id = std::move(id);
    error.reason = number_of(first, "reasonCode");
    return error;
}

Answer judge_mq_error(const HttpResult& result, const MqError& error, const Secrets& secrets) {
    // What broke, what has no status and what cannot be read is judged as everywhere.
    Answer answer = judge(result, {}, secrets);
    if (answer.http_status == 0) return answer;
    const bool success = meaning_of_status(result.status) == StatusMeaning::success;
    const Reason* reason = find_reason(error.reason);
    answer.kind = reason != nullptr && !success ? reason->kind : kind_of_status(result.status);
    if (error.message_id == "MQWB0009E") answer.kind = AnswerKind::misconfigured;
    answer.error = "HTTP " + std::to_string(result.status);
    if (success) answer.error += ", which IBM MQ does not answer to this";
    if (!error.message_id.empty()) answer.error += ", " + error.message_id;
    if (error.reason != 0) answer.error += ", MQ reason " + std::to_string(error.reason);
    if (reason != nullptr) answer.error.append(": ").append(reason->words);
    answer.detail = secrets.conceal(answer_text(result.body), kMaxDetail);
    // A reason that is known says that it is not because of this message.
    answer.suspicious = answer.suspicious && reason == nullptr && answer.kind == AnswerKind::retryable;
    return answer;
}

bool is_surely_not_put(const HttpResult& result, const MqError& error) {
    if (!result.sent) return true;
    if (result.code != CURLE_OK || result.status == 0) return false;
    if (const Reason* reason = find_reason(error.reason)) return reason->put_nothing;
    return result.status >= 400 && result.status < 500 && result.status != 408;
}

}  // namespace gpsync::relay

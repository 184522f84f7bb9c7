#include "relay/delivery/answer.hpp"

#include <rapidjson/document.h>

#include <algorithm>

#include "core/ascii_case.hpp"
#include "relay/delivery/answer_text.hpp"
#include "relay/delivery/curl_failure.hpp"
#include "relay/delivery/http_status.hpp"

namespace gpsync::relay {

namespace {

constexpr size_t kMaxDetail = 1000;  // bytes of the endpoint's text that a dead letter keeps

// REQUIRES: no 2xx.
AnswerKind kind_of_status(long status) {
    switch (meaning_of_status(status)) {
        case StatusMeaning::content:
            return AnswerKind::refused;
        case StatusMeaning::too_large:
            return AnswerKind::too_large;
        case StatusMeaning::misconfigured:
            return AnswerKind::misconfigured;
        case StatusMeaning::success:
        case StatusMeaning::temporary:
            break;
    }
    return AnswerKind::retryable;
}

// The events of a batch are in stream order; an answer names them by id in any order and in any case.
Event* const* find_event(std::span<Event* const> events, std::string_view name) {
    if (name.size() != core::kEventIdLength) return nullptr;
    std::string id(name);
    for (char& c : id)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    auto position = core::parse_sequence(id);
    auto time = core::parse_commit_time(id);
    if (!position || !time) return nullptr;
    auto found =
        std::lower_bound(events.begin(), events.end(), *position,
                         [](const Event* event, const core::Position& p) { return event->position < p; });
    if (found == events.end() || (*found)->position != *position || (*found)->commit_time_us != *time)
        return nullptr;
    return &*found;
}

// Services differ in how they write names ("Results", "results"). Null when there is none.
const rapidjson::Value* find_member(const rapidjson::Value& object, std::string_view name) {
    for (const auto& member : object.GetObject())
        if (core::equals_ignoring_case({member.name.GetString(), member.name.GetStringLength()}, name))
            return &member.value;
    return nullptr;
}

std::string_view text_of(const rapidjson::Value& object, const char* name) {
    const rapidjson::Value* member = find_member(object, name);
    if (member == nullptr || !member->IsString()) return {};
    return {member->GetString(), member->GetStringLength()};
}

// Whether a rejected event may be sent again; nothing when that cannot be understood.
std::optional<bool> read_retryable(const rapidjson::Value& result) {
    const rapidjson::Value* member = find_member(result, "retryable");
    if (member == nullptr || member->IsNull()) return false;
    if (member->IsBool()) return member->GetBool();
    if (member->IsInt()) return member->GetInt() != 0;
    std::string_view text = text_of(result, "retryable");
    if (core::equals_ignoring_case(text, "true")) return true;
    if (core::equals_ignoring_case(text, "false")) return false;
    return std::nullopt;
}

// False when it is not of the documented form.
bool read_result(const rapidjson::Value& value, std::span<Event* const> events, const Secrets& secrets,
                 std::vector<Settlement>& results) {
    if (!value.IsObject()) return false;
    std::string_view id = text_of(value, "id"), status = text_of(value, "status");
    if (id.empty()) return false;
    Event* const* event = find_event(events, id);
    if (core::equals_ignoring_case(status, "accepted") || core::equals_ignoring_case(status, "duplicate"))
        return true;
    // Something was rejected. What is not in the batch may be one of its events under another name.
    std::optional<bool> again = read_retryable(value);
    if (!core::equals_ignoring_case(status, "rejected") || !again || event == nullptr) return false;
    Settlement& result = results[static_cast<size_t>(event - events.data())];
    result.kind = *again ? Settlement::waits : Settlement::refused;
    result.error = secrets.conceal(text_of(value, "error"), kMaxDetail);
    return true;
}

// Half an answer, or one of another form: it may have said that an event was rejected.
void not_understood(Answer& answer, const char* error) {
    answer.kind = AnswerKind::retryable;
    answer.error = error;
    answer.results.clear();
}

void judge_success(const HttpResult& http, std::span<Event* const> events, const Secrets& secrets,
                   Answer& answer) {
    answer.kind = AnswerKind::taken;
    if (is_compressed(http.body)) return not_understood(answer, "answer is compressed without saying so");
    const std::string text = answer_text(http.body);
    size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos || text[begin] != '{') return;  // no results: all taken
    rapidjson::Document document;
    if (http.cut)
        document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseStopWhenDoneFlag>(text.data(),
                                                                                           text.size());
    else
        document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
    if (document.HasParseError())
        return not_understood(answer,
                              http.cut ? "answer is too long" : "answer is not of the documented form");
    const rapidjson::Value* list = find_member(document, "results");
    if (list == nullptr) return;
    answer.results.resize(events.size());
    bool good = list->IsArray();
    for (rapidjson::SizeType i = 0; good && i < list->Size(); ++i)
        good = read_result((*list)[i], events, secrets, answer.results);
    if (!good) return not_understood(answer, "answer is not of the documented form");
    answer.kind = AnswerKind::by_event;
}

// Endpoints fail on an event that they cannot digest, with 500 or without an answer. One that is busy says
// so, and one that was not reached has not seen the event.
bool may_be_an_event(const HttpResult& http, const Answer& answer) {
    const bool busy = http.status == 425 || http.status == 429 || http.retry_after;
    return answer.kind == AnswerKind::retryable && http.sent && !busy;
}

// What came in an unknown coding, or broken, has a status all the same.
bool is_undecodable(const HttpResult& http) {
    return (http.code == CURLE_BAD_CONTENT_ENCODING || http.code == CURLE_WRITE_ERROR) && http.status >= 200;
}

}  // namespace

Answer judge(const HttpResult& http, std::span<Event* const> events, const Secrets& secrets) {
    Answer answer;
    answer.http_status = http.status;
    answer.retry_after = http.retry_after;
    const bool undecodable = is_undecodable(http);
    if (undecodable && http.status < 300) {
        not_understood(answer, "answer is in a coding that cannot be decoded, or breaks off");
    } else if (http.code != CURLE_OK && !undecodable) {
        answer.kind = is_configuration_failure(http.code) ? AnswerKind::misconfigured : AnswerKind::retryable;
        answer.error = secrets.conceal(http.error, kMaxDetail);
        // A status that came before the connection broke is no answer.
        answer.http_status = 0;
    } else if (meaning_of_status(http.status) == StatusMeaning::success) {
        judge_success(http, events, secrets, answer);
    } else {
        answer.kind = kind_of_status(http.status);
        answer.error = "HTTP " + std::to_string(http.status);
        answer.detail = secrets.conceal(answer_text(http.body), kMaxDetail);
    }
    answer.suspicious = may_be_an_event(http, answer);
    return answer;
}

}  // namespace gpsync::relay

#include "relay/answer.hpp"

#include <rapidjson/document.h>

#include <algorithm>

namespace gpsync::relay {

namespace {

constexpr size_t kMaxDetail = 1000;  // bytes of the endpoint's words that a dead letter keeps

bool is_tls_failure(CURLcode code) {
    switch (code) {
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_ENGINE_NOTFOUND:
        case CURLE_SSL_ENGINE_SETFAILED:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_USE_SSL_FAILED:
        case CURLE_SSL_ENGINE_INITFAILED:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CRL_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_CLIENTCERT:
            return true;
        default:
            return false;
    }
}

bool is_option_failure(CURLcode code) {
    return code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT || code == CURLE_NOT_BUILT_IN ||
           code == CURLE_UNKNOWN_OPTION;
}

AnswerKind kind_of_status(long status) {
    switch (status) {
        case 400:
        case 409:
        case 422:
            return AnswerKind::refused;
        case 413:
            return AnswerKind::too_large;
        case 408:
        case 425:
        case 429:
            return AnswerKind::retryable;
        default:
            // Any other 3xx or 4xx speaks of the set-up (401, 403, 404, 405, 410, 415, redirects), not of an
            // event: waiting for a human loses nothing, a dead letter for every event would.
            return status >= 300 && status < 500 ? AnswerKind::misconfigured : AnswerKind::retryable;
    }
}

// The events of a batch are in stream order; an answer names them by id in any order.
Event* const* find_event(std::span<Event* const> events, std::string_view id) {
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

std::string_view text_of(const rapidjson::Value& object, const char* name) {
    auto member = object.FindMember(name);
    if (member == object.MemberEnd() || !member->value.IsString()) return {};
    return {member->value.GetString(), member->value.GetStringLength()};
}

// False when it is not of the documented form.
bool read_result(const rapidjson::Value& value, std::span<Event* const> events, const Secrets& secrets,
                 std::vector<EventResult>& results) {
    if (!value.IsObject()) return false;
    std::string_view id = text_of(value, "id"), status = text_of(value, "status");
    if (id.empty()) return false;
    EventResult result;
    if (status == "rejected") {
        auto retryable = value.FindMember("retryable");
        bool again = retryable != value.MemberEnd() && retryable->value.IsTrue();
        result.status = again ? EventResult::retryable : EventResult::refused;
        result.error = secrets.conceal(text_of(value, "error"), kMaxDetail);
    } else if (status != "accepted" && status != "duplicate") {
        return false;
    }
    // One that was not in the batch says nothing about it.
    if (Event* const* event = find_event(events, id))
        results[static_cast<size_t>(event - events.data())] = result;
    return true;
}

void judge_success(const HttpResult& http, std::span<Event* const> events, const Secrets& secrets,
                   Answer& answer) {
    answer.kind = AnswerKind::taken;
    size_t begin = http.body.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos || http.body[begin] != '{') return;  // no results: all taken
    rapidjson::Document document;
    document.Parse<rapidjson::kParseIterativeFlag>(http.body.data(), http.body.size());
    bool good = !document.HasParseError();
    auto list = good ? document.FindMember("results") : rapidjson::Value::MemberIterator();
    if (good && list == document.MemberEnd()) return;
    answer.results.resize(events.size());
    if (good && list->value.IsArray()) {
        for (const auto& value : list->value.GetArray())
            good = good && read_result(value, events, secrets, answer.results);
    } else {
        good = false;
    }
    if (good) {
        answer.kind = AnswerKind::by_event;
    } else {
        // Half an answer, or one of another form: it may have said that an event was rejected.
        answer.kind = AnswerKind::retryable;
        answer.error = "answer is not of the documented form";
        answer.results.clear();
    }
}

}  // namespace

Answer judge(const HttpResult& http, std::span<Event* const> events, const Secrets& secrets) {
    Answer answer;
    answer.http_status = http.status;
    answer.retry_after = http.retry_after;
    if (http.code != CURLE_OK) {
        bool misconfigured = is_tls_failure(http.code) || is_option_failure(http.code);
        answer.kind = misconfigured ? AnswerKind::misconfigured : AnswerKind::retryable;
        answer.error = secrets.conceal(http.error, kMaxDetail);
        // A status that came before the connection broke is no answer.
        answer.http_status = 0;
    } else if (http.status >= 200 && http.status < 300) {
        judge_success(http, events, secrets, answer);
    } else {
        answer.kind = kind_of_status(http.status);
        answer.error = "HTTP " + std::to_string(http.status);
        answer.detail = secrets.conceal(http.body, kMaxDetail);
    }
    return answer;
}

}  // namespace gpsync::relay

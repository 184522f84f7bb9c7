#include "relay/lookup/lookup_answer.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "relay/delivery/answer_text.hpp"
#include "relay/delivery/curl_failure.hpp"
#include "relay/delivery/http_status.hpp"

namespace gpsync::relay {

namespace {

using rapidjson::Value;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

// Bytes. A state has 255 at most (core/state_machine.hpp).
constexpr size_t kLongestStatus = 255, kLongestExpiry = 64, kLongestRequester = 64, kLongestError = 1000;
constexpr size_t kMostRequesters = 32;
constexpr size_t kLongestLibraryError = 300;

constexpr const char* kMalformed = R"("problem":"malformed","detail":"the answer has )";

// What may be written into a column or shown: text without control characters, and without our secrets.
bool is_plain(const Value& value, size_t longest, const Secrets& secrets) {
    if (!value.IsString()) return false;
    const std::string_view text(value.GetString(), value.GetStringLength());
    if (text.empty() || text.size() > longest) return false;
    const bool control =
        std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    return !control && secrets.conceal(text, longest) == text;
}

bool are_requesters(const Value& value, const Secrets& secrets) {
    if (!value.IsArray()) return is_plain(value, kLongestRequester, secrets);
    return value.Size() <= kMostRequesters && std::ranges::all_of(value.GetArray(), [&](const Value& name) {
               return is_plain(name, kLongestRequester, secrets);
           });
}

std::string malformed(const char* what) {
    return std::string(kMalformed) + what + "\"";
}

const Value* find(const Value& object, const char* name) {
    auto found = object.FindMember(name);
    return found == object.MemberEnd() || found->value.IsNull() ? nullptr : &found->value;
}

std::string without_braces(const rapidjson::StringBuffer& buffer) {
    const std::string_view text(buffer.GetString(), buffer.GetSize());
    return std::string(text.substr(1, text.size() - 2));
}

std::string error_members(const Value& error, const Secrets& secrets) {
    std::string text = error.IsString()
                           ? secrets.conceal({error.GetString(), error.GetStringLength()}, kLongestError)
                           : std::string();
    if (text.empty()) return malformed("an error that is no text");
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    writer.Key("error");
    writer.String(text);
    writer.EndObject();
    return without_braces(buffer);
}

// The members that relay_lookup_apply() knows, checked.
std::string members_of(const Value& result, const Secrets& secrets) {
    if (const Value* error = find(result, "error")) return error_members(*error, secrets);
    struct Known {
        const char* name;
        size_t longest;
    };
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    bool any = false;
    for (const Known& known : {Known{"status", kLongestStatus}, Known{"panStatus", kLongestStatus},
                               Known{"panExpiry", kLongestExpiry}}) {
        const Value* value = find(result, known.name);
        if (value == nullptr) continue;
        if (!is_plain(*value, known.longest, secrets)) return malformed("a value that is no short text");
        writer.Key(known.name);
        value->Accept(writer);
        any = true;
    }
    if (const Value* by = find(result, "suspendedBy")) {
        if (!are_requesters(*by, secrets)) return malformed("a suspendedBy that is no list of names");
        writer.Key("suspendedBy");
        by->Accept(writer);
        any = true;
    }
    writer.EndObject();
    return any ? without_braces(buffer) : malformed("neither a status nor an error");
}

void not_understood(LookupAnswer& answer, const char* error) {
    answer.verdict = LookupVerdict::retryable;
    answer.members.clear();
    answer.error = error;
}

void read_results(const Value& list, std::span<const Token> tokens, const Secrets& secrets,
                  LookupAnswer& answer) {
    std::unordered_map<std::string_view, size_t> numbers;
    for (size_t i = 0; i < tokens.size(); ++i) numbers.emplace(tokens[i].id, i);
    for (const Value& result : list.GetArray()) {
        const Value* id = result.IsObject() ? find(result, "tokenId") : nullptr;
        const auto number = id != nullptr && id->IsString()
                                ? numbers.find({id->GetString(), id->GetStringLength()})
                                : numbers.end();
        if (number == numbers.end()) {
            ++answer.not_asked;
            continue;
        }
        std::string members = members_of(result, secrets);
        std::string& given = answer.members[number->second];
        // Which of two is right?
        if (!given.empty() && given != members) members = malformed("the token twice, in different ways");
        given = std::move(members);
    }
}

void judge_success(const HttpResult& http, std::span<const Token> tokens, const Secrets& secrets,
                   LookupAnswer& answer) {
    if (http.cut) return not_understood(answer, "answer is too long");
    if (is_compressed(http.body)) return not_understood(answer, "answer is compressed without saying so");
    rapidjson::Document document;
    const std::string text = answer_text(http.body);
    document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(),
                                                                                           text.size());
    if (document.HasParseError() || !document.IsObject())
        return not_understood(answer, "answer is not of the documented form");
    const Value* list = find(document, "results");
    if (list == nullptr || !list->IsArray())
        return not_understood(answer, "answer is not of the documented form");
    answer.verdict = LookupVerdict::answered;
    answer.members.resize(tokens.size());
    read_results(*list, tokens, secrets, answer);
}

// REQUIRES: no 2xx.
LookupVerdict verdict_of_status(long status) {
    switch (meaning_of_status(status)) {
        case StatusMeaning::content:
        case StatusMeaning::too_large:
            return LookupVerdict::refused;
        case StatusMeaning::misconfigured:
            return LookupVerdict::misconfigured;
        case StatusMeaning::success:
        case StatusMeaning::temporary:
            break;
    }
    return LookupVerdict::retryable;
}

}  // namespace

size_t longest_lookup_answer(size_t tokens) {
    return 65536 + tokens * 4096;
}

LookupAnswer judge_lookup(const HttpResult& http, std::span<const Token> tokens, const Secrets& secrets) {
    LookupAnswer answer;
    answer.http_status = http.status;
    answer.retry_after = http.retry_after;
    answer.busy = http.retry_after || http.status == 425 || http.status == 429 || !http.sent;
    if (http.code != CURLE_OK) {
        if (is_configuration_failure(http.code)) answer.verdict = LookupVerdict::misconfigured;
        answer.error = secrets.conceal(http.error, kLongestLibraryError);
        answer.http_status = 0;
    } else if (http.status >= 200 && http.status < 300) {
        judge_success(http, tokens, secrets, answer);
    } else {
        answer.verdict = verdict_of_status(http.status);
        answer.error = "HTTP " + std::to_string(http.status);
    }
    return answer;
}

std::string lookup_request(std::span<const Token> tokens) {
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    writer.Key("tokens");
    writer.StartArray();
    for (const Token& token : tokens) writer.String(token.id);
    writer.EndArray();
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

std::string problem_members(const std::string& problem, const std::string& detail) {
    return R"("problem":")" + problem + R"(","detail":")" + detail + "\"";
}

}  // namespace gpsync::relay

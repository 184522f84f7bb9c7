#include "system.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <chrono>
#include <set>
#include <thread>

#include "emulator/reset.hpp"

namespace gpsync::token_system {
namespace {

constexpr const char* kJson = "application/json";
constexpr const char* kUnknown = R"("error":"UNKNOWN_TOKEN")";
constexpr size_t kMostTokens = 50;

std::string json_of(const rapidjson::Value& value) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    value.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

std::string json_string(const std::string& text) {
    return json_of(rapidjson::Value(text.data(), static_cast<rapidjson::SizeType>(text.size())));
}

std::string with_token(std::string text, const std::string& token) {
    constexpr std::string_view kMarker = "{token}";
    for (size_t at = text.find(kMarker); at != std::string::npos; at = text.find(kMarker, at + token.size()))
        text.replace(at, kMarker.size(), token);
    return text;
}

}  // namespace

// Room for many tokens at once: an answer must not wait until a map has moved.
System::System(int64_t delay_us) : delay_us_(delay_us) {
    asked_.reserve(size_t{1} << 20);
}

void System::add_routes(httplib::Server& server) {
    using httplib::Request;
    using httplib::Response;
    server.Post("/lookup",
                [this](const Request& request, Response& response) { look_up(request, response); });
    server.Put("/tokens",
               [this](const Request& request, Response& response) { put_tokens(request, response, false); });
    server.Put("/default",
               [this](const Request& request, Response& response) { put_tokens(request, response, true); });
    server.Get("/asked",
               [this](const Request&, Response& response) { response.set_content(render_asked(), kJson); });
    server.Delete("/asked", [this](const Request&, Response& response) {
        const std::lock_guard lock(mutex_);
        asked_.clear();
        response.set_content("{}", kJson);
    });
    server.Get("/stats",
               [this](const Request&, Response& response) { response.set_content(render_stats(), kJson); });
    server.Post("/faults", [this](const Request& request, Response& response) {
        std::string error;
        if (const auto number = faults_.add(request.body, error))
            return response.set_content("{\"fault\":" + std::to_string(*number) + "}", kJson);
        response.status = 400;
        response.set_content(error, "text/plain");
    });
    server.Delete("/faults", [this](const Request& request, Response& response) {
        const std::string number = request.get_param_value("fault");
        faults_.clear(number.empty() ? std::nullopt : std::optional(std::stoi(number)));
        response.set_content("{}", kJson);
    });
}

std::string System::read_tokens(const httplib::Request& request, std::vector<std::string>& tokens) {
    if (!request.get_header_value("Content-Type").starts_with(kJson)) return "Content-Type is not JSON";
    rapidjson::Document document;
    document.Parse(request.body.data(), request.body.size());
    if (document.HasParseError() || !document.IsObject() || document.MemberCount() != 1)
        return "no such object";
    const auto list = document.FindMember("tokens");
    if (list == document.MemberEnd() || !list->value.IsArray()) return "there are no tokens";
    std::set<std::string> ids;
    for (const auto& token : list->value.GetArray()) {
        if (!token.IsString()) return "a token that is no string";
        tokens.emplace_back(token.GetString(), token.GetStringLength());
        if (!ids.insert(tokens.back()).second) return "a token twice";
    }
    if (tokens.empty() || tokens.size() > kMostTokens) return "no token, or more than 50";
    return {};
}

void System::look_up(const httplib::Request& request, httplib::Response& response) {
    const auto begun = std::chrono::steady_clock::now();
    std::vector<std::string> tokens;
    const std::string problem = read_tokens(request, tokens);
    {
        const std::lock_guard lock(mutex_);
        ++requests_;
        most_in_progress_ = std::max(most_in_progress_, ++in_progress_);
        asked_tokens_ += static_cast<int64_t>(tokens.size());
        for (const std::string& token : tokens) ++asked_[token];
        if (!problem.empty()) {
            ++bad_requests_;
            last_problem_ = problem;
        }
    }
    if (problem.empty()) {
        const std::vector<Fault> faults = faults_.take_matching(tokens);
        wait(faults, begun);
        answer(faults, tokens, request, response);
    } else {
        response.status = 400;
        response.set_content(problem, "text/plain");
    }
    --in_progress_;
}

void System::wait(const std::vector<Fault>& faults, std::chrono::steady_clock::time_point begun) const {
    int64_t delay_us = delay_us_;
    for (const Fault& fault : faults)
        if (fault.kind == "delay") delay_us += fault.ms * 1000;
    if (delay_us > 0) std::this_thread::sleep_until(begun + std::chrono::microseconds(delay_us));
}

void System::answer(const std::vector<Fault>& faults, const std::vector<std::string>& tokens,
                    const httplib::Request& request, httplib::Response& response) {
    response.status = 200;
    for (const Fault& fault : faults) {
        if (fault.kind == "status") {
            response.status = fault.status;
            if (!fault.retry_after.empty()) response.set_header("Retry-After", fault.retry_after);
            return response.set_content(fault.body, "text/plain");
        }
        if (fault.kind == "reset") {
            emulator::reset_connection(request.remote_port);
            response.status = 0;
            return;
        }
        if (fault.kind == "body") return response.set_content(fault.body, kJson);
    }
    const std::string body = results(faults, tokens);
    // As a provider: the server's library would compress the text, by brotli at its slowest.
    response.set_content_provider(body.size(), kJson,
                                  [body](size_t offset, size_t length, httplib::DataSink& sink) {
                                      return sink.write(body.data() + offset, length);
                                  });
}

std::string System::results(const std::vector<Fault>& faults, const std::vector<std::string>& tokens) {
    std::string out = R"({"results":[)";
    const auto append = [&](const std::string& result) {
        out.append(out.back() == '[' ? "" : ",").append(result);
    };
    const std::lock_guard lock(mutex_);
    int64_t number = 0;
    for (const std::string& token : tokens) {
        ++number;
        bool left_out = false, repeats = false;
        for (const Fault& fault : faults) {
            left_out = left_out || (fault.kind == "leave-out" && number % fault.every == 0);
            repeats = repeats || fault.kind == "repeat";
        }
        if (left_out) continue;
        append(result_of(faults, token));
        if (repeats) append(result_of(faults, token));
    }
    for (const Fault& fault : faults)
        if (fault.kind == "extra") append(fault.result);
    return out + "]}";
}

// REQUIRES: mutex_ is locked.
std::string System::result_of(const std::vector<Fault>& faults, const std::string& token) {
    for (const Fault& fault : faults)
        if (fault.kind == "result" && token.find(fault.match) != std::string::npos)
            return with_token(fault.result, token);
    const auto found = tokens_.find(token);
    return R"({"tokenId":)" + json_string(token) + "," + (found == tokens_.end() ? default_ : found->second) +
           "}";
}

void System::put_tokens(const httplib::Request& request, httplib::Response& response, bool is_default) {
    rapidjson::Document document;
    document.Parse(request.body.data(), request.body.size());
    const auto members = [](const rapidjson::Value& value) {
        const std::string text = json_of(value);
        return value.IsObject() && value.MemberCount() > 0 ? text.substr(1, text.size() - 2) : kUnknown;
    };
    const std::lock_guard lock(mutex_);
    if (is_default)
        default_ = members(document);
    else if (document.IsObject())
        for (const auto& token : document.GetObject()) tokens_[token.name.GetString()] = members(token.value);
    response.set_content("{}", kJson);
}

std::string System::render_asked() {
    const std::lock_guard lock(mutex_);
    std::string out = "{";
    for (const auto& [token, count] : asked_)
        out.append(out.size() > 1 ? "," : "")
            .append(json_string(token))
            .append(":")
            .append(std::to_string(count));
    return out + "}";
}

std::string System::render_stats() {
    const std::lock_guard lock(mutex_);
    return "{\"requests\":" + std::to_string(requests_) + ",\"tokens\":" + std::to_string(asked_tokens_) +
           ",\"bad_requests\":" + std::to_string(bad_requests_) +
           ",\"in_progress\":" + std::to_string(in_progress_) +
           ",\"most_in_progress\":" + std::to_string(most_in_progress_) +
           ",\"last_problem\":" + json_string(last_problem_) + "}";
}

}  // namespace gpsync::token_system

#include "server.hpp"

#include <chrono>

#include "coding.hpp"
#include "core/ascii_case.hpp"
#include "ledger_file.hpp"
#include "reset.hpp"

namespace gpsync::emulator {
namespace {

constexpr const char* kJson = "application/json";
constexpr const char* kJsonLines = "application/x-ndjson";
constexpr size_t kRequestsSeen = 20000;

// The media type without its parameters, in lower case.
std::string media_type(const std::string& content_type) {
    std::string type = content_type.substr(0, content_type.find(';'));
    type.erase(type.find_last_not_of(' ') + 1);
    return core::to_lower(type);
}

// What a fault says, as an endpoint that repeats what it was sent.
std::string with_echo(std::string text, const httplib::Request& request) {
    constexpr std::string_view kPlace = "{authorization}";
    const std::string header = request.get_header_value("Authorization");
    for (size_t at = text.find(kPlace); at != std::string::npos; at = text.find(kPlace, at + header.size()))
        text.replace(at, kPlace.size(), header);
    return text;
}

void append_result(std::string& out, const Event& event, Outcome outcome, const Fault& fault) {
    constexpr const char* kStatus[] = {"accepted", "duplicate", "rejected"};
    out.append(out.back() == '[' ? "" : ",").append(R"({"id":)");
    append_json_string(out, event[kId]);
    out.append(R"(,"status":")").append(kStatus[static_cast<size_t>(outcome)]).append("\"");
    if (outcome == Outcome::Rejected) {
        out.append(R"(,"retryable":)").append(fault.retryable ? "true" : "false").append(R"(,"error":)");
        append_json_string(out, fault.error);
    }
    out += "}";
}

// When the request came that this thread answers.
thread_local Fault::Clock::time_point came;

}  // namespace

Emulator::Emulator(Settings settings) : settings_(std::move(settings)), ledger_(settings_.ledger_file) {}

void Emulator::add_routes(httplib::Server& server) {
    using httplib::Request;
    using httplib::Response;
    // Before the body is read.
    server.set_pre_routing_handler([](const Request&, Response&) {
        came = Fault::Clock::now();
        return httplib::Server::HandlerResponse::Unhandled;
    });
    server.Post("/events",
                [this](const Request& request, Response& response) { post_events(request, response); });
    server.Get("/ledger", [this](const Request& request, Response& response) {
        response.set_content(ledger_.render_ledger(request.get_param_value("subject")), kJsonLines);
    });
    server.Get("/events", [this](const Request& request, Response& response) {
        response.set_content(ledger_.read_events(request.get_param_value("with")), kJsonLines);
    });
    server.Get("/requests", [this](const Request&, Response& response) {
        response.set_content(render_requests(), kJsonLines);
    });
    server.Get("/stats", [this](const Request&, Response& response) {
        response.set_content(ledger_.render_stats(settings_.name, in_progress_), kJson);
    });
    server.Get("/faults",
               [this](const Request&, Response& response) { response.set_content(faults_.render(), kJson); });
    server.Delete("/faults", [this](const Request& request, Response& response) {
        const std::string number = request.get_param_value("fault");
        faults_.clear(number.empty() ? std::nullopt : std::optional(std::stoi(number)));
        response.set_content("{}\n", kJson);
    });
    server.Post("/faults", [this](const Request& request, Response& response) {
        std::string error;
        if (const auto number = faults_.add(request.body, error))
            response.set_content("{\"fault\":" + std::to_string(*number) + "}\n", kJson);
        else
            refuse(response, {-1, error}, nullptr);
    });
}

Refusal Emulator::check_headers(const httplib::Request& request) const {
    const std::string content_type = request.get_header_value("Content-Type");
    if (media_type(content_type) != "application/cloudevents-batch+json")
        return {-1, "Content-Type is not application/cloudevents-batch+json but \"" + content_type + "\""};
    if (request.get_header_value("Idempotency-Key").empty()) return {-1, "there is no Idempotency-Key"};
    return {};
}

void Emulator::post_events(const httplib::Request& request, httplib::Response& response) {
    thread_local Batch batch;  // keeps its buffers from request to request
    if (!settings_.authorization.empty() &&
        request.get_header_value("Authorization") != settings_.authorization) {
        response.status = 401;
        ledger_.count(&Counters::requests);
        return remember(request, nullptr, response.status);
    }
    Refusal refusal = check_headers(request);
    if (!refusal) refusal = batch.read(request.body);
    if (refusal) {
        ledger_.count(&Counters::requests);
        ledger_.count(&Counters::refused);
        refuse(response, refusal, &batch);
        return remember(request, nullptr, response.status);
    }
    ++in_progress_;
    take(request, response, batch);
    --in_progress_;
    remember(request, &batch, response.status);
}

void Emulator::take(const httplib::Request& request, httplib::Response& response, const Batch& batch) {
    std::vector<Fault> met = faults_.meet(batch.events());
    take_with(met, request, response, batch);
    for (const Fault& fault : met)
        if (fault.kind == FaultKind::Delay && fault.take) faults_.wait(fault, came);
}

void Emulator::take_with(std::vector<Fault>& met, const httplib::Request& request,
                         httplib::Response& response, const Batch& batch) {
    response.status = 200;
    const Fault* results = nullptr;
    if (!met.empty()) ledger_.count(&Counters::faulted);
    for (Fault& fault : met) {
        fault.body = with_echo(std::move(fault.body), request);
        fault.error = with_echo(std::move(fault.error), request);
        if (fault.kind == FaultKind::Delay && !fault.take) faults_.wait(fault, Fault::Clock::now());
        if (fault.kind == FaultKind::Results) results = &fault;
    }
    for (const Fault& fault : met) {
        if (fault.kind == FaultKind::Delay || fault.kind == FaultKind::Results) continue;
        if (!fault.take)
            ledger_.count(&Counters::requests);
        else if (!take_events(request, response, batch, nullptr))
            return;
        return answer_fault(fault, request, response);
    }
    take_events(request, response, batch, results);
}

// Takes the batch into the ledger and answers; false when it is refused.
bool Emulator::take_events(const httplib::Request& request, httplib::Response& response, const Batch& batch,
                           const Fault* results) {
    thread_local std::vector<Outcome> outcomes;
    outcomes.assign(batch.events().size(), Outcome::Accepted);
    if (results)
        for (size_t i = 0; i < outcomes.size(); ++i)
            if (matches(*results, batch.events()[i])) outcomes[i] = Outcome::Rejected;
    if (const Refusal refusal =
            ledger_.take(batch.events(), request.get_header_value("Idempotency-Key"), outcomes)) {
        refuse(response, refusal, &batch);
        return false;
    }
    if (!results) return true;
    std::string body = R"({"results":[)";
    for (size_t i = 0; i < outcomes.size(); ++i)
        append_result(body, batch.events()[i], outcomes[i], *results);
    set_coded_body(response, body + "]}\n" + std::string(static_cast<size_t>(results->pad), ' '),
                   results->coding);
    return true;
}

void Emulator::answer_fault(const Fault& fault, const httplib::Request& request,
                            httplib::Response& response) {
    response.status = fault.status;
    switch (fault.kind) {
        case FaultKind::Reset:
            reset_connection(request.remote_port);
            response.status = 0;
            break;
        case FaultKind::Half:
            response.status = 200;
            response.set_content_provider(1000, kJson, [](size_t offset, size_t, httplib::DataSink& sink) {
                constexpr std::string_view kStart = R"({"results":[{"id":")";
                if (offset == 0) sink.write(kStart.data(), kStart.size());
                return false;
            });
            break;
        case FaultKind::Redirect:
            response.set_header("Location", fault.location);
            break;
        default:
            if (!fault.retry_after.empty()) response.set_header("Retry-After", fault.retry_after);
            if (!fault.body.empty() || fault.pad > 0)
                set_coded_body(response, fault.body + std::string(static_cast<size_t>(fault.pad), ' '),
                               fault.coding);
            break;
    }
}

// 400 with {"error": reason, "event": place in the batch, "id": its id}.
void Emulator::refuse(httplib::Response& response, const Refusal& refusal, const Batch* batch) {
    std::string body = R"({"error":)";
    append_json_string(body, refusal.reason);
    const auto event = static_cast<size_t>(refusal.event);
    if (refusal.event >= 0) body.append(R"(,"event":)").append(std::to_string(refusal.event));
    if (refusal.event >= 0 && batch && event < batch->events().size()) {
        body += R"(,"id":)";
        append_json_string(body, batch->events()[event][kId]);
    }
    response.status = 400;
    response.set_content(body + "}\n", kJson);
}

void Emulator::remember(const httplib::Request& request, const Batch* batch, int status) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    Seen seen{std::chrono::duration_cast<std::chrono::milliseconds>(now).count(), status,
              batch ? batch->events().size() : 0, request.get_header_value("Idempotency-Key"),
              batch ? std::string(batch->events().front()[kId]) : ""};
    const std::lock_guard lock(seen_mutex_);
    if (seen_.size() >= kRequestsSeen) seen_.pop_front();
    seen_.push_back(std::move(seen));
}

std::string Emulator::render_requests() {
    const std::lock_guard lock(seen_mutex_);
    std::string out;
    for (const Seen& seen : seen_) {
        out.append(R"({"time_ms":)")
            .append(std::to_string(seen.time_ms))
            .append(R"(,"status":)")
            .append(std::to_string(seen.status));
        out.append(R"(,"events":)").append(std::to_string(seen.events)).append(R"(,"idempotency_key":)");
        append_json_string(out, seen.idempotency_key);
        out += R"(,"first_id":)";
        append_json_string(out, seen.first_id);
        out += "}\n";
    }
    return out;
}

}  // namespace gpsync::emulator

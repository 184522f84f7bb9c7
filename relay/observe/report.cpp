#include "relay/observe/report.hpp"

#include <rapidjson/document.h>
#include <unistd.h>

#include "relay/base/clock.hpp"
#include "relay/base/json_members.hpp"
#include "relay/base/json_text.hpp"

namespace gpsync::relay {

namespace {

// 0: unknown, left out.
void put_time(JsonWriter& writer, const char* name, int64_t time_us) {
    if (time_us != 0) put(writer, name, format_time(time_us));
}

void put_error(JsonWriter& writer, const std::string& error, int64_t time_us) {
    if (error.empty()) return;
    put(writer, "last_error", error);
    put_time(writer, "last_error_at", time_us);
}

void put_endpoint(JsonWriter& writer, const EndpointStatus& status, const Progress::OfEndpoint& progress) {
    writer.StartObject();
    put(writer, "endpoint", progress.name);
    put(writer, "breaker", std::string_view(breaker_name(status.breaker)));
    put_time(writer, "breaker_since", status.breaker_since_us);
    put_time(writer, "next_probe_at", status.next_probe_us);
    if (status.lanes_in_use > 0) put(writer, "lanes_in_use", status.lanes_in_use);
    put(writer, "delivered", status.delivered);
    put(writer, "rejected", status.rejected);
    put(writer, "errors", status.errors);
    if (progress.latency_ms >= 0) {
        writer.Key("latency_ms");
        writer.Double(progress.latency_ms);
    }
    put_time(writer, "waiting_until", progress.waiting_until_us);
    if (progress.at_limit) {
        writer.Key("at_limit");
        writer.Bool(true);
    }
    put_error(writer, status.last_error, status.last_error_us);
    writer.EndObject();
}

}  // namespace

const char* state_name(State state) {
    switch (state) {
        case State::starting:
            return "starting";
        case State::streaming:
            return "streaming";
        case State::standby:
            return "standby";
        case State::paused:
            return "paused";
        case State::waiting:
            return "waiting";
        case State::stopped:
            break;
    }
    return "stopped";
}

const char* breaker_name(BreakerState state) {
    switch (state) {
        case BreakerState::open:
            return "open";
        case BreakerState::half_open:
            return "half-open";
        case BreakerState::closed:
            break;
    }
    return "closed";
}

void RelayStatus::note_error(const std::string& text) {
    last_error = text;
    last_error_us = now_us();
}

std::string report_json(const RelayStatus& status, const Progress& progress) {
    return json_text([&](JsonWriter& writer) {
        writer.SetMaxDecimalPlaces(3);
        writer.StartObject();
        put(writer, "state", std::string_view(state_name(status.state)));
        put(writer, "relay_pid", getpid());
        put_time(writer, "started_at", status.started_us);
        put(writer, "in_flight_events", progress.in_flight_events);
        put(writer, "in_flight_bytes", progress.in_flight_bytes);
        put_time(writer, "oldest_unsettled", progress.oldest_unsettled_us.value_or(0));
        put_error(writer, status.last_error, status.last_error_us);
        writer.Key("endpoints");
        writer.StartArray();
        for (const auto& endpoint : progress.endpoints)
            put_endpoint(writer, status.endpoints.at(endpoint.name), endpoint);
        writer.EndArray();
        writer.EndObject();
    });
}

ReportAnswer parse_report_answer(const std::string& json) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    ReportAnswer answer;
    if (!document.IsObject()) return answer;
    auto is = [&](const char* name, bool otherwise) {
        auto found = document.FindMember(name);
        return found != document.MemberEnd() && found->value.IsBool() ? found->value.GetBool() : otherwise;
    };
    answer.exists = is("exists", true);
    answer.paused = is("paused", false);
    answer.lag_bytes = number(document, "lag_bytes");
    answer.retained_bytes = number(document, "retained_bytes");
    answer.resend = is("resend", false);
    answer.held = is("held", false);
    answer.lookups = is("lookups", false);
    answer.retains_much = is("retains_much", false);
    auto probe = document.FindMember("probe");
    if (probe != document.MemberEnd() && probe->value.IsArray())
        for (const auto& endpoint : probe->value.GetArray())
            if (endpoint.IsString())
                answer.probe.emplace_back(endpoint.GetString(), endpoint.GetStringLength());
    answer.fingerprint = optional_text(document, "fingerprint").value_or(std::string());
    return answer;
}

}  // namespace gpsync::relay

#include "relay/config.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <utility>

#include "core/ascii_case.hpp"
#include "core/endpoint_options.hpp"
#include "core/http_headers.hpp"
#include "relay/base/lsn.hpp"

namespace gpsync::relay {

namespace {

using rapidjson::Value;

[[noreturn]] void bad_member(const std::string& name) {
    throw ConfigError("relay_config() answered no valid \"" + name + "\"",
                      "The extension in the database and this relay are of different versions.",
                      "ALTER EXTENSION gpsync UPDATE; or install the relay that came with the extension.");
}

const Value& member(const Value& object, const char* name) {
    auto found = object.FindMember(name);
    if (found == object.MemberEnd()) bad_member(name);
    return found->value;
}

std::string text(const Value& object, const char* name) {
    const Value& value = member(object, name);
    if (!value.IsString()) bad_member(name);
    return {value.GetString(), value.GetStringLength()};
}

std::string optional_text(const Value& object, const char* name) {
    return object.HasMember(name) ? text(object, name) : std::string();
}

bool boolean(const Value& object, const char* name) {
    const Value& value = member(object, name);
    if (!value.IsBool()) bad_member(name);
    return value.GetBool();
}

int64_t number(const Value& object, const char* name, int64_t least, int64_t most) {
    const Value& value = member(object, name);
    if (!value.IsInt64() || value.GetInt64() < least || value.GetInt64() > most) bad_member(name);
    return value.GetInt64();
}

// A number among an endpoint's options, within the bounds that the extension's validator has too.
int64_t option_number(const Value& options, const char* json_name) {
    for (const core::EndpointOption& option : core::kEndpointOptions)
        if (option.json_name == json_name) return number(options, json_name, option.min, option.max);
    bad_member(json_name);
}

std::chrono::milliseconds duration(const Value& options, const char* json_name) {
    return std::chrono::milliseconds(option_number(options, json_name));
}

std::vector<std::string> headers(const Value& object, const char* name) {
    const std::string lines = optional_text(object, name);
    std::vector<core::HttpHeader> parsed;
    if (!lines.empty() && !core::parse_http_headers(lines, parsed).empty()) bad_member(name);
    std::vector<std::string> texts;
    texts.reserve(parsed.size());
    for (const core::HttpHeader& header : parsed)
        texts.push_back(std::string(header.name) + ": " + std::string(header.value));
    return texts;
}

EventMode event_mode(const Value& options) {
    const std::string mode = text(options, "event_mode");
    if (mode == "batch") return EventMode::batch;
    if (mode == "structured") return EventMode::structured;
    if (mode == "binary") return EventMode::binary;
    bad_member("event_mode");
}

Credentials read_credentials(const Value& mapping) {
    if (!mapping.IsObject()) bad_member("user_mapping");
    Credentials credentials;
    credentials.bearer_token = optional_text(mapping, "bearer_token");
    credentials.bearer_token_file = optional_text(mapping, "bearer_token_file");
    credentials.username = optional_text(mapping, "username");
    credentials.password = optional_text(mapping, "password");
    credentials.client_cert_file = optional_text(mapping, "client_cert_file");
    credentials.client_key_file = optional_text(mapping, "client_key_file");
    credentials.headers = headers(mapping, "secret_headers");
    credentials.signing_secret = optional_text(mapping, "signing_secret");
    credentials.signing_secret_file = optional_text(mapping, "signing_secret_file");
    return credentials;
}

// Without the extension's guard (an event trigger that is disabled, say) a request would have it twice.
void refuse_header_twice(const EndpointConfig& endpoint) {
    const auto name_of = [](std::string_view header) { return header.substr(0, header.find(':')); };
    for (const std::string& header : endpoint.headers)
        for (const std::string& secret : endpoint.credentials.headers)
            if (core::equals_ignoring_case(name_of(header), name_of(secret)))
                throw ConfigError(
                    "header \"" + std::string(name_of(header)) + "\" of endpoint \"" + endpoint.name +
                        "\" is given twice",
                    "It stands in headers of the server, and in secret_headers of the user mapping.",
                    "Drop one of them.");
}

ProtocolName protocol(const Value& options) {
    const std::string name = text(options, "protocol");
    if (name == "cloudevents-batch") return ProtocolName::cloudevents_batch;
    if (name == "ibm-mq-rest") return ProtocolName::ibm_mq_rest;
    if (name == "token-lookup") return ProtocolName::token_lookup;
    if (name == "local") return ProtocolName::local;
    bad_member("protocol");
}

void read_mq(const Value& options, EndpointConfig& endpoint) {
    MqConfig& mq = endpoint.mq;
    mq.qmgr = text(options, "qmgr");
    mq.queue = optional_text(options, "queue");
    mq.topic = optional_text(options, "topic");
    if (mq.queue.empty() == mq.topic.empty()) bad_member("queue");
    mq.api = text(options, "api");
    mq.expiry_ms = option_number(options, "expiry_ms");
    // It logs in, and does not send them with every request.
    mq.username = std::exchange(endpoint.credentials.username, {});
    mq.password = std::exchange(endpoint.credentials.password, {});
}

EndpointConfig read_endpoint(const Value& value) {
    if (!value.IsObject()) bad_member("endpoints");
    const Value& options = member(value, "options");
    if (!options.IsObject()) bad_member("options");
    EndpointConfig endpoint;
    endpoint.name = text(value, "name");
    endpoint.protocol = protocol(options);
    const bool local = endpoint.protocol == ProtocolName::local;
    if (!local) endpoint.url = text(options, "url");
    endpoint.batch.max_events = static_cast<size_t>(option_number(options, "batch_size"));
    endpoint.batch.max_bytes = static_cast<size_t>(option_number(options, "batch_bytes"));
    endpoint.linger = duration(options, "linger_ms");
    // Events are applied in the order of the stream.
    endpoint.lanes = local ? 1 : static_cast<size_t>(option_number(options, "lanes"));
    endpoint.timeout = duration(options, "timeout_ms");
    endpoint.connect_timeout = duration(options, "connect_timeout_ms");
    endpoint.max_connection_age = duration(options, "max_connection_age_ms");
    endpoint.retry_attempts = static_cast<int>(option_number(options, "retry_attempts"));
    endpoint.retry_base = duration(options, "retry_base_ms");
    endpoint.spool_limit_bytes = option_number(options, "spool_limit_bytes");
    endpoint.spool_time = duration(options, "spool_time_ms");
    endpoint.breaker_successes = static_cast<int>(option_number(options, "breaker_successes"));
    std::string compression = text(options, "compression");
    if (compression != "none" && compression != "gzip") bad_member("compression");
    endpoint.gzip = compression == "gzip";
    endpoint.event_mode = event_mode(options);
    const std::string signing = text(options, "signing");
    if (signing != "none" && signing != "standard-webhooks") bad_member("signing");
    endpoint.sign = signing == "standard-webhooks";
    endpoint.headers = headers(options, "headers");
    endpoint.ca_file = optional_text(options, "ca_file");
    endpoint.credentials = read_credentials(member(value, "user_mapping"));
    refuse_header_twice(endpoint);
    if (endpoint.protocol == ProtocolName::ibm_mq_rest) read_mq(options, endpoint);
    return endpoint;
}

core::Position read_position(const Value& value) {
    if (!value.IsObject()) bad_member("position");
    core::Position position;
    const auto commit_lsn = parse_lsn(text(value, "commit_lsn"));
    if (!commit_lsn) bad_member("commit_lsn");
    position.commit_lsn = *commit_lsn;
    position.ordinal = static_cast<uint32_t>(number(value, "ordinal", 0, UINT32_MAX));
    return position;
}

SpoolState read_spool(const Value& value) {
    if (!value.IsObject()) bad_member("spool");
    SpoolState spool;
    const Value& end = member(value, "end");
    if (!end.IsNull()) spool.end = read_position(end);
    spool.refused = text(value, "refused");
    const Value& cursors = member(value, "cursors");
    if (!cursors.IsObject()) bad_member("cursors");
    for (const auto& [name, cursor] : cursors.GetObject()) {
        EndpointState state;
        state.cursor = read_position(cursor);
        state.behind = text(cursor, "feed") == "behind";
        const Value& since = member(cursor, "since");
        if (!since.IsNumber()) bad_member("since");
        state.since_us = static_cast<int64_t>(since.GetDouble() * 1e6);
        state.events = number(cursor, "events", 0, INT64_MAX);
        state.bytes = number(cursor, "bytes", 0, INT64_MAX);
        spool.endpoints.emplace(std::string(name.GetString(), name.GetStringLength()), state);
    }
    return spool;
}

// No comma is in any of them.
std::string read_topics(const Value& value) {
    if (!value.IsArray()) bad_member("topics");
    std::string topics;
    for (const Value& topic : value.GetArray()) {
        if (!topic.IsString()) bad_member("topics");
        topics.append(topics.empty() ? "" : ",").append(topic.GetString(), topic.GetStringLength());
    }
    return topics;
}

}  // namespace

RelayConfig parse_config(std::string_view json) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    if (!document.IsObject()) bad_member("object");
    RelayConfig config;
    config.stream = text(document, "stream");
    config.replication.slot = text(document, "slot");
    if (!member(document, "publication").IsNull())
        config.replication.publication = text(document, "publication");
    if (!member(document, "partition").IsNull()) config.replication.partition = text(document, "partition");
    config.replication.topics = read_topics(member(document, "topics"));
    if (config.replication.publication.empty() && config.replication.topics.empty()) bad_member("topics");
    config.bookkeeping = boolean(document, "bookkeeping");
    config.paused = boolean(document, "paused");
    config.synchronised = boolean(document, "failover");
    config.system_identifier = text(document, "system_identifier");
    config.position = read_position(member(document, "position"));
    const Value& endpoints = member(document, "endpoints");
    if (!endpoints.IsArray() || endpoints.Empty()) bad_member("endpoints");
    for (const Value& endpoint : endpoints.GetArray()) {
        config.endpoints.push_back(read_endpoint(endpoint));
        if (config.endpoints.back().protocol == ProtocolName::token_lookup) bad_member("protocol");
        config.endpoints.back().number = static_cast<uint16_t>(config.endpoints.size() - 1);
    }
    config.spool = read_spool(member(document, "spool"));
    config.replication.skip_changes = optional_text(document, "skip_changes");
    config.fingerprint = text(document, "fingerprint");
    return config;
}

std::vector<LookupConfig> parse_lookups(std::string_view json) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    if (!document.IsArray()) bad_member("lookups");
    std::vector<LookupConfig> lookups;
    for (Value& value : document.GetArray()) {
        if (!value.IsObject()) bad_member("lookups");
        LookupConfig lookup;
        lookup.failing = boolean(value, "failing");
        value.RemoveMember("failing");  // none of the definition
        lookup.name = text(value, "lookup");
        lookup.created_at = text(value, "created_at");
        lookup.endpoint = read_endpoint(member(value, "endpoint"));
        if (lookup.endpoint.protocol != ProtocolName::token_lookup) bad_member("protocol");
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        value.Accept(writer);
        lookup.identity = {buffer.GetString(), buffer.GetSize()};
        lookups.push_back(std::move(lookup));
    }
    return lookups;
}

}  // namespace gpsync::relay

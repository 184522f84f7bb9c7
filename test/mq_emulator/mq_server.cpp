#include "mq_server.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <re2/re2.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>

#include "core/ascii_case.hpp"
#include "core/hex.hpp"
#include "core/pii/base64.hpp"
#include "emulator/reset.hpp"

namespace gpsync::mq_emulator {
namespace {

constexpr const char* kJson = "application/json; charset=utf-8";
constexpr size_t kIdDigits = 48;
constexpr size_t kRequestsSeen = 100'000;

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void member(Writer& writer, const char* name, const std::string& text) {
    writer.Key(name);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

// The form of REST API error handling; versions differ in how they name the message's id.
void answer_error(httplib::Response& response, int status, const std::string& id, int reason,
                  const std::string& text) {
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    writer.Key("error");
    writer.StartArray();
    writer.StartObject();
    member(writer, "type", "rest");
    member(writer, reason % 2 == 0 ? "msgId" : "messageId", id);
    member(writer, "message", id + ": " + text);
    member(writer, "explanation", "");
    member(writer, "action", "Resubmit the request, correcting any issues.");
    writer.Key("completionCode");
    writer.Int(reason == 0 ? 0 : 2);
    writer.Key("reasonCode");
    writer.Int(reason);
    writer.EndObject();
    writer.EndArray();
    writer.EndObject();
    response.status = status;
    response.set_content(buffer.GetString(), kJson);
}

bool is_hex(const std::string& text) {
    return text.size() == kIdDigits && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

// "text/plain;charset=utf-8" without the blank and in lower case.
std::string content_type(const httplib::Request& request) {
    std::string type = core::to_lower(request.get_header_value("Content-Type"));
    std::erase(type, ' ');
    return type;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

// Without a name's percent-encoding; nothing where a character stands as it is that must be encoded.
std::optional<std::string> decoded_name(std::string_view name) {
    std::string text;
    for (size_t at = 0; at < name.size(); ++at) {
        const char c = name[at];
        if (c == '%' && at + 2 < name.size() && core::hex::is_digit(name[at + 1]) &&
            core::hex::is_digit(name[at + 2])) {
            text += static_cast<char>(std::stoi(std::string(name.substr(at + 1, 2)), nullptr, 16));
            at += 2;
        } else if (c == '%' || static_cast<unsigned char>(c) <= ' ' || (c & 0x80) != 0) {
            return std::nullopt;
        } else {
            text += c;
        }
    }
    return text;
}

std::string base64(const std::string& text) {
    return core::pii::base64_encode(text, core::pii::Base64Alphabet::kStandard, true);
}

}  // namespace

void MessageStore::add(Message message) {
    by_correlation_id_[message.correlation_id].insert(++last_);
    messages_.emplace(last_, std::move(message));
}

const Message* MessageStore::find(const std::string& correlation_id) const {
    if (correlation_id.empty()) return messages_.empty() ? nullptr : &messages_.begin()->second;
    const auto found = by_correlation_id_.find(correlation_id);
    return found == by_correlation_id_.end() ? nullptr : &messages_.at(*found->second.begin());
}

void MessageStore::remove(const std::string& correlation_id) {
    const auto message = correlation_id.empty()
                             ? messages_.begin()
                             : messages_.find(*by_correlation_id_.at(correlation_id).begin());
    const auto numbers = by_correlation_id_.find(message->second.correlation_id);
    numbers->second.erase(message->first);
    if (numbers->second.empty()) by_correlation_id_.erase(numbers);
    messages_.erase(message);
}

MqServer::MqServer(Settings settings) : settings_(std::move(settings)) {}

void MqServer::add_routes(httplib::Server& server) {
    server.Post(R"(/ibmmq/rest/v[123]/login)", [this](const Request& request, Response& response) {
        log_in(request, response);
        remember("login", response.status);
    });
    // The server's library matches a path that it has decoded, in which a slash of a name is like one between
    // names; read_target() looks at the path as it was sent.
    const std::string path = "/ibmmq/rest/v[123]/messaging/qmgr/.+";
    server.Post(path, [this](const Request& request, Response& response) {
        put(request, response);
        remember("put", response.status);
    });
    server.Get(path, [this](const Request& request, Response& response) {
        get(request, response, false);
        remember("browse", response.status);
    });
    server.Delete(path, [this](const Request& request, Response& response) {
        get(request, response, true);
        remember("get", response.status);
    });
    add_control(server);
}

void MqServer::add_control(httplib::Server& server) {
    // Messages of a queue or a topic in their order, a JSON object a line.
    server.Get("/control/messages", [this](const Request& request, Response& response) {
        std::string lines;
        const std::lock_guard lock(mutex_);
        for (auto* store : {&queues_, &topics_})
            for (const auto& [name, kept] : *store) {
                if (name != request.get_param_value("of")) continue;
                for (const auto& [number, message] : kept.messages()) {
                    rapidjson::StringBuffer buffer;
                    Writer writer(buffer);
                    writer.StartObject();
                    member(writer, "messageId", message.id);
                    member(writer, "correlationId", message.correlation_id);
                    member(writer, "persistence", message.persistence);
                    member(writer, "expiry", message.expiry);
                    member(writer, "contentType", message.content_type);
                    member(writer, "body", message.body);
                    writer.EndObject();
                    lines.append(buffer.GetString()).append("\n");
                }
            }
        response.set_content(lines, "application/x-ndjson");
    });
    // What was asked, "put 201" a line.
    server.Get("/control/requests", [this](const Request&, Response& response) {
        std::string lines;
        const std::lock_guard lock(mutex_);
        for (const std::string& line : requests_) lines.append(line).append("\n");
        response.set_content(lines, "text/plain");
    });
    // How many messages were put.
    server.Get("/control/puts", [this](const Request&, Response& response) {
        const std::lock_guard lock(mutex_);
        response.set_content(std::to_string(puts_), "text/plain");
    });
    server.Post("/control/consume", [this](const Request&, Response&) {
        const std::lock_guard lock(mutex_);
        queues_.clear();
    });
    server.Post("/control/expire", [this](const Request&, Response&) {
        const std::lock_guard lock(mutex_);
        tokens_.clear();
    });
    server.Post("/control/faults", [this](const Request& request, Response& response) {
        const std::string problem = faults_.add(request.body);
        if (problem.empty()) return;
        response.status = 400;
        response.set_content(problem, "text/plain");
    });
    server.Delete("/control/faults", [this](const Request&, Response&) { faults_.clear(); });
}

void MqServer::log_in(const Request& request, Response& response) {
    if (const auto fault = faults_.meet("login", "")) {
        if (fail(*fault, request, response)) return;
    }
    rapidjson::Document document;
    document.Parse(request.body.data(), request.body.size());
    if (!content_type(request).starts_with("application/json") || !document.IsObject() ||
        !document.HasMember("username") || !document.HasMember("password"))
        return answer_error(response, 400, "MQWB0105E", 0, "The body of the request could not be parsed.");
    if (document["username"].GetString() != settings_.user ||
        document["password"].GetString() != settings_.password)
        return answer_error(response, 401, "MQWB0104E", 0, "The REST API request is not authenticated.");
    const std::lock_guard lock(mutex_);
    ++last_;
    const std::string token =
        "ltpa-" + std::to_string(last_) + "-" + base64(settings_.user + std::to_string(last_));
    tokens_.insert(token);
    response.status = 204;
    response.set_header("Set-Cookie", "LtpaToken2_x1=" + token + "; Path=/; Secure; HttpOnly");
}

bool MqServer::is_authenticated(const Request& request) {
    if (settings_.user.empty()) return true;
    if (request.get_header_value("Authorization") ==
        "Basic " + base64(settings_.user + ":" + settings_.password))
        return true;
    const std::string cookie = request.get_header_value("Cookie");
    const std::lock_guard lock(mutex_);
    return cookie.starts_with("LtpaToken2_x1=") && tokens_.contains(cookie.substr(cookie.find('=') + 1));
}

bool MqServer::read_target(const Request& request, Target& target) {
    // A topic may have levels, which slashes separate; a queue's name has none that is not encoded.
    static const RE2 kPath(
        R"(/ibmmq/rest/(v[123])/messaging/qmgr/([^/]+)/(?:queue/([^/]+)|topic/(.+))/message)");
    const std::string path = request.target.substr(0, request.target.find('?'));
    std::string version, of, queue, topic;
    if (!RE2::FullMatch(path, kPath, &version, &of, &queue, &topic)) return false;
    const auto qmgr = decoded_name(of), name = decoded_name(queue.empty() ? topic : queue);
    if (!qmgr || !name) return false;
    target = {version, *qmgr, queue.empty() ? "topic" : "queue", *name};
    return true;
}

bool MqServer::check(const Request& request, Response& response, Target& target) {
    if (!read_target(request, target)) {
        answer_error(response, 404, "MQWB0108E", 0, "There is no such resource.");
    } else if (!is_authenticated(request)) {
        const bool expired = request.has_header("Cookie");
        answer_error(
            response, 401, expired ? "MQWB0112E" : "MQWB0104E", 0,
            expired ? "The credentials have expired." : "The REST API request is not authenticated.");
    } else if (!request.has_header("ibm-mq-rest-csrf-token")) {
        answer_error(response, 403, "MQWB0100E", 0,
                     "The CSRF header 'ibm-mq-rest-csrf-token' was omitted from the request.");
    } else if (target.qmgr != settings_.qmgr) {
        answer_error(response, 404, "MQWB0009E", 2058,
                     "Could not query the queue manager '" + target.qmgr + "'.");
    } else if (!contains(target.kind == "queue" ? settings_.queues : settings_.topics, target.name)) {
        answer_error(response, 404, "MQWB0300E", 2085,
                     "Cannot create messaging connection to '" + target.name + "'.");
    } else {
        return true;
    }
    return false;
}

bool MqServer::read_headers(const Request& request, Response& response, const Target& target,
                            Message& message) {
    static const std::vector<std::string> kTypes{"text/plain;charset=utf-8", "text/html;charset=utf-8",
                                                 "text/xml;charset=utf-8", "application/json;charset=utf-8",
                                                 "application/xml;charset=utf-8"};
    message.content_type = content_type(request);
    if (!contains(kTypes, message.content_type)) {
        answer_error(response, 415, "MQWB0306E", 0,
                     "The media type is unsupported for this type of request.");
        return false;
    }
    message.correlation_id = request.get_header_value("ibm-mq-md-correlationId");
    message.persistence = request.get_header_value("ibm-mq-md-persistence");
    message.expiry = request.get_header_value("ibm-mq-md-expiry");
    std::string id = message.correlation_id;
    if (target.api == "v3" && id.starts_with("ID:")) id.erase(0, 3);
    const bool good_persistence = message.persistence.empty() || message.persistence == "persistent" ||
                                  message.persistence == "nonPersistent";
    const bool good_expiry = message.expiry.find_first_not_of("0123456789") == std::string::npos;
    if ((!id.empty() && !is_hex(id)) || !good_persistence || !good_expiry) {
        answer_error(response, 400, "MQWB0302E", 0, "A request header cannot be set.");
        return false;
    }
    message.correlation_id = core::to_lower(id);
    return true;
}

bool MqServer::store(const Target& target, Message message, Response& response) {
    if (message.body.size() > settings_.longest) {
        answer_error(response, 400, "MQWB0303E", 2030,
                     "An unforeseen error occurred while sending the message.");
        return false;
    }
    const std::lock_guard lock(mutex_);
    MessageStore& kept = (target.kind == "queue" ? queues_ : topics_)[target.name];
    if (settings_.most_messages > 0 && kept.messages().size() >= settings_.most_messages) {
        answer_error(response, 500, "MQWB0303E", 2053,
                     "An unforeseen error occurred while sending the message.");
        return false;
    }
    char id[kIdDigits + 1];
    std::snprintf(id, sizeof id, "414d5120514d312020202020%024llx", static_cast<unsigned long long>(++last_));
    message.id = id;
    response.set_header("ibm-mq-md-messageId", message.id);
    kept.add(std::move(message));
    ++puts_;
    return true;
}

void MqServer::put(const Request& request, Response& response) {
    Target target;
    Message message;
    if (!check(request, response, target) || !read_headers(request, response, target, message)) return;
    message.body = request.body;
    const auto fault = faults_.meet("put", message.body);
    if (fault && fault->put != 0 && !store(target, message, response)) return;
    if (fault && fail(*fault, request, response)) return;
    if (!(fault && fault->put != 0) && !store(target, std::move(message), response)) return;
    response.status = 201;
}

void MqServer::get(const Request& request, Response& response, bool destructive) {
    Target target;
    if (!check(request, response, target)) return;
    if (target.kind == "topic")
        return answer_error(response, 405, "MQWB0108E", 0, "The HTTP method is not allowed.");
    if (const auto fault = faults_.meet("browse", ""))
        if (fail(*fault, request, response)) return;
    std::string id = request.get_param_value("correlationId");
    if (target.api == "v3" && id.starts_with("ID:")) id.erase(0, 3);
    if (!id.empty() && !is_hex(id))
        return answer_error(response, 400, "MQWB0302E", 0, "Invalid correlationId.");
    const std::lock_guard lock(mutex_);
    id = core::to_lower(id);
    MessageStore& kept = queues_[target.name];
    const Message* found = kept.find(id);
    if (found == nullptr) {
        response.status = 204;
        return;
    }
    response.status = 200;
    response.set_header("ibm-mq-md-correlationId", (target.api == "v3" ? "ID:" : "") + found->correlation_id);
    response.set_header("ibm-mq-md-messageId", found->id);
    response.set_header("ibm-mq-md-persistence", found->persistence);
    response.set_content(found->body, "text/plain; charset=utf-8");
    if (destructive) kept.remove(id);
}

bool MqServer::fail(const Fault& fault, const Request& request, Response& response) {
    if (fault.kind == "delay") {
        std::this_thread::sleep_for(std::chrono::milliseconds(fault.ms));
        return false;
    }
    response.status = static_cast<int>(fault.status);
    if (fault.kind == "reset") {
        emulator::reset_connection(request.remote_port);
        response.status = 0;
    } else if (fault.kind == "half") {
        response.status = 201;
        response.set_content_provider(1000, kJson, [](size_t offset, size_t, httplib::DataSink& sink) {
            if (offset == 0) sink.write("{", 1);
            return false;
        });
    } else {
        response.set_content(fault.body, kJson);
    }
    return true;
}

void MqServer::remember(const std::string& what, int status) {
    const std::lock_guard lock(mutex_);
    if (requests_.size() >= kRequestsSeen) requests_.pop_front();
    requests_.push_back(what + " " + std::to_string(status));
}

}  // namespace gpsync::mq_emulator

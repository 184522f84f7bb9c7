#include "faults.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <array>

namespace gpsync::token_system {
namespace {

constexpr auto kKinds = std::to_array<std::string_view>(
    {"status", "delay", "reset", "leave-out", "repeat", "extra", "result", "body"});

bool set_text(const rapidjson::Value& value, std::string& field) {
    if (!value.IsString()) return false;
    field.assign(value.GetString(), value.GetStringLength());
    return true;
}

bool set_number(const rapidjson::Value& value, int64_t& field) {
    if (value.IsInt64()) field = value.GetInt64();
    return value.IsInt64() && field >= 0;
}

bool set_member(std::string_view name, const rapidjson::Value& value, Fault& fault) {
    if (name == "kind") return set_text(value, fault.kind) && std::ranges::count(kKinds, fault.kind) == 1;
    if (name == "match") return set_text(value, fault.match);
    if (name == "retry_after") return set_text(value, fault.retry_after);
    if (name == "result") return set_text(value, fault.result);
    if (name == "body") return set_text(value, fault.body);
    if (name == "status") return value.IsInt() && (fault.status = value.GetInt(), true);
    if (name == "ms") return set_number(value, fault.ms);
    if (name == "every") return set_number(value, fault.every) && fault.every > 0;
    if (name == "percent") return set_number(value, fault.percent);
    if (name == "times") return set_number(value, fault.times.emplace());
    return false;
}

}  // namespace

std::optional<int> Faults::add(std::string_view json, std::string& error) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    if (document.HasParseError() || !document.IsObject() || !document.HasMember("kind"))
        return error = "a fault is a JSON object with a kind", std::nullopt;
    Fault fault;
    for (const auto& member : document.GetObject())
        if (const std::string name = member.name.GetString(); !set_member(name, member.value, fault))
            return error = "\"" + name + "\" is unknown or has a bad value", std::nullopt;
    const std::lock_guard lock(mutex_);
    fault.number = ++last_number_;
    faults_.push_back(std::move(fault));
    return last_number_;
}

void Faults::clear(std::optional<int> number) {
    const std::lock_guard lock(mutex_);
    faults_.remove_if([&](const Fault& fault) { return !number || fault.number == *number; });
}

std::vector<Fault> Faults::take_matching(const std::vector<std::string>& tokens) {
    const std::lock_guard lock(mutex_);
    std::vector<Fault> taken;
    faults_.remove_if([](const Fault& fault) { return fault.times && *fault.times == 0; });
    for (Fault& fault : faults_) {
        const bool matches =
            fault.match.empty() || std::ranges::any_of(tokens, [&](const std::string& token) {
                return token.find(fault.match) != std::string::npos;
            });
        if (!matches || std::uniform_int_distribution<>(0, 99)(random_) >= fault.percent) continue;
        if (fault.times) --*fault.times;
        taken.push_back(fault);
    }
    return taken;
}

}  // namespace gpsync::token_system

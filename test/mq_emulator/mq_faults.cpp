#include "mq_faults.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <initializer_list>

namespace gpsync::mq_emulator {

namespace {

bool read(const rapidjson::Value& value, std::string& text) {
    if (!value.IsString()) return false;
    text = value.GetString();
    return true;
}

bool read(const rapidjson::Value& value, int64_t& number) {
    if (!value.IsInt64()) return false;
    number = value.GetInt64();
    return true;
}

// False for a member that there is not, or of another type.
bool read_member(std::string_view name, const rapidjson::Value& value, Fault& fault) {
    if (name == "kind") return read(value, fault.kind);
    if (name == "on") return read(value, fault.on);
    if (name == "body") return read(value, fault.body);
    if (name == "match") return read(value, fault.match);
    if (name == "status") return read(value, fault.status);
    if (name == "ms") return read(value, fault.ms);
    if (name == "times") return read(value, fault.times);
    if (name == "put") return read(value, fault.put);
    return false;
}

bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace

std::string Faults::add(std::string_view json) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    if (!document.IsObject()) return "a fault is a JSON object";
    Fault fault;
    for (const auto& [name, value] : document.GetObject())
        if (!read_member({name.GetString(), name.GetStringLength()}, value, fault))
            return std::string("there is no member \"") + name.GetString() + "\" of that type";
    if (!is_one_of(fault.kind, {"status", "delay", "reset", "half"})) return "there is no such kind";
    if (!is_one_of(fault.on, {"put", "browse", "login"})) return "there is no such request to fail";
    const std::lock_guard lock(mutex_);
    faults_.push_back(std::move(fault));
    return {};
}

void Faults::clear() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
}

std::optional<Fault> Faults::meet(std::string_view on, std::string_view message) {
    const std::lock_guard lock(mutex_);
    for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
        if (fault->on != on) continue;
        if (!fault->match.empty() && message.find(fault->match) == std::string_view::npos) continue;
        Fault met = *fault;
        if (fault->times > 0 && --fault->times == 0) faults_.erase(fault);
        return met;
    }
    return std::nullopt;
}

}  // namespace gpsync::mq_emulator

#include "mq_faults.hpp"

#include <rapidjson/document.h>

namespace gpsync::mq_emulator {

namespace {

void read(const rapidjson::Value& object, const char* name, std::string& text) {
    if (object.HasMember(name) && object[name].IsString()) text = object[name].GetString();
}

void read(const rapidjson::Value& object, const char* name, int64_t& number) {
    if (object.HasMember(name) && object[name].IsInt64()) number = object[name].GetInt64();
}

}  // namespace

bool Faults::add(std::string_view json) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    if (!document.IsObject()) return false;
    Fault fault;
    int64_t status = fault.status, put = 0;
    read(document, "kind", fault.kind);
    read(document, "on", fault.on);
    read(document, "body", fault.body);
    read(document, "match", fault.match);
    read(document, "status", status);
    read(document, "ms", fault.ms);
    read(document, "times", fault.times);
    read(document, "put", put);
    fault.status = static_cast<int>(status);
    fault.put = put != 0;
    if (fault.kind != "status" && fault.kind != "delay" && fault.kind != "reset" && fault.kind != "half")
        return false;
    const std::lock_guard lock(mutex_);
    faults_.push_back(std::move(fault));
    return true;
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

#include "faults.hpp"

#include <rapidjson/document.h>

#include <algorithm>

#include "coding.hpp"
#include "ledger_file.hpp"

namespace gpsync::emulator {
namespace {

constexpr const char* kKinds[] = {"status", "delay", "reset", "half", "redirect", "results"};

bool set_text(const rapidjson::Value& value, std::string& field) {
    if (!value.IsString() && !value.IsInt64()) return false;
    field = value.IsString() ? std::string(value.GetString(), value.GetStringLength())
                             : std::to_string(value.GetInt64());
    return true;
}

bool set_number(const rapidjson::Value& value, int64_t& field) {
    if (value.IsInt64()) field = value.GetInt64();
    return value.IsInt64() && field >= 0;
}

bool set_kind(const rapidjson::Value& value, Fault& fault) {
    if (!value.IsString()) return false;
    const auto kind = std::find(std::begin(kKinds), std::end(kKinds), std::string_view(value.GetString()));
    if (kind == std::end(kKinds)) return false;
    fault.kind = static_cast<FaultKind>(kind - std::begin(kKinds));
    return true;
}

// Sets the member of that name; false when it is unknown or of the wrong type.
bool set_member(std::string_view name, const rapidjson::Value& value, Fault& fault) {
    if (name == "kind") return set_kind(value, fault);
    if (name == "take") return value.IsBool() && (fault.take = value.GetBool(), true);
    if (name == "retryable") return value.IsBool() && (fault.retryable = value.GetBool(), true);
    if (name == "status")
        return value.IsInt() && value.GetInt() >= 200 && value.GetInt() < 600 &&
               (fault.status = value.GetInt(), true);
    if (name == "ms") return set_number(value, fault.ms);
    if (name == "more_than") return set_number(value, fault.more_than);
    if (name == "pad") return set_number(value, fault.pad);
    if (name == "skip") return set_number(value, fault.skip);
    if (name == "times") return set_number(value, fault.times.emplace());
    if (name == "retry_after") return set_text(value, fault.retry_after);
    if (name == "body") return set_text(value, fault.body);
    if (name == "location") return set_text(value, fault.location);
    if (name == "coding") return set_text(value, fault.coding) && is_coding(fault.coding);
    if (name == "match") return set_text(value, fault.match);
    if (name == "error") return set_text(value, fault.error);
    if (name == "seconds" && value.IsNumber()) {
        const std::chrono::duration<double> length(value.GetDouble());
        fault.until = Fault::Clock::now() + std::chrono::duration_cast<Fault::Clock::duration>(length);
        return true;
    }
    return false;
}

bool is_over(const Fault& fault) {
    return (fault.times && *fault.times == 0) || (fault.until && *fault.until <= Fault::Clock::now());
}

}  // namespace

bool matches(const Fault& fault, const Event& event) {
    return event[kSubject].find(fault.match) != std::string_view::npos ||
           event[kId].find(fault.match) != std::string_view::npos;
}

std::optional<int> Faults::add(std::string_view json, std::string& error) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    if (document.HasParseError() || !document.IsObject())
        return error = "a fault is a JSON object", std::nullopt;
    const auto kind = document.FindMember("kind");
    if (kind == document.MemberEnd()) return error = "a fault needs a kind", std::nullopt;
    Fault fault;
    if (kind->value == "half") fault.take = true;
    if (kind->value == "redirect") fault.status = 307;
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
    for (int i = number.value_or(1); i <= number.value_or(last_number_); ++i) cleared_numbers_.insert(i);
    faults_.remove_if([&](const Fault& fault) { return cleared_numbers_.contains(fault.number); });
    cleared_.notify_all();
}

void Faults::wait(const Fault& delay, Fault::Clock::time_point begun) {
    std::unique_lock lock(mutex_);
    cleared_.wait_until(lock, begun + std::chrono::milliseconds(delay.ms),
                        [&] { return cleared_numbers_.contains(delay.number); });
}

bool Faults::any_match(const Fault& fault, const std::vector<Event>& events) const {
    if (static_cast<int64_t>(events.size()) <= fault.more_than) return false;
    return fault.match.empty() || std::any_of(events.begin(), events.end(),
                                              [&](const Event& event) { return matches(fault, event); });
}

std::vector<Fault> Faults::meet(const std::vector<Event>& events) {
    const std::lock_guard lock(mutex_);
    std::vector<Fault> met;
    bool answered = false;
    faults_.remove_if(is_over);
    for (Fault& fault : faults_) {
        const bool delay = fault.kind == FaultKind::Delay;
        if ((answered && !delay) || !any_match(fault, events)) continue;
        if (fault.skip > 0) {
            --fault.skip;
            continue;
        }
        if (fault.times) --*fault.times;
        ++fault.hits;
        met.push_back(fault);
        answered = answered || !delay;
    }
    return met;
}

std::string Faults::render() {
    const std::lock_guard lock(mutex_);
    faults_.remove_if(is_over);
    std::string out = "[";
    for (const Fault& fault : faults_) {
        out.append(out.size() > 1 ? "," : "").append("{\"fault\":").append(std::to_string(fault.number));
        out.append(",\"kind\":\"").append(kKinds[static_cast<size_t>(fault.kind)]).append("\",\"match\":");
        append_json_string(out, fault.match);
        out.append(",\"hits\":").append(std::to_string(fault.hits)).append("}");
    }
    return out + "]\n";
}

}  // namespace gpsync::emulator

#include "pg/scrub/policy_store.h"

#include "core/nearest_name.hpp"
#include "pg/scrub/key_file.h"

namespace gpsync::pg {

using core::pii::Policy;

namespace {

// A policy that extends itself by way of others can only be written into the table by hand.
constexpr int kMostExtended = 20;

}  // namespace

std::string PolicyStore::nearest_name(std::string_view name) {
    const std::vector<std::string> names = rules_.names();
    const std::vector<std::string_view> views(names.begin(), names.end());
    return core::unknown_name_hint(name, "policies", views);
}

const Policy& PolicyStore::require(std::string_view name) {
    if (const Policy* policy = find_policy(name)) return *policy;
    throw Error(Sqlstate::kUndefinedObject, "policy \"" + std::string(name) + "\" does not exist")
        .hint(nearest_name(name));
}

const Policy* PolicyStore::find_policy(std::string_view name) {
    failure_ = nullptr;
    depth_ = 0;
    return load(name);
}

void PolicyStore::check(std::string_view name, std::string_view rules) {
    failure_ = nullptr;
    depth_ = 0;
    Policy policy;
    parse(name, rules, policy, core::pii::PolicyUse::kDefine);
}

const Policy* PolicyStore::load(std::string_view name) {
    if (name == Policy::payments().name()) return &Policy::payments();
    const auto known = policies_.find(std::string(name));
    if (known != policies_.end()) return known->second.get();
    const std::optional<std::string> rules = rules_.rules_of(name);
    if (!rules) return nullptr;
    auto policy = std::make_unique<Policy>();
    parse(name, *rules, *policy, core::pii::PolicyUse::kLoad);
    return (policies_[std::string(name)] = std::move(policy)).get();
}

void PolicyStore::parse(std::string_view name, std::string_view rules, Policy& out,
                        core::pii::PolicyUse use) {
    if (++depth_ > kMostExtended)
        throw Error(Sqlstate::kLimitExceeded, "policy \"" + std::string(name) + "\" extends too many others");
    missing_.clear();
    const core::pii::Status status = core::pii::parse_policy(name, rules, this, out, use);
    --depth_;
    if (failure_) std::rethrow_exception(failure_);
    if (status.ok()) return;
    Error error = error_of(status);
    if (status.code == core::pii::Code::kUnknownName && !missing_.empty()) error.hint(nearest_name(missing_));
    // Without a position it is about the name itself.
    if (!status.position.empty()) {
        error.message_ = "policy \"" + std::string(name) + "\": " + error.message_;
        const std::string at = "At " + status.position + ".";
        error.detail_ = error.detail_.empty() ? at : at + " " + error.detail_;
    }
    throw error;
}

// Core lets no exception through: what goes wrong with a policy that is extended is kept for parse().
const Policy* PolicyStore::find(std::string_view name) const {
    auto* self = const_cast<PolicyStore*>(this);
    try {
        const Policy* policy = self->load(name);
        if (policy == nullptr) self->missing_ = name;
        return policy;
    } catch (...) {
        self->failure_ = std::current_exception();
    }
    return nullptr;
}

}  // namespace gpsync::pg

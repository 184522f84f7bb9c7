#include "pg/scrub/policy_table.h"

#include <algorithm>

#include "core/nearest_name.hpp"
#include "pg/json/render.h"
#include "pg/own_table.h"
#include "pg/pg_buffer.h"
#include "pg/scrub/key_file.h"
#include "pg/text.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/jsonb.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

using core::pii::Policy;

namespace {

// A policy that extends itself by way of others can only be written into the table by hand.
constexpr int kMostExtended = 20;

const char* rules_text(Datum rules) {
    core::ByteBuffer text = make_buffer(CurrentMemoryContext);
    append_jsonb(text, DatumGetJsonbP(rules));
    text.append('\0');
    return text.data;
}

// Visits the name and the rules of every policy.
template <class Visit>
void scan_policies(Visit&& visit) {
    (void)scan_own_table(kPolicyTable, {},
                         [&](const Datum* column) { visit(text_view(column[0]), column[1]); });
}

}  // namespace

Oid policy_table_oid() {
    return find_own_table(kPolicyTable);
}

const char* read_policy_rules(std::string_view policy) {
    const char* rules = nullptr;
    scan_policies([&](std::string_view name, Datum value) {
        if (name != policy) return;
        rules = rules_text(value);
    });
    return rules;
}

List* read_policies() {
    List* rows = NIL;
    scan_policies([&](std::string_view name, Datum value) {
        auto* row = static_cast<PolicyRow*>(palloc(sizeof(PolicyRow)));
        *row = {pnstrdup(name.data(), name.size()), rules_text(value)};
        rows = lappend(rows, row);
    });
    return rows;
}

std::span<const std::string_view> read_policy_names() {
    size_t count = 0, capacity = 16;
    auto* names = static_cast<std::string_view*>(palloc(sizeof(std::string_view) * capacity));
    names[count++] = "payments@1";
    scan_policies([&](std::string_view name, Datum) {
        if (count == capacity)
            names =
                static_cast<std::string_view*>(repalloc(names, sizeof(std::string_view) * (capacity *= 2)));
        names[count++] = {pnstrdup(name.data(), name.size()), name.size()};
    });
    std::sort(names, names + count);
    return {names, count};
}

namespace {

std::string nearest_policy(std::string_view name) {
    std::span<const std::string_view> names;
    server_call([&] { names = read_policy_names(); });
    return core::unknown_name_hint(name, "policies", names);
}

}  // namespace

const Policy& PolicyStore::require(std::string_view name) {
    failure_ = nullptr;
    depth_ = 0;
    if (const Policy* policy = load(name)) return *policy;
    throw Error(Sqlstate::kUndefinedObject, "policy \"" + std::string(name) + "\" does not exist")
        .hint(nearest_policy(name));
}

void PolicyStore::check(std::string_view name, std::string_view rules) {
    failure_ = nullptr;
    depth_ = 0;
    Policy policy;
    parse(name, rules, policy);
}

const Policy* PolicyStore::load(std::string_view name) {
    if (name == Policy::payments().name()) return &Policy::payments();
    const auto known = policies_.find(std::string(name));
    if (known != policies_.end()) return known->second.get();
    const char* rules = nullptr;
    server_call([&] { rules = read_policy_rules(name); });
    if (rules == nullptr) return nullptr;
    auto policy = std::make_unique<Policy>();
    parse(name, rules, *policy);
    return (policies_[std::string(name)] = std::move(policy)).get();
}

void PolicyStore::parse(std::string_view name, std::string_view rules, Policy& out) {
    if (++depth_ > kMostExtended)
        throw Error(Sqlstate::kLimitExceeded, "policy \"" + std::string(name) + "\" extends too many others");
    missing_.clear();
    const core::pii::Status status = core::pii::parse_policy(name, rules, this, out);
    --depth_;
    if (failure_) std::rethrow_exception(failure_);
    if (status.ok()) return;
    Error error = error_of(status);
    if (status.code == core::pii::Code::kUnknownName && !missing_.empty())
        error.hint(nearest_policy(missing_));
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

// gpsync.policy: the rules of redaction policies, which never change once they are defined.
#pragma once

#include <memory>
#include <unordered_map>

#include "core/pii/policy/policy.hpp"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "nodes/pg_list.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// Raises server errors; InvalidOid when this database has no extension.
Oid policy_table_oid();

// The rules of a policy as JSON text in palloc'd memory, or nullptr. Read straight from the table: without
// the caller's rights, and with the latest snapshot (in parallel mode, the active one). Raises server errors.
const char* read_policy_rules(std::string_view policy);

struct PolicyRow {
    const char* name;
    const char* rules;  // JSON text
};

// All policies of the table as a list of PolicyRow * in the current memory context; NIL where there is no
// extension. Raises server errors.
List* read_policies();

// The names of all policies, payments@1 among them, in order. Raises server errors.
std::span<const std::string_view> read_policy_names();

// Parsed policies. Not palloc'd.
class PolicyStore : private core::pii::PolicySource {
  public:
    // Throws Error 42704, with the nearest name, and what is wrong with a policy; ServerError. Valid until
    // clear().
    const core::pii::Policy& require(std::string_view name);
    // Parses rules that are not stored yet; throws Error.
    void check(std::string_view name, std::string_view rules);
    void clear() { policies_.clear(); }

  private:
    const core::pii::Policy* find(std::string_view name) const override;
    const core::pii::Policy* load(std::string_view name);
    void parse(std::string_view name, std::string_view rules, core::pii::Policy& out);

    std::unordered_map<std::string, std::unique_ptr<core::pii::Policy>> policies_;
    std::exception_ptr failure_;  // of a policy that another one extends
    std::string missing_;         // what find() was asked for last and there is not
    int depth_ = 0;
};

}  // namespace gpsync::pg

// Redaction policies by name, parsed when they are needed, with those they extend.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/pii/policy/policy.hpp"
#include "pg/guard.h"

namespace gpsync::pg {

// Where the rules are: for a session in gpsync.policy as it is now, for a stream as it was when streaming
// began.
class PolicyRules {
  public:
    virtual ~PolicyRules() = default;
    // JSON text; nothing when there is no policy of that name. payments@1 is never asked for. Throws.
    virtual std::optional<std::string> rules_of(std::string_view name) = 0;
    // Of all policies, payments@1 among them, in order. Throws.
    virtual std::vector<std::string> names() = 0;
};

class PolicyStore : private core::pii::PolicySource {
  public:
    // rules has to outlive it.
    explicit PolicyStore(PolicyRules& rules) : rules_(rules) {}

    // Throws Error 42704, with the nearest name, and what is wrong with a policy; ServerError. Valid until
    // clear().
    const core::pii::Policy& require(std::string_view name);
    // The same; nullptr when there is no policy of that name.
    const core::pii::Policy* find_policy(std::string_view name);
    // Parses rules that are not stored yet; throws Error.
    void check(std::string_view name, std::string_view rules);
    void clear() { policies_.clear(); }

  private:
    const core::pii::Policy* find(std::string_view name) const override;
    const core::pii::Policy* load(std::string_view name);
    void parse(std::string_view name, std::string_view rules, core::pii::Policy& out,
               core::pii::PolicyUse use);
    std::string nearest_name(std::string_view name);

    PolicyRules& rules_;
    std::unordered_map<std::string, std::unique_ptr<core::pii::Policy>> policies_;
    std::exception_ptr failure_;  // of a policy that another one extends
    std::string missing_;         // what find() was asked for last and there is not
    int depth_ = 0;
};

}  // namespace gpsync::pg

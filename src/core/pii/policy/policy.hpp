// What is PII here and what happens to it: a table of actions by detector, and rules that come before it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/detect/scan.hpp"
#include "core/pii/detector.hpp"
#include "core/pii/status.hpp"

namespace re2 {
class RE2;
}

namespace gpsync::core::pii {

// A path of a rule: $.a.b[0], with * and [*] for any one step and ** for any number of them. It matches the
// value there and everything below.
struct PathStep {
    enum class Kind : uint8_t { kName, kIndex, kAnyName, kAnyIndex, kDeep } kind;
    std::string name;
    uint32_t index = 0;
};
using PathPattern = std::vector<PathStep>;

// Empty on success, else why text is no path pattern.
std::string parse_path_pattern(std::string_view text, PathPattern& out);

// A rule applies where one of its keys is on the path, one of its paths matches, and, when it has them, to
// what one of its detectors or its pattern finds; without detectors and pattern, to the whole value. The
// first rule that applies decides.
struct Rule {
    std::vector<uint16_t> keys;  // indexes into Policy::keys()
    std::vector<PathPattern> paths;
    DetectorSet detectors;
    std::shared_ptr<const re2::RE2> pattern;
    Action action = Action::kRemove;
    std::string name;     // what find_pii calls it, when no detector does
    std::string context;  // of encrypt; by default the policy's name

    bool conditional() const { return !keys.empty() || !paths.empty(); }
    bool whole_value() const { return detectors.empty() && pattern == nullptr; }
};

struct Limits {
    uint32_t depth = 5;                   // layers of JSON in strings, base64 and URL-encoding
    uint64_t bytes = uint64_t{32} << 20;  // decoded, over one document
};

class Policy {
  public:
    // payments@1: every detector with its default action.
    static const Policy& payments();
    // Nothing is PII.
    static const Policy& none();
    // Verification data goes (DetectorInfo::only_remove), nothing else is PII.
    static const Policy& verification_data();

    const std::string& name() const { return name_; }
    Action base(Detector d) const { return base_[static_cast<size_t>(d)]; }
    const std::vector<Rule>& rules() const { return rules_; }
    const std::vector<std::string>& keys() const { return keys_; }  // normalized
    // The index of a name in keys(); -1: no rule is about it.
    int find_key(std::string_view name) const;
    const std::vector<BinRange>& token_bins() const { return token_bins_; }
    const Limits& limits() const { return limits_; }
    bool has_patterns() const { return has_patterns_; }
    bool has_paths() const { return has_paths_; }
    bool passes_everything() const { return rules_.empty() && base_is_pass_; }
    // Whether any action of it needs the key ring.
    bool needs_keys() const;

  private:
    friend class PolicyParser;
    std::string name_;
    std::array<Action, kDetectorCount> base_{};
    std::vector<Rule> rules_;
    std::vector<std::string> keys_;
    std::vector<BinRange> token_bins_;
    Limits limits_;
    bool has_patterns_ = false, has_paths_ = false, base_is_pass_ = true;
};

// Where a policy finds the one it extends.
class PolicySource {
  public:
    virtual ~PolicySource() = default;
    // nullptr when there is none of that name. payments@1 needs no entry here.
    virtual const Policy* find(std::string_view name) const = 0;
};

// Whether what stands under this name may be PII whatever its form: by the name alone, or by a rule on it.
bool is_suspicious_name(const Policy& policy, std::string_view name);

// name@version; both of letters, digits, '_' and '-', at most 63 bytes in all.
bool valid_policy_name(std::string_view name);

// Reads a policy's rules from JSON text: an array of rules, or
//   {"extends": "payments@1" (default) or null, "rules": [...], "token_bins": ["489537", "520400-520499"],
//    "limits": {"depth": 5, "bytes": 33554432}}
// with rules {"key", "path", "detector": a string or an array of them, "pattern", "action", "name",
// "context"}. An error's position is a JSON path into the rules. source may be nullptr.
//
// A rule that keeps verification data in any form is refused where a policy is defined. One that was defined
// before it was refused is read: the Scrubber removes what the rule would keep.
enum class PolicyUse : uint8_t { kDefine, kLoad };
Status parse_policy(std::string_view name, std::string_view json, const PolicySource* source, Policy& out,
                    PolicyUse use = PolicyUse::kDefine);

}  // namespace gpsync::core::pii

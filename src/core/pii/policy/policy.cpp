#include "core/pii/policy/policy.hpp"

#include <algorithm>

#include "core/pii/names/name_class.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

bool needs_key(Action action) {
    return action == Action::kHash || action == Action::kTokenize || action == Action::kEncrypt;
}

}  // namespace

bool Policy::needs_keys() const {
    return std::any_of(base_.begin(), base_.end(), needs_key) ||
           std::any_of(rules_.begin(), rules_.end(), [](const Rule& r) { return needs_key(r.action); });
}

int Policy::find_key(std::string_view name) const {
    if (keys_.empty()) return -1;
    const auto found = std::find(keys_.begin(), keys_.end(), normalized_name(name));
    return found == keys_.end() ? -1 : static_cast<int>(found - keys_.begin());
}

bool valid_policy_name(std::string_view name) {
    const size_t at = name.find('@');
    if (name.size() > 63 || at == 0 || at == std::string_view::npos || at + 1 == name.size()) return false;
    for (size_t i = 0; i < name.size(); ++i)
        if (i != at && (class_of(name[i]) & (kDigit | kUpper | kLower)) == 0 && name[i] != '_' &&
            name[i] != '-')
            return false;
    return true;
}

namespace {

// Reads a step's name: a bare word up to '.' or '[', or "quoted" with \" and \\ in it.
bool read_name(std::string_view text, size_t& at, std::string& name) {
    if (at < text.size() && text[at] == '"') {
        for (++at; at < text.size() && text[at] != '"'; ++at) {
            if (text[at] == '\\' && ++at == text.size()) return false;
            name.push_back(text[at]);
        }
        return at++ < text.size();
    }
    while (at < text.size() && text[at] != '.' && text[at] != '[') name.push_back(text[at++]);
    return !name.empty();
}

bool read_index(std::string_view text, size_t& at, PathStep& step) {
    const size_t end = text.find(']', at);
    if (end == std::string_view::npos || end == at || end - at > 9) return false;
    const std::string_view inside = text.substr(at, end - at);
    at = end + 1;
    if (inside == "*") {
        step.kind = PathStep::Kind::kAnyIndex;
        return true;
    }
    step.kind = PathStep::Kind::kIndex;
    for (char c : inside) {
        if (!is_digit(c)) return false;
        step.index = step.index * 10 + static_cast<uint32_t>(c - '0');
    }
    return true;
}

}  // namespace

std::string parse_path_pattern(std::string_view text, PathPattern& out) {
    constexpr size_t kMostSteps = 64;
    if (text.empty() || text[0] != '$') return "A path begins with \"$\".";
    for (size_t at = 1; at < text.size();) {
        PathStep step{PathStep::Kind::kName, {}, 0};
        const size_t start = at;
        bool good;
        if (text[at] == '[') {
            good = read_index(text, ++at, step);
        } else {
            good = text[at] == '.' && read_name(text, ++at, step.name);
            if (good && text[start + 1] != '"') {
                if (step.name == "**")
                    step.kind = PathStep::Kind::kDeep;
                else if (step.name == "*")
                    step.kind = PathStep::Kind::kAnyName;
            }
        }
        if (!good)
            return "At character " + std::to_string(start + 1) +
                   " there should be .name, .\"name\", .*, .**, [0] or [*].";
        out.push_back(std::move(step));
        if (out.size() > kMostSteps) return "A path has at most 64 steps.";
    }
    return {};
}

bool is_suspicious_name(const Policy& policy, std::string_view name) {
    if (classify_name(name, {}).subject != Detector::kNone) return true;
    return policy.find_key(name) >= 0;
}

}  // namespace gpsync::core::pii

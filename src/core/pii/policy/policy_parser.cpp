// Reads policies. Every refusal names its position as a JSON path, and the nearest valid name where there is
// one.
#include <re2/re2.h>

#include <algorithm>
#include <span>

#include "core/nearest_name.hpp"
#include "core/pii/json_reader.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "core/pii/names/name_class.hpp"
#include "core/pii/names/payment_fields.hpp"
#include "core/pii/policy/policy.hpp"
#include "core/pii/text.hpp"

namespace gpsync::core::pii {

namespace {

// A policy is small, so it is read into a tree; nesting deeper than any policy has is refused.
struct Node {
    enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject } kind = Kind::kNull;
    std::string text;
    std::vector<Node> members;
    std::string name;  // as a member of an object
    std::string path;

    const Node* get(std::string_view wanted) const {
        for (const Node& node : members)
            if (node.name == wanted) return &node;
        return nullptr;
    }
};

constexpr size_t kDeepest = 6;

// Ranges that stand for tokens wherever they are seen: Visa's two ranges for internal identifiers, and those
// of the networks' published test tokens. The networks do not publish the real ones; a policy adds its own.
constexpr BinRange kTokenBins[] = {{468738, 468739}, {489537, 489539}, {520424, 520424}, {520473, 520473}};

Status error_at(const Node& node, Code code, std::string message, std::string detail = {},
                std::string hint = {}) {
    return Status::error(code, std::move(message), std::move(detail), std::move(hint)).at(node.path);
}

Status not_json(const JsonReader& reader) {
    return Status::error(Code::kInvalid, "policy is not valid JSON")
        .at("byte " + std::to_string(reader.offset() + 1));
}

Status read_node(JsonReader& reader, JsonReader::Token token, size_t depth, Node& node);

Status read_members(JsonReader& reader, size_t depth, Node& node) {
    const bool object = node.kind == Node::Kind::kObject;
    for (size_t index = 0;; ++index) {
        JsonReader::Token token = reader.next();
        if (token == JsonReader::Token::kEndObject || token == JsonReader::Token::kEndArray) return {};
        std::string key;
        if (object) {
            if (token != JsonReader::Token::kName) return not_json(reader);
            key = reader.value();
            token = reader.next();
        }
        Node child;
        child.path = object ? node.path + '.' + key : node.path + '[' + std::to_string(index) + ']';
        if (object && node.get(key) != nullptr)
            return error_at(child, Code::kInvalid, "\"" + key + "\" is there twice");
        if (Status status = read_node(reader, token, depth + 1, child); !status.ok()) return status;
        child.name = std::move(key);
        node.members.push_back(std::move(child));
    }
}

Status read_node(JsonReader& reader, JsonReader::Token token, size_t depth, Node& node) {
    if (depth > kDeepest) return error_at(node, Code::kInvalid, "policy is nested too deeply");
    switch (token) {
        case JsonReader::Token::kNull:
            return {};
        case JsonReader::Token::kTrue:
        case JsonReader::Token::kFalse:
            node.kind = Node::Kind::kBoolean;
            break;
        case JsonReader::Token::kNumber:
            node.kind = Node::Kind::kNumber;
            break;
        case JsonReader::Token::kString:
            node.kind = Node::Kind::kString;
            break;
        case JsonReader::Token::kBeginArray:
            node.kind = Node::Kind::kArray;
            return read_members(reader, depth, node);
        case JsonReader::Token::kBeginObject:
            node.kind = Node::Kind::kObject;
            return read_members(reader, depth, node);
        default:
            return not_json(reader);
    }
    node.text = reader.value();
    return {};
}

std::vector<std::string_view> detector_names() {
    std::vector<std::string_view> names;
    for (size_t i = 1; i < kDetectorCount; ++i) names.push_back(info(static_cast<Detector>(i)).name);
    return names;
}

Status check_names(const Node& node, std::string_view what, std::span<const std::string_view> names) {
    if (node.kind != Node::Kind::kObject)
        return error_at(node, Code::kInvalid, std::string(what) + " is not a JSON object");
    for (const Node& child : node.members)
        if (std::find(names.begin(), names.end(), child.name) == names.end())
            return error_at(child, Code::kUnknownName,
                            "unknown field \"" + child.name + "\" in " + std::string(what), {},
                            unknown_name_hint(child.name, "fields", names));
    return {};
}

Status want_string(const Node& node) {
    if (node.kind == Node::Kind::kString && !node.text.empty()) return {};
    return error_at(node, Code::kInvalid, "value is not a string, or is empty");
}

// A string, or an array of strings that is not empty.
Status string_list(const Node& node, std::vector<const Node*>& out) {
    if (node.kind != Node::Kind::kArray) {
        out.push_back(&node);
        return want_string(node);
    }
    if (node.members.empty()) return error_at(node, Code::kInvalid, "array is empty");
    for (const Node& item : node.members) {
        if (Status status = want_string(item); !status.ok()) return status;
        out.push_back(&item);
    }
    return {};
}

Status read_integer(const Node& node, uint64_t least, uint64_t most, uint64_t& out) {
    uint64_t value = 0;
    const bool digits = node.kind == Node::Kind::kNumber && !node.text.empty() && node.text.size() <= 12 &&
                        std::all_of(node.text.begin(), node.text.end(), is_digit);
    if (digits)
        for (char c : node.text) value = value * 10 + static_cast<uint64_t>(c - '0');
    if (!digits || value < least || value > most)
        return error_at(
            node, Code::kInvalid,
            "value is not an integer from " + std::to_string(least) + " to " + std::to_string(most));
    out = value;
    return {};
}

}  // namespace

class PolicyParser {
  public:
    PolicyParser(const PolicySource* source, Policy& policy, PolicyUse use)
        : source_(source), policy_(policy), use_(use) {}

    // Nothing is PII but verification data: that may be kept under no policy.
    static Policy make_empty() {
        Policy policy;
        for (size_t i = 0; i < kDetectorCount; ++i)
            if (info(static_cast<Detector>(i)).only_remove) policy.base_[i] = Action::kRemove;
        return policy;
    }
    static Policy make_verification_data() {
        Policy policy = make_empty();
        policy.name_ = "verification data";
        policy.base_is_pass_ = false;
        return policy;
    }

    static Policy make_payments() {
        Policy policy;
        policy.name_ = "payments@1";
        for (size_t i = 0; i < kDetectorCount; ++i)
            policy.base_[i] = info(static_cast<Detector>(i)).default_action;
        policy.base_is_pass_ = false;
        policy.token_bins_.assign(std::begin(kTokenBins), std::end(kTokenBins));
        return policy;
    }

    Status read(std::string_view name, const Node& root) {
        const Node* rules = &root;
        const Node* extends = nullptr;
        if (root.kind != Node::Kind::kArray) {
            static constexpr std::string_view kFields[] = {"extends", "rules", "token_bins", "limits"};
            if (Status status = check_names(root, "policy", kFields); !status.ok()) return status;
            rules = root.get("rules");
            extends = root.get("extends");
        }
        if (Status status = extend(extends); !status.ok()) return status;
        policy_.name_ = name;
        std::vector<Rule> own;
        if (rules != nullptr) {
            if (rules->kind != Node::Kind::kArray)
                return error_at(*rules, Code::kInvalid, "rules are not a JSON array");
            constexpr size_t kMostRules = 1000;
            if (rules->members.size() > kMostRules)
                return error_at(*rules, Code::kInvalid, "policy has more than 1000 rules");
            for (const Node& node : rules->members) {
                Rule rule;
                if (Status status = read_rule(node, rule); !status.ok()) return status;
                own.push_back(std::move(rule));
            }
        }
        policy_.rules_.insert(policy_.rules_.begin(), std::make_move_iterator(own.begin()),
                              std::make_move_iterator(own.end()));
        for (const Rule& rule : policy_.rules_) {
            policy_.has_patterns_ |= rule.pattern != nullptr;
            policy_.has_paths_ |= !rule.paths.empty();
        }
        if (Status status = read_bins(root.get("token_bins")); !status.ok()) return status;
        return read_limits(root.get("limits"));
    }

  private:
    Status extend(const Node* extends) {
        if (extends != nullptr && extends->kind == Node::Kind::kNull) {
            policy_ = make_empty();
            policy_.token_bins_ = Policy::payments().token_bins();
            return {};
        }
        if (extends == nullptr) {
            policy_ = Policy::payments();
            return {};
        }
        if (Status status = want_string(*extends); !status.ok()) return status;
        const Policy* base = extends->text == "payments@1" ? &Policy::payments() : nullptr;
        if (base == nullptr && source_ != nullptr) base = source_->find(extends->text);
        if (base == nullptr)
            return error_at(*extends, Code::kUnknownName, "policy \"" + extends->text + "\" does not exist");
        policy_ = *base;
        return {};
    }

    Status read_rule(const Node& node, Rule& rule) {
        static constexpr std::string_view kFields[] = {"key",    "path", "detector", "pattern",
                                                       "action", "name", "context"};
        if (Status status = check_names(node, "rule", kFields); !status.ok()) return status;
        for (auto step :
             {&PolicyParser::read_action, &PolicyParser::read_keys, &PolicyParser::read_paths,
              &PolicyParser::read_detectors, &PolicyParser::read_pattern, &PolicyParser::read_texts})
            if (Status status = (this->*step)(node, rule); !status.ok()) return status;
        if (use_ == PolicyUse::kDefine && rule.action != Action::kRemove && rule.detectors.empty())
            if (Status status = refuse_verification_data(node); !status.ok()) return status;
        if (!rule.conditional() && rule.whole_value())
            return error_at(node, Code::kInvalid, "rule applies to everything", {},
                            "Give it a key, path, detector or pattern.");
        return {};
    }

    Status read_action(const Node& node, Rule& rule) {
        const Node* action = node.get("action");
        if (action == nullptr) return error_at(node, Code::kInvalid, "rule has no action");
        if (Status status = want_string(*action); !status.ok()) return status;
        const auto known = action_by_name(action->text);
        if (known) {
            rule.action = *known;
            return {};
        }
        std::vector<std::string_view> names;
        for (size_t i = 0; i < kActionCount; ++i) names.push_back(action_name(static_cast<Action>(i)));
        return error_at(*action, Code::kUnknownName, "unknown action \"" + action->text + "\"", {},
                        unknown_name_hint(action->text, "actions", names));
    }

    Status read_keys(const Node& node, Rule& rule) {
        const Node* keys = node.get("key");
        std::vector<const Node*> list;
        if (keys == nullptr) return {};
        if (Status status = string_list(*keys, list); !status.ok()) return status;
        for (const Node* key : list) {
            const std::string normal = normalized_name(key->text);
            if (normal.empty()) return error_at(*key, Code::kInvalid, "key has no letter or digit");
            auto found = std::find(policy_.keys_.begin(), policy_.keys_.end(), normal);
            if (found == policy_.keys_.end()) found = policy_.keys_.insert(found, normal);
            rule.keys.push_back(static_cast<uint16_t>(found - policy_.keys_.begin()));
        }
        return {};
    }

    Status read_paths(const Node& node, Rule& rule) {
        const Node* paths = node.get("path");
        std::vector<const Node*> list;
        if (paths == nullptr) return {};
        if (Status status = string_list(*paths, list); !status.ok()) return status;
        for (const Node* path : list) {
            PathPattern pattern;
            if (std::string why = parse_path_pattern(path->text, pattern); !why.empty())
                return error_at(*path, Code::kInvalid, "invalid path \"" + path->text + "\"", std::move(why));
            rule.paths.push_back(std::move(pattern));
        }
        return {};
    }

    Status read_detectors(const Node& node, Rule& rule) {
        const Node* detectors = node.get("detector");
        std::vector<const Node*> list;
        if (detectors == nullptr) return {};
        if (Status status = string_list(*detectors, list); !status.ok()) return status;
        for (const Node* name : list) {
            const auto known = detector_by_name(name->text);
            if (!known)
                return error_at(*name, Code::kUnknownName, "unknown detector \"" + name->text + "\"", {},
                                unknown_name_hint(name->text, "detectors", detector_names()));
            if (info(*known).only_remove && rule.action != Action::kRemove)
                return only_removed(*name, name->text);
            rule.detectors |= DetectorSet(*known);
        }
        return {};
    }

    static Status only_removed(const Node& at, std::string_view what) {
        return error_at(at, Code::kInvalid, "\"" + std::string(what) + "\" can only be removed",
                        "Card verification values, PINs, track data and cryptograms may not be kept in any "
                        "form after authorization (PCI DSS 3.3.1).",
                        "Use the action \"remove\".");
    }

    // Also as a tag of EMV data, "9F26", or a data element of ISO 8583, "DE52".
    static bool names_verification_data(std::string_view name, const NameClass& parent) {
        if (info(classify_name(name, parent).subject).only_remove) return true;
        const PaymentField field = payment_field(name);
        Detector detector = Detector::kNone;
        if (field.is(PaymentField::Kind::kNamedElement)) detector = detector_of_element(field.number);
        if (field.is(PaymentField::Kind::kTag))
            if (const EmvTag* tag = find_emv_tag(field.number)) detector = tag->detector;
        return info(detector).only_remove;
    }

    // A rule without detectors decides over the values of the names that it has.
    Status refuse_verification_data(const Node& rule) const {
        std::vector<const Node*> keys, paths;
        if (const Node* node = rule.get("key")) (void)string_list(*node, keys);
        if (const Node* node = rule.get("path")) (void)string_list(*node, paths);
        for (const Node* key : keys)
            if (names_verification_data(key->text, {})) return only_removed(*key, key->text);
        for (const Node* path : paths) {
            PathPattern pattern;
            (void)parse_path_pattern(path->text, pattern);
            NameClass last;
            bool names_it = false;
            for (const PathStep& step : pattern) {
                if (step.kind != PathStep::Kind::kName) continue;
                names_it = names_verification_data(step.name, last);
                last = classify_name(step.name, last);
            }
            if (names_it) return only_removed(*path, path->text);
        }
        return {};
    }

    Status read_pattern(const Node& node, Rule& rule) {
        const Node* pattern = node.get("pattern");
        if (pattern == nullptr) return {};
        if (Status status = want_string(*pattern); !status.ok()) return status;
        if (!rule.detectors.empty())
            return error_at(*pattern, Code::kInvalid, "a rule has either detectors or a pattern");
        re2::RE2::Options options;
        options.set_log_errors(false);
        constexpr int64_t kMostMemory = 8 << 20;
        options.set_max_mem(kMostMemory);
        auto compiled = std::make_shared<const re2::RE2>(pattern->text, options);
        if (!compiled->ok()) {
            const std::string& part = compiled->error_arg();
            const size_t at = part.empty() ? std::string::npos : pattern->text.find(part);
            std::string detail = compiled->error();
            if (at != std::string::npos) detail += " (at character " + std::to_string(at + 1) + ")";
            return error_at(*pattern, Code::kInvalid, "invalid regular expression", std::move(detail),
                            "The syntax is that of RE2.");
        }
        if (re2::RE2::FullMatch("", *compiled))
            return error_at(*pattern, Code::kInvalid, "regular expression matches the empty string");
        rule.pattern = std::move(compiled);
        return {};
    }

    Status read_texts(const Node& node, Rule& rule) {
        for (auto [field, target] : {std::pair{"name", &Rule::name}, std::pair{"context", &Rule::context}}) {
            const Node* text = node.get(field);
            if (text == nullptr) continue;
            if (Status status = want_string(*text); !status.ok()) return status;
            rule.*target = text->text;
        }
        return {};
    }

    Status read_bins(const Node* bins) {
        if (bins == nullptr) return {};
        std::vector<const Node*> list;
        if (Status status = string_list(*bins, list); !status.ok()) return status;
        for (const Node* bin : list) {
            const std::string& text = bin->text;
            const bool range = text.size() == 13 && text[6] == '-';
            const std::string digits = range ? text.substr(0, 6) + text.substr(7) : text;
            if ((!range && text.size() != 6) || !std::all_of(digits.begin(), digits.end(), is_digit))
                return error_at(*bin, Code::kInvalid, "invalid token BIN",
                                "It is six digits, or two of them with \"-\" between.");
            const auto first = static_cast<uint32_t>(std::stoul(digits.substr(0, 6)));
            const auto last = range ? static_cast<uint32_t>(std::stoul(digits.substr(6))) : first;
            if (last < first) return error_at(*bin, Code::kInvalid, "token BIN range ends before it begins");
            policy_.token_bins_.push_back({first, last});
        }
        return {};
    }

    Status read_limits(const Node* limits) {
        if (limits == nullptr) return {};
        static constexpr std::string_view kFields[] = {"depth", "bytes"};
        if (Status status = check_names(*limits, "limits", kFields); !status.ok()) return status;
        uint64_t value;
        if (const Node* depth = limits->get("depth")) {
            if (Status status = read_integer(*depth, 0, 16, value); !status.ok()) return status;
            policy_.limits_.depth = static_cast<uint32_t>(value);
        }
        if (const Node* bytes = limits->get("bytes")) {
            if (Status status = read_integer(*bytes, 0, uint64_t{1} << 30, value); !status.ok())
                return status;
            policy_.limits_.bytes = value;
        }
        return {};
    }

    const PolicySource* source_;
    Policy& policy_;
    const PolicyUse use_;
};

const Policy& Policy::payments() {
    static const Policy policy = PolicyParser::make_payments();
    return policy;
}

const Policy& Policy::none() {
    static const Policy policy;
    return policy;
}

const Policy& Policy::verification_data() {
    static const Policy policy = PolicyParser::make_verification_data();
    return policy;
}

Status parse_policy(std::string_view name, std::string_view json, const PolicySource* source, Policy& out,
                    PolicyUse use) {
    if (!valid_policy_name(name))
        return Status::error(
            Code::kInvalid, "invalid policy name \"" + std::string(name) + "\"", {},
            "A policy is named name@version, of letters, digits, \"_\" and \"-\", in at most 63 bytes.");
    if (name == "payments@1") return Status::error(Code::kInvalid, "policy \"payments@1\" is built in");
    JsonReader reader(json);
    Node root;
    root.path = "$";
    if (Status status = read_node(reader, reader.next(), 0, root); !status.ok()) return status;
    if (reader.next() != JsonReader::Token::kEnd) return not_json(reader);
    Policy policy;
    if (Status status = PolicyParser(source, policy, use).read(name, root); !status.ok()) return status;
    out = std::move(policy);
    return {};
}

}  // namespace gpsync::core::pii

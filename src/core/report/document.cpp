#include "core/report/document.hpp"

#include <cmath>

namespace gpsync::core::report {

Node Node::operator[](std::string_view name) const {
    if (value_ == nullptr || !value_->IsObject()) return {};
    const rapidjson::Value key(rapidjson::StringRef(name.data(), name.size()));
    const auto found = value_->FindMember(key);
    return found == value_->MemberEnd() ? Node() : Node(found->value);
}

std::string_view Node::text() const {
    if (value_ == nullptr || !value_->IsString()) return {};
    return {value_->GetString(), value_->GetStringLength()};
}

std::optional<double> Node::number() const {
    if (value_ == nullptr || !value_->IsNumber()) return std::nullopt;
    const double number = value_->GetDouble();
    return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::vector<Node> Node::items() const {
    std::vector<Node> items;
    if (value_ == nullptr || !value_->IsArray()) return items;
    items.reserve(value_->Size());
    for (const rapidjson::Value& item : value_->GetArray()) items.emplace_back(item);
    return items;
}

// Iterative: a deep document must not use up the stack.
Document::Document(std::string_view json) {
    document_.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
    if (document_.HasParseError() || !document_.IsObject()) document_.SetObject();
}

}  // namespace gpsync::core::report

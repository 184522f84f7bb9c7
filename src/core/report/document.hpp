// What a JSON document says, asked without asserts: a member that is missing, or not of the type that is
// asked for, is nothing. So a document of another version of the extension, or a hostile one, costs a part of
// the page at most.
#pragma once

#include <rapidjson/document.h>

#include <optional>
#include <string_view>
#include <vector>

namespace gpsync::core::report {

class Node {
  public:
    Node() = default;
    explicit Node(const rapidjson::Value& value) : value_(&value) {}

    Node operator[](std::string_view name) const;
    bool exists() const { return value_ != nullptr && !value_->IsNull(); }
    std::string_view text() const;  // of a string; else empty
    std::optional<double> number() const;
    double number_or(double otherwise) const { return number().value_or(otherwise); }
    bool is_true() const { return value_ != nullptr && value_->IsTrue(); }
    bool is_text(std::string_view wanted) const { return value_ != nullptr && text() == wanted; }
    std::vector<Node> items() const;  // of an array; else none

  private:
    const rapidjson::Value* value_ = nullptr;
};

class Document {
  public:
    // What is no JSON is an empty object.
    explicit Document(std::string_view json);
    Node root() const { return Node(document_); }

  private:
    rapidjson::Document document_;
};

}  // namespace gpsync::core::report

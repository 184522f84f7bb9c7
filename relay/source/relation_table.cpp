#include "relay/source/relation_table.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "relay/source/event_parser.hpp"
#include "relay/source/json_cursor.hpp"

namespace gpsync::relay {

namespace {

// Names and types of a key's columns, without their numbers.
std::string key_types(std::string_view key_columns) {
    std::string types;
    JsonCursor cursor(key_columns);
    cursor.for_each_member([&](std::string_view name) {
        const std::string_view value = cursor.value();  // [number,type]
        types.append(name).append(value.substr(std::min(value.find(','), value.size()))).append("\t");
        return true;
    });
    return types;
}

std::string quote_identifier(std::string_view name) {
    std::string quoted = "\"";
    for (char c : name) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace

uint32_t RelationTable::index_of(std::string_view schema, std::string_view table) {
    // A line feed is no part of a JSON string, so it keeps the two apart.
    if (!relations_.empty() && last_text_.size() == schema.size() + table.size() + 1 &&
        last_text_.starts_with(schema) && last_text_.ends_with(table) && last_text_[schema.size()] == '\n')
        return last_;
    std::string text = std::string(schema).append("\n").append(table);
    auto entry = by_text_.find(text);
    if (entry == by_text_.end()) {
        // Throws where a name is malformed; then nothing knows of it.
        Relation relation{unescape_json(schema), unescape_json(table), {}};
        relation.quoted = quote_identifier(relation.schema) + '.' + quote_identifier(relation.table);
        relations_.push_back(std::move(relation));
        entry = by_text_.emplace(text, static_cast<uint32_t>(relations_.size() - 1)).first;
    }
    last_text_ = std::move(text);
    return last_ = entry->second;
}

uint32_t RelationTable::target_of(uint32_t relation, std::string_view oid, std::string_view key_columns) {
    char number[16];
    const char* end = std::to_chars(number, number + sizeof number, relation).ptr;
    const std::string_view index(number, static_cast<size_t>(end - number));
    // No tab is in any of them.
    std::string& text = target_text_;
    text.assign(index).append("\t").append(oid).append("\t").append(key_columns);
    if (!targets_.empty() && text == last_target_text_) return last_target_;
    auto [entry, added] = targets_by_text_.try_emplace(text, static_cast<uint32_t>(targets_.size()));
    if (added) {
        MarkTarget target{relation, 0, std::string(key_columns)};
        const auto [rest, error] = std::from_chars(oid.data(), oid.data() + oid.size(), target.oid);
        if (!oid.empty() && (error != std::errc{} || rest != oid.data() + oid.size())) {
            targets_by_text_.erase(entry);
            throw MalformedEvent("malformed event in the replication stream");
        }
        targets_.push_back(std::move(target));
    }
    last_target_text_ = text;
    return last_target_ = entry->second;
}

bool RelationTable::key_changes(uint32_t target, KeyShapes& shapes) const {
    const MarkTarget& now = targets_[target];
    if (target == shapes.last_checked_ || now.oid == 0) return false;
    shapes.last_checked_ = target;
    const auto [of_table, first] = shapes.target_by_oid_.try_emplace(now.oid, target);
    uint32_t& of_relation = shapes.target_by_relation_.try_emplace(now.relation, kNoTarget).first->second;
    const uint32_t before = first ? of_relation : std::exchange(of_table->second, target);
    of_relation = target;
    if (before == target || before == kNoTarget) return false;
    // Partitions of one table differ in the numbers of their columns.
    return !first || key_types(targets_[before].key_columns) != key_types(now.key_columns);
}

}  // namespace gpsync::relay

#include "core/pii/document/schema_tree.hpp"

#include <functional>
#include <map>

#include "core/hex.hpp"
#include "core/json_writer.hpp"
#include "core/pii/protect/crypto.hpp"

namespace gpsync::core::pii {

namespace {

// What is kept at most; beyond it everything is forgotten.
constexpr size_t kMostNodes = 8192, kMostKnown = 256, kMostBytes = size_t{4} << 20;

// In the order of their names.
constexpr std::string_view kTypeNames[] = {"array", "boolean", "null", "number", "object", "string"};

std::string type_names(uint8_t types) {
    std::string names;
    for (size_t i = 0; i < std::size(kTypeNames); ++i) {
        if ((types & (1U << i)) == 0) continue;
        if (!names.empty()) names += '|';
        names += kTypeNames[i];
    }
    return names;
}

uint64_t hash_of(const std::vector<uint32_t>& key) {
    uint64_t hash = 14695981039346656037ULL;  // FNV-1a, a word at a time
    for (uint32_t word : key) hash = (hash ^ word) * 1099511628211ULL;
    return hash ^ (hash >> 29);
}

}  // namespace

SchemaTree::SchemaTree() : nodes_(1) {
    nodes_[kRoot].step = "$";
    nodes_[kRoot].path_size = 1;
}

void SchemaTree::begin_document() {
    if (nodes_.size() > kMostNodes || known_.size() > kMostKnown || bytes_ > kMostBytes) {
        known_.clear();
        index_.clear();
        bytes_ = 0;
        nodes_.resize(1);
        nodes_[kRoot].children.clear();
        nodes_[kRoot].next_child = 0;
    }
    ++document_;
    noted_.clear();
}

SchemaTree::Node SchemaTree::child(Node parent, std::string_view step) {
    // Documents repeat their order.
    Entry& in = nodes_[parent];
    if (in.next_child < in.children.size() && nodes_[in.children[in.next_child]].step == step)
        return in.children[in.next_child++];
    const uint64_t hash = std::hash<std::string_view>()(step) + parent * 0x9E3779B97F4A7C15ULL;
    const auto [begin, end] = index_.equal_range(hash);
    for (auto i = begin; i != end; ++i) {
        const Entry& known = nodes_[i->second];
        if (known.parent != parent || known.step != step) continue;
        nodes_[parent].next_child = known.place + 1;
        return i->second;
    }
    const Node node = static_cast<Node>(nodes_.size());
    Entry& entry = nodes_.emplace_back();
    entry.step = step;
    entry.parent = parent;
    entry.path_size = nodes_[parent].path_size + static_cast<uint32_t>(step.size());
    entry.place = static_cast<uint32_t>(nodes_[parent].children.size());
    nodes_[parent].children.push_back(node);
    nodes_[parent].next_child = 0;
    index_.emplace(hash, node);
    bytes_ += sizeof(Entry) + 64 + step.size();
    return node;
}

std::string SchemaTree::path_of(Node node) const {
    if (node == kRoot) return nodes_[kRoot].step;
    return path_of(nodes_[node].parent) + nodes_[node].step;
}

bool SchemaTree::write(DocumentSchema& schema) const {
    std::map<std::string, std::string> types;
    for (Node node : noted_) types.emplace(path_of(node), type_names(nodes_[node].types));
    std::string lines;
    HeapBuffer json;
    json.append('{');
    for (const auto& [path, names] : types) {
        lines.append(path).append(1, ' ').append(names).append(1, '\n');
        if (json.size > 1) json.append(',');
        append_json_string(json, path);
        json.append(':');
        append_json_string(json, names);
    }
    json.append('}');
    const auto digest = sha256(lines);
    if (!digest) return false;
    hex::append(schema.hash, {reinterpret_cast<const char*>(digest->data()), digest->size()}, hex::kLower);
    schema.json = json.view();
    return true;
}

DocumentSchema* SchemaTree::schema() {
    key_.clear();
    for (Node node : noted_) key_.push_back(node << 6 | nodes_[node].types);
    const uint64_t hash = hash_of(key_);
    const auto [begin, end] = known_.equal_range(hash);
    for (auto i = begin; i != end; ++i)
        if (i->second.noted == key_) return &i->second.schema;
    Known known;
    known.noted = key_;
    if (!write(known.schema)) return nullptr;
    bytes_ += 2 * known.schema.json.size() + sizeof(Known) + key_.size() * sizeof(key_[0]);
    return &known_.emplace(hash, std::move(known))->second.schema;
}

}  // namespace gpsync::core::pii

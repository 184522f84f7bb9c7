#include "core/pii/document/quick_metadata.hpp"

#include <algorithm>

namespace gpsync::core::pii {

void QuickMetadata::begin_document() {
    scrubber_.begin_document();
    tree_.begin_document();
    levels_.clear();
    name_.clear();
    identifiers.clear();
    depth = members = elements = string_bytes = 0;
    member_ = SchemaTree::kRoot;
    unusual_ = false;
}

SchemaTree::Type QuickMetadata::type_of(Event kind) {
    switch (kind) {
        case Event::kBeginObject:
            return SchemaTree::kObject;
        case Event::kBeginArray:
            return SchemaTree::kArray;
        case Event::kString:
            return SchemaTree::kString;
        case Event::kNumber:
            return SchemaTree::kNumber;
        case Event::kNull:
            return SchemaTree::kNull;
        default:
            return SchemaTree::kBoolean;
    }
}

SchemaTree::Node QuickMetadata::note(SchemaTree::Type type) {
    SchemaTree::Node node = member_;
    if (!levels_.empty() && levels_.back().array) {
        ++elements;
        Level& level = levels_.back();
        if (level.elements == 0) level.elements = tree_.child(level.node, "[]");
        node = level.elements;
    }
    unusual_ |= levels_.size() > kDeepestMetadata || tree_.path_size(node) > kLongestMetadataPath ||
                tree_.noted() >= kMostMetadataPaths;
    tree_.note(node, type);
    return node;
}

void QuickMetadata::begin_container(bool array) {
    const SchemaTree::Node node = note(array ? SchemaTree::kArray : SchemaTree::kObject);
    levels_.push_back({node, 0, array});
    name_.clear();
    depth = std::max(depth, levels_.size());
}

void QuickMetadata::add_name(std::string_view name) {
    ++members;
    name_ = name;
    step_.assign(1, '.').append(name);
    // Such a name and the path through two others may be the same text.
    unusual_ |= name.find_first_of(".[") != std::string_view::npos;
    member_ = tree_.child(levels_.back().node, step_);
}

void QuickMetadata::note_identifier(std::string_view value) {
    if (identifiers.size() >= kMostMetadataIdentifiers) return;
    if (may_be_metadata_identifier(value) && is_metadata_identifier(name_, value))
        identifiers.emplace(name_, value);
}

}  // namespace gpsync::core::pii

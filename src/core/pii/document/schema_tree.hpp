// The paths and types of documents, kept from document to document: what comes again costs neither memory nor
// the writing of a path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gpsync::core::pii {

// What extract_metadata says of the paths of a document.
struct DocumentSchema {
    std::string json;      // {"$.device.os": "string", …}
    std::string hash;      // SHA-256 of the sorted lines "path types", hex
    std::string prepared;  // for whoever uses it
};

class SchemaTree {
  public:
    using Node = uint32_t;
    static constexpr Node kRoot = 0;

    enum Type : uint8_t { kArray = 1, kBoolean = 2, kNull = 4, kNumber = 8, kObject = 16, kString = 32 };

    SchemaTree();
    void begin_document();
    // The node of a name (".os") or of the elements ("[]") in another.
    Node child(Node parent, std::string_view step);
    size_t path_size(Node node) const { return nodes_[node].path_size; }
    size_t noted() const { return noted_.size(); }
    void note(Node node, Type type) {
        Entry& entry = nodes_[node];
        if (entry.document != document_) {
            entry.document = document_;
            entry.types = 0;
            noted_.push_back(node);
        }
        entry.types |= type;
    }
    // Of what was noted since begin_document(). nullptr: out of memory. Valid until begin_document().
    DocumentSchema* schema();

  private:
    struct Entry {
        std::string step;
        Node parent = 0;
        uint32_t place = 0;  // among the parent's children
        uint32_t path_size = 0;
        std::vector<Node> children;
        uint32_t next_child = 0;  // where the next name is likely to be: documents repeat their order
        uint64_t document = 0;    // that noted it last
        uint8_t types = 0;
    };
    struct Known {
        std::vector<uint32_t> noted;  // node and types
        DocumentSchema schema;
    };
    std::string path_of(Node node) const;
    bool write(DocumentSchema& schema) const;

    std::vector<Entry> nodes_;
    std::vector<Node> noted_;
    std::vector<uint32_t> key_;
    std::unordered_multimap<uint64_t, Node> index_;  // by parent and step
    size_t bytes_ = 0;                               // of what is kept, about
    std::unordered_multimap<uint64_t, Known> known_;
    uint64_t document_ = 0;
};

}  // namespace gpsync::core::pii

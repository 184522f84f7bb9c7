// MetadataExtractor for the documents that are usual: the same answer, a few times as fast. It uses what it
// knows of earlier documents, and takes values as the source has them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/document/metadata.hpp"
#include "core/pii/document/schema_tree.hpp"

namespace gpsync::core::pii {

class QuickMetadata {
  public:
    QuickMetadata() : scrubber_(Policy::payments(), nullptr, Mode::kScrub) {}

    Scrubber& scrubber() { return scrubber_; }
    void begin_document();

    // The sink of visit(). Source has also
    //   Event value_kind();              of the value, also where next() has said kNeutral
    //   std::string_view value_text();   of a string or number
    //   void show_neutral(Sink&);        shows an object or array that is kNeutral, as kNeutral
    template <class Source>
    void name(Verdict verdict, Source& source) {
        add_name(verdict == Verdict::kReplace ? scrubber_.replacement() : source.text());
    }
    template <class Source>
    void begin(bool array, Source&) {
        begin_container(array);
    }
    template <class Source>
    void end(bool, Source&) {
        levels_.pop_back();
    }
    template <class Source>
    void value(Event event, Verdict verdict, Source& source) {
        const Event kind = source.value_kind();
        const bool container = kind == Event::kBeginObject || kind == Event::kBeginArray;
        if (event == Event::kNeutral && container) return source.show_neutral(*this);
        note(type_of(kind));
        if (kind == Event::kString) string_bytes += source.value_text().size();
        if (verdict != Verdict::kKeep || name_.empty()) return;
        if (kind == Event::kString || kind == Event::kNumber) note_identifier(source.value_text());
    }
    bool enough() const { return unusual_; }

    // Deep, with long or many paths, or names that could be taken for paths: MetadataExtractor has to say.
    bool unusual() const { return unusual_; }
    // After a visit. nullptr: out of memory.
    DocumentSchema* schema() { return tree_.schema(); }

    size_t depth = 0, members = 0, elements = 0, string_bytes = 0;
    std::map<std::string, std::string> identifiers;

  private:
    struct Level {
        SchemaTree::Node node, elements;  // elements: 0 until there is one
        bool array;
    };
    static SchemaTree::Type type_of(Event kind);
    SchemaTree::Node note(SchemaTree::Type type);
    void begin_container(bool array);
    void add_name(std::string_view name);
    void note_identifier(std::string_view value);

    Scrubber scrubber_;
    SchemaTree tree_;
    std::vector<Level> levels_;
    std::string name_, step_;
    SchemaTree::Node member_ = SchemaTree::kRoot;
    bool unusual_ = false;
};

}  // namespace gpsync::core::pii

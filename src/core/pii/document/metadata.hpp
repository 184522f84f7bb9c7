// What is safe to keep about a document that itself is not kept: gpsync.extract_metadata.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/document/visitor.hpp"

namespace gpsync::core::pii {

inline constexpr size_t kDeepestMetadata = 32, kMostMetadataPaths = 1000, kLongestMetadataPath = 1024,
                        kMostMetadataIdentifiers = 32;

// Whether a value is copied as an identifier, as name and form say; and whether its form alone allows it.
bool is_metadata_identifier(std::string_view name, std::string_view value);
bool may_be_metadata_identifier(std::string_view value);

// Visits a document while a Scrubber judges it, so that PII in names and values never shows, and gives
//   {"schema": {"$.device.os": "string", "$.items[].n": "number", …}, "schema_hash": "<sha256 hex>",
//    "depth": n, "members": n, "elements": n, "string_bytes": n, "identifiers": {"tokenUniqueReference":
//    "…"}}
// A path is that of the names, array elements as []; several types of one path stand joined by "|". Two
// documents have the same schema_hash when they have the same paths and types, in whatever order. Below 32
// levels, beyond 1,000 paths and of paths beyond 1,024 bytes nothing is listed, and "schema_truncated" is
// true. identifiers has what stands for a token, a request or a provision, where its name and its form
// together show that it is no PII: random UUIDs, and the networks' references in the forms that the networks
// give them.
class MetadataExtractor {
  public:
    MetadataExtractor();

    // Of JSON text, as JSON. Not ok when it is none or the scrubbing failed; then nothing may be kept.
    Status json_text(std::string_view text, std::string& json);

    // The sink of visit().
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
        end_container();
    }
    template <class Source>
    void value(Event event, Verdict verdict, Source& source) {
        const bool scalar = event == Event::kString || event == Event::kNumber;
        add_value(event, verdict, scalar ? source.text() : std::string_view());
    }
    static bool enough() { return false; }

  private:
    struct Level {
        bool array;
        size_t path_size;
    };
    void begin_document();
    void begin_container(bool array);
    void end_container();
    void add_name(std::string_view name);
    void add_value(Event event, Verdict verdict, std::string_view text);
    void note(const char* type);
    void note_identifier(std::string_view value, Verdict verdict);
    Status write(std::string& json);

    Scrubber scrubber_;
    std::vector<Level> levels_;
    std::string path_, member_, name_;
    std::map<std::string, std::string> schema_;
    std::map<std::string, std::string> identifiers_;
    size_t depth_ = 0, members_ = 0, elements_ = 0, string_bytes_ = 0;
    bool truncated_ = false;
};

}  // namespace gpsync::core::pii

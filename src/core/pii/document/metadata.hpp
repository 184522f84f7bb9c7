// What is safe to keep about a document that itself is not kept: gpsync.extract_metadata.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/document/scrubber.hpp"

namespace gpsync::core::pii {

// Is told a document like a Scrubber is (scrubbing runs underneath, so that PII in keys and values never
// shows), and gives
//   {"schema": {"$.device.os": "string", "$.items[].n": "number", …}, "schema_hash": "<sha256 hex>",
//    "depth": n, "members": n, "elements": n, "string_bytes": n, "identifiers": {"tokenUniqueReference":
//    "…"}}
// A path is that of the keys, array elements as []; several types of one path stand joined by "|". Two
// documents have the same schema_hash when they have the same paths and types, in whatever order. Below 32
// levels, beyond 1,000 paths and of paths beyond 1,024 bytes nothing is listed, and "schema_truncated" is
// true.
class MetadataExtractor {
  public:
    MetadataExtractor();

    void begin_document();
    void begin_object() { begin_container(false); }
    void begin_array() { begin_container(true); }
    void end_object() { end_container(); }
    void end_array() { end_container(); }
    void key(std::string_view text);
    void string(std::string_view text);
    void number(std::string_view text);
    void boolean();
    void null();

    // As JSON. Not ok when the scrubbing underneath failed; then nothing may be kept. Uses up the document.
    Status finish(std::string& json);
    // All of the above for JSON text.
    Status json_text(std::string_view text, std::string& json);

  private:
    struct Level {
        bool array;
        size_t path_size;
    };
    void begin_container(bool array);
    void end_container();
    void note(const char* type);
    void note_identifier(std::string_view value, Verdict verdict);

    Scrubber scrubber_;
    std::vector<Level> levels_;
    std::string path_, member_, key_;
    std::map<std::string, std::string> schema_;
    std::map<std::string, std::string> identifiers_;
    size_t depth_ = 0, members_ = 0, elements_ = 0, string_bytes_ = 0;
    bool truncated_ = false;
};

}  // namespace gpsync::core::pii

// core's scrubber over the binary form of jsonb: nothing is turned into text but what has to be scanned,
// and what stays is copied byte by byte, whole objects and arrays at a time. No recursion: any depth that
// jsonb can have is fine.
//
// The binary form is that of utils/jsonb.h (pg_upgrade relies on it).
#pragma once

#include <functional>

#include "core/byte_buffer.hpp"
#include "core/pii/document/scrubber.hpp"
#include "pg/guard.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/jsonb.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// Holds buffers from document to document. Throws Error where the scrubber fails. Not copied, not palloc'd.
class JsonbScrubber {
  public:
    JsonbScrubber();
    ~JsonbScrubber();
    JsonbScrubber(const JsonbScrubber&) = delete;
    JsonbScrubber& operator=(const JsonbScrubber&) = delete;

    // The bytes of the new document, without the varlena header's length set, or nothing when all of it
    // stays. Valid until the next call. REQUIRES: the scrubber's mode is kScrub; document is detoasted and
    // has a four-byte header.
    std::optional<std::string_view> scrub(core::pii::Scrubber& scrubber, const Jsonb* document);

    // Whether anything is found; stops there. REQUIRES: mode kTest.
    bool test(core::pii::Scrubber& scrubber, const Jsonb* document);
    // Calls take for scrubber.matches() now and then, which are forgotten afterwards: a document may have
    // millions of them, with long paths. REQUIRES: mode kFind.
    void find(core::pii::Scrubber& scrubber, const Jsonb* document, const std::function<void()>& take);

    // After a document: what a large one needed is not kept; true when it was much. What scrub() returned is
    // gone.
    bool give_back();

  private:
    class EditSink;
    class Build;
    // What is done to one entry of a container.
    struct Edit {
        const JEntry* entry;
        enum class Kind : uint8_t { kInside, kReplace, kRemove } kind;
        std::string text;
    };
    struct Item;
    struct BuildFrame;

    EditSink visit_document(core::pii::Scrubber& scrubber, const Jsonb* document, core::pii::Mode mode,
                            const std::function<void()>* take = nullptr);

    std::vector<Edit> edits_;
    size_t edit_count_ = 0;
    std::vector<Item> items_;
    std::vector<BuildFrame> build_;
    core::HeapBuffer frames_, number_;
    std::string out_;
};

// A copy of scrub()'s result as a Datum of the current memory context.
Datum make_jsonb(std::string_view bytes);

}  // namespace gpsync::pg

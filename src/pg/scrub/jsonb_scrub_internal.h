// What the two files of jsonb_scrub share.
#pragma once

#include "pg/json/jsonb_entry.h"
#include "pg/scrub/jsonb_scrub.h"

namespace gpsync::pg {

// One element or member of a container that is written anew.
struct JsonbScrubber::Item {
    std::string_view key;
    EntryCursor value;
    const Edit* edit;  // of the value, or nullptr
};

struct JsonbScrubber::BuildFrame {
    size_t first_item;  // of items_; up to those of the next frame
    size_t next_item;
    size_t end_item;
    size_t header;      // where the container begins in the output
    size_t data;        // and its data
    uint32 next_entry;  // to be written
    uint32 entries;
    size_t entry_begin;  // where the data of the entry being written begins
};

// Writes a document anew, with the edits in it.
class JsonbScrubber::Build {
  public:
    explicit Build(JsonbScrubber& owner) : owner_(owner), out_(owner.out_) {}
    void run(const Jsonb* document);

  private:
    void open(const JsonbContainer* container);
    void collect(const JsonbContainer* container);
    void order_members(size_t first);
    void step();
    void write_value(const Item& item);
    void finish_entry(BuildFrame& frame, uint32 type);
    void align() { out_.resize(INTALIGN(out_.size()), '\0'); }
    const Edit* edit_of(const JEntry* entry, const Edit*& from, const Edit* end) const;

    JsonbScrubber& owner_;
    std::string& out_;
};

}  // namespace gpsync::pg

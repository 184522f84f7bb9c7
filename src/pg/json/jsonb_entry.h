// Reading the entries of a jsonb container, in order, without unpacking them.
#pragma once

#include "core/byte_buffer.hpp"
#include "pg/prelude.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/jsonb.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync::pg {

// Goes through a run of entries of one container, knowing where the data of each begins.
class EntryCursor {
  public:
    EntryCursor() = default;
    // From entry first on, of a container with so many entries in all.
    EntryCursor(const JsonbContainer* container, uint32 entries, uint32 first)
        : entry_(&container->children[first]),
          base_(reinterpret_cast<const char*>(&container->children[entries])),
          offset_(first == 0 ? 0 : getJsonbOffset(container, static_cast<int>(first))) {}

    const JEntry* entry() const { return entry_; }
    const char* data() const { return base_; }  // of the container's first entry
    uint32 offset() const { return offset_; }   // of the data of this entry
    uint32 length() const {
        return JBE_HAS_OFF(*entry_) ? JBE_OFFLENFLD(*entry_) - offset_ : JBE_OFFLENFLD(*entry_);
    }
    std::string_view string() const { return {base_ + offset_, length()}; }
    // Of numerics and containers, which are aligned: the padding is a part of the entry.
    const char* aligned() const { return base_ + INTALIGN(offset_); }
    uint32 aligned_length() const { return length() - (INTALIGN(offset_) - offset_); }
    const JsonbContainer* container() const { return reinterpret_cast<const JsonbContainer*>(aligned()); }
    // Of a numeric: its bytes behind the varlena header.
    std::string_view numeric() const {
        auto* numeric = reinterpret_cast<const struct varlena*>(aligned());
        return {VARDATA_ANY(numeric), VARSIZE_ANY_EXHDR(numeric)};
    }
    void next() {
        JBE_ADVANCE_OFFSET(offset_, *entry_);
        ++entry_;
    }

  private:
    const JEntry* entry_ = nullptr;
    const char* base_ = nullptr;
    uint32 offset_ = 0;
};

inline uint32 entry_count(const JsonbContainer* container) {
    return JsonContainerSize(container) * (JsonContainerIsObject(container) ? 2 : 1);
}

inline std::string_view entry_bytes(const JEntry* entries, uint32 count) {
    return {reinterpret_cast<const char*>(entries), count * sizeof(JEntry)};
}

// render_json.cpp: the entry as JSON.
void append_jsonb_entry(core::ByteBuffer& out, const EntryCursor& value);

}  // namespace gpsync::pg
